/* Titles, prompts and URLs of netsh's lists. */
#include "readers/netsh_text.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

bool netsh_is_dashes(struct span text) {
  text = span_trim(text);
  size_t at = 0;
  while (at < text.size && text.start[at] == '-')
    at++;
  return at == text.size && at >= 15;
}

/* "C:\Users\x>", "PS C:\>", "netsh http>". */
bool netsh_is_prompt(const struct line *line) {
  struct span text = span_trim(line->text);
  const char *end = text.size ? memchr(text.start, '>', text.size) : NULL;
  if (!end) return false;
  struct span front = {text.start, (size_t)(end - text.start)};
  return (front.size >= 2 && (span_holds(front, ":\\") || span_holds(front, "netsh"))) ||
         (size_t)(end - text.start) + 1 == text.size;
}

bool netsh_asks_for(struct span text, const char *what) {
  return span_holds(text, "http") && span_holds(text, "show") && span_holds(text, what);
}

bool netsh_is_url(struct span text, struct span *url) {
  text = span_trim(text);
  if (text.size > 2 && text.start[0] == '<' && text.start[text.size - 1] == '>')
    text = span_trim((struct span){text.start + 1, text.size - 2});
  *url = text;
  if (text.size < 9 || text.size > 2048 || memchr(text.start, ' ', text.size)) return false;
  return span_equal_nocase((struct span){text.start, 7}, "http://") ||
         span_equal_nocase((struct span){text.start, 8}, "https://");
}

void netsh_set(xmlNode *node, const char *name, struct span text, struct origin at) {
  char *copy = span_copy(text);
  node_set(node, name, copy, at);
  alloc_free(copy);
}

static void set_lower(xmlNode *node, const char *name, struct span text, struct origin at) {
  char *copy = span_copy(text), *lower = text_lower(copy);
  node_set(node, name, lower, at);
  alloc_free(copy);
  alloc_free(lower);
}

static bool is_port(struct span text) {
  uint64_t number;
  return text.size <= 5 && text_unsigned(text, &number) && number >= 1 && number <= 65535;
}

static size_t last_colon(struct span text) {
  size_t colon = text.size;
  while (colon > 0 && text.start[colon - 1] != ':')
    colon--;
  return colon; /* behind it; 0 when there is none */
}

/* "+:80", "[::1]:443"; "*:443:mail.contoso.com" for a binding of IIS with a host name. */
static bool split_port(struct span place, struct span *host, struct span *port) {
  size_t colon = last_colon(place);
  if (colon < 2) return false;
  struct span front = {place.start, colon - 1}, back = {place.start + colon, place.size - colon};
  *host = front;
  *port = back;
  if (is_port(back)) return true;
  colon = last_colon(front);
  if (colon < 2 || back.size == 0 || back.start[back.size - 1] == ']') return false;
  *host = back;
  *port = (struct span){front.start + colon, front.size - colon};
  return is_port(*port);
}

void netsh_set_url(xmlNode *node, struct span url, struct origin at) {
  const char *name = (const char *)node->name, *note = "the URL has no host and port";
  size_t scheme = url.start[4] == ':' ? 4 : 5;
  struct span place = {url.start + scheme + 3, url.size - scheme - 3}, host, port;
  const char *slash = place.size ? memchr(place.start, '/', place.size) : NULL;
  if (slash) place.size = (size_t)(slash - place.start);
  netsh_set(node, "url", url, at);
  set_lower(node, "scheme", (struct span){url.start, scheme}, at);
  if (split_port(place, &host, &port)) {
    set_lower(node, "host", host, at);
    netsh_set(node, "port", port, at);
    return;
  }
  node_mark(node, "@host", name, UNKNOWN_AMBIGUOUS, "", note, at);
  node_mark(node, "@port", name, UNKNOWN_AMBIGUOUS, "", note, at);
}

void netsh_breaks(struct reading *reading, enum unknown_reason reason, const struct line *line,
                  const char *why) {
  reading_breaks(reading, reason, line_origin(line, line->begin, reading->artifact->number + 1),
                 "%s", why);
}

void netsh_title_next(struct netsh_title *title, const struct line *line, const char *what) {
  if (line_is_blank(line)) {
    title->directly = false;
    return;
  }
  bool was_command = netsh_asks_for(title->line.text, what);
  title->asked = netsh_asks_for(line->text, what) || (was_command && !netsh_is_prompt(line));
  title->line = *line;
  title->directly = true;
}
