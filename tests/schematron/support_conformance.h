/* The conformance cases: tests/conformance/README.md says what a case file holds.
 *
 * A case file embeds its schema, the files that the schema may read, and its
 * documents. Each of them is given to the engine at its own place: everything
 * around it is blanked out, so that a position the engine tells is one in the
 * case file. */
#ifndef SITEGLASS_TESTS_SUPPORT_CONFORMANCE_H
#define SITEGLASS_TESTS_SUPPORT_CONFORMANCE_H

#include "base/buffer.h"
#include "base/diag.h"

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

struct conformance_list {
  char **names; /* without ".xml", sorted */
  size_t count;
};

/* The cases of tests/conformance. Ends the program when there is no such folder. */
struct conformance_list conformance_list(void);
void conformance_list_free(struct conformance_list *list);

/* Runs one case. What is not as the case says goes to `out`, one a line; nothing
 * when it conforms. */
void conformance_run(const char *name, struct buffer *out);

/* 0 while nobody asks the engine for SVRL: then its expectations are told as skipped. */
enum { CONFORMANCE_HAS_SVRL = 1 };

/* How many expectations on SVRL output the case has. */
size_t conformance_svrl_count(const char *name);

/* ---- The parts of a case file -------------------------------------------------- */

struct conformance_file {
  char *name;        /* "main.sch" for the schema, "document.xml" for the first document */
  size_t start, end; /* bytes of the case file */
  char *text;        /* the case file with all else blanked out, `end` bytes */
};

struct conformance_case {
  const char *name; /* the caller's */
  char *text;
  size_t size;
  xmlDoc *tree;
  xmlNode *root;
  struct conformance_file *files; /* the schema first */
  size_t file_count, file_capacity;
  xmlDoc **documents; /* what the engine is run on */
  size_t document_count, document_capacity;
};

/* False when the file is no case; why goes to `out`. */
bool conformance_open(struct conformance_case *of, const char *name, struct buffer *out);
void conformance_close(struct conformance_case *of);

/* An attribute of an element of the case; NULL when it has none. Free with alloc_free. */
char *conformance_value(const xmlNode *element, const char *attribute);
const struct conformance_file *conformance_file(const struct conformance_case *of,
                                                const char *name);

#endif
