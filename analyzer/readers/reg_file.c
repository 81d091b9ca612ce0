/* Registry files (.reg): what regedit and `reg export` write, and files of that form without
 * their header.
 *
 *     Windows Registry Editor Version 5.00        or REGEDIT4
 *                                                 (empty line)
 *     [HKEY_LOCAL_MACHINE\SYSTEM\...]             a key, all of its subkeys behind it
 *     @="default value"                           \\ and \" inside
 *     "name"=dword:0000000a
 *     "name"=hex(2):41,00,00,\                    REG_EXPAND_SZ; goes on after two blanks
 *       00
 *
 * (Microsoft, "How to add, modify, or delete registry subkeys and values by using a .reg file".)
 * In REGEDIT4 the bytes of texts are in the ANSI code page, else UTF-16. Facts: as
 * registry_facts.h; an export for each key that does not lie below the one before: an export
 * lists everything below its first key.
 *
 * Every export ends with an empty line: one that does not is cut off, and then its last key may
 * have further values and its tree further keys. A line of no known form is damage to both. A
 * file that deletes keys or values was made to be imported and tells nothing of a registry: it is
 * not read. */
#include "base/buffer.h"
#include "bundle/code_page.h"
#include "evidence/registry_path.h"
#include "readers/lines.h"
#include "readers/readers.h"
#include "readers/registry_facts.h"

#include <string.h>

enum { BYTES_MOST = 1 << 24, TEXT_MOST = 1 << 20, ANSI = 1252 };

struct file {
  struct reading *reading;
  struct registry_facts *facts;
  struct lines lines;
  struct line line;   /* the one being read */
  bool old;           /* REGEDIT4 */
  struct span root;   /* path of the export that keys belong to */
  xmlNode *export;    /* its element */
  struct buffer name; /* of the value being read */
};

static struct origin place(const struct file *file, const char *at) {
  return line_origin(&file->line, at, file->reading->artifact->number + 1);
}

static bool is_header(struct span text, bool *old) {
  *old = span_equal(text, "REGEDIT4");
  return *old || span_equal(text, "Windows Registry Editor Version 5.00");
}

/* The path of "[HKEY_...]"; `deletes` for "[-HKEY_...]". */
static bool is_key_line(struct span text, struct span *path, bool *deletes) {
  if (text.size < 3 || text.start[0] != '[' || text.start[text.size - 1] != ']') return false;
  *deletes = text.start[1] == '-';
  *path = (struct span){text.start + 1 + *deletes, text.size - 2 - *deletes};
  return path->size > 5 && memcmp(path->start, "HKEY_", 5) == 0;
}

/* ---- Trouble ------------------------------------------------------------------------- */

static void doubt(struct file *file, enum unknown_reason reason, const char *at, const char *note) {
  struct origin origin = place(file, at);
  registry_facts_doubt_key(file->facts, "value", reason, note, origin);
  if (file->export && !node_child(file->export, "unknown"))
    node_mark(file->export, "key", "export", reason,
              registry_key_kind(node_get(file->export, "key")), note, origin);
  reading_breaks(file->reading, reason, origin, "%s", note);
}

static void unreadable(struct file *file, enum unknown_reason reason, const char *at,
                       const char *note) {
  struct origin origin = place(file, at);
  registry_facts_unreadable(file->facts, buffer_text(&file->name), reason, note, origin);
  reading_breaks(file->reading, reason, origin, "%s", note);
}

/* ---- Values --------------------------------------------------------------------------- */

/* From behind an opening quote to behind the closing one, through line ends. False: there is
 * none. `out` gets the text without escapes. */
static bool read_quoted(struct file *file, const char **at, struct buffer *out) {
  for (;;) {
    const char *end = file->line.text.start + file->line.text.size;
    for (; *at < end; ++*at) {
      if (**at == '"') {
        ++*at;
        return true;
      }
      if (**at == '\\' && *at + 1 < end) ++*at;
      buffer_add_char(out, **at);
    }
    struct lines ahead = file->lines;
    struct line next;
    struct span path;
    bool deletes;
    if (!lines_next(&ahead, &next) || is_key_line(span_trim(next.text), &path, &deletes))
      return false;
    if (out->overflowed) return false;
    buffer_add_char(out, '\n');
    file->lines = ahead;
    file->line = next;
    *at = next.text.start;
  }
}

static bool rest_is_blank(const struct file *file, const char *at) {
  const char *end = file->line.text.start + file->line.text.size;
  return span_trim((struct span){at, (size_t)(end - at)}).size == 0;
}

static void read_text(struct file *file, const char *at, struct origin origin) {
  struct buffer text = buffer_make(TEXT_MOST);
  bool closed = read_quoted(file, &at, &text);
  if (text.overflowed)
    unreadable(file, UNKNOWN_LIMIT, at, "a text of more than 1 MiB");
  else if (!closed)
    unreadable(file, file->line.ended ? UNKNOWN_DAMAGED : UNKNOWN_TRUNCATED, at,
               "a text without its closing quote");
  else if (!rest_is_blank(file, at))
    unreadable(file, UNKNOWN_DAMAGED, at, "something behind a text");
  else
    registry_facts_text(file->facts, buffer_text(&file->name), REG_SZ, buffer_text(&text), origin);
  buffer_dispose(&text);
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 32;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void read_dword(struct file *file, const char *at, struct origin origin) {
  uint64_t number = 0;
  size_t digits = 0;
  const char *end = file->line.text.start + file->line.text.size;
  for (; at < end && hex_digit(*at) >= 0 && digits < 9; at++, digits++)
    number = number << 4 | (unsigned)hex_digit(*at);
  bool whole = digits == 8 || (digits > 0 && digits < 8 && file->line.ended);
  if (!whole || !rest_is_blank(file, at))
    unreadable(file, file->line.ended ? UNKNOWN_DAMAGED : UNKNOWN_TRUNCATED, at,
               "a number that cannot be read");
  else
    registry_facts_number(file->facts, buffer_text(&file->name), REG_DWORD, number, origin);
}

/* One line's "41,00,\": 'e' at its end, 'c' when it goes on, 'x' when it is none. */
static char read_bytes_line(const struct file *file, const char **at, struct buffer *bytes) {
  const char *end = file->line.text.start + file->line.text.size;
  for (; *at < end; ++*at) {
    if (**at == ' ' || **at == '\t' || **at == ',') continue;
    if (**at == '\\') return rest_is_blank(file, *at + 1) ? 'c' : 'x';
    if (*at + 1 >= end || hex_digit(**at) < 0 || hex_digit((*at)[1]) < 0) return 'x';
    buffer_add_char(bytes, (char)(hex_digit(**at) << 4 | hex_digit((*at)[1])));
    ++*at;
  }
  return 'e';
}

static char read_bytes(struct file *file, const char **at, struct buffer *bytes) {
  for (;;) {
    char how = read_bytes_line(file, at, bytes);
    struct lines ahead = file->lines;
    struct line next;
    if (how != 'c') return how;
    if (!lines_next(&ahead, &next)) return 't';
    if (next.text.size > 0 && hex_digit(span_trim(next.text).start[0]) < 0) return 'x';
    file->lines = ahead;
    file->line = next;
    *at = next.text.start;
  }
}

/* Texts in the ANSI code page, as REGEDIT4 has them. */
static void add_ansi(struct file *file, unsigned type, const struct buffer *bytes,
                     struct origin origin) {
  int page = file->reading->artifact->code_page;
  size_t undecodable = 0;
  char *text = alloc_array(bytes->size + 1, 3);
  size_t size = code_page_decode(page ? page : ANSI, (const uint8_t *)bytes->data, bytes->size,
                                 text, &undecodable);
  while (size > 0 && text[size - 1] == '\0')
    size--;
  for (size_t i = 0; i < size; i++)
    if (text[i] == '\0') text[i] = '\n';
  text[size] = '\0';
  registry_facts_text(file->facts, buffer_text(&file->name), type, text, origin);
  alloc_free(text);
}

static bool is_text(unsigned type) {
  return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

static void read_hex(struct file *file, unsigned type, const char *at, struct origin origin) {
  struct buffer bytes = buffer_make(BYTES_MOST);
  char how = read_bytes(file, &at, &bytes);
  if (bytes.overflowed)
    unreadable(file, UNKNOWN_LIMIT, at, "a value of more than 16 MiB");
  else if (how == 't' || (how == 'e' && !file->line.ended))
    unreadable(file, UNKNOWN_TRUNCATED, at, "a value that is cut off");
  else if (how == 'x')
    unreadable(file, UNKNOWN_DAMAGED, at, "bytes that cannot be read");
  else if (file->old && is_text(type))
    add_ansi(file, type, &bytes, origin);
  else
    registry_facts_bytes(file->facts, buffer_text(&file->name), type,
                         (const uint8_t *)buffer_text(&bytes), bytes.size, origin);
  buffer_dispose(&bytes);
}

/* "hex:" or "hex(b):": the type, and what is behind it. */
static bool is_hex(struct span rest, unsigned *type, const char **at) {
  const char *end = rest.start + rest.size;
  *at = rest.start + 3;
  *type = REG_BINARY;
  if (rest.size < 4 || memcmp(rest.start, "hex", 3) != 0) return false;
  if (**at == '(') {
    *type = 0;
    for (++*at; *at < end && hex_digit(**at) >= 0 && *type < 1u << 24; ++*at)
      *type = *type << 4 | (unsigned)hex_digit(**at);
    if (*at == end || **at != ')') return false;
    ++*at;
  }
  return *at < end && *(*at)++ == ':';
}

static void read_data(struct file *file, const char *at, struct origin origin) {
  struct span rest = {at, (size_t)(file->line.text.start + file->line.text.size - at)};
  unsigned type;
  const char *digits;
  if (rest.size > 0 && *at == '"')
    read_text(file, at + 1, origin);
  else if (rest.size > 6 && memcmp(at, "dword:", 6) == 0)
    read_dword(file, at + 6, origin);
  else if (is_hex(rest, &type, &digits))
    read_hex(file, type, digits, origin);
  else
    unreadable(file, file->line.ended ? UNKNOWN_DAMAGED : UNKNOWN_TRUNCATED, at,
               "a value that is of no known form");
}

static void read_value(struct file *file) {
  const char *at = span_trim(file->line.text).start;
  struct origin origin = place(file, at);
  buffer_clear(&file->name);
  bool named = *at++ == '@' || read_quoted(file, &at, &file->name);
  const char *end = file->line.text.start + file->line.text.size;
  while (named && at < end && *at == ' ')
    at++;
  if (!named || at >= end || *at != '=') {
    doubt(file, file->line.ended ? UNKNOWN_DAMAGED : UNKNOWN_TRUNCATED, file->line.text.start,
          "a line that is no value");
    return;
  }
  at++;
  while (at < end && *at == ' ')
    at++;
  read_data(file, at, origin);
}

/* ---- Keys ----------------------------------------------------------------------------- */

static bool is_below(struct span path, struct span root) {
  if (root.size == 0 || path.size < root.size) return false;
  for (size_t i = 0; i < root.size; i++) {
    char a = path.start[i], b = root.start[i];
    if (a >= 'A' && a <= 'Z') a |= 32;
    if (b >= 'A' && b <= 'Z') b |= 32;
    if (a != b) return false;
  }
  return path.size == root.size || path.start[root.size] == '\\';
}

static void read_key(struct file *file, struct span path) {
  struct origin origin = place(file, path.start);
  if (!is_below(path, file->root)) {
    file->root = path;
    file->export = registry_facts_export(file->facts, path, "all", origin);
  }
  registry_facts_key(file->facts, path, origin);
}

static void read_line(struct file *file) {
  struct span text = span_trim(file->line.text), path;
  bool old, deletes;
  if (text.size == 0 || text.start[0] == ';' || is_header(text, &old)) return;
  if (is_key_line(text, &path, &deletes))
    read_key(file, path);
  else if (text.start[0] == '@' || text.start[0] == '"')
    read_value(file);
  else
    doubt(file, file->line.ended ? UNKNOWN_DAMAGED : UNKNOWN_TRUNCATED, text.start,
          "a line that is neither a key nor a value");
}

/* ---- The reader ----------------------------------------------------------------------- */

/* Does any line delete a key or value? */
static bool is_made_to_delete(const char *text, size_t size, struct line *line) {
  struct lines lines = lines_of(text, size);
  struct span path;
  bool deletes;
  while (lines_next(&lines, line)) {
    struct span trimmed = span_trim(line->text);
    if (is_key_line(trimmed, &path, &deletes) && deletes) return true;
    bool value = trimmed.size > 3 && (trimmed.start[0] == '"' || trimmed.start[0] == '@');
    const char *end = trimmed.start + trimmed.size;
    if (value && memcmp(end - 3, "\"=-", 3) == 0) return true;
    if (span_equal(trimmed, "@=-")) return true;
  }
  return false;
}

static bool recognise(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact;
  if (!text || *root) return false;
  struct lines lines = lines_of(text, size);
  struct line line;
  unsigned blanks;
  struct span path;
  bool flag;
  if (!lines_next_full(&lines, &line, &blanks)) return false;
  struct span first = span_trim(line.text);
  return is_header(first, &flag) || is_key_line(first, &path, &flag);
}

static void read(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct line line;
  if (is_made_to_delete(text, size, &line)) {
    artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED,
                    "a registry file that deletes something (line %u): made to be imported, it "
                    "does not tell what a registry holds",
                    line.number);
    return;
  }
  struct file file = {.reading = reading,
                      .facts = registry_facts_new(reading, readings),
                      .lines = lines_of(text, size),
                      .name = buffer_make(TEXT_MOST)};
  unsigned blanks;
  struct lines ahead = file.lines;
  if (lines_next_full(&ahead, &line, &blanks)) is_header(span_trim(line.text), &file.old);
  while (lines_next(&file.lines, &file.line))
    read_line(&file);
  if (!file.line.ended || !line_is_blank(&file.line))
    doubt(&file, UNKNOWN_TRUNCATED, file.line.text.start,
          "it does not end with an empty line, as every export does");
  buffer_dispose(&file.name);
  registry_facts_finish(file.facts);
}

const struct reader reg_file_reader = {.kind = "registry", .recognise = recognise, .read = read};
