/* Has the certificate of an entry its private key, and who keeps it? See the head of
 * certutil_store.c. */
#include "readers/certutil_parts.h"

#include <string.h>

struct key_part {
  unsigned equals, names;
  bool missing_property, sentence_first;
  size_t first, second; /* lines "x = y": container and provider, or the provider alone */
};

/* "  Provider = x" counts as equals, "  Unique container name: x" as a name. */
static void count_key_line(const struct certutil_cursor *c, size_t i, struct key_part *part) {
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
static void read_provider(const struct certutil_cursor *c, const struct key_part *part,
                          struct certutil_entry *entry) {
  if (part->equals == 0) return;
  size_t i = part->equals == 1 ? part->first : part->second;
  struct span text = span_trim(c->lines[i].text);
  const char *equals = memchr(text.start, '=', text.size);
  size_t front = (size_t)(equals - text.start) + 1;
  struct span value = span_trim((struct span){text.start + front, text.size - front});
  if (value.size && !(c->wrap && certutil_width(c->lines[i].text) >= c->wrap))
    entry->key_provider = certutil_value_at(c, i, value);
}

static bool is_key_line(const struct certutil_cursor *c, size_t i) {
  struct span text = c->lines[i].text;
  return !certutil_is_blank(c, i) && certutil_indent(c, i) > 0 &&
         (memchr(text.start, '=', text.size) || memchr(text.start, ':', text.size)) &&
         !certutil_is_rule(text);
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
      ("\xC3\xA9"
       "chec"),
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

static bool any_says_key_failed(const struct certutil_cursor *c) {
  for (size_t i = 1; i < c->count; i++)
    if (certutil_is_sentence(&c->lines[i]) && certutil_indent(c, i) == 0 &&
        says_key_failed(span_trim(c->lines[i].text)))
      return true;
  return false;
}

/* From the hash line on: an optional sentence, then the key lines (a wrapped line
 * may stand between), then sentences. */
void certutil_key_of_lines(const struct certutil_cursor *c, size_t hash,
                           struct certutil_entry *entry) {
  struct key_part part = {0};
  bool unreached = false;
  for (size_t i = hash + 1; i < c->count; i++) {
    struct span text = span_trim(c->lines[i].text);
    if (is_key_line(c, i)) {
      count_key_line(c, i, &part);
    } else if (certutil_is_sentence(&c->lines[i]) && certutil_indent(c, i) == 0) {
      bool keyed = part.equals + part.names > 0;
      if (!keyed && !part.sentence_first) entry->key_sentence = text;
      part.sentence_first |= !keyed;
      if (keyed)
        ARRAY_PUSH(entry->after_key, entry->after_key_count, entry->after_key_capacity) = text;
      if (keyed) unreached |= says_key_failed(text);
    } else if (text.size && certutil_indent(c, i) == 0 && !certutil_is_rule(text)) {
      break; /* a field again: what -verifystore adds */
    }
  }
  read_provider(c, &part, entry);
  if (part.sentence_first && part.equals + part.names == 0) {
    entry->key = CERTUTIL_KEY_NONE;
    entry->key_provider = certutil_value_at(c, hash, (struct span){c->lines[hash].text.start, 0});
  } else if (part.sentence_first) {
    entry->key =
        part.missing_property || part.equals == 1 ? CERTUTIL_KEY_NONE : CERTUTIL_KEY_UNDECIDED;
  } else if (part.equals > 0 && part.names > 0 && !part.missing_property) {
    entry->key = unreached ? CERTUTIL_KEY_UNDECIDED : CERTUTIL_KEY_THERE;
  }
}

/* -v: property 2 links the key; a container name below it was read from the key itself. */
void certutil_key_of_properties(const struct certutil_cursor *c, struct certutil_entry *entry) {
  size_t i = certutil_find_property(c, "_PROP_ID(2):");
  struct key_part part = {0};
  if (i == c->count) {
    bool listed = certutil_find_property(c, "_PROP_ID(") < c->count;
    entry->key = listed ? CERTUTIL_KEY_NONE : CERTUTIL_KEY_UNDECIDED;
    if (listed)
      entry->key_provider = certutil_value_at(c, 0, (struct span){c->lines[0].text.start, 0});
    return;
  }
  for (i++; i < c->count && !certutil_is_blank(c, i); i++)
    count_key_line(c, i, &part);
  read_provider(c, &part, entry);
  if (part.equals && part.names && !any_says_key_failed(c)) entry->key = CERTUTIL_KEY_THERE;
}
