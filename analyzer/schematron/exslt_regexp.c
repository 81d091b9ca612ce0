/* regexp:test, regexp:match and regexp:replace (EXSLT regular expressions). The
 * flags are those of EXSLT: "i" and "g". A limit that is hit is an error. */
#include "schematron/run_state.h"

#include "base/regex.h"
#include "base/text.h"

#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MOST = 64 * 1024 * 1024, EXPRESSIONS_MOST = 10000 };

static void tell_wrong(const char *why, size_t at, char error[160]) {
  snprintf(error, 160, "this is no regular expression: %.100s at character %zu", why, at + 1);
}

bool exslt_regexp_fine(const char *pattern, char error[160]) {
  char why[128] = "";
  size_t at = 0;
  struct regex *regex = regex_new(pattern, false, why, &at);
  if (regex == NULL) tell_wrong(why, at, error);
  regex_free(regex);
  return regex != NULL;
}

/* ---- The compiled ones ----------------------------------------------------- */

const struct regex *evaluation_regex(struct evaluation *evaluation, const char *pattern,
                                     bool ignore_case) {
  struct map **known = &run_root(evaluation->run)->expressions;
  if (*known == NULL) *known = map_new();
  char *key = alloc_format("%c%s", ignore_case ? 'i' : '-', pattern);
  struct regex *regex = map_get(*known, key);
  if (regex == NULL && map_count(*known) >= EXPRESSIONS_MOST) {
    evaluation_error(evaluation, "too many different regular expressions");
  } else if (regex == NULL) {
    char why[128] = "", error[160];
    size_t at = 0;
    regex = regex_new(pattern, ignore_case, why, &at);
    if (regex != NULL)
      *map_at(*known, key) = regex;
    else
      tell_wrong(why, at, error);
    if (regex == NULL) evaluation_error(evaluation, "%s", error);
  }
  alloc_free(key);
  return regex;
}

void exslt_regexp_dispose(struct run *run) {
  if (run->expressions == NULL) return;
  for (size_t i = 0; i < map_count(run->expressions); i++)
    regex_free(map_value(run->expressions, i));
  map_free(run->expressions);
}

/* ---- A call ---------------------------------------------------------------- */

struct call {
  struct evaluation *evaluation;
  xmlChar *text, *pattern, *flags, *replacement;
  size_t size; /* of the text */
  const struct regex *regex;
  bool global;
};

static void call_end(struct call *call) {
  xmlFree(call->text);
  xmlFree(call->pattern);
  xmlFree(call->flags);
  xmlFree(call->replacement);
}

/* Takes the arguments; false when there is nothing to do with them. */
static bool call_begin(struct call *call, xmlXPathParserContextPtr ctxt, int nargs) {
  *call = (struct call){.evaluation = evaluation_of(ctxt)};
  if (nargs == 4) call->replacement = xmlXPathPopString(ctxt);
  call->flags = nargs >= 3 ? xmlXPathPopString(ctxt) : xmlStrdup(BAD_CAST "");
  call->pattern = xmlXPathPopString(ctxt);
  call->text = xmlXPathPopString(ctxt);
  if (call->flags == NULL || call->pattern == NULL || call->text == NULL) return false;
  call->size = strlen((const char *)call->text);
  call->global = strchr((const char *)call->flags, 'g') != NULL;
  call->regex = evaluation_regex(call->evaluation, (const char *)call->pattern,
                                 strchr((const char *)call->flags, 'i') != NULL);
  return call->regex != NULL;
}

/* The next match from `start` on. */
static bool find(struct call *call, size_t start, struct regex_group groups[REGEX_GROUPS]) {
  if (start > call->size) return false;
  switch (regex_match_from(call->regex, (const char *)call->text, call->size, start, groups)) {
  case REGEX_MATCH:
    return true;
  case REGEX_LIMIT:
    evaluation_error(call->evaluation, "the regular expression '%.80s' takes too long",
                     (const char *)call->pattern);
    return false;
  default:
    return false;
  }
}

/* Where the search goes on: behind the match, or a character further when it is empty. */
static size_t behind(const struct call *call, const struct regex_group *match) {
  size_t next = match->end > match->start ? match->end : match->end + 1;
  while (next < call->size && (call->text[next] & 0xC0) == 0x80)
    next++;
  return next;
}

void call_regexp_test(xmlXPathParserContextPtr ctxt, int nargs) {
  if (nargs != 2 && nargs != 3) XP_ERROR(XPATH_INVALID_ARITY);
  struct call call;
  struct regex_group groups[REGEX_GROUPS];
  bool matches = call_begin(&call, ctxt, nargs) && find(&call, 0, groups);
  call_end(&call);
  valuePush(ctxt, xmlXPathNewBoolean(matches));
}

/* With "g" each match; without it the match and then its groups. */
static void add_matches(struct call *call, struct items *items) {
  const char *text = (const char *)call->text;
  struct regex_group groups[REGEX_GROUPS];
  if (!call->global) {
    size_t last = 0;
    bool found = find(call, 0, groups);
    for (size_t i = 0; found && i < REGEX_GROUPS; i++)
      if (groups[i].start != (size_t)-1) last = i + 1;
    for (size_t i = 0; i < last; i++) {
      bool set = groups[i].start != (size_t)-1;
      items_add(items, set ? text + groups[i].start : "",
                set ? groups[i].end - groups[i].start : 0);
    }
    return;
  }
  for (size_t at = 0; find(call, at, groups) && !call->evaluation->failed;
       at = behind(call, &groups[0]))
    items_add(items, text + groups[0].start, groups[0].end - groups[0].start);
}

void call_regexp_match(xmlXPathParserContextPtr ctxt, int nargs) {
  if (nargs != 2 && nargs != 3) XP_ERROR(XPATH_INVALID_ARITY);
  struct call call;
  struct items items;
  bool ready = call_begin(&call, ctxt, nargs);
  if (items_begin(&items, call.evaluation, "match") && ready) add_matches(&call, &items);
  call_end(&call);
  valuePush(ctxt, items_end(&items));
}

/* "$1" to "$9" are groups, as in the JavaScript that EXSLT describes; "$$" is "$". */
static void add_replacement(const struct call *call, const struct regex_group *groups,
                            struct buffer *out) {
  for (const char *each = (const char *)call->replacement; *each != '\0'; each++) {
    bool group = each[0] == '$' && each[1] >= '1' && each[1] <= '9';
    if (group) {
      const struct regex_group *found = &groups[*++each - '0'];
      if (found->start != (size_t)-1)
        buffer_add(out, call->text + found->start, found->end - found->start);
      continue;
    }
    buffer_add_char(out, *each);
    if (each[0] == '$' && each[1] == '$') each++;
  }
}

void call_regexp_replace(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(4);
  struct call call;
  struct regex_group groups[REGEX_GROUPS];
  struct buffer out = buffer_make(TEXT_MOST);
  size_t copied = 0;
  if (call_begin(&call, ctxt, nargs) && call.replacement != NULL) {
    for (size_t at = 0; find(&call, at, groups) && !out.overflowed;
         at = behind(&call, &groups[0])) {
      buffer_add(&out, call.text + copied, groups[0].start - copied);
      add_replacement(&call, groups, &out);
      copied = groups[0].end;
      if (!call.global) break;
    }
    buffer_add(&out, call.text + copied, call.size - copied);
  }
  if (out.overflowed) evaluation_error(call.evaluation, "the text is too long");
  call_end(&call);
  valuePush(ctxt, xmlXPathNewCString(buffer_text(&out)));
  buffer_dispose(&out);
}
