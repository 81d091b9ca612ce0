/* Names as the ledger shows them. */
#include "bundle/path.h"

#include "base/buffer.h"
#include "base/text.h"
#include "bundle/code_page.h"

#include <string.h>

/* Escapes the backslash first, so that text_printable's escapes are the only ones. */
char *path_name(const char *name) {
  struct buffer plain = buffer_make(4 * strlen(name) + 1);
  for (const char *c = name; *c; c++) {
    if (*c == '\\')
      buffer_add_text(&plain, "\\x5C");
    else
      buffer_add_char(&plain, *c);
  }
  char *shown = text_printable(buffer_text(&plain), PATH_MOST);
  buffer_dispose(&plain);
  return shown;
}

static char *cut_to_most(char *path) {
  if (strlen(path) <= PATH_MOST) return path;
  char *cut = text_printable(path, PATH_MOST);
  alloc_free(path);
  return cut;
}

char *path_join(const char *folder, const char *name) {
  if (folder[0] == '\0') return alloc_text(name);
  return cut_to_most(text_joined(folder, "/", name));
}

char *path_last_part(const char *path) {
  size_t end = strlen(path);
  while (end > 0 && path[end - 1] == '/')
    end--;
  size_t start = end;
  while (start > 0 && path[start - 1] != '/')
    start--;
  struct span part = {path + start, end - start};
  if (span_equal(part, ".") || span_equal(part, "..")) return alloc_text("");
  char *raw = span_copy(part);
  char *shown = path_name(raw);
  alloc_free(raw);
  return shown;
}

/* The name as UTF-8 text of the same meaning; NULs are escaped here because
 * nothing behind this point can hold them. */
static char *member_text(const uint8_t *name, size_t size, bool utf8, int page,
                         const char **unsafe) {
  struct buffer text = buffer_make(8 * size + 1);
  bool plain = utf8 || code_page_is_utf8(name, size);
  char *decoded = alloc_bytes(3 * size + 1);
  size_t length = size, undecodable = 0;
  if (plain)
    memcpy(decoded, name, size);
  else
    length = code_page_decode(page, name, size, decoded, &undecodable);
  for (size_t i = 0; i < length; i++) {
    if (decoded[i] == '\0') {
      *unsafe = "a NUL byte";
      buffer_add_text(&text, "\\x00");
    } else {
      buffer_add_char(&text, (char)(decoded[i] == '\\' ? '/' : decoded[i]));
    }
  }
  alloc_free(decoded);
  return buffer_take(&text);
}

static bool is_device(struct span part) {
  static const char *const names[] = {"con", "prn", "aux", "nul"};
  size_t stem = 0;
  while (stem < part.size && part.start[stem] != '.' && part.start[stem] != ' ')
    stem++;
  struct span name = {part.start, stem};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (span_equal_nocase(name, names[i])) return true;
  if (stem != 4 || name.start[3] < '1' || name.start[3] > '9') return false;
  name.size = 3;
  return span_equal_nocase(name, "com") || span_equal_nocase(name, "lpt");
}

static bool is_drive(struct span part) {
  int letter = part.size >= 2 ? part.start[0] | 0x20 : 0;
  return part.size >= 2 && part.start[1] == ':' && letter >= 'a' && letter <= 'z';
}

static void add_part(struct buffer *out, struct span part, const char **unsafe) {
  size_t skip = 0;
  if (out->size) buffer_add_char(out, '/');
  if (span_equal(part, "..")) {
    *unsafe = "the part \"..\"";
    buffer_add_text(out, "\\x2E\\x2E");
    return;
  }
  if (is_drive(part)) {
    *unsafe = "a drive letter";
    buffer_add(out, part.start, 1);
    buffer_add_text(out, "\\x3A");
    skip = 2;
  } else if (is_device(part)) {
    *unsafe = "the name of a Windows device";
    buffer_add_format(out, "\\x%02X", (unsigned char)part.start[0]);
    skip = 1;
  }
  buffer_add(out, part.start + skip, part.size - skip);
}

char *path_member(const uint8_t *name, size_t size, bool utf8, int page, const char **unsafe) {
  *unsafe = NULL;
  char *text = member_text(name, size, utf8, page, unsafe);
  struct buffer out = buffer_make(8 * strlen(text) + 64);
  const char *at = text;
  if (*at == '/') {
    *unsafe = "a slash at its start";
    buffer_add_text(&out, "\\x2F");
  }
  while (*at) {
    struct span part = {at, strcspn(at, "/")};
    if (part.size && !span_equal(part, ".")) add_part(&out, part, unsafe);
    at += part.size;
    if (*at == '/') at++;
  }
  char *shown = text_printable(out.size ? buffer_text(&out) : "(no name)", PATH_MOST);
  buffer_dispose(&out);
  alloc_free(text);
  return shown;
}

static int rank(char c) {
  return c == '\0' ? -1 : c == '/' ? 0 : (unsigned char)c;
}

int path_compare(const char *a, const char *b) {
  while (*a && *a == *b)
    a++, b++;
  return rank(*a) - rank(*b);
}
