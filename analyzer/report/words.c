/* Phrases that more than one format uses. */
#include "report/words.h"

#include "base/buffer.h"
#include "base/text.h"

#include <string.h>

char *words_count(size_t count, const char *one, const char *many) {
  return alloc_format("%zu %s", count, count == 1 ? one : many);
}

char *words_host(const struct verdicts *verdicts, int host) {
  if (host < 0 || (size_t)host >= verdicts->host_count) return alloc_text("all servers together");
  const char *name = verdicts->hosts[host].name;
  if (name && name[0]) return alloc_text(name);
  return verdicts->host_count > 1 ? alloc_format("server %d", host + 1) : alloc_text("the server");
}

const char *words_shell(const char *shell) {
  static const struct {
    const char *shell, *phrase;
  } phrases[] = {
      {"powershell", "in PowerShell"},
      {"cmd", "in a command prompt"},
      {"exchange", "in the Exchange Management Shell"},
  };
  for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
    if (text_equal(shell, phrases[i].shell)) return phrases[i].phrase;
  return "";
}

char *words_reason(const char *reason) {
  if (strcmp(reason, "not-in-bundle") == 0) return alloc_text("not in the bundle");
  char *phrase = alloc_text(reason);
  for (char *c = phrase; *c; c++)
    if (*c == '-') *c = ' ';
  return phrase;
}

char *words_position(const char *path, unsigned line, unsigned column) {
  if (line == 0) return alloc_text(path);
  if (column == 0) return alloc_format("%s:%u", path, line);
  return alloc_format("%s:%u:%u", path, line, column);
}

char *words_place(const struct verdicts *verdicts, const struct place *place) {
  if (place->artifact < 0 || (size_t)place->artifact >= verdicts->artifact_count)
    return alloc_text("(derived)");
  return words_position(verdicts->artifacts[place->artifact].path, place->line, place->column);
}

static size_t undecided(const struct verdicts *verdicts) {
  return verdicts->rules_unknown + verdicts->rules_error;
}

static char *exit_without_finding(const struct verdicts *verdicts, const char *level) {
  if (undecided(verdicts) == 0 && words_partly_unknown(verdicts) == 0)
    return alloc_format("nothing of severity %s or above was found", level);
  return alloc_format("nothing of severity %s or above was found, and every check of that severity "
                      "was decided (others were not)",
                      level);
}

char *words_exit(const struct verdicts *verdicts) {
  const char *level = severity_word(verdicts->fail_on);
  if (verdicts->exit_status == 2) return alloc_text("nothing in the bundle could be read");
  if (verdicts->fail_on_none)
    return alloc_text("--fail-on none: findings do not change the exit status");
  switch (verdicts->exit_status) {
  case 0:
    return exit_without_finding(verdicts, level);
  case 1:
    return alloc_format("there are findings of severity %s or above", level);
  case 3:
    return alloc_format("nothing of severity %s or above was found, but checks of that severity "
                        "could not be decided",
                        level);
  default:
    return alloc_text("the run did not come to its end");
  }
}

size_t words_partly_unknown(const struct verdicts *verdicts) {
  size_t count = 0;
  for (size_t i = 0; i < verdicts->rule_verdict_count; i++) {
    const struct rule_verdict *verdict = &verdicts->rule_verdicts[i];
    if (verdict->verdict != VERDICT_UNKNOWN && verdict->unknown > 0) count++;
  }
  return count;
}

static void add_undecided(struct buffer *out, const struct verdicts *verdicts) {
  size_t open = verdicts->rules_unknown + words_partly_unknown(verdicts);
  char *unknown = words_count(open, "check", "checks");
  char *errors = words_count(verdicts->rules_error, "check", "checks");
  buffer_add_text(out, "No finding, but ");
  if (open > 0) buffer_add_format(out, "%s could not be decided", unknown);
  if (open > 0 && verdicts->rules_error > 0) buffer_add_text(out, " and ");
  if (verdicts->rules_error > 0) buffer_add_format(out, "%s could not be evaluated", errors);
  buffer_add_format(out,
                    ": this does not show that nothing is wrong. %zu passed, %zu not applicable.",
                    verdicts->rules_passed, verdicts->rules_not_applicable);
  alloc_free(unknown);
  alloc_free(errors);
}

static void add_decided(struct buffer *out, const struct verdicts *verdicts) {
  if (verdicts->rules_passed == 0 && verdicts->waived_count == 0) {
    buffer_add_text(out, "No finding, because no check applies to what is in this bundle: nothing "
                         "was judged.");
    return;
  }
  buffer_add_format(out,
                    "No finding%s. Every check that applies was decided: %zu passed, %zu not "
                    "applicable.",
                    verdicts->waived_count ? " that counts" : "", verdicts->rules_passed, verdicts->rules_not_applicable);
}

char *words_no_finding(const struct verdicts *verdicts) {
  struct buffer out = buffer_make(4096);
  size_t closed = verdicts->artifacts_by_outcome[OUTCOME_REFUSED] +
                  verdicts->artifacts_by_outcome[OUTCOME_PARTLY_READ] +
                  verdicts->artifacts_by_outcome[OUTCOME_UNREAD];
  if (verdicts->exit_status == 2)
    buffer_add_text(&out, "Nothing in this bundle could be read: nothing was judged.");
  else if (undecided(verdicts) > 0 || words_partly_unknown(verdicts) > 0)
    add_undecided(&out, verdicts);
  else
    add_decided(&out, verdicts);
  if (verdicts->waived_count > 0) {
    char *waived = words_count(verdicts->waived_count, "finding is", "findings are");
    buffer_add_format(&out, " %s waived (see WAIVED).", waived);
    alloc_free(waived);
  }
  if (closed > 0) {
    char *files = words_count(closed, "file was", "files were");
    buffer_add_format(&out, " %s not read, or only in part.", files);
    alloc_free(files);
  }
  return buffer_take(&out);
}
