/* The <registry> of an evidence document, asked by path. What a bundle has of a registry is
 * always a part; so each answer says whether an export covers the key (see evidence.rng).
 * Paths are taken in any spelling of registry_path.h; value names in any case, "" being the
 * default value of a key. Every question is a look-up in a hash. */
#ifndef SITEGLASS_EVIDENCE_REGISTRY_H
#define SITEGLASS_EVIDENCE_REGISTRY_H

#include "evidence/node.h"

struct registry; /* NULL in questions: nothing is known */

/* NULL `element`: nothing is known. The tree must outlive the index. */
struct registry *registry_new(xmlNode *element) MUST_USE;
void registry_free(struct registry *registry); /* NULL: does nothing */

struct registry_answer {
  bool known;
  bool present;  /* there is such a key or value; when known */
  xmlNode *node; /* the key or value; else the key without it; else the export that shows
                    that there is none, or whose mark is in the way; NULL: nothing at all */
  /* When not known: the words of a mark, alive as long as the tree. */
  const char *reason, *needs, *note;
};

struct registry_answer registry_key(const struct registry *registry, const char *path);
struct registry_answer registry_value(const struct registry *registry, const char *path,
                                      const char *name);
/* Are all values of the key listed? present: the key is there; node: it. */
struct registry_answer registry_values(const struct registry *registry, const char *path);
/* Are all subkeys listed? They are registry_subkey 0, 1, ... in the order of the document. */
struct registry_answer registry_subkeys(const struct registry *registry, const char *path);
xmlNode *registry_subkey(const struct registry *registry, const char *path, size_t number);

#endif
