/* Keys and values of a registry export as evidence. */
#include "readers/registry_facts.h"

#include "base/text.h"
#include "bundle/utf16.h"
#include "evidence/registry.h"
#include "evidence/registry_path.h"
#include "evidence/secret.h"
#include "readers/readers.h"
#include "readers/registry_certificates.h"
#include "readers/registry_http.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
  KEYS_MOST = 200000,
  OTHERS_MOST = 20000,
  VALUES_MOST = 1000000,
  DATA_MOST = 1 << 16,
  PATH_MOST = 2048,
  DEPTH_MOST = 128,
};

/* An element and the control set that it was told of. */
struct told {
  xmlNode *node;
  int set;
};

struct told_list {
  struct told *items;
  size_t count, capacity;
};

struct registry_facts {
  struct reading *reading;
  struct readings *readings;
  struct told_list keys, exports;
  xmlNode *key; /* the one that values belong to; NULL: they are dropped */
  size_t others, values;
  bool selective, dropped, cut;
  struct registry_certificates *certificates;
};

struct registry_facts *registry_facts_new(struct reading *reading, struct readings *readings) {
  struct registry_facts *facts = alloc_bytes(sizeof *facts);
  facts->reading = reading;
  facts->readings = readings;
  reading_start(reading, readings);
  facts->certificates = registry_certificates_new(reading, readings);
  return facts;
}

void registry_facts_select(struct registry_facts *facts) {
  facts->selective = true;
}

/* ---- Keys --------------------------------------------------------------------------- */

static bool is_too_long(const char *path) {
  size_t depth = 0, size = 0;
  for (; path[size] && size <= PATH_MOST; size++)
    depth += path[size] == '\\';
  return size > PATH_MOST || depth > DEPTH_MOST;
}

static xmlNode *add_place(struct registry_facts *facts, struct told_list *list, const char *name,
                          const char *path, int set, struct origin origin) {
  char *key = text_lower(path);
  xmlNode *node = node_add(facts->reading->facts, name, origin);
  node_set(node, "path", path, origin);
  node_set(node, "key", key, origin);
  alloc_free(key);
  ARRAY_PUSH(list->items, list->count, list->capacity) = (struct told){node, set};
  return node;
}

xmlNode *registry_facts_export(struct registry_facts *facts, struct span path, const char *subkeys,
                               struct origin origin) {
  char *usual = registry_path(path);
  xmlNode *node = NULL;
  if (usual && !is_too_long(usual)) {
    node = add_place(facts, &facts->exports, "export", usual, registry_control_set(path), origin);
    node_set(node, "subkeys", subkeys, origin);
  }
  alloc_free(usual);
  return node;
}

static void cut(struct registry_facts *facts, struct origin origin, const char *what) {
  facts->cut = true;
  reading_breaks(facts->reading, UNKNOWN_LIMIT, origin, "%s; the rest was not read", what);
}

static bool is_kept(struct registry_facts *facts, const char *path, struct origin origin) {
  if (is_too_long(path)) {
    cut(facts, origin, "a registry path of more than 2,048 bytes or 128 keys");
    return false;
  }
  if (facts->keys.count >= KEYS_MOST || facts->values >= VALUES_MOST) {
    cut(facts, origin, "more than 200,000 keys or 1,000,000 values");
    return false;
  }
  char *key = text_lower(path);
  bool collected = registry_key_collected(key);
  alloc_free(key);
  if (collected) return true;
  bool kept = !facts->selective && facts->others < OTHERS_MOST;
  facts->others += kept;
  facts->dropped = facts->dropped || !kept;
  return kept;
}

bool registry_facts_key(struct registry_facts *facts, struct span path, struct origin origin) {
  char *usual = registry_path(path);
  facts->key = NULL;
  if (usual && is_kept(facts, usual, origin))
    facts->key = add_place(facts, &facts->keys, "key", usual, registry_control_set(path), origin);
  alloc_free(usual);
  return facts->key != NULL;
}

xmlNode *registry_facts_current(const struct registry_facts *facts) {
  return facts->key;
}

void registry_facts_doubt_key(struct registry_facts *facts, const char *of,
                              enum unknown_reason reason, const char *note, struct origin origin) {
  if (!facts->key) return;
  for (const xmlNode *mark = node_child(facts->key, "unknown"); mark;
       mark = node_next(mark, "unknown"))
    if (text_equal(node_get(mark, "of"), of)) return;
  node_mark(facts->key, of, "key", reason, registry_key_kind(node_get(facts->key, "key")), note,
            origin);
}

/* ---- Types --------------------------------------------------------------------------- */

static const char *const type_names[] = {"REG_NONE",
                                         "REG_SZ",
                                         "REG_EXPAND_SZ",
                                         "REG_BINARY",
                                         "REG_DWORD",
                                         "REG_DWORD_BIG_ENDIAN",
                                         "REG_LINK",
                                         "REG_MULTI_SZ",
                                         "REG_RESOURCE_LIST",
                                         "REG_FULL_RESOURCE_DESCRIPTOR",
                                         "REG_RESOURCE_REQUIREMENTS_LIST",
                                         "REG_QWORD"};
enum { TYPES = sizeof type_names / sizeof *type_names };

bool registry_type_named(struct span word, unsigned *type) {
  for (*type = 0; *type < TYPES; ++*type)
    if (span_equal(word, type_names[*type])) return true;
  return false;
}

void registry_type_name(unsigned type, char out[40]) {
  if (type < TYPES)
    snprintf(out, 40, "%s", type_names[type]);
  else
    snprintf(out, 40, "REG_0x%x", type);
}

/* ---- Values ----------------------------------------------------------------------------- */

static xmlNode *add_value(struct registry_facts *facts, const char *name, const char *type,
                          struct origin origin) {
  if (!facts->key) return NULL;
  if (facts->values >= VALUES_MOST) {
    registry_facts_doubt_key(facts, "value", UNKNOWN_LIMIT, "more than 1,000,000 values", origin);
    return NULL;
  }
  facts->values++;
  /* SNMP's community strings are names of values. */
  if (text_ends_nocase(node_get(facts->key, "key"), "\\validcommunities")) name = SECRET_SHOWN;
  char *key = text_lower(name);
  xmlNode *value = node_add(facts->key, "value", origin);
  node_set(value, "name", name, origin);
  node_set(value, "key", key, origin);
  node_set(value, "type", type, origin);
  alloc_free(key);
  return value;
}

static void mark_data(xmlNode *value, enum unknown_reason reason, const char *note,
                      struct origin origin) {
  node_mark(value, "@data", "value", reason, registry_key_kind(node_get(value->parent, "key")),
            note, origin);
}

/* What is said of a secret is that it is there. */
static bool is_secret(const char *name, const char *data) {
  return *data &&
         (secret_name(name) || secret_value(data) || text_starts_nocase(name, "DigitalProductId"));
}

static void add_data(struct registry_facts *facts, const char *name, unsigned type,
                     const char *data, struct origin origin) {
  char word[40];
  registry_type_name(type, word);
  xmlNode *value = add_value(facts, name, word, origin);
  if (!value) return;
  if (type != REG_DWORD && type != REG_QWORD && is_secret(name, data))
    mark_data(value, UNKNOWN_ENCRYPTED, "a secret, which is not kept", origin);
  else if (strlen(data) > DATA_MOST)
    mark_data(value, UNKNOWN_LIMIT, "data of more than 64 KiB is not kept", origin);
  else
    node_set(value, "data", data, origin);
}

void registry_facts_text(struct registry_facts *facts, const char *name, unsigned type,
                         const char *text, struct origin origin) {
  add_data(facts, name, type, text, origin);
}

void registry_facts_number(struct registry_facts *facts, const char *name, unsigned type,
                           uint64_t number, struct origin origin) {
  char text[24];
  snprintf(text, sizeof text, "%" PRIu64, number);
  add_data(facts, name, type, text, origin);
}

void registry_facts_unreadable(struct registry_facts *facts, const char *name,
                               enum unknown_reason reason, const char *note, struct origin origin) {
  xmlNode *value = add_value(facts, name, NULL, origin);
  if (value) mark_data(value, reason, note, origin);
}

static void add_number(struct registry_facts *facts, const char *name, unsigned type,
                       const uint8_t *bytes, size_t size, struct origin origin) {
  uint64_t number = 0;
  if (size != (type == REG_DWORD ? 4u : 8u)) {
    registry_facts_unreadable(facts, name, UNKNOWN_DAMAGED, "a number of the wrong size", origin);
    return;
  }
  for (size_t i = size; i-- > 0;)
    number = number << 8 | bytes[i];
  registry_facts_number(facts, name, type, number, origin);
}

/* Texts end with a NUL; those of a list are told one a line, and an empty one ends it. */
static void add_utf16(struct registry_facts *facts, const char *name, unsigned type,
                      const uint8_t *bytes, size_t size, struct origin origin) {
  size_t undecodable = 0;
  if (size > 4 * DATA_MOST) size = 4 * DATA_MOST;
  char *text = alloc_array(size / 2 + 2, 3);
  size_t length = utf16_decode(bytes, size & ~(size_t)1, UTF16_LITTLE, text, &undecodable);
  text[length] = '\0';
  if (type == REG_MULTI_SZ) {
    while (length > 0 && text[length - 1] == '\0')
      length--;
    for (size_t i = 0; i < length; i++)
      if (text[i] == '\0') text[i] = '\n';
  }
  registry_facts_text(facts, name, type, text, origin);
  alloc_free(text);
}

static void add_hex(struct registry_facts *facts, const char *name, unsigned type,
                    const uint8_t *bytes, size_t size, struct origin origin) {
  size_t shown = size > DATA_MOST ? DATA_MOST : size;
  char *hex = alloc_array(shown + 1, 2);
  text_hex(bytes, shown, hex);
  add_data(facts, name, type, hex, origin);
  alloc_free(hex);
}

void registry_facts_bytes(struct registry_facts *facts, const char *name, unsigned type,
                          const uint8_t *bytes, size_t size, struct origin origin) {
  if (!facts->key) return;
  if (registry_certificates_take(facts->certificates, facts->key, name, bytes, size, origin)) {
    xmlNode *value = add_value(facts, name, "REG_BINARY", origin);
    if (value) mark_data(value, UNKNOWN_LIMIT, "read as a certificate", origin);
    return;
  }
  switch (type) {
  case REG_DWORD:
  case REG_QWORD:
    add_number(facts, name, type, bytes, size, origin);
    break;
  case REG_SZ:
  case REG_EXPAND_SZ:
  case REG_LINK:
  case REG_MULTI_SZ:
    add_utf16(facts, name, type, bytes, size, origin);
    break;
  default:
    add_hex(facts, name, type, bytes, size, origin);
    break;
  }
}

/* ---- The control set that counts -------------------------------------------------------- */

static bool has_set(const struct registry_facts *facts, int set) {
  const struct told_list *lists[] = {&facts->keys, &facts->exports};
  for (size_t l = 0; l < 2; l++)
    for (size_t i = 0; i < lists[l]->count; i++)
      if (lists[l]->items[i].set == set) return true;
  return false;
}

static int selected_set(const struct registry_facts *facts) {
  struct registry *index = registry_new(facts->reading->facts);
  struct registry_answer answer =
      registry_value(index, "HKEY_LOCAL_MACHINE\\SYSTEM\\Select", "Current");
  uint64_t number = 0;
  const char *data = answer.known && answer.present ? node_get(answer.node, "data") : NULL;
  if (!data || !text_unsigned(span_of(data), &number) || number > 999) number = 0;
  registry_free(index);
  return (int)number;
}

/* -1: none is there; -2: it cannot be told. */
static int current_set(const struct registry_facts *facts) {
  int only = -1;
  if (has_set(facts, 0)) return 0;
  for (size_t i = 0; i < facts->keys.count; i++) {
    int set = facts->keys.items[i].set;
    if (set > 0 && only > 0 && set != only) only = -2;
    if (set > 0 && only == -1) only = set;
  }
  if (only != -2) return only;
  int selected = selected_set(facts);
  return selected > 0 && has_set(facts, selected) ? selected : -2;
}

static void drop(xmlNode *node) {
  xmlUnlinkNode(node);
  xmlFreeNode(node);
}

static void keep_set(struct told_list *list, int current) {
  size_t kept = 0;
  for (size_t i = 0; i < list->count; i++) {
    if (list->items[i].set < 0 || list->items[i].set == current)
      list->items[kept++] = list->items[i];
    else
      drop(list->items[i].node);
  }
  list->count = kept;
}

static void mark_export(xmlNode *export, enum unknown_reason reason, const char *note) {
  if (!node_child(export, "unknown"))
    node_mark(export, "key", "export", reason, registry_key_kind(node_get(export, "key")), note,
              origin_of(export));
}

/* What was exported of the control set is not known then. */
static void doubt_sets(struct registry_facts *facts) {
  for (size_t i = 0; i < facts->exports.count; i++) {
    xmlNode *export = facts->exports.items[i].node;
    bool above = registry_key_within("hkey_local_machine\\system\\currentcontrolset",
                                     node_get(export, "key"));
    if (facts->exports.items[i].set >= 0 || above)
      mark_export(export, UNKNOWN_AMBIGUOUS,
                  "several control sets, and nothing tells which is the current one");
    facts->exports.items[i].set = -1;
  }
}

/* ---- What is covered -------------------------------------------------------------------- */

/* Of an export that was not wholly kept, the trees that were. */
static void narrow(struct registry_facts *facts, size_t number) {
  xmlNode *export = facts->exports.items[number].node;
  const char *above = node_get(export, "key");
  if (!text_equal(node_get(export, "subkeys"), "all") || registry_key_collected(above)) return;
  const xmlNode *mark = node_child(export, "unknown");
  for (const struct registry_collected *row = registry_collected; row->key; row++) {
    if (!registry_key_within(row->key, above)) continue;
    xmlNode *part = registry_facts_export(facts, span_of(row->key), row->alone ? "none" : "all",
                                          origin_of(export));
    if (mark) xmlAddChild(part, xmlCopyNode((xmlNode *)mark, 1));
  }
  drop(export);
  facts->exports.items[number].node = NULL;
}

static void narrow_all(struct registry_facts *facts) {
  size_t count = facts->exports.count;
  for (size_t i = 0; i < count; i++)
    narrow(facts, i);
  size_t kept = 0;
  for (size_t i = 0; i < facts->exports.count; i++)
    if (facts->exports.items[i].node) facts->exports.items[kept++] = facts->exports.items[i];
  facts->exports.count = kept;
}

static void mark_cut(struct registry_facts *facts) {
  for (size_t i = 0; i < facts->exports.count; i++)
    mark_export(facts->exports.items[i].node, UNKNOWN_LIMIT, "not all of it was read");
}

/* ---- The end -------------------------------------------------------------------------------- */

static void name_computer(struct registry_facts *facts, const struct registry *index) {
  static const char path[] = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName"
                             "\\ComputerName";
  struct registry_answer answer = registry_value(index, path, "ComputerName");
  const char *name = answer.known && answer.present ? node_get(answer.node, "data") : NULL;
  if (name && *name && !facts->reading->computer) facts->reading->computer = alloc_text(name);
}

/* The kind on the ledger: that of all keys, when they have one. */
static void name_kind(struct registry_facts *facts) {
  const char *kind = NULL;
  for (size_t i = 0; i < facts->exports.count; i++) {
    const char *own = registry_key_kind(node_get(facts->exports.items[i].node, "key"));
    if (kind && strcmp(kind, own) != 0) return;
    kind = own;
  }
  if (kind && !*facts->reading->artifact->kind) facts->reading->artifact->kind = kind;
}

void registry_facts_finish(struct registry_facts *facts) {
  int current = current_set(facts);
  if (facts->cut) mark_cut(facts);
  if (current == -2) doubt_sets(facts);
  keep_set(&facts->keys, current);
  keep_set(&facts->exports, current);
  if (facts->dropped) narrow_all(facts);
  name_kind(facts);
  struct registry *index = registry_new(facts->reading->facts);
  name_computer(facts, index);
  registry_http_read(index, facts->reading, facts->readings);
  registry_urlacl_read(index, facts->reading, facts->readings);
  registry_certificates_finish(facts->certificates, index);
  registry_free(index);
  alloc_free(facts->keys.items);
  alloc_free(facts->exports.items);
  alloc_free(facts);
}
