/* `netsh http show sslcert`, in any language of Windows, anywhere in a text.
 *
 * Read by the shape of values, never by labels. A record is
 *
 *     <label> : <key>            0.0.0.0:443, [::]:443, host:443, or a bare port
 *     <label> : <hash>           40 hex digits; (null), blank or zeros: none
 *     <label> : {guid}           application id
 *     <label> : <store>          (null) or blank: my
 *     <label> : ...              any number of fields, then an empty line
 *
 * and a list is a title line, a line of dashes, and records. The facts are
 * <sslCertificate>, one a record: record as printed; type ip, host or ccs (bare
 * port); port; ip in the spelling of binding_address.h, 0.0.0.0 kept; host in lower
 * case without a trailing dot; certificateHash upper case or ""; store lower case;
 * appId lower case with braces. A record that is repeated word for word counts once.
 *
 * Complete: every list starts with its title and every record ends with its
 * empty line, or else is as long as the record of the same type before it. A list without a record
 * is believed to be empty only below a title that has "SSL" in it and ends in a
 * colon, with two empty lines after the dashes, or one and something behind it.
 *
 * Limits. A text that is cut exactly behind the empty line of a record (unless on a whole
 * kilobyte), or that comes from `show sslcert ipport=...` (one record asked for), looks like a
 * whole list, unless the command itself stands in the text. A scoped Central Certificate Store
 * record (host:port with hash (null)) is type host with an empty certificateHash. The JSON form of
 * newer versions is not read. */
#include "base/buffer.h"
#include "base/map.h"
#include "evidence/binding_address.h"
#include "readers/netsh_fields.h"
#include "readers/netsh_text.h"

#include <stdio.h>
#include <string.h>

enum { TYPE_IP, TYPE_HOST, TYPE_CCS, TYPES };

struct key {
  int type;
  char ip[48];
  struct span host, port;
};

struct value {
  struct span text;
  struct line line;
};

/* What a look ahead from a line that may hold a key found. */
enum found {
  FOUND_NOTHING,
  FOUND_RECORD, /* key, hash, application id and store are there, and their lines whole */
  FOUND_CUT,    /* a record whose first four lines are not all there */
  FOUND_ODD,    /* a record whose hash cannot be read */
};

struct record {
  struct key key;
  struct value record, hash, id, store;
  char thumbprint[41]; /* "" when it names none */
  unsigned gap;        /* empty lines between its own lines: 0, more when a copy doubled them */
};

/* How long the records of one type are in this list. */
struct length {
  unsigned fields, lines;
  struct span last; /* the last line of the last one */
};

struct list {
  bool open;  /* below a title and its dashes, only records so far */
  bool named; /* its title says SSL */
  struct line dashes;
  unsigned records, blanks;
  size_t indent; /* of its title */
  struct length lengths[TYPES];
};

struct netsh {
  struct reading *reading;
  struct lines lines;
  struct list list;
  struct line title; /* the line above, when it was not blank */
  bool has_title;
  struct map *seen;
  struct buffer words; /* of the record at hand */
  uint32_t source;
};

/* ---- values ---- */

/* Where the last word of a text starts. NO-BREAK SPACE is a blank, too. */
static size_t word_start(struct span text) {
  size_t at = text.size;
  while (at > 0 && text.start[at - 1] != ' ' && text.start[at - 1] != '\t' &&
         !(at > 1 && memcmp(text.start + at - 2, "\xC2\xA0", 2) == 0))
    at--;
  return at;
}

/* The last word of a line, when a colon stands before it. */
static bool last_word(const struct line *line, struct span *word) {
  struct span text = span_trim(line->text);
  size_t at = word_start(text);
  *word = (struct span){text.start + at, text.size - at};
  struct span before = span_trim((struct span){text.start, at});
  if (word->size > 1 && word->start[0] == ':' && before.size) {
    word->start++, word->size--;
    return true;
  }
  return before.size && before.start[before.size - 1] == ':';
}

static bool is_empty_value(const struct line *line) {
  struct span text = span_trim(line->text);
  return text.size > 1 && text.start[text.size - 1] == ':';
}

static bool is_field(const struct line *line) {
  return line->text.size && memchr(line->text.start, ':', line->text.size);
}

static bool is_port(struct span text) {
  uint64_t port;
  return text.size <= 5 && text_unsigned(text, &port) && port >= 1 && port <= 65535;
}

static bool is_host(struct span text) {
  if (text.size == 0 || text.size > 253) return false;
  for (size_t i = 0; i < text.size; i++)
    if (strchr(":/\\{}()[]<>\"'=,;|", text.start[i])) return false;
  return true;
}

static bool parse_key(struct span word, struct key *key) {
  size_t colon = word.size;
  while (colon > 0 && word.start[colon - 1] != ':')
    colon--;
  key->port = (struct span){word.start + colon, word.size - colon};
  if (!is_port(key->port)) return false;
  key->type = TYPE_CCS;
  if (colon == 0) return true;
  struct span front = {word.start, colon - 1};
  key->type = TYPE_IP;
  if (front.size && !span_equal(front, "*") && binding_ip_normalise(front, true, key->ip))
    return true;
  key->type = TYPE_HOST;
  key->host = front;
  return is_host(front);
}

static bool is_guid(struct span word) {
  static const char shape[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
  if (word.size != sizeof shape - 1) return false;
  for (size_t i = 0; i < word.size; i++)
    if (shape[i] == 'x' ? !char_is_hex(word.start[i]) : word.start[i] != shape[i]) return false;
  return true;
}

static bool is_hash(struct span word, char thumbprint[41]) {
  return word.size == 40 && text_thumbprint(word, thumbprint);
}

static bool is_zeros(const char *text) {
  return strspn(text, "0") == strlen(text);
}

/* ---- one record ---- */

/* The line after, no further from the one before than `gap` empty lines; what
 * stands behind its last colon. */
static bool next_value(struct lines *ahead, struct value *value, unsigned gap) {
  unsigned blanks;
  struct span label;
  return lines_next_full(ahead, &value->line, &blanks) && blanks <= gap &&
         span_split_last(value->line.text, &label, &value->text) && label.size > 0;
}

/* Does the hash line of a record say that there is none? */
static bool is_none(struct span word) {
  return word.size == 0 || span_equal(word, "(null)");
}

static void read_store(struct record *record) {
  struct span label;
  span_split_last(record->store.line.text, &label, &record->store.text);
}

/* Does a record start at `line`? `lines` stands behind it and stays there;
 * `after` is where its first four lines end. */
static enum found find_record(const struct netsh *netsh, const struct line *line,
                              struct record *record, struct lines *after) {
  *after = netsh->lines;
  *record = (struct record){.record.line = *line};
  if (!last_word(line, &record->record.text)) return FOUND_NOTHING;
  if (!parse_key(record->record.text, &record->key)) return FOUND_NOTHING;
  struct lines ahead = *after;
  struct line first;
  if (lines_next_full(&ahead, &first, &record->gap) && record->gap > 1) return FOUND_NOTHING;
  ahead = *after;
  bool has_hash = next_value(&ahead, &record->hash, record->gap);
  bool good = has_hash && is_hash(record->hash.text, record->thumbprint);
  bool none = has_hash && !good && netsh->list.open && is_none(record->hash.text);
  if (good && is_zeros(record->thumbprint)) record->thumbprint[0] = '\0';
  bool sure = good && record->key.type != TYPE_CCS;
  if (!has_hash || !next_value(&ahead, &record->id, record->gap) || !is_guid(record->id.text))
    return sure ? FOUND_CUT : FOUND_NOTHING;
  bool odd = netsh->list.open && record->key.type != TYPE_CCS;
  if (!good && !none) return odd ? FOUND_ODD : FOUND_NOTHING;
  unsigned blanks;
  if (!lines_next_full(&ahead, &record->store.line, &blanks) || blanks > record->gap ||
      !is_field(&record->store.line) || !record->store.line.ended)
    return FOUND_CUT;
  read_store(record);
  *after = ahead;
  return FOUND_RECORD;
}

static void set(xmlNode *node, const char *name, char *value, struct origin origin) {
  node_set(node, name, value, origin);
  alloc_free(value);
}

static char *lower_copy(struct span text) {
  char *copy = span_copy(text), *lower = text_lower(copy);
  alloc_free(copy);
  return lower;
}

static struct origin place(const struct netsh *netsh, const struct value *value,
                           const char *start) {
  return line_origin(&value->line, start, netsh->source);
}

static void set_key(xmlNode *node, const struct record *record, const struct netsh *netsh) {
  static const char *const types[] = {"ip", "host", "ccs"};
  const struct key *key = &record->key;
  struct span host = key->host;
  struct origin at = place(netsh, &record->record, record->record.text.start);
  uint64_t port = 0;
  char number[8];
  node_set(node, "type", types[key->type], at);
  set(node, "record", span_copy(record->record.text), at);
  if (text_unsigned(key->port, &port)) snprintf(number, sizeof number, "%u", (unsigned)port);
  node_set(node, "port", number, place(netsh, &record->record, key->port.start));
  if (key->type == TYPE_IP) node_set(node, "ip", key->ip, at);
  if (key->type != TYPE_HOST) return;
  if (host.size > 1 && host.start[host.size - 1] == '.') host.size--;
  set(node, "host", lower_copy(host), at);
}

static void add_word(struct buffer *words, const char *text, size_t size) {
  buffer_add(words, text, size);
  buffer_add_char(words, ' ');
}

static bool is_repeated(struct netsh *netsh, const struct record *record, const char *store) {
  struct buffer *words = &netsh->words;
  buffer_clear(words);
  add_word(words, record->record.text.start, record->record.text.size);
  add_word(words, record->thumbprint, strlen(record->thumbprint));
  add_word(words, record->id.text.start, record->id.text.size);
  buffer_add_text(words, store);
  void **slot = map_at(netsh->seen, buffer_text(words));
  if (*slot) return true;
  *slot = netsh;
  return false;
}

/* NULL when it is a repetition. */
static xmlNode *add_record(struct netsh *netsh, const struct record *record) {
  bool no_store = is_none(record->store.text);
  char *store = no_store ? alloc_text("my") : lower_copy(record->store.text);
  xmlNode *node = NULL;
  if (!is_repeated(netsh, record, store)) {
    struct origin at = place(netsh, &record->record, record->record.text.start);
    node = node_add(netsh->reading->facts, "sslCertificate", at);
    set_key(node, record, netsh);
    node_set(node, "certificateHash", record->thumbprint,
             place(netsh, &record->hash, record->hash.text.start));
    node_set(node, "store", store, place(netsh, &record->store, record->store.text.start));
    set(node, "appId", lower_copy(record->id.text),
        place(netsh, &record->id, record->id.text.start));
  }
  alloc_free(store);
  return node;
}

/* ---- where it is not whole ---- */

static void breaks(struct netsh *netsh, enum unknown_reason reason, const struct line *line,
                   const char *why) {
  netsh_breaks(netsh->reading, reason, line, why);
}

static bool same_line(struct span a, struct span b) {
  a = span_trim(a);
  b = span_trim(b);
  return a.size == b.size && memcmp(a.start, b.start, a.size) == 0;
}

/* Held against the record of the same type before it: `blank` says that the
 * record ended with its empty line. False when lines of it may be missing. */
static bool check_length(struct netsh *netsh, int type, const struct length *now, bool blank,
                         const struct line *last) {
  struct length *before = &netsh->list.lengths[type];
  bool whole = last->ended || same_line(last->text, before->last);
  if (before->lines && before->fields != now->fields)
    breaks(netsh, UNKNOWN_TRUNCATED, last,
           "a record has another number of lines than the record before it");
  else if (!blank && (!before->lines || before->lines != now->lines || !whole))
    breaks(netsh, UNKNOWN_TRUNCATED, last,
           "the text ends without the empty line that netsh prints after each record: lines or "
           "further records may be missing");
  bool as_before = before->lines == now->lines && before->fields == now->fields && whole;
  *before = *now;
  return blank || as_before;
}

static void keep_field(struct netsh_fields *fields, const struct line *line) {
  if (fields->count < NETSH_FIELDS_MOST) fields->lines[fields->count] = *line;
  fields->count++;
}

/* The fields behind the first four lines, to the end of the record. */
static void read_fields(struct netsh *netsh, const struct record *record,
                        struct netsh_fields *fields) {
  struct length now = {.fields = 4, .lines = 4, .last = record->store.line.text};
  struct line line, last = record->store.line;
  struct record next;
  struct lines before = netsh->lines, after;
  unsigned blanks;
  bool basic = true, blank = false;
  while (lines_next_full(&netsh->lines, &line, &blanks)) {
    blank = blanks > record->gap;
    if (blank || !is_field(&line) || find_record(netsh, &line, &next, &after) == FOUND_RECORD) {
      blank = blank || is_field(&line); /* the next record follows at once */
      netsh->lines = before;
      fields->whole = check_length(netsh, record->key.type, &now, blank, &last);
      return;
    }
    if (is_empty_value(&line)) basic = false;
    now.fields += basic;
    if (basic) keep_field(fields, &line);
    now.lines++;
    now.last = line.text;
    last = line;
    before = netsh->lines;
  }
  fields->whole = check_length(netsh, record->key.type, &now, blanks > record->gap, &last);
}

static void read_record(struct netsh *netsh, const struct record *record,
                        const struct lines *after) {
  struct netsh_fields fields = {.count = 0};
  netsh->lines = *after;
  xmlNode *node = add_record(netsh, record);
  read_fields(netsh, record, &fields);
  if (node) netsh_fields_set(node, &fields, netsh->source);
}

/* A hash with an application id behind it and no key above, or in a list any id. */
static bool is_orphan(const struct netsh *netsh, const struct line *line) {
  struct span label, word;
  struct value next;
  char thumbprint[41];
  struct lines ahead = netsh->lines;
  if (!span_split_last(line->text, &label, &word)) return false;
  if (netsh->list.open && is_guid(word)) return true;
  return is_hash(word, thumbprint) && next_value(&ahead, &next, 1) && is_guid(next.text);
}

/* `show sslcert ipport=...` asks for one record; the list is then not all. */
static bool asks_for_one(struct span text) {
  return span_holds(text, "sslcert") &&
         (span_holds(text, "ipport=") || span_holds(text, "hostnameport=") ||
          span_holds(text, "ccs="));
}

/* ---- lists ---- */

static bool is_ssl_title(const struct line *line) {
  return span_holds(line->text, "SSL") && is_empty_value(line);
}

/* `needed`: how many empty lines below the dashes tell an empty list from one that is cut
 * off: one before anything else, two at the end of the text, since records follow one. */
static void close_list(struct netsh *netsh, unsigned needed) {
  struct list *list = &netsh->list;
  if (list->open && list->named && list->records == 0 && list->blanks < needed)
    breaks(netsh, UNKNOWN_TRUNCATED, &list->dashes, "the list ends directly below its title");
  list->open = false;
}

static void open_list(struct netsh *netsh, const struct line *dashes) {
  close_list(netsh, 1);
  netsh->list = (struct list){.open = true, .dashes = *dashes};
  netsh->list.indent = line_indent(dashes);
  netsh->list.named = is_ssl_title(&netsh->title);
}

static void start_record(struct netsh *netsh, const struct line *line) {
  if (!netsh->list.open) {
    breaks(netsh, UNKNOWN_TRUNCATED, line,
           "a record without the title of its list above it: records before it may be missing");
    netsh->list = (struct list){.open = true};
  }
  netsh->list.records++;
}

/* A line below the records of a list that is none: further in than the title, it
 * belongs to the list; as the unfinished end of the text, it may. */
static bool is_rest_of_list(const struct netsh *netsh, const struct line *line) {
  if (!netsh->list.open || (!netsh->list.named && netsh->list.records == 0)) return false;
  if (line_indent(line) > netsh->list.indent) return true;
  return !line->ended && !netsh_is_prompt(line);
}

static void read_other(struct netsh *netsh, const struct line *line) {
  if (netsh->has_title && netsh_is_dashes(line->text)) {
    open_list(netsh, line);
  } else if (asks_for_one(line->text)) {
    breaks(netsh, UNKNOWN_TRUNCATED, line, "the command asked for one record only");
    close_list(netsh, 1);
  } else if (is_orphan(netsh, line)) {
    breaks(netsh, UNKNOWN_TRUNCATED, line, "a record without its first line");
  } else if (is_rest_of_list(netsh, line)) {
    breaks(netsh, UNKNOWN_TRUNCATED, line, "a line of the list that is not a whole record");
    netsh->list.open = false;
  } else {
    close_list(netsh, 1);
  }
}

static void read_line(struct netsh *netsh, const struct line *line) {
  struct record record;
  struct lines after;
  switch (find_record(netsh, line, &record, &after)) {
  case FOUND_RECORD:
    start_record(netsh, line);
    read_record(netsh, &record, &after);
    return;
  case FOUND_CUT:
    start_record(netsh, line);
    breaks(netsh, UNKNOWN_TRUNCATED, line, "a record that is cut within its first four lines");
    return;
  case FOUND_ODD:
    start_record(netsh, line);
    breaks(netsh, UNKNOWN_DAMAGED, line, "a record whose certificate hash is not 40 hex digits");
    return;
  case FOUND_NOTHING:
    read_other(netsh, line);
    return;
  }
}

static void read_all(struct netsh *netsh) {
  struct line line;
  while (lines_next(&netsh->lines, &line)) {
    bool blank = line_is_blank(&line);
    if (blank && line.ended)
      netsh->list.blanks++;
    else if (!blank || is_rest_of_list(netsh, &line))
      read_line(netsh, &line);
    netsh->title = line;
    netsh->has_title = !blank;
  }
  close_list(netsh, 2);
}

/* netsh ends with an empty line more than records do, but copies lose it. Where it is lost
 * and the text ends on a whole kilobyte, a copy may have been cut there. */
static void check_end(struct netsh *netsh, const char *text, size_t size) {
  struct line line = netsh->title;
  size_t ends = 0;
  for (size_t i = size; i > 0 && strchr(" \t\r\n", text[i - 1]) && text[i - 1]; i--)
    ends += text[i - 1] == '\n';
  if (netsh->list.records && netsh->reading->artifact->size % 1024 == 0 && ends == 2)
    breaks(netsh, UNKNOWN_TRUNCATED, &line,
           "the text ends behind a record, on a whole kilobyte: further records may be missing");
}

/* A title with its dashes, or a record with a real hash; neither is without dashes
 * or an application id. */
static bool has_list(const char *text, size_t size) {
  struct span all = {text, size};
  if (!size || !(span_holds(all, "---------------") || memchr(text, '{', size))) return false;
  struct netsh netsh = {.lines = lines_of(text, size)};
  struct record record;
  struct line line;
  struct lines after;
  while (lines_next(&netsh.lines, &line)) {
    if (netsh_is_dashes(line.text) && is_ssl_title(&netsh.title)) return true;
    if (find_record(&netsh, &line, &record, &after) == FOUND_RECORD) return true;
    netsh.title = line;
  }
  return false;
}

static bool recognise(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact;
  return text && !*root && has_list(text, size);
}

static void read(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct netsh netsh = {.reading = reading,
                        .lines = lines_of(text, size),
                        .seen = map_new(),
                        .words = buffer_make(SIZE_MAX / 2),
                        .source = reading->artifact->number + 1};
  reading_start(reading, readings);
  read_all(&netsh);
  check_end(&netsh, text, size);
  map_free(netsh.seen);
  buffer_dispose(&netsh.words);
}

const struct reader netsh_sslcert_reader = {
    .kind = "netsh-sslcert", .recognise = recognise, .read = read};
