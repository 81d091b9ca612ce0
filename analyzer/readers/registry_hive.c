/* Registry hives as Windows keeps them (files SYSTEM and SOFTWARE, signature "regf"), read
 * through hivex from memory; nothing is written to disk. Facts: as registry_facts.h, of the keys
 * that a kind of evidence collects alone: an export for each of their trees, and for those that
 * the hive does not have. The control set is the one that Select\Current names.
 *
 * A hive that was copied from a running system lacks what its log files (.LOG1, .LOG2) still
 * hold; they are not read, and the ledger says so. Without hivex, or where the system has no files
 * in memory, a hive is named on the ledger and not read.
 *
 * Limits, for hostile hives whose lists lead in circles: 64 keys deep, 400,000 keys and values
 * looked at, 4,000,000 entries of lists, 1 GiB of data, 16 MiB a value. */
#include "base/system.h"
#include "base/text.h"
#include "evidence/registry_path.h"
#include "readers/readers.h"
#include "readers/registry_facts.h"

#include <string.h>

#ifdef SITEGLASS_HAVE_HIVEX

#include <errno.h>
#include <hivex.h>
#include <stdlib.h>

enum { DEPTH_MOST = 64, LOOKS_MOST = 400000, ENTRIES_MOST = 4000000, VALUE_MOST = 1 << 24 };
#define DATA_MOST (1ull << 30)

struct hive {
  hive_h *handle;
  struct reading *reading;
  struct registry_facts *facts;
  struct origin origin;
  size_t looks, entries;
  uint64_t data;
  xmlNode *export; /* of the tree that is being read */
};

/* ---- Trouble -------------------------------------------------------------------------- */

static void doubt_tree(struct hive *hive, enum unknown_reason reason, const char *note) {
  if (hive->export && !node_child(hive->export, "unknown"))
    node_mark(hive->export, "key", "export", reason,
              registry_key_kind(node_get(hive->export, "key")), note, hive->origin);
  registry_facts_doubt_key(hive->facts, "value", reason, note, hive->origin);
  registry_facts_doubt_key(hive->facts, "key", reason, note, hive->origin);
  reading_breaks(hive->reading, reason, hive->origin, "%s", note);
}

static bool is_over(struct hive *hive) {
  if (hive->looks < LOOKS_MOST && hive->entries < ENTRIES_MOST && hive->data < DATA_MOST)
    return false;
  doubt_tree(hive, UNKNOWN_LIMIT, "a hive of more keys or data than are looked at");
  return true;
}

/* ---- Values -------------------------------------------------------------------------------- */

static void read_data(struct hive *hive, hive_value_h value, const char *name) {
  hive_type type;
  size_t size = 0;
  bool sized = hivex_value_type(hive->handle, value, &type, &size) == 0;
  hive->data += size;
  if (sized && (size > VALUE_MOST || hive->data > DATA_MOST)) {
    registry_facts_unreadable(hive->facts, name, UNKNOWN_LIMIT, "a value of more than 16 MiB",
                              hive->origin);
    return;
  }
  char *bytes = sized ? hivex_value_value(hive->handle, value, &type, &size) : NULL;
  if (bytes)
    registry_facts_bytes(hive->facts, name, (unsigned)type, (const uint8_t *)bytes, size,
                         hive->origin);
  else
    registry_facts_unreadable(hive->facts, name, UNKNOWN_DAMAGED, "a value that cannot be read",
                              hive->origin);
  free(bytes);
}

static void read_values(struct hive *hive, hive_node_h node) {
  hive_value_h *values = hivex_node_values(hive->handle, node);
  if (!values) doubt_tree(hive, UNKNOWN_DAMAGED, "values that cannot be read");
  for (size_t i = 0; values && values[i]; i++) {
    hive->looks++, hive->entries++;
    if (is_over(hive)) break;
    char *name = hivex_value_key(hive->handle, values[i]);
    if (name)
      read_data(hive, values[i], name);
    else
      doubt_tree(hive, UNKNOWN_DAMAGED, "a value whose name cannot be read");
    free(name);
  }
  free(values);
}

/* ---- Keys ----------------------------------------------------------------------------------- */

static void read_tree(struct hive *hive, hive_node_h node, const char *path, int depth);

static void read_subkey(struct hive *hive, hive_node_h node, const char *above, int depth) {
  char *name = hivex_node_name(hive->handle, node);
  if (!name) {
    doubt_tree(hive, UNKNOWN_DAMAGED, "a key whose name cannot be read");
    return;
  }
  char *path = alloc_format("%s\\%s", above, name);
  free(name);
  read_tree(hive, node, path, depth);
  alloc_free(path);
}

static void read_tree(struct hive *hive, hive_node_h node, const char *path, int depth) {
  hive->looks++;
  if (is_over(hive)) return;
  registry_facts_key(hive->facts, span_of(path), hive->origin);
  read_values(hive, node);
  bool alone = text_equal(node_get(hive->export, "subkeys"), "none");
  if (alone) return;
  if (depth >= DEPTH_MOST) {
    doubt_tree(hive, UNKNOWN_LIMIT, "keys more than 64 deep");
    return;
  }
  hive_node_h *children = hivex_node_children(hive->handle, node);
  if (!children) doubt_tree(hive, UNKNOWN_DAMAGED, "subkeys that cannot be read");
  for (size_t i = 0; children && children[i]; i++)
    hive->entries++;
  for (size_t i = 0; children && children[i] && !is_over(hive); i++)
    read_subkey(hive, children[i], path, depth + 1);
  free(children);
}

/* ---- The trees that somebody asks for -----------------------------------------------------------
 */

enum found { FOUND_KEY, FOUND_NONE, FOUND_TROUBLE };

static enum found step(struct hive *hive, hive_node_h *node, const char *name) {
  errno = 0;
  hive_node_h child = hivex_node_get_child(hive->handle, *node, name);
  if (!child) return errno ? FOUND_TROUBLE : FOUND_NONE;
  *node = child;
  return FOUND_KEY;
}

/* Follows a path of lower-case names; `*path` grows by the names as the hive has them. */
static enum found follow(struct hive *hive, hive_node_h *node, const char *names, char **path) {
  enum found found = FOUND_KEY;
  while (*names && found == FOUND_KEY) {
    size_t size = strcspn(names, "\\");
    char *name = alloc_text_n(names, size), *longer;
    found = step(hive, node, name);
    char *own = found == FOUND_KEY ? hivex_node_name(hive->handle, *node) : NULL;
    longer = alloc_format("%s\\%s", *path, own ? own : name);
    free(own);
    alloc_free(name);
    alloc_free(*path);
    *path = longer;
    names += size + (names[size] == '\\');
  }
  if (found != FOUND_KEY && *names) {
    char *longer = alloc_format("%s\\%s", *path, names);
    alloc_free(*path);
    *path = longer;
  }
  return found;
}

/* Of trees that lie in one another the outer one is enough. */
static bool is_within_another(const struct registry_collected *row) {
  for (const struct registry_collected *other = registry_collected; other->key; other++)
    if (other != row && !other->alone && strcmp(other->key, row->key) != 0 &&
        registry_key_within(row->key, other->key))
      return true;
  return false;
}

/* `node` is where the names that follow `above` in the keys of the table begin. */
static void read_trees(struct hive *hive, hive_node_h top, const char *above, const char *shown) {
  for (const struct registry_collected *row = registry_collected; row->key; row++) {
    if (!text_starts(row->key, above) || is_within_another(row)) continue;
    hive_node_h node = top;
    char *path = alloc_text(shown);
    enum found found = follow(hive, &node, row->key + strlen(above), &path);
    hive->export = registry_facts_export(hive->facts, span_of(path), row->alone ? "none" : "all",
                                         hive->origin);
    if (found == FOUND_KEY)
      read_tree(hive, node, path, 0);
    else if (found == FOUND_TROUBLE)
      doubt_tree(hive, UNKNOWN_DAMAGED, "keys that cannot be read");
    alloc_free(path);
  }
  hive->export = NULL;
}

static unsigned current_set(struct hive *hive, hive_node_h root) {
  hive_node_h node = root;
  if (step(hive, &node, "Select") != FOUND_KEY) return 0;
  hive_value_h value = hivex_node_get_value(hive->handle, node, "Current");
  int32_t number = value ? hivex_value_dword(hive->handle, value) : 0;
  return number > 0 && number < 1000 ? (unsigned)number : 0;
}

static void read_system(struct hive *hive, hive_node_h root) {
  char name[32];
  unsigned set = current_set(hive, root);
  hive_node_h node = root;
  snprintf(name, sizeof name, "ControlSet%03u", set);
  if (set == 0 || step(hive, &node, name) != FOUND_KEY) {
    reading_breaks(hive->reading, UNKNOWN_DAMAGED, hive->origin,
                   "nothing tells which control set is the current one");
    return;
  }
  read_trees(hive, node, "hkey_local_machine\\system\\currentcontrolset\\",
             "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet");
}

/* ---- The hive -----------------------------------------------------------------------------------
 */

static bool has(struct hive *hive, hive_node_h root, const char *name) {
  return step(hive, &root, name) == FOUND_KEY;
}

/* 1970 in the count of Windows, in seconds; moments before 1990 are none. */
static void note_moment(struct hive *hive) {
  int64_t filetime = hivex_last_modified(hive->handle);
  int64_t seconds = filetime / 10000000 - 11644473600;
  if (filetime > 0 && seconds > 631152000 && seconds < 4102444800)
    reading_saw_moment(hive->reading, seconds, "last change of the registry hive");
}

static bool read_hive(struct hive *hive) {
  hive_node_h root = hivex_root(hive->handle);
  if (!root) return false;
  bool system = has(hive, root, "Select") && has(hive, root, "Setup");
  bool software = has(hive, root, "Microsoft") && has(hive, root, "Classes");
  if (system) read_system(hive, root);
  if (software)
    read_trees(hive, root, "hkey_local_machine\\software\\", "HKEY_LOCAL_MACHINE\\SOFTWARE");
  if (system || software) note_moment(hive);
  return system || software;
}

/* Two numbers in its head are equal when all changes reached the file. */
static void settle_open(struct artifact *artifact) {
  if (artifact->outcome == ARTIFACT_UNREAD && memcmp(artifact->bytes + 4, artifact->bytes + 8, 4))
    artifact_settle(artifact, ARTIFACT_PARTLY_READ,
                    "a copy from a running system: what its .LOG files still hold is not in it");
}

static void read_open(struct reading *reading, struct readings *readings, hive_h *handle) {
  struct hive hive = {.handle = handle,
                      .reading = reading,
                      .facts = registry_facts_new(reading, readings),
                      .origin = {reading->artifact->number + 1, 0, 0}};
  registry_facts_select(hive.facts);
  bool known = read_hive(&hive);
  registry_facts_finish(hive.facts);
  if (known)
    settle_open(reading->artifact);
  else
    artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED,
                    "a registry hive, but neither SYSTEM nor SOFTWARE");
}

static void open_hive(struct reading *reading, struct readings *readings) {
  char path[64];
  struct artifact *artifact = reading->artifact;
  int file = system_memory_file(artifact->bytes, artifact->size, path);
  hive_h *handle = file < 0 ? NULL : hivex_open(path, 0);
  if (handle)
    read_open(reading, readings, handle);
  else
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED,
                    file < 0 ? "a registry hive; this system cannot open it in memory"
                             : "a registry hive that is damaged, and was not read");
  if (handle) hivex_close(handle);
  if (file >= 0) system_memory_file_close(file);
}

#else

static void open_hive(struct reading *reading, struct readings *readings) {
  (void)readings;
  artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED,
                  "a registry hive; this build of siteglass cannot read it, for lack of hivex");
}

#endif

/* ---- The reader ----------------------------------------------------------------------------- */

enum { HEAD = 4096, TYPE_AT = 28 };

static bool recognise(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)text, (void)size, (void)root;
  return artifact->bytes && artifact->size >= 512 && memcmp(artifact->bytes, "regf", 4) == 0;
}

static void read(struct reading *reading, struct readings *readings) {
  const struct artifact *artifact = reading->artifact;
  static const uint8_t primary[4] = {0};
  if (memcmp(artifact->bytes + TYPE_AT, primary, 4) != 0)
    artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED,
                    "log of a registry hive; such logs are not read");
  else if (artifact->size <= HEAD)
    artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED, "a registry hive that is cut off");
  else
    open_hive(reading, readings);
}

const struct reader registry_hive_reader = {
    .kind = "registry", .recognise = recognise, .read = read};
