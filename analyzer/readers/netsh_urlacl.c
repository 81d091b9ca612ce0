/* `netsh http show urlacl`, in any language of Windows, anywhere in a text.
 *
 *     <title>:
 *     -------
 *
 *         <label> : http://+:80/x/
 *             <label>: NT AUTHORITY\NETWORK SERVICE    one or more users, each with
 *                 <label>: Yes                         the right to listen
 *                 <label>: No                          and to delegate
 *                 <label>: D:(A;;GX;;;NS)              SDDL, behind the last user
 *                                                      an empty line
 *
 * Facts: a <urlReservation> per URL and user: url, scheme, host, port (netsh_text.h), user as
 * printed, listen and delegate where the words are the English ones that every language seen
 * so far prints, sddl.
 *
 * A reservation starts at a line whose value is a URL and is one when its SDDL follows,
 * so labels do not matter. The list is whole below a title when each has its SDDL and an empty line
 * is behind the last.
 *
 * Public source: Microsoft Learn, "netsh http" (show urlacl) and "Security Descriptor
 * Definition Language"; the layout is that of public captures. */
#include "base/buffer.h"
#include "readers/netsh_text.h"

#include <string.h>

enum { USERS_MOST = 200 };

struct right {
  struct span user;
  struct origin at;
  struct span listen, delegate; /* start NULL: not printed */
};

struct reservation {
  struct span url, sddl; /* sddl.start NULL: none */
  struct origin at;
  struct right users[USERS_MOST];
  size_t count;
  size_t user_indent;
  struct line last;
  bool odd; /* a line that fits nowhere, or too many users */
};

struct urlacl {
  struct reading *reading; /* NULL while only looking */
  struct lines lines;
  struct netsh_title title;
  uint32_t source;
  bool open; /* below a title with its dashes */
  bool named;
  struct line dashes;
  unsigned blanks, reservations;
};

/* What stands behind a label, when it is a URL. */
static bool line_url(const struct line *line, struct span *url) {
  struct span label, value;
  const char *end = line->text.start + line->text.size;
  for (const char *at = line->text.start; at + 8 < end; at++) {
    at = memchr(at, ':', (size_t)(end - at));
    if (!at || at + 8 >= end) return false;
    label = (struct span){line->text.start, (size_t)(at - line->text.start)};
    value = (struct span){at + 1, (size_t)(end - at - 1)};
    if (netsh_is_url(value, url)) return span_trim(label).size > 0;
  }
  return false;
}

static bool is_sddl(struct span value) {
  return value.size >= 3 && value.start[1] == ':' && strchr("OGDS", value.start[0]) &&
         memchr(value.start, '(', value.size) && value.start[value.size - 1] == ')';
}

static bool is_word(struct span value, bool *yes) {
  *yes = span_equal_nocase(value, "Yes");
  return *yes || span_equal_nocase(value, "No");
}

static void add_right(struct reservation *reservation, struct span value) {
  struct right *right = &reservation->users[reservation->count - 1];
  struct span *place = !right->listen.start ? &right->listen : &right->delegate;
  if (place->start) reservation->odd = true;
  *place = value;
}

static void add_user(const struct urlacl *urlacl, struct reservation *reservation,
                     const struct line *line, struct span value) {
  if (reservation->count == USERS_MOST) {
    reservation->odd = true;
    return;
  }
  if (reservation->count == 0) reservation->user_indent = line_indent(line);
  reservation->users[reservation->count++] =
      (struct right){.user = value, .at = line_origin(line, value.start, urlacl->source)};
}

/* False at a line that is not of this reservation. */
static bool take_line(const struct urlacl *urlacl, struct reservation *reservation,
                      const struct line *line) {
  struct span label, value, url;
  bool yes;
  if (line_url(line, &url) || !span_split_first(line->text, &label, &value)) return false;
  if (netsh_is_prompt(line) || reservation->sddl.start) return false;
  if (is_sddl(value))
    reservation->sddl = value;
  else if (reservation->count &&
           (is_word(value, &yes) || line_indent(line) > reservation->user_indent))
    add_right(reservation, value);
  else
    add_user(urlacl, reservation, line, value);
  reservation->last = *line;
  return true;
}

/* Reads on behind the URL as long as lines are its own. */
static bool read_reservation(const struct urlacl *urlacl, const struct line *line,
                             struct reservation *reservation, struct lines *after) {
  struct line next;
  struct span url;
  if (!line_url(line, &url)) return false;
  *after = urlacl->lines;
  *reservation = (struct reservation){.url = url, .last = *line};
  reservation->at = line_origin(line, reservation->url.start, urlacl->source);
  struct lines ahead = *after;
  while (lines_next(&ahead, &next) && !line_is_blank(&next) &&
         take_line(urlacl, reservation, &next))
    *after = ahead;
  return true;
}

static void set_word(xmlNode *node, const char *name, const char *of, struct span word,
                     struct origin at) {
  bool yes;
  if (word.start && is_word(word, &yes))
    node_set(node, name, yes ? "true" : "false", at);
  else
    node_mark(node, of, "urlReservation", UNKNOWN_AMBIGUOUS, "", "the sddl says who may do what",
              at);
}

static void add_reservation(struct urlacl *urlacl, const struct reservation *reservation) {
  size_t count = reservation->count ? reservation->count : 1;
  for (size_t i = 0; i < count; i++) {
    const struct right *right = &reservation->users[i];
    xmlNode *node = node_add(urlacl->reading->facts, "urlReservation", reservation->at);
    netsh_set_url(node, reservation->url, reservation->at);
    if (reservation->count)
      netsh_set(node, "user", right->user, right->at);
    else
      node_mark(node, "@user", "urlReservation", UNKNOWN_AMBIGUOUS, "", "none is printed",
                reservation->at);
    set_word(node, "listen", "@listen", right->listen, reservation->at);
    set_word(node, "delegate", "@delegate", right->delegate, reservation->at);
    if (reservation->sddl.start)
      netsh_set(node, "sddl", reservation->sddl, reservation->at);
    else
      node_mark(node, "@sddl", "urlReservation", UNKNOWN_TRUNCATED, "netsh-urlacl", NULL,
                reservation->at);
  }
}

static void check_reservation(struct urlacl *urlacl, const struct reservation *reservation,
                              const struct line *line) {
  struct reading *reading = urlacl->reading;
  if (!urlacl->open)
    netsh_breaks(reading, UNKNOWN_TRUNCATED, line,
                 "a reservation without the title of its list: some before it may be missing");
  else if (!reservation->sddl.start || !reservation->last.ended)
    netsh_breaks(reading, UNKNOWN_TRUNCATED, line, "a reservation that is cut off");
  else if (reservation->odd)
    netsh_breaks(reading, UNKNOWN_DAMAGED, line, "a reservation with lines that fit nowhere");
}

/* `line` NULL: the text ends. */
static void close_list(struct urlacl *urlacl, const struct line *line) {
  if (!urlacl->open) return;
  urlacl->open = false;
  bool rest = line && (line_indent(line) > line_indent(&urlacl->dashes) ||
                       (!line->ended && !netsh_is_prompt(line)));
  unsigned needed = urlacl->reservations ? 1 : 2;
  if (rest && (urlacl->named || urlacl->reservations))
    netsh_breaks(urlacl->reading, UNKNOWN_TRUNCATED, line,
                 "a line of the list that is no reservation");
  else if (!line && urlacl->blanks < needed && (urlacl->named || urlacl->reservations))
    netsh_breaks(urlacl->reading, UNKNOWN_TRUNCATED, &urlacl->dashes,
                 "the list ends without its empty line: reservations may be missing");
}

static void open_list(struct urlacl *urlacl, const struct line *dashes) {
  urlacl->open = true;
  urlacl->named = urlacl->title.asked || span_holds(urlacl->title.line.text, "URL Reservations");
  urlacl->dashes = *dashes;
  urlacl->reservations = urlacl->blanks = 0;
}

/* `show urlacl url=...` asks for one; the list is then not all. */
static bool asks_for_one(struct span text) {
  return netsh_asks_for(text, "urlacl") && span_holds(text, "url=");
}

static void read_line(struct urlacl *urlacl, const struct line *line) {
  struct reservation reservation;
  struct lines after;
  if (read_reservation(urlacl, line, &reservation, &after) &&
      (urlacl->open || reservation.sddl.start)) {
    urlacl->lines = after;
    if (reservation.sddl.start || urlacl->reading->complete) /* of those cut off only the first */
      add_reservation(urlacl, &reservation);
    check_reservation(urlacl, &reservation, line);
    urlacl->reservations++;
    urlacl->blanks = 0;
    return;
  }
  if (asks_for_one(line->text))
    netsh_breaks(urlacl->reading, UNKNOWN_TRUNCATED, line, "the command asked for one URL only");
  close_list(urlacl, line);
}

static bool is_list_title(const struct urlacl *urlacl, const struct line *line) {
  return urlacl->title.directly && netsh_is_dashes(line->text);
}

static void read_all(struct urlacl *urlacl) {
  struct line line;
  while (lines_next(&urlacl->lines, &line)) {
    if (line_is_blank(&line) && (line.ended || !line.text.size)) {
      urlacl->blanks++;
    } else if (is_list_title(urlacl, &line)) {
      close_list(urlacl, &line);
      open_list(urlacl, &line);
    } else {
      read_line(urlacl, &line);
    }
    netsh_title_next(&urlacl->title, &line, "urlacl");
  }
  close_list(urlacl, NULL);
}

/* A title that says it, or a URL with an SDDL below. */
static bool has_list(struct urlacl *urlacl) {
  struct reservation reservation;
  struct line line;
  struct lines after;
  while (lines_next(&urlacl->lines, &line)) {
    bool named = urlacl->title.asked || span_holds(urlacl->title.line.text, "URL Reservations");
    if (named && is_list_title(urlacl, &line)) return true;
    if (read_reservation(urlacl, &line, &reservation, &after)) {
      if (reservation.sddl.start && reservation.count) return true;
      urlacl->lines = after;
    }
    netsh_title_next(&urlacl->title, &line, "urlacl");
  }
  return false;
}

static bool recognise(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact;
  struct span all = {text, size};
  if (!text || *root || !(span_holds(all, "---------------") || span_holds(all, ":(")))
    return false;
  struct urlacl urlacl = {.lines = lines_of(text, size)};
  return has_list(&urlacl);
}

static void read(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct urlacl urlacl = {
      .reading = reading, .lines = lines_of(text, size), .source = reading->artifact->number + 1};
  reading_start(reading, readings);
  read_all(&urlacl);
}

const struct reader netsh_urlacl_reader = {
    .kind = "netsh-urlacl", .recognise = recognise, .read = read};
