/* What the readers of registry exports share: keys and values become <key>, <value> and
 * <export> elements as evidence.rng describes them, whatever they were written in.
 *
 * Control sets: of ControlSet001, ControlSet002 and CurrentControlSet the current one is kept,
 * under the last name: what is called so, else the one that SYSTEM\Select names, else the only
 * one. When none of that tells, all are dropped and the exports are marked.
 *
 * Secrets (evidence/secret.h) have no data. Data of more than 64 KiB is marked instead. All keys
 * that a kind of evidence collects (registry_path.h) are kept, up to 200,000; of others 20,000:
 * beyond, exports cover only those that are wholly kept. Paths are at most 2,048 bytes long and
 * 128 keys deep; a longer one breaks the reading.
 *
 * At the end further readings of the same artifact are made (readings of kinds "registry-http"
 * and "registry-certificates"), see registry_http.h and registry_certificates.h. */
#ifndef SITEGLASS_READERS_REGISTRY_FACTS_H
#define SITEGLASS_READERS_REGISTRY_FACTS_H

#include "base/text.h"
#include "evidence/reading.h"

enum registry_type {
  REG_NONE,
  REG_SZ,
  REG_EXPAND_SZ,
  REG_BINARY,
  REG_DWORD,
  REG_LINK = 6,
  REG_MULTI_SZ,
  REG_QWORD = 11
};

struct registry_facts;
struct registry_facts *registry_facts_new(struct reading *reading,
                                          struct readings *readings) MUST_USE;
/* Keep only what a kind of evidence collects, from the start: for hives. */
void registry_facts_select(struct registry_facts *facts);
/* Ends the reading, makes those derived from it, and frees `facts`. */
void registry_facts_finish(struct registry_facts *facts);

/* Says that the tree at `path` is listed: subkeys "all", "names" or "none". The element, to put
 * marks into; NULL when the path names no hive. */
xmlNode *registry_facts_export(struct registry_facts *facts, struct span path, const char *subkeys,
                               struct origin origin);
/* Begins a key; values told next are its own. False when it is not kept: values are dropped. */
bool registry_facts_key(struct registry_facts *facts, struct span path, struct origin origin);
/* The key that was begun last; NULL when it is not kept. */
xmlNode *registry_facts_current(const struct registry_facts *facts);
/* Not all of its values (of="value") or subkeys (of="key") are listed. */
void registry_facts_doubt_key(struct registry_facts *facts, const char *of,
                              enum unknown_reason reason, const char *note, struct origin origin);

/* Values of the key, `name` "" for its default value. */
void registry_facts_text(struct registry_facts *facts, const char *name, unsigned type,
                         const char *text, struct origin origin);
void registry_facts_number(struct registry_facts *facts, const char *name, unsigned type,
                           uint64_t number, struct origin origin);
/* As the registry keeps it: text is UTF-16, numbers are little-endian. */
void registry_facts_bytes(struct registry_facts *facts, const char *name, unsigned type,
                          const uint8_t *bytes, size_t size, struct origin origin);
/* One that is there, with data that cannot be told. */
void registry_facts_unreadable(struct registry_facts *facts, const char *name,
                               enum unknown_reason reason, const char *note, struct origin origin);

/* The type that reg.exe prints as REG_...; false for none. And back: "REG_SZ", "REG_0x12". */
bool registry_type_named(struct span word, unsigned *type);
void registry_type_name(unsigned type, char out[40]);

#endif
