/* `certutil -store` and `-verifystore`, with or without -v, in any language of Windows;
 * several stores in one text.
 *
 * Read by order and shape, never by labels, as every language and version
 * that was seen has them:
 *
 *     My "Personal"                          heading: the store's name as typed
 *     ======== Certificate 0 ========        banner; the next store starts at 0 again
 *     Archived!                              maybe: a sentence
 *     <label>: <hex>                         serial number (a CRL has none: skipped)
 *     <label>: CN=...                        issuer; of -v one RDN a line below
 *      <label>: <date>                       one blank in front: not before, not after
 *      <label>: <date>
 *     <label>: CN=...                        subject
 *     ...
 *     <label>(sha1): <40 digits>             thumbprint; of -v there is a second such line, whose
 * label also stands before "(rfc-sha1)"; property 3 holds it as well <label> = ...  <label>: ...
 * key part CertUtil: -store ...                   closing; 0x... in it: the command failed
 *
 * Facts: a <store location name key> per heading ("" for both when there is none) with
 * <certificate> children: thumbprint; serialNumber in lower case; issuer and subject
 * as printed; notBefore, notBeforeLatest, notAfter, notAfterLatest: the ends of the
 * range that the local date can mean (local_date.h), left out together when it cannot be read or is
 * not Gregorian; selfSigned: issuer equals subject; archived; hasPrivateKey; keyProvider as
 * printed ("" when no container is linked); of -v also friendlyName ("" for none),
 * signatureAlgorithm, keyAlgorithm, keySize and what certutil_extensions.h reads. What is left out
 * is not known.
 *
 * hasPrivateKey is true when container, provider and the name read from the container
 * itself are printed; false when no container is linked: a sentence in place of the
 * key part, or (certutil found the key, but the certificate does not name it) before a provider
 * alone; left out for a container without its own name, which is what a collector without rights to
 * the key sees.
 *
 * location: LocalMachine; CurrentUser when the text shows the command with -user, a
 * part of the path has "user" (but not "users") or "hkcu" in it, or -v shows an entry whose access
 * state (property 14) is not that of a store of the machine; likewise Enterprise, GroupPolicy,
 * Service; File for `-dump`.
 *
 * complete="true" on a store: named, numbered 0, 1, 2 ... without a gap, every entry
 * with its thumbprint, and a closing line of success, unless the command is shown and names
 * more than the store. Limits: without the command, `certutil -store My 0` and a search that finds
 * exactly the first entry look like a whole store of one. The reading
 * is complete when all its stores are (those of -dump do not count).
 *
 * Public sources: Microsoft Learn, "certutil" (verbs and options); the format itself is
 * documented nowhere and was learned from public captures. */
#include "base/map.h"
#include "base/moment.h"
#include "evidence/node.h"
#include "readers/certutil_parts.h"
#include "readers/readers.h"
#include "readers/x509.h"

#include <string.h>

enum { ENTRY_LINES_MOST = 200000 };

/* A store dump: from its heading or first banner to its closing line. */
struct block {
  struct line heading;
  struct span name; /* "" without a heading */
  const char *location;
  struct origin at;
  size_t first, end;    /* its entries */
  bool named, of_store; /* with a heading; closed by -store or -verifystore without an error */
  bool some_only;       /* its command asked for some entries */
};

struct certutil {
  struct reading *reading;
  struct lines lines;
  struct line *entry; /* lines of the entry that is being read, the first its banner */
  size_t entry_count, entry_capacity;
  struct certutil_entry *entries;
  size_t count, capacity;
  struct block *blocks;
  size_t block_count, block_capacity;
  bool open; /* the last block is not closed */
  struct line above;
  bool has_above;  /* the line above, not blank */
  bool above_lone; /* and above that a blank line, a prompt, a message of certutil, or nothing */
  const char *location;
  bool some_only; /* the command asked for some entries */
  size_t wrap;
  uint32_t source;
  unsigned failures;
  struct line failure;
};

/* ---- closing lines ---- */

enum closing { CLOSING_NONE, CLOSING_STORE, CLOSING_OTHER, CLOSING_FAILED };

static bool starts_with(struct span text, const char *word) {
  size_t size = strlen(word);
  return text.size >= size && span_equal_nocase((struct span){text.start, size}, word);
}

/* "-store", "-verifystore", "- ... store": the word, not the end of "addstore". */
static bool names_store(struct span text) {
  for (size_t i = 1; i + 5 <= text.size; i++) {
    struct span word = {text.start + i, 5};
    char before = text.start[i - 1];
    if (!span_equal_nocase(word, "store")) continue;
    if (i >= 7 && span_equal_nocase((struct span){text.start + i - 6, 6}, "verify"))
      before = text.start[i - 7];
    if (before == '-' || before == ' ') return true;
  }
  return false;
}

/* A full stop or a line end shows that the line is whole, so that a code would be there. */
static bool is_whole(const struct line *line, struct span text) {
  return line->ended || text.start[text.size - 1] == '.' ||
         (text.size > 3 && memcmp(text.start + text.size - 3, "\xE3\x80\x82", 3) == 0);
}

static enum closing closing_of(const struct line *line) {
  struct span text = span_trim(line->text);
  if (!starts_with(text, "CertUtil: -")) return CLOSING_NONE;
  if (span_holds(text, "0x")) return CLOSING_FAILED;
  if (!is_whole(line, text)) return CLOSING_NONE;
  return names_store(text) ? CLOSING_STORE : CLOSING_OTHER;
}

/* ---- headings, location ---- */

static bool has_display_name(struct span text) {
  return text.size > 4 && text.start[text.size - 1] == '"' && span_holds(text, " \"");
}

/* My "Personal"; My; no prompt, no field, no sentence of a log. */
static bool is_heading(const struct line *line, struct span *name) {
  struct span text = span_trim(line->text);
  *name = (struct span){text.start, 0};
  if (text.size == 0 || text.size > 200 || starts_with(text, "certutil")) return false;
  for (size_t i = 0; i < text.size; i++)
    if (strchr(":=<>\\/|", text.start[i])) return false;
  size_t end = text.size;
  if (has_display_name(text)) {
    end = 0;
    while (memcmp(text.start + end, " \"", 2) != 0)
      end++;
  }
  *name = span_trim((struct span){text.start, end});
  return name->size > 0;
}

static const char *location_of_path(const char *path) {
  static const char *const words[][2] = {
      {"hkcu", "CurrentUser"}, {"enterprise", "Enterprise"}, {"grouppolicy", "GroupPolicy"}};
  for (const char *at = path; *at; at++) {
    if (text_starts_nocase(at, "user") && at[4] != 's' && at[4] != 'S') return "CurrentUser";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
      if (text_starts_nocase(at, words[i][0])) return words[i][1];
  }
  return "LocalMachine";
}

static void see_command(struct certutil *certutil, const struct line *line) {
  struct certutil_command command;
  if (!certutil_command(line->text, &command)) return;
  if (command.location) certutil->location = command.location;
  certutil->some_only = command.some_only;
}

/* ---- blocks ---- */

static bool same_word(struct span a, struct span b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.start, b.start, a.size) == 0);
}

static void breaks(struct certutil *certutil, enum unknown_reason reason, struct origin at,
                   const char *why) {
  reading_breaks(certutil->reading, reason, at, "%s", why);
}

static struct block *last_block(struct certutil *certutil) {
  return &certutil->blocks[certutil->block_count - 1];
}

static void end_entry(struct certutil *certutil, bool ended) {
  if (certutil->entry_count == 0) return;
  ARRAY_PUSH(certutil->entries, certutil->count, certutil->capacity) = certutil_entry_read(
      certutil->entry, certutil->entry_count, ended, certutil->wrap, certutil->source);
  certutil->entry_count = 0;
}

static void end_block(struct certutil *certutil, const struct line *closing) {
  if (!certutil->open) return;
  struct block *block = last_block(certutil);
  enum closing kind = closing ? closing_of(closing) : CLOSING_NONE;
  end_entry(certutil, kind == CLOSING_STORE || kind == CLOSING_OTHER);
  block->end = certutil->count;
  block->of_store = kind == CLOSING_STORE;
  certutil->open = false;
  if (closing) {
    certutil->location = NULL;
    certutil->some_only = false;
  }
  if (!closing)
    breaks(certutil, UNKNOWN_TRUNCATED, block->at,
           "the dump that starts here has no closing line: further entries may be missing");
  else if (kind == CLOSING_FAILED)
    breaks(certutil, UNKNOWN_DAMAGED, line_origin(closing, closing->begin, certutil->source),
           "the command failed before its end");
}

static void start_block(struct certutil *certutil, const struct line *line) {
  struct block block = {
      .first = certutil->count, .location = certutil->location, .some_only = certutil->some_only};
  block.at = line_origin(line, line->begin, certutil->source);
  if (!block.location) block.location = location_of_path(certutil->reading->artifact->path);
  block.named = certutil->has_above && is_heading(&certutil->above, &block.name);
  if (block.named) block.at = line_origin(&certutil->above, block.name.start, certutil->source);
  ARRAY_PUSH(certutil->blocks, certutil->block_count, certutil->block_capacity) = block;
  certutil->open = true;
}

/* Within a store an empty line stands before each further entry, and the numbers rise
 * (those of CRLs on their own). A heading, or a number that does not rise, starts another. */
static bool starts_store(const struct certutil *certutil, struct span word, unsigned number) {
  struct span name, before_word;
  unsigned before;
  if (!certutil->open) return true;
  if (certutil->has_above && has_display_name(span_trim(certutil->above.text)) &&
      is_heading(&certutil->above, &name))
    return true;
  return certutil->entry_count && certutil_banner(&certutil->entry[0], &before_word, &before) &&
         number <= before && same_word(word, before_word);
}

static void add_line(struct certutil *certutil, const struct line *line) {
  if (certutil->entry_count < ENTRY_LINES_MOST)
    ARRAY_PUSH(certutil->entry, certutil->entry_count, certutil->entry_capacity) = *line;
  else
    breaks(certutil, UNKNOWN_LIMIT, line_origin(line, line->begin, certutil->source),
           "an entry of more than 200,000 lines");
}

static bool is_nested_banner(const struct certutil *certutil) {
  struct span word;
  unsigned number;
  return certutil->entry_count == 1 && certutil->has_above &&
         certutil_banner(&certutil->above, &word, &number);
}

static void read_banner(struct certutil *certutil, const struct line *line, struct span word,
                        unsigned number) {
  if (is_nested_banner(certutil)) {
    add_line(certutil, line);
    return;
  }
  if (starts_store(certutil, word, number)) {
    end_block(certutil, NULL);
    start_block(certutil, line);
  } else {
    end_entry(certutil, !certutil->has_above);
  }
  add_line(certutil, line);
}

static void read_closing(struct certutil *certutil, const struct line *line, enum closing kind) {
  struct span name;
  bool heading = certutil->has_above && is_heading(&certutil->above, &name);
  bool displayed = heading && has_display_name(span_trim(certutil->above.text));
  bool alone = heading && certutil->above_lone && !memchr(name.start, ' ', name.size);
  if (kind == CLOSING_FAILED && (!certutil->open || displayed)) {
    end_block(certutil, NULL);
    if (certutil->failures++ == 0) certutil->failure = *line;
    certutil->location = NULL;
  } else if (kind == CLOSING_STORE && (displayed || (!certutil->open && alone))) {
    end_block(certutil, NULL);
    start_block(certutil, line); /* a store without entries */
    end_block(certutil, line);
  } else if (certutil->open) {
    end_block(certutil, line);
  } else if (kind == CLOSING_STORE) {
    breaks(certutil, UNKNOWN_TRUNCATED, line_origin(line, line->begin, certutil->source),
           "the end of a dump without its beginning");
  }
}

static void read_line(struct certutil *certutil, const struct line *line) {
  struct span word;
  unsigned number;
  enum closing closing = closing_of(line);
  if (closing != CLOSING_NONE) {
    read_closing(certutil, line, closing);
  } else if (certutil_banner(line, &word, &number)) {
    read_banner(certutil, line, word, number);
  } else {
    see_command(certutil, line);
    if (certutil->open) add_line(certutil, line);
  }
}

static void read_lines(struct certutil *certutil) {
  struct line line;
  while (lines_next(&certutil->lines, &line)) {
    bool blank = line_is_blank(&line);
    if (!blank)
      read_line(certutil, &line);
    else if (certutil->open)
      add_line(certutil, &line);
    struct span above = span_trim(certutil->above.text);
    certutil->above_lone = !certutil->has_above || starts_with(above, "certutil:") ||
                           memchr(above.start, '>', above.size);
    certutil->above = line;
    certutil->has_above = !blank;
  }
  end_block(certutil, NULL);
}

/* ---- what all entries say together ---- */

static enum date_order order_of(const struct certutil *certutil) {
  struct date_votes votes = {{0, 0}, {0, 0}};
  struct local_date before, after;
  for (size_t i = 0; i < certutil->count; i++)
    if (local_date_parse(certutil->entries[i].not_before.text, &before) &&
        local_date_parse(certutil->entries[i].not_after.text, &after))
      date_votes_add(&votes, &before, &after);
  return date_votes_decide(&votes);
}

/* "Certificate is valid" and the like stand behind a key part, so they are not the
 * sentence that says there is no key. */
static struct map *sentences_behind_keys(const struct certutil *certutil) {
  struct map *sentences = map_new();
  struct span before = {NULL, 0}; /* most say the same */
  for (size_t i = 0; i < certutil->count; i++)
    for (size_t k = 0; k < certutil->entries[i].after_key_count; k++) {
      struct span sentence = certutil->entries[i].after_key[k];
      if (before.start && same_word(before, sentence)) continue;
      before = sentence;
      char *text = span_copy(sentence);
      *map_at(sentences, text) = sentences;
      alloc_free(text);
    }
  return sentences;
}

static void doubt_sentences(struct certutil *certutil) {
  struct map *sentences = sentences_behind_keys(certutil);
  for (size_t i = 0; i < certutil->count; i++) {
    struct certutil_entry *entry = &certutil->entries[i];
    if (entry->key != CERTUTIL_KEY_NONE || !entry->key_sentence.start) continue;
    char *text = span_copy(entry->key_sentence);
    if (map_get(sentences, text)) {
      entry->key = CERTUTIL_KEY_UNDECIDED;
      entry->key_provider.text.start = NULL;
    }
    alloc_free(text);
  }
  map_free(sentences);
}

/* The banner word of the block's certificates; of none when none could be read. */
static struct span certificate_word(const struct certutil *certutil, const struct block *block) {
  for (size_t i = block->first; i < block->end; i++)
    if (certutil->entries[i].certificate) return certutil->entries[i].word;
  return (struct span){NULL, 0};
}

/* Is this an entry of a certificate, even if nothing of it could be read? */
static bool is_certificate(const struct certutil_entry *entry, struct span word) {
  if (entry->certificate) return true;
  if (word.start) return same_word(entry->word, word);
  return !span_equal_nocase(entry->word, "CRL") && !span_equal_nocase(entry->word, "CTL");
}

static bool is_complete(struct certutil *certutil, const struct block *block) {
  unsigned expected = 0;
  bool complete = block->named && block->of_store && !block->some_only;
  struct span word = certificate_word(certutil, block);
  for (size_t i = block->first; i < block->end; i++) {
    const struct certutil_entry *entry = &certutil->entries[i];
    if (!is_certificate(entry, word)) continue;
    if (entry->number != expected++ || entry->nested) complete = false;
    if (entry->thumbprint[0]) continue;
    complete = false;
    breaks(certutil, UNKNOWN_DAMAGED, entry->at, "an entry whose thumbprint cannot be read");
  }
  return complete;
}

/* ---- facts ---- */

static void set_value(xmlNode *node, const char *name, const struct certutil_value *value) {
  if (!value->text.start) return;
  char *text = span_copy(value->text);
  node_set(node, name, text, value->at);
  alloc_free(text);
}

static void set_range(xmlNode *node, const char *const names[2], const struct certutil_value *value,
                      const int64_t range[2]) {
  for (int i = 0; i < 2; i++) {
    char text[21];
    moment_format(range[i], text);
    node_set(node, names[i], text, value->at);
  }
}

static void set_dates(struct certutil *certutil, xmlNode *node, const struct certutil_entry *entry,
                      enum date_order order) {
  static const char *const before_names[] = {"notBefore", "notBeforeLatest"};
  static const char *const after_names[] = {"notAfter", "notAfterLatest"};
  struct local_date before, after;
  int64_t range[2];
  if (!local_date_parse(entry->not_before.text, &before) || !local_date_is_gregorian_start(&before))
    return;
  if (local_date_range(&before, order, &range[0], &range[1])) {
    set_range(node, before_names, &entry->not_before, range);
    reading_saw_hint(certutil->reading, range[1], "NotBefore of a certificate");
  }
  if (local_date_parse(entry->not_after.text, &after) &&
      local_date_range(&after, order, &range[0], &range[1]))
    set_range(node, after_names, &entry->not_after, range);
}

static void set_names(xmlNode *node, const struct certutil_entry *entry) {
  const struct certutil_value *subject = &entry->subject, *issuer = &entry->issuer;
  set_value(node, "subject", subject);
  set_value(node, "issuer", issuer);
  if (!subject->text.start || !issuer->text.start) return;
  bool same = subject->text.size == issuer->text.size &&
              memcmp(subject->text.start, issuer->text.start, issuer->text.size) == 0;
  node_set(node, "selfSigned", same ? "true" : "false", subject->at);
}

static void set_algorithm(xmlNode *node, const char *name, const struct certutil_value *value,
                          void (*name_of)(const char *oid, char out[64])) {
  if (!value->text.start) return;
  char text[64], *oid = span_copy(value->text);
  name_of(oid, text);
  node_set(node, name, text, value->at);
  alloc_free(oid);
}

static void add_certificate(struct certutil *certutil, xmlNode *store,
                            const struct certutil_entry *entry, enum date_order order) {
  xmlNode *node = node_add(store, "certificate", entry->at);
  node_set(node, "thumbprint", entry->thumbprint, entry->thumbprint_at);
  set_names(node, entry);
  if (entry->serial.text.start) {
    char *serial = span_copy(entry->serial.text), *lower = text_lower(serial);
    node_set(node, "serialNumber", lower, entry->serial.at);
    alloc_free(serial);
    alloc_free(lower);
  }
  set_dates(certutil, node, entry, order);
  set_algorithm(node, "signatureAlgorithm", &entry->signature_algorithm, x509_algorithm_name);
  set_algorithm(node, "keyAlgorithm", &entry->key_algorithm, x509_key_name);
  set_value(node, "keySize", &entry->key_size);
  set_value(node, "friendlyName", &entry->friendly_name);
  certutil_extensions_set(&entry->extensions, node);
  set_value(node, "keyProvider", &entry->key_provider);
  if (entry->archived || entry->ended || !entry->verbose)
    node_set(node, "archived", entry->archived ? "true" : "false", entry->at);
  if (entry->key != CERTUTIL_KEY_UNDECIDED)
    node_set(node, "hasPrivateKey", entry->key == CERTUTIL_KEY_THERE ? "true" : "false", entry->at);
}

/* What -v says of the entries overrules that nothing speaks against the machine; stores
 * of users hold entries of the machine as well, never the other way round. */
static const char *location_of(const struct certutil *certutil, const struct block *block) {
  for (size_t i = block->first; i < block->end; i++)
    if (certutil->entries[i].nested) return "File";
  for (size_t i = block->first; i < block->end; i++)
    if (certutil->entries[i].where == CERTUTIL_NOT_OF_MACHINE &&
        strcmp(block->location, "LocalMachine") == 0)
      return "CurrentUser";
  return block->location;
}

static void add_store(struct certutil *certutil, const struct block *block, enum date_order order) {
  bool complete = is_complete(certutil, block);
  const char *location = location_of(certutil, block);
  bool nested = strcmp(location, "File") == 0;
  char *name = span_copy(block->name), *key = text_lower(name);
  xmlNode *store = node_add(certutil->reading->facts, "store", block->at);
  node_set(store, "location", location, block->at);
  node_set(store, "name", name, block->at);
  node_set(store, "key", key, block->at);
  if (complete) node_set(store, "complete", "true", block->at);
  for (size_t i = block->first; i < block->end; i++)
    if (certutil->entries[i].thumbprint[0])
      add_certificate(certutil, store, &certutil->entries[i], order);
  if (!block->named && !nested)
    breaks(
        certutil, UNKNOWN_TRUNCATED, block->at,
        "entries without the name of their store above them: entries before them may be missing");
  else if (block->some_only && !nested)
    breaks(certutil, UNKNOWN_TRUNCATED, block->at, "the command asked for some entries only");
  else if (!complete && !nested)
    breaks(
        certutil, UNKNOWN_TRUNCATED, block->at,
        "the entries of the store are not numbered 0, 1, 2 ...: a search lists only what it found");
  alloc_free(name);
  alloc_free(key);
}

static void add_facts(struct certutil *certutil) {
  enum date_order order = order_of(certutil);
  doubt_sentences(certutil);
  for (size_t i = 0; i < certutil->block_count; i++)
    add_store(certutil, &certutil->blocks[i], order);
  if (certutil->failures && certutil->block_count == 0)
    breaks(certutil, UNKNOWN_DAMAGED,
           line_origin(&certutil->failure, certutil->failure.begin, certutil->source),
           "the command failed; this is no empty store");
  else if (certutil->block_count == 0)
    breaks(certutil, UNKNOWN_DAMAGED, (struct origin){certutil->source, 1, 1},
           "a message of certutil, but no store");
}

/* ---- the reader ---- */

/* 80 or 120 when no line is wider: a copy from a console of that width. */
static size_t wrap_of(const char *text, size_t size) {
  struct lines lines = lines_of(text, size);
  struct line line;
  size_t widest = 0;
  while (widest <= 120 && lines_next(&lines, &line)) {
    if (line.text.size <= widest) continue;
    size_t width = certutil_width(line.text);
    if (width > widest) widest = width;
  }
  return widest == 80 || widest == 120 ? widest : 0;
}

/* Is there anything that a banner or a closing line must have? Most texts have not. */
static bool may_be_certutil(const char *text, size_t size) {
  struct span all = {text, size};
  return span_holds(all, "========") || span_holds(all, "CertUtil: -");
}

/* A banner and somewhere a SHA-1 or certutil's own name; or the end of a -store dump. */
static bool is_store_dump(const char *text, size_t size) {
  if (!may_be_certutil(text, size)) return false;
  struct lines lines = lines_of(text, size);
  struct line line;
  struct span word;
  unsigned number;
  bool banner = false;
  while (lines_next(&lines, &line)) {
    enum closing closing = closing_of(&line);
    if (closing == CLOSING_STORE || (closing == CLOSING_FAILED && names_store(line.text)))
      return true;
    if (!banner && certutil_banner(&line, &word, &number)) banner = true;
    if (banner && (closing != CLOSING_NONE || span_holds(line.text, "(sha1)"))) return true;
  }
  return false;
}

bool certutil_is_other_output(const char *text, size_t size) {
  struct span all = {text, size};
  return span_holds(all, "CertUtil: -") || span_holds(all, "CertContext[0]") ||
         span_holds(all, "_PROP_ID(");
}

static bool recognise(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact;
  return text && !*root && is_store_dump(text, size);
}

static void read(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct certutil certutil = {.reading = reading,
                              .lines = lines_of(text, size),
                              .wrap = wrap_of(text, size),
                              .source = reading->artifact->number + 1};
  reading_start(reading, readings);
  read_lines(&certutil);
  add_facts(&certutil);
  for (size_t i = 0; i < certutil.count; i++)
    certutil_entry_dispose(&certutil.entries[i]);
  alloc_free(certutil.entries);
  alloc_free(certutil.entry);
  alloc_free(certutil.blocks);
}

const struct reader certutil_store_reader = {
    .kind = "certutil-store", .recognise = recognise, .read = read};
