/* One entry of a certutil dump. The order of the lines is the same in every
 * language and version that was seen; see the head of certutil_store.c. */
#include "readers/certutil_entry.h"

#include "base/buffer.h"

#include <string.h>

struct cursor {
  const struct line *lines;
  size_t count, margin, wrap;
  uint32_t source;
};

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

static bool is_rule(struct span text) {
  text = span_trim(text);
  return text.size >= 8 && (run_of(text, '=') >= 8 || run_of(text, '-') >= 8);
}

bool certutil_is_sentence(const struct line *line) {
  struct span text = span_trim(line->text);
  return text.size && !is_rule(text) && !memchr(text.start, ':', text.size) &&
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

/* Beyond the margin that the whole dump may have been given. */
static size_t indent_of(const struct cursor *c, size_t i) {
  size_t indent = line_indent(&c->lines[i]);
  return indent > c->margin ? indent - c->margin : 0;
}

static bool is_blank(const struct cursor *c, size_t i) {
  return line_is_blank(&c->lines[i]);
}

static bool field_at(const struct cursor *c, size_t i, struct span *value) {
  struct span label;
  return span_split_first(c->lines[i].text, &label, value) && label.size > 0;
}

static struct certutil_value value_at(const struct cursor *c, size_t i, struct span text) {
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
static size_t find_serial(const struct cursor *c, struct certutil_entry *entry) {
  struct span value;
  bool archived = false;
  for (size_t i = 1; i < c->count; i++) {
    if (is_blank(c, i)) continue;
    if (is_rule(c->lines[i].text)) {
      entry->nested = true;
    } else if (certutil_is_sentence(&c->lines[i])) {
      archived = true;
    } else if (indent_of(c, i) == 0 && field_at(c, i, &value)) {
      if (is_rdn(value)) return 0;
      if (!is_serial(value)) continue;
      entry->archived = archived;
      entry->serial = value_at(c, i, value);
      return i;
    }
  }
  return 0;
}

/* The two lines indented by one blank. */
static bool find_dates(const struct cursor *c, size_t from, size_t at[2]) {
  struct span value;
  unsigned found = 0;
  for (size_t i = from; i < c->count && found < 2; i++)
    if (indent_of(c, i) == 1 && field_at(c, i, &value) && value.size)
      at[found++] = i;
    else if (found == 1)
      return false;
  return found == 2;
}

/* Lines of one RDN each, indented, below a label. */
static struct certutil_value read_block(const struct cursor *c, size_t label) {
  struct buffer text = buffer_make(1 << 16);
  struct certutil_value value = {.text = {NULL, 0}};
  size_t i = label + 1;
  for (; i < c->count && !is_blank(c, i) && indent_of(c, i) > 1; i++) {
    struct span rdn = span_trim(c->lines[i].text);
    if (!is_rdn(rdn)) break;
    if (!text.size) value = value_at(c, i, rdn);
    if (text.size) buffer_add_text(&text, ", ");
    buffer_add(&text, rdn.start, rdn.size);
  }
  if (text.size && i < c->count && !text.overflowed) return value_taken(value, &text);
  buffer_dispose(&text);
  return (struct certutil_value){.text = {NULL, 0}};
}

/* Issuer of a -v entry: the first label between serial and dates with RDNs below it. */
static struct certutil_value find_issuer_block(const struct cursor *c, size_t from, size_t end) {
  struct certutil_value value = {.text = {NULL, 0}};
  struct span empty;
  for (size_t i = from; i < end && !value.text.start; i++)
    if (indent_of(c, i) == 0 && field_at(c, i, &empty) && empty.size == 0) value = read_block(c, i);
  return value;
}

/* Up to the dates there is nothing but the issuer, so wrapped lines are its own. */
static struct certutil_value read_issuer_line(const struct cursor *c, size_t from, size_t end) {
  struct buffer text = buffer_make(1 << 16);
  struct span value;
  if (!field_at(c, from, &value) || !is_rdn(value))
    return (struct certutil_value){.text = {NULL, 0}};
  for (size_t i = from; i < end; i++) {
    struct span more = c->lines[i].text;
    if (i == from) more.size -= (size_t)(value.start - more.start), more.start = value.start;
    buffer_add(&text, more.start, more.size);
  }
  struct certutil_value issuer = value_at(c, from, value);
  bool whole = !text.overflowed;
  issuer = value_taken(issuer, &text);
  issuer.text = span_trim(issuer.text);
  if (whole) return issuer;
  alloc_free(issuer.copy);
  return (struct certutil_value){.text = {NULL, 0}};
}

static size_t next_full(const struct cursor *c, size_t i) {
  while (i < c->count && is_blank(c, i))
    i++;
  return i;
}

/* The line behind the dates. "EMPTY (...)" and its translations are no RDN. */
static struct certutil_value read_subject(const struct cursor *c, size_t i, bool verbose) {
  struct certutil_value none = {.text = {NULL, 0}};
  struct span value;
  if (i >= c->count || indent_of(c, i) != 0 || !field_at(c, i, &value)) return none;
  if (!c->lines[i].ended) return none;
  if (!verbose && c->wrap && certutil_width(c->lines[i].text) >= c->wrap) return none;
  struct certutil_value found = value_at(c, i, value);
  if (verbose && value.size == 0) {
    found = read_block(c, i);
    bool whole = i + 2 < c->count;
    if (!found.text.start && whole && indent_of(c, i + 1) > 1 &&
        !is_rdn(span_trim(c->lines[i + 1].text)))
      found = value_at(c, i, (struct span){value.start, 0});
    return found;
  }
  if (!is_rdn(value)) found.text.size = 0;
  return found;
}

/* ---- -v: algorithms, properties ---- */

static struct certutil_value find_oid(const struct cursor *c, size_t from, size_t end) {
  struct span value, oid;
  for (size_t i = from; i < end; i++)
    if (indent_of(c, i) > 1 && field_at(c, i, &value) && starts_with_oid(value, &oid))
      return value_at(c, i, oid);
  return (struct certutil_value){.text = {NULL, 0}};
}

/* "Public Key Length: 2048 bits": the first number with a word behind it. */
static struct certutil_value find_key_size(const struct cursor *c, size_t from, size_t end) {
  struct span value;
  for (size_t i = from; i < end; i++) {
    if (indent_of(c, i) != 0 || !field_at(c, i, &value)) continue;
    size_t digits = 0;
    uint64_t bits;
    while (digits < value.size && value.start[digits] >= '0' && value.start[digits] <= '9')
      digits++;
    struct span number = {value.start, digits};
    if (digits < value.size && value.start[digits] == ' ' && text_unsigned(number, &bits) &&
        bits >= 160 && bits <= 32768)
      return value_at(c, i, number);
  }
  return (struct certutil_value){.text = {NULL, 0}};
}

/* "CERT_SHA1_HASH_PROP_ID(3):" is never translated. The line, or count. */
static size_t find_property(const struct cursor *c, const char *id) {
  size_t i = 1;
  while (i < c->count && !(indent_of(c, i) > 0 && span_holds(c->lines[i].text, id)))
    i++;
  return i;
}

/* Property 14: "CERT_ACCESS_STATE_LM_SYSTEM_STORE_FLAG -- 4" is there for a store of the
 * machine, "..._SYSTEM_STORE_FLAG -- 2" for every one (Microsoft,
 * CertGetCertificateContextProperty). */
static void read_where(const struct cursor *c, struct certutil_entry *entry) {
  size_t i = find_property(c, "_PROP_ID(14):");
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

static void read_friendly_name(const struct cursor *c, struct certutil_entry *entry) {
  size_t i = find_property(c, "_PROP_ID(11):");
  if (i + 1 < c->count) {
    entry->friendly_name = value_at(c, i + 1, span_trim(c->lines[i + 1].text));
  } else if (i == c->count) {
    entry->friendly_name = value_at(c, 0, (struct span){c->lines[0].text.start, 0});
  }
}

/* ---- thumbprint ---- */

/* 40 digits in the value, or with the rest of a wrapped line behind it. */
static bool read_hash(const struct cursor *c, size_t i, struct span value, char out[41]) {
  if (text_thumbprint(value, out)) return true;
  if (i + 1 >= c->count || indent_of(c, i + 1) != 0 || value.size > 120) return false;
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
static struct span find_key_id_label(const struct cursor *c) {
  for (size_t i = 1; i < c->count; i++) {
    struct span text = c->lines[i].text;
    if (indent_of(c, i) != 0) continue;
    for (size_t k = 0; k + 10 <= text.size; k++)
      if (memcmp(text.start + k, "(rfc-sha1)", 10) == 0)
        return span_trim((struct span){text.start, k});
  }
  return (struct span){NULL, 0};
}

/* Is this "<label>(sha1): <40 digits>"? */
static bool is_hash_line(const struct cursor *c, size_t i, struct span *label, struct span *value,
                         char out[41]) {
  struct span front;
  if (indent_of(c, i) != 0 || !span_split_last(c->lines[i].text, &front, value)) return false;
  if (front.size < 7 || memcmp(front.start + front.size - 6, "(sha1)", 6) != 0) return false;
  *label = span_trim((struct span){front.start, front.size - 6});
  return read_hash(c, i, *value, out);
}

/* Takes the hash line; two that differ, or one that -v does not vouch for, are none. */
static size_t find_hash_line(const struct cursor *c, struct certutil_entry *entry) {
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

static void check_hash_property(const struct cursor *c, struct certutil_entry *entry) {
  char hash[41];
  size_t i = find_property(c, "_PROP_ID(3):");
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

/* ---- key part ---- */

struct key_part {
  unsigned equals, names;
  bool missing_property, sentence_first;
  size_t first, second; /* lines "x = y": container and provider, or the provider alone */
};

/* "  Provider = x" counts as equals, "  Unique container name: x" as a name. */
static void count_key_line(const struct cursor *c, size_t i, struct key_part *part) {
  struct span text = span_trim(c->lines[i].text);
  const char *equals = memchr(text.start, '=', text.size);
  const char *colon = memchr(text.start, ':', text.size);
  if (span_holds(text, "_PROP_ID"))
    part->missing_property = true;
  else if (span_holds(text, "0x8"))
    return; /* an error message */
  else if (colon && (!equals || colon < equals))
    part->names++;
  else if (equals && part->equals++ < 2)
    *(part->equals == 1 ? &part->first : &part->second) = i;
}

/* The provider is the second line with an equals sign, or the only one. */
static void read_provider(const struct cursor *c, const struct key_part *part,
                          struct certutil_entry *entry) {
  if (part->equals == 0) return;
  size_t i = part->equals == 1 ? part->first : part->second;
  struct span text = span_trim(c->lines[i].text);
  const char *equals = memchr(text.start, '=', text.size);
  size_t front = (size_t)(equals - text.start) + 1;
  struct span value = span_trim((struct span){text.start + front, text.size - front});
  if (value.size && !(c->wrap && certutil_width(c->lines[i].text) >= c->wrap))
    entry->key_provider = value_at(c, i, value);
}

static bool is_key_line(const struct cursor *c, size_t i) {
  struct span text = c->lines[i].text;
  return !is_blank(c, i) && indent_of(c, i) > 0 &&
         (memchr(text.start, '=', text.size) || memchr(text.start, ':', text.size)) &&
         !is_rule(text);
}

/* The key was not reached, or failed its test: then the collector may lack the right to
 * it, or the key is gone (formats: certutil prints these behind container and provider). A
 * sentence in a language that is not listed is taken for a test that passed. */
static bool says_key_failed(struct span sentence) {
  static const char *const words[] = {
      "missing stored keyset",
      "keyset does not exist",
      "access is denied",
      "failed",
      "cannot find",
      "0x8",
      "fehlgeschlagen",
      "zugriff verweigert",
      "nicht gefunden",
      "acc\xC3\xA8s refus",
      "\xC3\xA9"
      "chec",
      "acceso denegado",
      "acesso negado",
      "accesso negato",
      "error",
  };
  char *text = span_copy(sentence), *low = text_lower(text);
  bool found = false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    found |= strstr(low, words[i]) != NULL;
  alloc_free(text);
  alloc_free(low);
  return found;
}

/* From the hash line on: an optional sentence, then the key lines (a wrapped line
 * may stand between), then sentences. */
static void read_key_part(const struct cursor *c, size_t hash, struct certutil_entry *entry) {
  struct key_part part = {0};
  bool unreached = false;
  for (size_t i = hash + 1; i < c->count; i++) {
    struct span text = span_trim(c->lines[i].text);
    if (is_key_line(c, i)) {
      count_key_line(c, i, &part);
    } else if (certutil_is_sentence(&c->lines[i]) && indent_of(c, i) == 0) {
      bool keyed = part.equals + part.names > 0;
      if (!keyed && !part.sentence_first) entry->key_sentence = text;
      part.sentence_first |= !keyed;
      if (keyed)
        ARRAY_PUSH(entry->after_key, entry->after_key_count, entry->after_key_capacity) = text;
      if (keyed) unreached |= says_key_failed(text);
    } else if (text.size && indent_of(c, i) == 0 && !is_rule(text)) {
      break; /* a field again: what -verifystore adds */
    }
  }
  read_provider(c, &part, entry);
  if (part.sentence_first && part.equals + part.names == 0) {
    entry->key = CERTUTIL_KEY_NONE;
    entry->key_provider = value_at(c, hash, (struct span){c->lines[hash].text.start, 0});
  } else if (part.sentence_first)
    entry->key =
        part.missing_property || part.equals == 1 ? CERTUTIL_KEY_NONE : CERTUTIL_KEY_UNDECIDED;
  else if (part.equals > 0 && part.names > 0 && !part.missing_property)
    entry->key = unreached ? CERTUTIL_KEY_UNDECIDED : CERTUTIL_KEY_THERE;
}

/* -v: property 2 links the key; a container name below it was read from the key itself. */
static void read_key_property(const struct cursor *c, struct certutil_entry *entry) {
  size_t i = find_property(c, "_PROP_ID(2):");
  struct key_part part = {0};
  if (i == c->count) {
    bool listed = find_property(c, "_PROP_ID(") < c->count;
    entry->key = listed ? CERTUTIL_KEY_NONE : CERTUTIL_KEY_UNDECIDED;
    if (listed) entry->key_provider = value_at(c, 0, (struct span){c->lines[0].text.start, 0});
    return;
  }
  for (i++; i < c->count && !is_blank(c, i); i++)
    count_key_line(c, i, &part);
  read_provider(c, &part, entry);
  if (part.equals && part.names) entry->key = CERTUTIL_KEY_THERE;
}

/* ---- the whole ---- */

static void read_head(const struct cursor *c, size_t serial, struct certutil_entry *entry) {
  size_t dates[2], issuer = next_full(c, serial + 1);
  struct span value;
  if (issuer >= c->count) return;
  entry->verbose = indent_of(c, issuer) == 0 && field_at(c, issuer, &value) && value.size == 0;
  if (!find_dates(c, issuer, dates)) return;
  entry->issuer = entry->verbose ? find_issuer_block(c, issuer, dates[0])
                                 : read_issuer_line(c, issuer, dates[0]);
  for (int i = 0; i < 2; i++) {
    struct certutil_value *date = i ? &entry->not_after : &entry->not_before;
    if (field_at(c, dates[i], &value) && c->lines[dates[i]].ended)
      *date = value_at(c, dates[i], value);
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
  struct cursor c = {lines, count, line_indent(&lines[0]), wrap, source};
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
    entry.archived |= find_property(&c, "_PROP_ID(19)") < count;
    read_key_property(&c, &entry);
  } else if (hash < count) {
    read_key_part(&c, hash, &entry);
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
