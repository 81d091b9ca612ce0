/* `reg query`, in any language of Windows, anywhere in a text.
 *
 *     HKEY_LOCAL_MACHINE\SYSTEM\...\SCHANNEL        a key in full, at the front of its line
 *         EventLogging    REG_DWORD    0x1          four blanks between name, type and data
 *         (Default)    REG_SZ    text               the default value, in the language of Windows
 *                                                   (empty line)
 *     HKEY_LOCAL_MACHINE\SYSTEM\...\Ciphers         with /s the next key, in the same form;
 *     HKEY_LOCAL_MACHINE\SYSTEM\...\Hashes          without it the names of the subkeys, no empty
 *                                                   line between them
 *
 * Bytes are printed as hex, texts of a list with \0 between them (Microsoft Learn, "reg query");
 * tabs instead of blanks before Windows Vista. Facts: as registry_facts.h. Exports:
 *
 *   all    a key below the first one has values or subkeys (/s), or the first has no subkeys
 *   names  keys without values follow one another without an empty line, or there is only one
 *   none of these when the output ends as a search does ("End of search: 3 match(es) found.": /f,
 *   or /s with /v), when it is a single value (it may be /v), or when nothing but names is there
 *
 * What is cut off, or a text of several lines, is not known. */
#include "base/buffer.h"
#include "evidence/registry_path.h"
#include "readers/lines.h"
#include "readers/readers.h"
#include "readers/registry_facts.h"

#include <string.h>

enum { LOOK_MOST = 1 << 16, BYTES_MOST = 1 << 24 };

enum line_kind { LINE_BLANK, LINE_KEY, LINE_VALUE, LINE_OTHER };

struct value {
  struct span name, data;
  unsigned type;
};

/* What a first look at the lines of one query says. */
struct group {
  struct span root; /* path of its first key */
  size_t keys, root_values, root_lines;
  bool deep;       /* a key below the first has values, or a subkey */
  bool adjacent;   /* two keys without an empty line between them */
  bool ended;      /* an empty line follows */
  bool searched;   /* it ends as a search does */
  struct lines at; /* of its first line */
};

struct query {
  struct reading *reading;
  struct registry_facts *facts;
};

/* ---- Lines ----------------------------------------------------------------------------- */

static bool is_key(struct span text, struct span *path) {
  static const char *const hives[] = {"HKEY_LOCAL_MACHINE", "HKEY_USERS", "HKEY_CURRENT_USER",
                                      "HKEY_CLASSES_ROOT", "HKEY_CURRENT_CONFIG"};
  *path = span_trim(text);
  if (path->start != text.start) return false;
  for (size_t i = 0; i < sizeof hives / sizeof *hives; i++) {
    size_t size = strlen(hives[i]);
    if (path->size > size + 1 && memcmp(path->start, hives[i], size) == 0 &&
        path->start[size] == '\\')
      return true;
  }
  return false;
}

/* Four blanks or a tab; their size, 0 for none. */
static size_t gap_at(const char *at, const char *end) {
  if (at < end && *at == '\t') return 1;
  return end - at >= 4 && memcmp(at, "    ", 4) == 0 ? 4 : 0;
}

static bool type_at(const char *at, const char *end, struct value *value) {
  const char *stop = at;
  while (stop < end && ((*stop >= 'A' && *stop <= 'Z') || *stop == '_'))
    stop++;
  if (!registry_type_named((struct span){at, (size_t)(stop - at)}, &value->type)) return false;
  size_t gap = gap_at(stop, end);
  struct span rest = {stop + gap, (size_t)(end - stop - (ptrdiff_t)gap)};
  value->data = rest;
  return gap > 0 || span_trim(rest).size == 0;
}

static bool is_value(struct span text, struct value *value) {
  const char *end = text.start + text.size, *name = text.start + gap_at(text.start, end);
  if (name == text.start) return false;
  for (const char *at = name; at < end; at++) {
    size_t gap = gap_at(at, end);
    if (gap == 0 || !type_at(at + gap, end, value)) continue;
    value->name = (struct span){name, (size_t)(at - name)};
    return true;
  }
  return false;
}

static enum line_kind kind_of(const struct line *line, struct span *path, struct value *value) {
  if (line_is_blank(line)) return LINE_BLANK;
  if (is_key(line->text, path)) return LINE_KEY;
  return is_value(line->text, value) ? LINE_VALUE : LINE_OTHER;
}

/* "End of search: 3 match(es) found.", in whatever language: a colon, then a number. */
static bool ends_search(struct span text) {
  if (text.size > 200) return false;
  for (size_t i = 0; i + 1 < text.size; i++) {
    size_t colon = text.start[i] == ':' ? 1 : 0;
    if (i + 3 < text.size && memcmp(text.start + i, "\xEF\xBC\x9A", 3) == 0) colon = 3;
    if (!colon) continue;
    struct span rest = span_trim((struct span){text.start + i + colon, text.size - i - colon});
    if (rest.size > 0 && rest.start[0] >= '0' && rest.start[0] <= '9') return true;
  }
  return false;
}

static bool is_below(struct span path, struct span root) {
  return path.size > root.size && memcmp(path.start, root.start, root.size) == 0 &&
         path.start[root.size] == '\\';
}

static bool is_deeper(struct span path, struct span root) {
  return memchr(path.start + root.size + 1, '\\', path.size - root.size - 1) != NULL;
}

/* ---- The first look ------------------------------------------------------------------------ */

/* The text ends inside the path of a further key: "HKEY_LOCAL_MACHINE\\SOFTW". */
static bool is_key_begun(const struct line *line) {
  static const char start[] = "HKEY_";
  size_t size = line->text.size < sizeof start - 1 ? line->text.size : sizeof start - 1;
  return !line->ended && size > 0 && memcmp(line->text.start, start, size) == 0;
}

/* Moves `lines` behind the group that begins at the key line it is before. */
static struct group look(struct lines *lines) {
  struct group group = {.at = *lines};
  struct line line;
  struct span path;
  struct value value;
  enum line_kind before = LINE_BLANK, kind;
  for (struct lines start = *lines; lines_next(lines, &line); start = *lines, before = kind) {
    kind = kind_of(&line, &path, &value);
    if (kind == LINE_OTHER && before == LINE_VALUE) kind = LINE_VALUE; /* its text goes on */
    group.ended = kind == LINE_BLANK && line.ended;
    if (kind == LINE_OTHER || (kind == LINE_KEY && group.keys && !is_below(path, group.root))) {
      group.searched = kind == LINE_OTHER && ends_search(line.text);
      group.ended = before == LINE_BLANK && !is_key_begun(&line);
      *lines = start;
      break;
    }
    if (kind == LINE_KEY && before == LINE_KEY) group.adjacent = true;
    if (kind == LINE_KEY && group.keys++ == 0) group.root = path;
    if (kind == LINE_KEY && group.keys > 1) group.deep = group.deep || is_deeper(path, group.root);
    if (kind == LINE_VALUE && group.keys > 1) group.deep = true;
    if (kind == LINE_VALUE && group.keys == 1) group.root_values++;
  }
  return group;
}

/* NULL: nothing is known of what is not listed. */
static const char *subkeys_of(const struct group *group) {
  if (group->searched) return NULL;
  if (group->deep) return "all";
  if (group->keys == 1) return group->root_values > 1 ? "all" : NULL;
  return group->adjacent || group->keys == 2 ? "names" : "all";
}

/* ---- Values -----------------------------------------------------------------------------------
 */

/* As Windows prints the name of a default value. */
static bool is_default_name(struct span name) {
  static const char *const names[] = {
      "(Default)",    "(Standard)",       "(par défaut)",   "(Predeterminado)", "(Predefinito)",
      "(Padrão)",     "(padrão)",         "(predefinido)",  "(Standaard)",      "(Domyślna)",
      "(domyślna)",   "(По умолчанию)",   "(по умолчанию)", "(výchozí)",        "(Varsayılan)",
      "(既定)",       "(默认)",           "(預設值)",       "(預設)",           "(기본값)",
      "(Par défaut)", "(predeterminado)", "(predefinito)",  "<NO NAME>"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (span_equal(name, names[i])) return true;
  return false;
}

static bool is_not_set(const struct value *value) {
  struct span data = span_trim(value->data);
  return value->type == REG_SZ && data.size > 2 && data.start[0] == '(' &&
         data.start[data.size - 1] == ')';
}

static void add_number(struct query *query, const char *name, const struct value *value,
                       struct origin origin) {
  struct span data = span_trim(value->data);
  uint64_t number = 0;
  bool good = data.size > 2 && data.size <= 18 && memcmp(data.start, "0x", 2) == 0;
  for (size_t i = 2; good && i < data.size; i++) {
    good = char_is_hex(data.start[i]);
    char c = data.start[i];
    number = number << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
  }
  if (good)
    registry_facts_number(query->facts, name, value->type, number, origin);
  else
    registry_facts_unreadable(query->facts, name, UNKNOWN_DAMAGED, "a number that cannot be read",
                              origin);
}

static void add_hex(struct query *query, const char *name, const struct value *value,
                    struct origin origin) {
  struct span data = span_trim(value->data);
  uint8_t *bytes = alloc_bytes(data.size / 2 + 1);
  if (data.size / 2 <= BYTES_MOST && text_unhex(data, bytes))
    registry_facts_bytes(query->facts, name, value->type, bytes, data.size / 2, origin);
  else
    registry_facts_unreadable(query->facts, name, UNKNOWN_DAMAGED, "bytes that cannot be read",
                              origin);
  alloc_free(bytes);
}

/* "one\0two" -> one a line */
static void add_text(struct query *query, const char *name, const struct value *value,
                     struct origin origin) {
  char *text = span_copy(value->data);
  size_t used = 0;
  for (const char *at = text; *at; at++) {
    bool next = value->type == REG_MULTI_SZ && at[0] == '\\' && at[1] == '0';
    text[used++] = next ? '\n' : *at;
    at += next;
  }
  while (value->type == REG_MULTI_SZ && used > 0 && text[used - 1] == '\n')
    used--;
  text[used] = '\0';
  registry_facts_text(query->facts, name, value->type, text, origin);
  alloc_free(text);
}

static void add_value(struct query *query, const struct value *value, bool goes_on,
                      struct origin origin) {
  bool is_default = is_default_name(value->name);
  char *name = is_default ? alloc_text("") : span_copy(value->name);
  bool is_text =
      value->type == REG_SZ || value->type == REG_EXPAND_SZ || value->type == REG_MULTI_SZ;
  if (goes_on)
    registry_facts_unreadable(query->facts, name, UNKNOWN_AMBIGUOUS, "a text of several lines",
                              origin);
  else if (is_default && is_not_set(value))
    registry_facts_unreadable(query->facts, name, UNKNOWN_AMBIGUOUS,
                              "it may say that the default value is not set", origin);
  else if (value->type == REG_DWORD || value->type == REG_QWORD)
    add_number(query, name, value, origin);
  else if (is_text)
    add_text(query, name, value, origin);
  else
    add_hex(query, name, value, origin);
  alloc_free(name);
}

/* ---- The second look ---------------------------------------------------------------------------
 */

static void doubt(struct query *query, enum unknown_reason reason, const char *note,
                  struct origin origin) {
  registry_facts_doubt_key(query->facts, "value", reason, note, origin);
  registry_facts_doubt_key(query->facts, "key", reason, note, origin);
}

/* Without an export, or where only names are listed. */
static void doubt_listed(struct query *query, const struct group *group, const char *subkeys,
                         bool is_root, struct origin origin) {
  bool names = subkeys && strcmp(subkeys, "names") == 0;
  if (names && is_root) return;
  if (names)
    doubt(query, UNKNOWN_NOT_IN_BUNDLE, "only the name of the key is listed", origin);
  else if (!subkeys)
    doubt(query, UNKNOWN_AMBIGUOUS,
          group->searched ? "a search lists what it finds, not all there is"
                          : "it may be one value asked for by name, or one name of several",
          origin);
}

static struct origin place(const struct query *query, const struct line *line, const char *at) {
  return line_origin(line, at, query->reading->artifact->number + 1);
}

/* An output that ends without an empty line may have been longer. */
static void settle_end(struct query *query, const struct group *group, xmlNode *export,
                       struct origin origin) {
  static const char note[] = "it does not end with an empty line";
  if (group->ended) return;
  registry_facts_doubt_key(query->facts, "value", UNKNOWN_TRUNCATED, note, origin);
  if (export) {
    node_mark(export, "key", "export", UNKNOWN_TRUNCATED,
              registry_key_kind(node_get(export, "key")), note, origin);
    if (text_equal(node_get(export, "subkeys"), "all"))
      reading_breaks(query->reading, UNKNOWN_TRUNCATED, origin, "%s", note);
  }
}

static bool goes_on(struct lines ahead) {
  struct line next;
  struct span path;
  struct value value;
  return lines_next(&ahead, &next) && kind_of(&next, &path, &value) == LINE_OTHER;
}

static void read_group(struct query *query, const struct group *group, const struct lines *end) {
  const char *subkeys = subkeys_of(group);
  struct lines lines = group->at;
  struct line line = {0};
  struct span path;
  struct value value;
  struct origin origin = {0};
  xmlNode *export = NULL;
  for (size_t keys = 0; lines.at < end->at && lines_next(&lines, &line);) {
    enum line_kind kind = kind_of(&line, &path, &value);
    if (kind == LINE_BLANK) continue;
    if (kind == LINE_KEY) {
      origin = place(query, &line, path.start);
      if (keys == 0 && subkeys) export = registry_facts_export(query->facts, path, subkeys, origin);
      registry_facts_key(query->facts, path, origin);
      doubt_listed(query, group, subkeys, keys++ == 0, origin);
    } else if (kind == LINE_VALUE) {
      origin = place(query, &line, value.name.start);
      if (line.ended || value.type == REG_DWORD) add_value(query, &value, goes_on(lines), origin);
    }
  }
  settle_end(query, group, export, origin);
}

/* ---- The reader ----------------------------------------------------------------------------- */

/* A value below a key, or three keys below one another. */
static bool recognise(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact;
  if (!text || *root) return false;
  struct lines lines = lines_of(text, size > LOOK_MOST ? LOOK_MOST : size);
  struct line line;
  struct span path;
  struct value value;
  for (size_t keys = 0; lines_next(&lines, &line);) {
    enum line_kind kind = kind_of(&line, &path, &value);
    if ((kind == LINE_VALUE && keys > 0) || keys == 3) return true;
    keys = kind == LINE_KEY ? keys + 1 : 0;
  }
  return false;
}

static void read(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct query query = {.reading = reading, .facts = registry_facts_new(reading, readings)};
  struct lines lines = lines_of(text, size);
  struct line line;
  struct span path;
  for (struct lines start = lines; lines_next(&lines, &line); start = lines) {
    if (!is_key(line.text, &path)) continue;
    lines = start;
    struct group group = look(&lines);
    read_group(&query, &group, &lines);
  }
  registry_facts_finish(query.facts);
}

const struct reader reg_query_reader = {.kind = "registry", .recognise = recognise, .read = read};
