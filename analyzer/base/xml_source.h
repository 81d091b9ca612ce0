/* The one file that calls the XML parser. Hostile bytes in, an ordinary
 * libxml2 tree with the position of every element and attribute out.
 *
 * A byte-level gate runs first (depth, attributes per tag, tag length, tags):
 * libxml2 2.9 hangs for minutes on one element of 100,000 attributes. No
 * network, no entities beyond the five and character references, no DTD: a
 * DOCTYPE is refused (files of this field have none). */
#ifndef SITEGLASS_BASE_XML_SOURCE_H
#define SITEGLASS_BASE_XML_SOURCE_H

#include "base/alloc.h"
#include "base/origin.h"

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

struct xml_source_options {
  xmlDict *dict;      /* shared by all parsers of a run; NULL: the document's own */
  uint32_t source;    /* what origins name: artifact number + 1; 0 when not an artifact */
  bool keep_blanks;   /* text nodes of white space only */
  bool keep_comments; /* comments and processing instructions */
  bool edited; /* its nodes will be changed, or moved into a document that does not outlive all
                  others: attributes have texts of their own (base/shared_text.h) */
};

struct xml_failure {
  char message[256]; /* for a person, printable; what is wrong, no file name */
  unsigned line, column;
  bool refused; /* by the gate or for a DOCTYPE; else it is not well-formed */
  bool at_end;  /* it breaks at the very end of the text, as a cut file does */
};

/* `text`: UTF-8 without BOM (bundle/ decodes), with a NUL at text[size]; an
 * encoding declaration in it is ignored. It is not copied, must not change while
 * parsing, and may be freed after. NULL on failure, with `failure` filled.
 * Elements and attributes carry their origin in `_private`: the position of `<`,
 * and of the attribute's name. CDATA sections become ordinary text. Blanks are
 * dropped between tags; an element that holds nothing but blanks keeps them.
 *
 * Refused besides what the gate refuses: more than 100 namespace declarations in
 * scope, more than 50,000 distinct names in one document or 200,000 in `dict`
 * (libxml2's look-ups are linear in them), and, by libxml2, a text of more than
 * 10 million bytes. */
xmlDoc *xml_source_parse(const char *text, size_t size, const struct xml_source_options *options,
                         struct xml_failure *failure) MUST_USE;

/* The name of the document element, found by a scan past declaration, comments
 * and DOCTYPE, without parsing; "" when there is none. Local name only. At most
 * 63 bytes are kept. */
void xml_source_sniff(const char *text, size_t size, char name[64]);

/* xmlInitParser, refusing entity loader, silent error handler. Once, at start. */
void xml_source_setup(void);
void xml_source_teardown(void);

#endif
