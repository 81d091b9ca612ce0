/* What the lists of `netsh http show ...` have in common, in every language: a title
 * with a line of dashes below it, entries indented by four blanks, an empty line behind
 * the list, and another that netsh itself prints at the end of a command. */
#ifndef SITEGLASS_READERS_NETSH_TEXT_H
#define SITEGLASS_READERS_NETSH_TEXT_H

#include "readers/lines.h"
#include "readers/readers.h"

/* A line of at least 15 dashes and nothing else. */
bool netsh_is_dashes(struct span text);
/* A command prompt, alone or with a command behind it: "C:\>", "PS C:\Windows> netsh ...". */
bool netsh_is_prompt(const struct line *line);
/* The command `netsh http show WHAT`, as a console copy shows it. */
bool netsh_asks_for(struct span text, const char *what);
/* http://+:80/x/ or https://..., in any case, maybe in angle brackets (as web pages have it). */
bool netsh_is_url(struct span text, struct span *url);
/* Sets url, scheme, host, port of a URL prefix (Microsoft, "UrlPrefix Strings"): scheme and
 * host in lower case, host "+" or "*" for every one; parts that cannot be read are marked. */
void netsh_set_url(xmlNode *node, struct span url, struct origin at);

/* As reading_breaks, with the place of a line. */
void netsh_breaks(struct reading *reading, enum unknown_reason reason, const struct line *line,
                  const char *why);
/* node_set of text that is not yet a string of its own. */
void netsh_set(xmlNode *node, const char *name, struct span text, struct origin at);

/* What of the title above a list says that the list is WHAT's: the title as English Windows
 * has it, or the command itself just before. */
struct netsh_title {
  struct line line; /* the last line that was not blank */
  bool directly;    /* no blank line since */
  bool asked;       /* the command stood above, and only blank lines or the title since */
};
void netsh_title_next(struct netsh_title *title, const struct line *line, const char *what);

#endif
