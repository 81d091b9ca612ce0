/* Extensions by object identifier; values by shape. */
#include "readers/certutil_extensions.h"

#include "base/buffer.h"
#include "base/text.h"
#include "evidence/binding_address.h"
#include "evidence/node.h"

#include <string.h>

enum { NAMES_MOST = 10000, INDENT_ID = 4, INDENT_VALUE = 8, INDENT_NESTED = 12 };

struct block {
  const struct line *lines;
  size_t count, margin;
  uint32_t source;
};

/* ---- shapes ---- */

static size_t indent_of(const struct block *block, size_t i) {
  size_t indent = line_indent(&block->lines[i]);
  return indent > block->margin ? indent - block->margin : 0;
}

static bool is_oid(struct span text) {
  size_t dots = 0;
  for (size_t i = 0; i < text.size; i++) {
    if (text.start[i] == '.')
      dots++;
    else if (text.start[i] < '0' || text.start[i] > '9')
      return false;
  }
  return dots >= 2 && text.size < 100 && text.start[0] != '.';
}

/* "2.5.29.17: Flags = 0, Length = 20". */
static bool starts_extension(const struct block *block, size_t i, struct span *oid) {
  struct span value;
  return indent_of(block, i) == INDENT_ID && span_split_first(block->lines[i].text, oid, &value) &&
         is_oid(*oid) && value.size && memchr(value.start, '=', value.size);
}

/* The line with their number stands directly above the first. */
static bool announces(const struct block *block, size_t i, uint64_t *number) {
  struct span label, value;
  return indent_of(block, i) == 0 && span_split_last(block->lines[i].text, &label, &value) &&
         text_unsigned(value, number) && *number > 0;
}

static size_t find_first(const struct block *block, uint64_t *number) {
  struct span oid;
  for (size_t i = 1; i < block->count; i++)
    if (starts_extension(block, i, &oid)) return announces(block, i - 1, number) ? i : block->count;
  return block->count;
}

/* Where the extension that starts at `i` ends: at the next, or at a line without indent. */
static size_t end_of(const struct block *block, size_t i) {
  struct span oid;
  for (i++; i < block->count; i++)
    if (!line_is_blank(&block->lines[i]) &&
        (indent_of(block, i) < INDENT_ID || starts_extension(block, i, &oid)))
      return i;
  return block->count;
}

/* ---- values ---- */

/* "Server Authentication (1.3.6.1.5.5.7.3.1)". */
static bool purpose_of(struct span text, struct span *oid) {
  if (text.size < 5 || text.start[text.size - 1] != ')') return false;
  size_t open = text.size - 1;
  while (open > 0 && text.start[open - 1] != '(')
    open--;
  *oid = (struct span){text.start + open, text.size - open - 1};
  return open > 0 && is_oid(*oid);
}

static char *read_purposes(const struct block *block, size_t from, size_t end) {
  struct buffer out = buffer_make(1 << 16);
  bool good = true;
  for (size_t i = from + 1; i < end && good; i++) {
    struct span text = span_trim(block->lines[i].text), oid;
    if (indent_of(block, i) < INDENT_VALUE || text.size == 0) continue;
    good = purpose_of(text, &oid);
    if (!good) break;
    if (out.size) buffer_add_char(&out, ' ');
    buffer_add(&out, oid.start, oid.size);
  }
  if (good && out.size && !out.overflowed) return buffer_take(&out);
  buffer_dispose(&out);
  return NULL;
}

/* "29c42c8b...", "29 c4 2c 8b ...", upper case; NULL when it is anything else. */
static char *hex_of(struct span text) {
  struct buffer out = buffer_make(1 << 10);
  for (size_t i = 0; i < text.size; i++) {
    if (text.start[i] == ' ') continue;
    if (!char_is_hex(text.start[i])) {
      buffer_dispose(&out);
      return NULL;
    }
    buffer_add_char(&out, text.start[i]);
  }
  char *hex =
      out.size >= 2 && out.size % 2 == 0 && !out.overflowed ? text_upper(buffer_text(&out)) : NULL;
  buffer_dispose(&out);
  return hex;
}

/* The one value of a subject key identifier, the first of an authority's: "KeyID=29 c4 ...". */
static char *read_key_id(const struct block *block, size_t from, size_t end, bool labelled) {
  for (size_t i = from + 1; i < end; i++) {
    struct span text = span_trim(block->lines[i].text);
    if (indent_of(block, i) < INDENT_VALUE || text.size == 0) continue;
    if (!labelled) return hex_of(text);
    const char *equals = memchr(text.start, '=', text.size);
    if (!equals || !span_holds((struct span){text.start, (size_t)(equals - text.start)}, "KeyID"))
      return NULL;
    equals++;
    return hex_of((struct span){equals, text.size - (size_t)(equals - text.start)});
  }
  return NULL;
}

/* ---- alternative names ---- */

static void add_name(struct certutil_extensions *extensions, const char *type, char *value,
                     struct origin at) {
  struct certutil_name name = {type, value, at};
  if (extensions->count == NAMES_MOST) {
    alloc_free(value);
    extensions->names_known = false;
    return;
  }
  ARRAY_PUSH(extensions->names, extensions->count, extensions->capacity) = name;
}

static char *lower_copy(struct span text) {
  char *copy = span_copy(text), *lower = text_lower(copy);
  alloc_free(copy);
  return lower;
}

/* As x509.h spells addresses: without brackets. */
static char *ip_copy(struct span text) {
  char ip[48], *bracketed;
  if (binding_ip_normalise(text, true, ip)) return alloc_text(ip);
  if (text.size > 45 || !memchr(text.start, ':', text.size ? text.size : 1)) return NULL;
  char *copy = span_copy(text);
  bracketed = alloc_format("[%s]", copy);
  alloc_free(copy);
  bool good = binding_ip_normalise(span_of(bracketed), true, ip);
  alloc_free(bracketed);
  return good ? alloc_text_n(ip + 1, strlen(ip) - 2) : NULL;
}

/* Kinds that no check of names asks for, as English Windows calls them. */
static bool is_other_kind(struct span label) {
  static const char *const kinds[] = {"URL", "Other Name", "Directory Address", "Registered ID"};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (span_equal_nocase(label, kinds[i])) return true;
  return false;
}

/* "DNS Name=x", "IP Address=x", "RFC822 Name=x": these abbreviations are in the label in
 * every language. False when the line may be a name of any kind. */
static bool read_name(struct certutil_extensions *extensions, struct span text, struct origin at) {
  size_t sign = 0;
  while (sign < text.size && text.start[sign] != '=' && text.start[sign] != ':')
    sign++;
  if (sign == text.size) return false;
  struct span label = span_trim((struct span){text.start, sign});
  struct span value = span_trim((struct span){text.start + sign + 1, text.size - sign - 1});
  if (is_other_kind(label)) return true;
  if (text.start[sign] == ':' || value.size == 0 || value.size > 1024) return false;
  char *ip;
  if (span_holds(label, "DNS"))
    add_name(extensions, "dns", lower_copy(value), at);
  else if (span_holds(label, "RFC822"))
    add_name(extensions, "email", span_copy(value), at);
  else if (span_holds(label, "IP") && (ip = ip_copy(value)))
    add_name(extensions, "ip", ip, at);
  else
    return false;
  return true;
}

static void read_names(const struct block *block, size_t from, size_t end,
                       struct certutil_extensions *extensions) {
  for (size_t i = from + 1; i < end; i++) {
    struct span text = span_trim(block->lines[i].text);
    size_t indent = indent_of(block, i);
    if (text.size == 0 || indent < INDENT_VALUE || indent >= INDENT_NESTED) continue;
    if (!read_name(extensions, text, line_origin(&block->lines[i], text.start, block->source)))
      extensions->names_known = false;
  }
}

/* ---- together ---- */

static void replace(char **place, char *value) {
  alloc_free(*place);
  *place = value;
}

static void read_one(const struct block *block, size_t from, size_t end, struct span oid,
                     struct certutil_extensions *extensions) {
  if (span_equal(oid, "2.5.29.37"))
    replace(&extensions->purposes, read_purposes(block, from, end));
  else if (span_equal(oid, "2.5.29.17"))
    read_names(block, from, end, extensions);
  else if (span_equal(oid, "2.5.29.14"))
    replace(&extensions->own_id, read_key_id(block, from, end, false));
  else if (span_equal(oid, "2.5.29.35"))
    replace(&extensions->issuer_id, read_key_id(block, from, end, true));
}

static bool may_be_wrapped(const struct block *block, size_t from, size_t end, size_t wrap) {
  for (size_t i = from; wrap && i < end; i++) {
    size_t width = 0;
    struct span text = block->lines[i].text;
    for (size_t k = 0; k < text.size; k++)
      width += ((unsigned char)text.start[k] & 0xC0) != 0x80;
    if (width >= wrap) return true;
  }
  return false;
}

struct certutil_extensions certutil_extensions_read(const struct line *lines, size_t count,
                                                    size_t margin, size_t wrap, uint32_t source) {
  struct block block = {lines, count, margin, source};
  struct certutil_extensions extensions = {.names_known = false};
  uint64_t number = 0, seen = 0;
  struct span oid;
  size_t i = find_first(&block, &number);
  if (i == count) return extensions;
  extensions = (struct certutil_extensions){
      .at = line_origin(&lines[i - 1], span_trim(lines[i - 1].text).start, source),
      .purposes = alloc_text("any"),
      .own_id = alloc_text(""),
      .issuer_id = alloc_text(""),
      .names_known = true};
  for (; i < count && starts_extension(&block, i, &oid); seen++) {
    size_t end = end_of(&block, i);
    if (may_be_wrapped(&block, i, end, wrap)) break;
    read_one(&block, i, end, oid, &extensions);
    i = end;
  }
  if (seen == number) return extensions;
  certutil_extensions_dispose(&extensions);
  return (struct certutil_extensions){.names_known = false};
}

void certutil_extensions_dispose(struct certutil_extensions *extensions) {
  for (size_t i = 0; i < extensions->count; i++)
    alloc_free(extensions->names[i].value);
  alloc_free(extensions->names);
  alloc_free(extensions->purposes);
  alloc_free(extensions->own_id);
  alloc_free(extensions->issuer_id);
  *extensions = (struct certutil_extensions){.names_known = false};
}

void certutil_extensions_set(const struct certutil_extensions *extensions, xmlNode *certificate) {
  node_set(certificate, "extendedKeyUsage", extensions->purposes, extensions->at);
  node_set(certificate, "subjectKeyIdentifier", extensions->own_id, extensions->at);
  node_set(certificate, "authorityKeyIdentifier", extensions->issuer_id, extensions->at);
  if (!extensions->names_known) return;
  node_set(certificate, "namesKnown", "true", extensions->at);
  for (size_t i = 0; i < extensions->count; i++) {
    const struct certutil_name *name = &extensions->names[i];
    xmlNode *node = node_add(certificate, "name", name->at);
    node_set(node, "type", name->type, name->at);
    node_set(node, "value", name->value, name->at);
  }
}
