/* `netsh http show iplisten`, in any language of Windows, anywhere in a text.
 *
 *     <title>:
 *     -------
 *
 *         10.0.0.1             an address a line
 *         ::1
 *                              an empty line, and the one that netsh ends with
 *
 * Facts: an <ipListen> per list with <address ip> children, in the spelling of
 * binding_address.h ([::1] for IPv6; 0.0.0.0 and [::] stay). A list without an address says
 * that HTTP.SYS listens on all of them.
 *
 * A list with addresses is known by its shape; an empty one by its English title or
 * the command above it, since nothing else of it is left. It is believed to be empty only with
 * two empty lines below the dashes, or something behind: a list that is cut off there has
 * one. A list of addresses is whole with an empty line behind it.
 *
 * Public source: Microsoft Learn, "netsh http" (show iplisten); the layout is that of
 * public captures. */
#include "base/map.h"
#include "evidence/binding_address.h"
#include "readers/netsh_text.h"

#include <stdio.h>
#include <string.h>

struct iplisten {
  struct reading *reading; /* NULL while only looking */
  struct lines lines;
  struct netsh_title title;
  uint32_t source;
  unsigned lists;
  xmlNode *first;   /* the first list */
  struct map *seen; /* the addresses of the list at hand */
};

/* "10.0.0.1", "fe80::1%4", "[::1]". */
static bool is_address(struct span text, char ip[48]) {
  char bracketed[64];
  text = span_trim(text);
  if (text.size == 0 || text.size > 45 || span_equal(text, "*")) return false;
  if (binding_ip_normalise(text, true, ip)) return true;
  if (!memchr(text.start, ':', text.size)) return false;
  snprintf(bracketed, sizeof bracketed, "[%.*s]", (int)text.size, text.start);
  return binding_ip_normalise(span_of(bracketed), true, ip);
}

static bool is_named(const struct netsh_title *title) {
  return title->asked || span_holds(title->line.text, "IP listen list");
}

/* A title that may be one in another language: it speaks of IP and ends in a colon. */
static bool may_be_named(const struct netsh_title *title) {
  struct span text = span_trim(title->line.text);
  return text.size > 2 && text.start[text.size - 1] == ':' && span_holds(text, "IP");
}

static bool starts_with_address(struct lines lines) {
  struct line line;
  unsigned blanks;
  char ip[48];
  return lines_next_full(&lines, &line, &blanks) && blanks <= 3 && is_address(line.text, ip);
}

static bool starts_list(const struct iplisten *iplisten, const struct line *line) {
  if (!iplisten->title.directly || !netsh_is_dashes(line->text)) return false;
  return is_named(&iplisten->title) ||
         (may_be_named(&iplisten->title) && starts_with_address(iplisten->lines));
}

static void add_address(struct iplisten *iplisten, xmlNode *list, const struct line *line,
                        const char *ip) {
  struct origin at = line_origin(line, span_trim(line->text).start, iplisten->source);
  void **place = map_at(iplisten->seen, ip);
  if (*place) return;
  *place = list;
  node_set(node_add(list, "address", at), "ip", ip, at);
}

static bool lists_same(const xmlNode *a, const xmlNode *b) {
  const xmlNode *x = node_child(a, "address"), *y = node_child(b, "address");
  for (; x && y && strcmp(node_get(x, "ip"), node_get(y, "ip")) == 0;
       x = node_next(x, "address"), y = node_next(y, "address"))
    continue;
  return !x && !y;
}

/* How the list ended: with `line` behind it, or with the text (`line` NULL). */
static void end_list(struct iplisten *iplisten, const struct line *last, const struct line *line,
                     size_t addresses, unsigned blanks, size_t indent) {
  if (line && !netsh_is_prompt(line) && line_indent(line) > indent)
    netsh_breaks(iplisten->reading, line->ended ? UNKNOWN_DAMAGED : UNKNOWN_TRUNCATED, line,
                 "a line of the list that is no address");
  else if (line && !line->ended && !netsh_is_prompt(line) && blanks < 2)
    netsh_breaks(iplisten->reading, UNKNOWN_TRUNCATED, line, "a line that may be of the list");
  else if (!line && blanks < (addresses ? 1u : 2u))
    netsh_breaks(iplisten->reading, UNKNOWN_TRUNCATED, last,
                 "the list ends without its empty line: addresses may be missing");
}

static void read_list(struct iplisten *iplisten, const struct line *dashes) {
  xmlNode *list = node_add(iplisten->reading->facts, "ipListen",
                           line_origin(dashes, dashes->begin, iplisten->source));
  struct line line, last = *dashes;
  struct lines before = iplisten->lines;
  size_t addresses = 0, indent = line_indent(dashes);
  unsigned blanks;
  bool more;
  char ip[48];
  iplisten->seen = map_new();
  while ((more = lines_next_full(&iplisten->lines, &line, &blanks)) && is_address(line.text, ip) &&
         (line.ended || line_indent(&line) <= indent)) {
    add_address(iplisten, list, &line, ip);
    addresses++;
    last = line;
    before = iplisten->lines;
  }
  map_free(iplisten->seen);
  end_list(iplisten, &last, more ? &line : NULL, addresses, blanks, indent);
  iplisten->lines = before;
  if (iplisten->lists++ == 0)
    iplisten->first = list;
  else if (!lists_same(iplisten->first, list))
    netsh_breaks(iplisten->reading, UNKNOWN_CONFLICT, dashes,
                 "several lists of listen addresses that differ");
}

/* Reads every list, or finds out whether there is one. */
static bool find_lists(struct iplisten *iplisten) {
  struct line line;
  while (lines_next(&iplisten->lines, &line)) {
    if (starts_list(iplisten, &line)) {
      if (!iplisten->reading) return true;
      read_list(iplisten, &line);
      iplisten->title = (struct netsh_title){.directly = false};
    } else {
      netsh_title_next(&iplisten->title, &line, "iplisten");
    }
  }
  return false;
}

static bool recognise(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact;
  if (!text || *root || !span_holds((struct span){text, size}, "---------------")) return false;
  struct iplisten iplisten = {.lines = lines_of(text, size)};
  return find_lists(&iplisten);
}

static void read(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct iplisten iplisten = {
      .reading = reading, .lines = lines_of(text, size), .source = reading->artifact->number + 1};
  reading_start(reading, readings);
  find_lists(&iplisten);
}

const struct reader netsh_iplisten_reader = {
    .kind = "netsh-iplisten", .recognise = recognise, .read = read};
