/* One entry of a certutil dump. The order of the lines is the same in every
 * language and version that was seen; see the head of certutil_store.c. */
#include "readers/certutil_parts.h"

#include "base/buffer.h"

#include <string.h>

/* ---- shapes ---- */

size_t certutil_width(struct span text) {
  size_t width = 0;
  for (size_t i = 0; i < text.size; i++)
    width += ((unsigned char)text.start[i] & 0xC0) != 0x80;
  return width;
}

static size_t run_of(struct span text, char c) {
  size_t run = 0;
  while (run < text.size && text.start[run] == c)
    run++;
  return run;
}

bool certutil_banner(const struct line *line, struct span *word, unsigned *number) {
  struct span text = span_trim(line->text);
  size_t front = run_of(text, '='), back = 0;
  while (back < text.size && text.start[text.size - 1 - back] == '=')
    back++;
  if (front < 8 || back < 8 || front + back + 3 > text.size) return false;
  *word = span_trim((struct span){text.start + front, text.size - front - back});
  size_t digits = 0;
  while (digits < word->size && word->start[word->size - 1 - digits] >= '0' &&
         word->start[word->size - 1 - digits] <= '9')
    digits++;
  uint64_t value;
  struct span tail = {word->start + word->size - digits, digits};
  if (digits == word->size || !text_unsigned(tail, &value) || value > 10000000) return false;
  *number = (unsigned)value;
  *word = span_trim((struct span){word->start, word->size - digits});
  return word->size > 0 && word->size <= 64;
}

bool certutil_is_rule(struct span text) {
  text = span_trim(text);
  return text.size >= 8 && (run_of(text, '=') >= 8 || run_of(text, '-') >= 8);
}

bool certutil_is_sentence(const struct line *line) {
  struct span text = span_trim(line->text);
  return text.size && !certutil_is_rule(text) && !memchr(text.start, ':', text.size) &&
         !memchr(text.start, '=', text.size);
}

/* "CN=...", "OID.1.2=...", "2.5.4.3=...". */
static bool is_rdn(struct span text) {
  size_t at = 0;
  while (at < text.size && at < 64) {
    char c = text.start[at];
    bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') || c == '.';
    if (!letter) return at > 0 && c == '=';
    at++;
  }
  return false;
}

static bool is_serial(struct span text) {
  if (text.size < 2 || text.size % 2 || text.size > 128) return false;
  for (size_t i = 0; i < text.size; i++)
    if (!char_is_hex(text.start[i])) return false;
  return true;
}

/* The OID at the front of "1.2.840.113549.1.1.11 sha256RSA". */
static bool starts_with_oid(struct span text, struct span *oid) {
  size_t at = 0, dots = 0;
  while (at < text.size &&
         ((text.start[at] >= '0' && text.start[at] <= '9') || text.start[at] == '.')) {
    dots += text.start[at] == '.';
    at++;
  }
  *oid = (struct span){text.start, at};
  return dots >= 3 && at < 60 && (at == text.size || text.start[at] == ' ');
}

size_t certutil_indent(const struct certutil_cursor *c, size_t i) {
  size_t indent = line_indent(&c->lines[i]);
  return indent > c->margin ? indent - c->margin : 0;
}

bool certutil_is_blank(const struct certutil_cursor *c, size_t i) {
  return line_is_blank(&c->lines[i]);
}

static bool field_at(const struct certutil_cursor *c, size_t i, struct span *value) {
  struct span label;
  return span_split_first(c->lines[i].text, &label, value) && label.size > 0;
}

struct certutil_value certutil_value_at(const struct certutil_cursor *c, size_t i,
                                        struct span text) {
  return (struct certutil_value){.text = text,
                                 .at = line_origin(&c->lines[i], text.start, c->source)};
}

static struct certutil_value value_taken(struct certutil_value value, struct buffer *text) {
  size_t size = text->size;
  value.copy = buffer_take(text);
  value.text = (struct span){value.copy, size};
  return value;
}

/* ---- head: serial, issuer, dates, subject ---- */

/* The first field of an entry; skips the nested banner, "Element 0:", "Archived!" and,
 * of -v, "X509 Certificate:" and "Version: 3". */
static size_t find_serial(const struct certutil_cursor *c, struct certutil_entry *entry) {
  struct span value;
  bool archived = false;
  for (size_t i = 1; i < c->count; i++) {
    if (certutil_is_blank(c, i)) continue;
    if (certutil_is_rule(c->lines[i].text)) {
      entry->nested = true;
    } else if (certutil_is_sentence(&c->lines[i])) {
      archived = true;
    } else if (certutil_indent(c, i) == 0 && field_at(c, i, &value)) {
      if (is_rdn(value)) return 0;
      if (!is_serial(value)) continue;
      entry->archived = archived;
      entry->serial = certutil_value_at(c, i, value);
      return i;
    }
  }
  return 0;
}

/* The two lines indented by one blank. */
static bool find_dates(const struct certutil_cursor *c, size_t from, size_t at[2]) {
  struct span value;
  unsigned found = 0;
  for (size_t i = from; i < c->count && found < 2; i++)
    if (certutil_indent(c, i) == 1 && field_at(c, i, &value) && value.size)
      at[found++] = i;
    else if (found == 1)
      return false;
  return found == 2;
}

/* Lines of one RDN each, indented, below a label. */
static struct certutil_value read_block(const struct certutil_cursor *c, size_t label) {
  struct buffer text = buffer_make(1 << 16);
  struct certutil_value value = {.text = {NULL, 0}};
  size_t i = label + 1;
  for (; i < c->count && !certutil_is_blank(c, i) && certutil_indent(c, i) > 1; i++) {
    struct span rdn = span_trim(c->lines[i].text);
    if (!is_rdn(rdn)) break;
    if (!text.size) value = certutil_value_at(c, i, rdn);
    if (text.size) buffer_add_text(&text, ", ");
    buffer_add(&text, rdn.start, rdn.size);
  }
  if (text.size && i < c->count && !text.overflowed) return value_taken(value, &text);
  buffer_dispose(&text);
  return (struct certutil_value){.text = {NULL, 0}};
}

/* Issuer of a -v entry: the first label between serial and dates with RDNs below it. */
static struct certutil_value find_issuer_block(const struct certutil_cursor *c, size_t from,
                                               size_t end) {
  struct certutil_value value = {.text = {NULL, 0}};
  struct span empty;
  for (size_t i = from; i < end && !value.text.start; i++)
    if (certutil_indent(c, i) == 0 && field_at(c, i, &empty) && empty.size == 0)
      value = read_block(c, i);
  return value;
}

/* Up to the dates there is nothing but the issuer, so wrapped lines are its own. */
static struct certutil_value read_issuer_line(const struct certutil_cursor *c, size_t from,
                                              size_t end) {
  struct buffer text = buffer_make(1 << 16);
  struct span value;
  if (!field_at(c, from, &value) || !is_rdn(value))
    return (struct certutil_value){.text = {NULL, 0}};
  for (size_t i = from; i < end; i++) {
    struct span more = c->lines[i].text;
    if (i == from) more.size -= (size_t)(value.start - more.start), more.start = value.start;
    buffer_add(&text, more.start, more.size);
  }
  struct certutil_value issuer = certutil_value_at(c, from, value);
  bool whole = !text.overflowed;
  issuer = value_taken(issuer, &text);
  issuer.text = span_trim(issuer.text);
  if (whole) return issuer;
  alloc_free(issuer.copy);
  return (struct certutil_value){.text = {NULL, 0}};
}

static size_t next_full(const struct certutil_cursor *c, size_t i) {
  while (i < c->count && certutil_is_blank(c, i))
    i++;
  return i;
}

/* The line behind the dates. "EMPTY (...)" and its translations are no RDN. */
static struct certutil_value read_subject(const struct certutil_cursor *c, size_t i, bool verbose) {
  struct certutil_value none = {.text = {NULL, 0}};
  struct span value;
  if (i >= c->count || certutil_indent(c, i) != 0 || !field_at(c, i, &value)) return none;
  if (!c->lines[i].ended) return none;
  if (!verbose && c->wrap && certutil_width(c->lines[i].text) >= c->wrap) return none;
  struct certutil_value found = certutil_value_at(c, i, value);
  if (verbose && value.size == 0) {
    found = read_block(c, i);
    bool whole = i + 2 < c->count;
    if (!found.text.start && whole && certutil_indent(c, i + 1) > 1 &&
        !is_rdn(span_trim(c->lines[i + 1].text)))
      found = certutil_value_at(c, i, (struct span){value.start, 0});
    return found;
  }
  if (!is_rdn(value)) found.text.size = 0;
  return found;
}

/* ---- -v: algorithms, properties ---- */

static struct certutil_value find_oid(const struct certutil_cursor *c, size_t from, size_t end) {
  struct span value, oid;
  for (size_t i = from; i < end; i++)
    if (certutil_indent(c, i) > 1 && field_at(c, i, &value) && starts_with_oid(value, &oid))
      return certutil_value_at(c, i, oid);
  return (struct certutil_value){.text = {NULL, 0}};
}

/* "Public Key Length: 2048 bits": the first number with a word behind it. */
static struct certutil_value find_key_size(const struct certutil_cursor *c, size_t from,
                                           size_t end) {
  struct span value;
  for (size_t i = from; i < end; i++) {
    if (certutil_indent(c, i) != 0 || !field_at(c, i, &value)) continue;
    size_t digits = 0;
    uint64_t bits;
    while (digits < value.size && value.start[digits] >= '0' && value.start[digits] <= '9')
      digits++;
    struct span number = {value.start, digits};
    if (digits < value.size && value.start[digits] == ' ' && text_unsigned(number, &bits) &&
        bits >= 160 && bits <= 32768)
      return certutil_value_at(c, i, number);
  }
  return (struct certutil_value){.text = {NULL, 0}};
}

size_t certutil_find_property(const struct certutil_cursor *c, const char *id) {
  size_t i = 1;
  while (i < c->count && !(certutil_indent(c, i) > 0 && span_holds(c->lines[i].text, id)))
    i++;
  return i;
}

/* Property 14: "CERT_ACCESS_STATE_LM_SYSTEM_STORE_FLAG -- 4" is there for a store of the
 * machine, "..._SYSTEM_STORE_FLAG -- 2" for every one (Microsoft,
 * CertGetCertificateContextProperty). */
static void read_where(const struct certutil_cursor *c, struct certutil_entry *entry) {
  size_t i = certutil_find_property(c, "_PROP_ID(14):");
  bool system = false, machine = false, policy = false;
  for (i++; i < c->count; i++) {
    struct span text = c->lines[i].text;
    if (span_holds(text, "_PROP_ID(")) break;
    system = system || span_holds(text, "CERT_ACCESS_STATE_SYSTEM_STORE_FLAG");
    machine = machine || span_holds(text, "CERT_ACCESS_STATE_LM_SYSTEM_STORE_FLAG");
    policy = policy || span_holds(text, "CERT_ACCESS_STATE_GP_SYSTEM_STORE_FLAG");
  }
  if (machine) entry->where = CERTUTIL_OF_MACHINE;
  if (system && !machine && !policy) entry->where = CERTUTIL_NOT_OF_MACHINE;
}

static void read_friendly_name(const struct certutil_cursor *c, struct certutil_entry *entry) {
  size_t i = certutil_find_property(c, "_PROP_ID(11):");
  if (i + 1 < c->count) {
    entry->friendly_name = certutil_value_at(c, i + 1, span_trim(c->lines[i + 1].text));
  } else if (i == c->count) {
    entry->friendly_name = certutil_value_at(c, 0, (struct span){c->lines[0].text.start, 0});
  }
}

/* ---- thumbprint ---- */

/* 40 digits in the value, or with the rest of a wrapped line behind it. */
static bool read_hash(const struct certutil_cursor *c, size_t i, struct span value, char out[41]) {
  if (text_thumbprint(value, out)) return true;
  if (i + 1 >= c->count || certutil_indent(c, i + 1) != 0 || value.size > 120) return false;
  struct span more = span_trim(c->lines[i + 1].text);
  char joined[256];
  if (more.size > 60) return false;
  memcpy(joined, value.start, value.size);
  memcpy(joined + value.size, more.start, more.size);
  return text_thumbprint((struct span){joined, value.size + more.size}, out);
}

static bool same_label(struct span a, struct span b) {
  return a.size == b.size && memcmp(a.start, b.start, a.size) == 0;
}

/* What stands before "(rfc-sha1)": the label of key ids, not of the certificate. */
static struct span find_key_id_label(const struct certutil_cursor *c) {
  for (size_t i = 1; i < c->count; i++) {
    struct span text = c->lines[i].text;
    if (certutil_indent(c, i) != 0) continue;
    for (size_t k = 0; k + 10 <= text.size; k++)
      if (memcmp(text.start + k, "(rfc-sha1)", 10) == 0)
        return span_trim((struct span){text.start, k});
  }
  return (struct span){NULL, 0};
}

/* Is this "<label>(sha1): <40 digits>"? */
static bool is_hash_line(const struct certutil_cursor *c, size_t i, struct span *label,
                         struct span *value, char out[41]) {
  struct span front;
  if (certutil_indent(c, i) != 0 || !span_split_last(c->lines[i].text, &front, value)) return false;
  if (front.size < 7 || memcmp(front.start + front.size - 6, "(sha1)", 6) != 0) return false;
  *label = span_trim((struct span){front.start, front.size - 6});
  return read_hash(c, i, *value, out);
}

/* Takes the hash line; two that differ, or one that -v does not vouch for, are none. */
static size_t find_hash_line(const struct certutil_cursor *c, struct certutil_entry *entry) {
  struct span key_id = {NULL, 0}, label, value;
  if (entry->verbose) key_id = find_key_id_label(c);
  size_t found = c->count;
  char hash[41];
  for (size_t i = 1; i < c->count; i++) {
    if (!is_hash_line(c, i, &label, &value, hash)) continue;
    if (entry->verbose && (!key_id.start || same_label(label, key_id))) continue;
    if (entry->thumbprint[0] && strcmp(entry->thumbprint, hash) != 0) {
      entry->thumbprint[0] = '\0';
      return c->count;
    }
    memcpy(entry->thumbprint, hash, sizeof hash);
    entry->thumbprint_at = line_origin(&c->lines[i], value.start, c->source);
    found = text_thumbprint(value, hash) ? i : i + 1; /* its last line */
  }
  return found;
}

static void check_hash_property(const struct certutil_cursor *c, struct certutil_entry *entry) {
  char hash[41];
  size_t i = certutil_find_property(c, "_PROP_ID(3):");
  if (i + 1 >= c->count) return;
  struct span value = span_trim(c->lines[i + 1].text);
  if (!text_thumbprint(value, hash)) return;
  if (entry->thumbprint[0] && strcmp(entry->thumbprint, hash) != 0) {
    entry->thumbprint[0] = '\0';
    return;
  }
  memcpy(entry->thumbprint, hash, sizeof hash);
  entry->thumbprint_at = line_origin(&c->lines[i + 1], value.start, c->source);
}

/* ---- the whole ---- */

static void read_head(const struct certutil_cursor *c, size_t serial,
                      struct certutil_entry *entry) {
  size_t dates[2], issuer = next_full(c, serial + 1);
  struct span value;
  if (issuer >= c->count) return;
  entry->verbose =
      certutil_indent(c, issuer) == 0 && field_at(c, issuer, &value) && value.size == 0;
  if (!find_dates(c, issuer, dates)) return;
  entry->issuer = entry->verbose ? find_issuer_block(c, issuer, dates[0])
                                 : read_issuer_line(c, issuer, dates[0]);
  for (int i = 0; i < 2; i++) {
    struct certutil_value *date = i ? &entry->not_after : &entry->not_before;
    if (field_at(c, dates[i], &value) && c->lines[dates[i]].ended)
      *date = certutil_value_at(c, dates[i], value);
  }
  size_t subject = next_full(c, dates[1] + 1);
  entry->subject = read_subject(c, subject, entry->verbose);
  if (!entry->verbose) return;
  entry->signature_algorithm = find_oid(c, issuer, dates[0]);
  entry->key_algorithm = find_oid(c, subject, c->count);
  entry->key_size = find_key_size(c, subject, c->count);
}

struct certutil_entry certutil_entry_read(const struct line *lines, size_t count, bool ended,
                                          size_t wrap, uint32_t source) {
  struct certutil_cursor c = {lines, count, line_indent(&lines[0]), wrap, source};
  struct certutil_entry entry = {.at = line_origin(&lines[0], lines[0].begin, source),
                                 .ended = ended};
  if (!certutil_banner(&lines[0], &entry.word, &entry.number)) return entry;
  size_t serial = find_serial(&c, &entry);
  if (serial == 0) return entry;
  entry.certificate = true;
  read_head(&c, serial, &entry);
  size_t hash = find_hash_line(&c, &entry);
  if (entry.verbose) check_hash_property(&c, &entry);
  if (!ended) return entry;
  if (entry.verbose) {
    read_friendly_name(&c, &entry);
    read_where(&c, &entry);
    entry.extensions = certutil_extensions_read(lines, count, c.margin, wrap, source);
    entry.archived |= certutil_find_property(&c, "_PROP_ID(19)") < count;
    certutil_key_of_properties(&c, &entry);
  } else if (hash < count) {
    certutil_key_of_lines(&c, hash, &entry);
  }
  if (entry.nested) {
    entry.key = CERTUTIL_KEY_UNDECIDED;
    entry.key_provider.text.start = NULL;
  }
  return entry;
}

void certutil_entry_dispose(struct certutil_entry *entry) {
  alloc_free(entry->issuer.copy);
  alloc_free(entry->subject.copy);
  alloc_free(entry->after_key);
  certutil_extensions_dispose(&entry->extensions);
  entry->issuer.copy = entry->subject.copy = NULL;
  entry->after_key = NULL;
}
