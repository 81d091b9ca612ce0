/* What could not be decided, grouped by what would decide it, and the rules
 * that could not be evaluated. */
#include "report/text_parts.h"
#include "report/words.h"

#include "base/map.h"
#include "base/text.h"

#include <string.h>

static bool given(const char *text) {
  return text && text[0];
}

/* The servers of a group, as " on EX01 and EX02"; all of them with one server. */
static char *on_hosts(const struct verdicts *verdicts, const struct unknown_group *group) {
  bool *seen = alloc_array(verdicts->host_count + 1, sizeof *seen);
  struct buffer out = buffer_make(1000);
  size_t count = 0;
  for (size_t i = 0; i < group->item_count; i++) {
    int host = group->items[i].host;
    size_t at = host < 0 ? verdicts->host_count : (size_t)host;
    if (at > verdicts->host_count || seen[at]) continue;
    seen[at] = true;
    if (count++ >= 4) continue;
    char *name = words_host(verdicts, host);
    buffer_add_format(&out, "%s%s", count > 1 ? ", " : " on ", name);
    alloc_free(name);
  }
  if (count > 4) buffer_add_format(&out, " and %zu more", count - 4);
  alloc_free(seen);
  return buffer_take(&out);
}

/* Checks, that is, a rule on a host, however many reasons it has. */
static size_t checks_of(const struct verdicts *verdicts, const struct unknown_group *group) {
  size_t columns = verdicts->host_count + 1, count = 0;
  bool *seen = alloc_array(verdicts->rule_count, columns * sizeof *seen);
  for (size_t i = 0; i < group->item_count; i++) {
    const struct unknown_item *item = &group->items[i];
    size_t host = item->host < 0 ? verdicts->host_count : (size_t)item->host;
    bool *one = &seen[item->rule * columns + host];
    if (!*one) count++;
    *one = true;
  }
  alloc_free(seen);
  return count;
}

/* The other kinds of evidence that would do: all ids but the first. */
static void alternatives(struct paper *paper, const char *needs) {
  const char *rest = strchr(needs, ' ');
  if (!rest) return;
  struct buffer out = buffer_make(1000);
  for (rest++; *rest; rest++) {
    if (*rest == ' ')
      buffer_add_text(&out, ", ");
    else
      buffer_add_char(&out, *rest);
  }
  paper_say(paper, 5, 5, "This would do as well: %s", buffer_text(&out));
  buffer_dispose(&out);
}

static void what_to_collect(struct paper *paper, const struct verdicts *verdicts,
                            const struct unknown_group *group) {
  char *checks = words_count(checks_of(verdicts, group), "check", "checks");
  char *hosts = on_hosts(verdicts, group);
  const char *shell = words_shell(group->shell);
  bool one = strncmp(checks, "1 ", 2) == 0;
  if (given(group->command)) {
    paper_say(paper, 2, 5, "%s %s the output of this command; run it%s%s%s:", checks,
              one ? "needs" : "need", shell[0] ? " " : "", shell, hosts);
    paper_commands(paper, 7, group->command);
    if (given(group->file) && !strstr(group->command, group->file))
      paper_say(paper, 5, 5, "and add %s to the bundle.", group->file);
  } else if (given(group->file)) {
    paper_say(paper, 2, 5, "%s %s this file%s:", checks, one ? "needs" : "need", hosts);
    paper_commands(paper, 7, group->file);
  } else if (given(group->needs)) {
    paper_say(paper, 2, 5, "%s %s other evidence%s: %s", checks, one ? "needs" : "need", hosts,
              group->needs);
  } else {
    paper_say(paper, 2, 5, "%s%s, for which no further file or command would help:", checks, hosts);
  }
  if (given(group->needs) && (given(group->command) || given(group->file)))
    alternatives(paper, group->needs);
  alloc_free(checks);
  alloc_free(hosts);
}

/* Reasons beyond "it is not in the bundle", each once. */
static void reasons(struct paper *paper, const struct unknown_group *group) {
  struct map *seen = map_new();
  for (size_t i = 0; i < group->item_count; i++) {
    const struct unknown_item *item = &group->items[i];
    if (given(group->needs) && text_equal(item->reason, "not-in-bundle")) continue;
    char *reason = words_reason(item->reason);
    char *line =
        given(item->note) ? alloc_format("%s: %s", reason, item->note) : alloc_text(reason);
    void **place = map_at(seen, line);
    if (!*place && map_count(seen) <= TEXT_REASONS_MOST) paper_say(paper, 5, 7, "- %s", line);
    *place = seen;
    alloc_free(reason);
    alloc_free(line);
  }
  text_and_more(paper, 5, TEXT_REASONS_MOST, map_count(seen));
  map_free(seen);
}

static void rules_of(struct paper *paper, const struct verdicts *verdicts,
                     const struct unknown_group *group) {
  bool *seen = alloc_array(verdicts->rule_count, sizeof *seen);
  size_t rules = 0;
  for (size_t i = 0; i < group->item_count; i++) {
    const struct unknown_item *item = &group->items[i];
    if (seen[item->rule]) continue;
    seen[item->rule] = true;
    if (rules++ >= TEXT_RULES_MOST) continue;
    paper_severity_and_id(paper, 5, item->severity, verdicts->rules[item->rule].id);
  }
  text_and_more(paper, 5, TEXT_RULES_MOST, rules);
  alloc_free(seen);
}

static void total(struct paper *paper, const struct verdicts *verdicts) {
  size_t partly = words_partly_unknown(verdicts);
  char *whole = words_count(verdicts->rules_unknown, "check", "checks");
  char *part = words_count(partly, "check was", "checks were");
  char *text;
  if (partly == 0)
    text = alloc_format("%s could not be decided", whole);
  else if (verdicts->rules_unknown == 0)
    text = alloc_format("%s decided only in part", part);
  else
    text = alloc_format("%s could not be decided; %s decided only in part", whole, part);
  paper_heading(paper, 0, -1, "UNKNOWN", text);
  alloc_free(whole);
  alloc_free(part);
  alloc_free(text);
}

/* ---- What decides little ---------------------------------------------------------- */

/* Is the group told in a line with others? What nothing can decide is always told. */
static bool is_minor(const struct verdicts *verdicts, size_t group) {
  return verdicts->unknown_count > TEXT_GROUPS_MOST + 1 && group >= TEXT_GROUPS_MOST &&
         given(verdicts->unknowns[group].needs);
}

/* The rules of the minor groups, the most severe first. */
static size_t minor_rules(struct paper *paper, const struct verdicts *verdicts) {
  bool *seen = alloc_array(verdicts->rule_count, sizeof *seen);
  size_t count = 0;
  for (int severity = SEVERITY_CRITICAL; severity >= SEVERITY_INFO; severity--)
    for (size_t i = 0; i < verdicts->unknown_count; i++) {
      const struct unknown_group *group = &verdicts->unknowns[i];
      for (size_t k = 0; is_minor(verdicts, i) && k < group->item_count; k++) {
        const struct unknown_item *item = &group->items[k];
        if ((int)item->severity != severity || seen[item->rule]) continue;
        seen[item->rule] = true;
        if (paper && count < TEXT_OTHERS_MOST)
          paper_severity_and_id(paper, 5, item->severity, verdicts->rules[item->rule].id);
        count++;
      }
    }
  alloc_free(seen);
  return count;
}

static void minor_groups(struct paper *paper, const struct verdicts *verdicts, size_t groups) {
  size_t rules = minor_rules(NULL, verdicts);
  char *checks = words_count(rules, "check", "checks");
  paper_blank(paper);
  paper_say(paper, 2, 5,
            "%s more, by %zu further files or commands. This writes a script that collects all "
            "of them:",
            checks, groups);
  paper_say(paper, 7, 9, "siteglass collect --missing BUNDLE");
  minor_rules(paper, verdicts);
  text_and_more(paper, 5, TEXT_OTHERS_MOST, rules);
  alloc_free(checks);
}

void text_unknowns(struct paper *paper, const struct verdicts *verdicts) {
  if (verdicts->unknown_count == 0 && verdicts->rules_unknown == 0) return;
  size_t minor = 0;
  paper_blank(paper);
  total(paper, verdicts);
  for (size_t i = 0; i < verdicts->unknown_count; i++) {
    const struct unknown_group *group = &verdicts->unknowns[i];
    if (is_minor(verdicts, i)) {
      minor++;
      continue;
    }
    paper_blank(paper);
    what_to_collect(paper, verdicts, group);
    reasons(paper, group);
    rules_of(paper, verdicts, group);
  }
  if (minor) minor_groups(paper, verdicts, minor);
}

void text_rule_errors(struct paper *paper, const struct verdicts *verdicts) {
  if (verdicts->error_count == 0) return;
  char *count = words_count(verdicts->error_count, "error", "errors");
  char *text = alloc_format("%s while evaluating rules; what they check there is not known", count);
  paper_blank(paper);
  paper_heading(paper, 0, -1, "ERRORS", text);
  for (size_t i = 0; i < verdicts->error_count && i < TEXT_ERRORS_MOST; i++) {
    const struct rule_error *error = &verdicts->errors[i];
    char *host = words_host(verdicts, error->host);
    char *on = verdicts->host_count > 1 ? alloc_format("on %s", host) : alloc_text("");
    paper_rule_id(paper, 2, verdicts->rules[error->rule].id, on);
    paper_paragraph(paper, 4, 4, error->message);
    alloc_free(host);
    alloc_free(on);
  }
  text_and_more(paper, 2, TEXT_ERRORS_MOST, verdicts->error_count);
  alloc_free(count);
  alloc_free(text);
}
