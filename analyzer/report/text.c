/* The text report: what a support engineer reads at a terminal. The first
 * screen says what is wrong; nothing scrolls because of what passed; what is
 * not known is as visible as what is. */
#include "report/formats.h"
#include "report/text_parts.h"
#include "report/words.h"

#include "base/moment.h"
#include "base/text.h"

#include <string.h>

void text_and_more(struct paper *paper, unsigned indent, size_t shown, size_t all) {
  if (shown < all)
    paper_say(paper, indent, indent, "... and %zu more (see --format json)", all - shown);
}

static void header(struct paper *paper, const struct verdicts *verdicts) {
  const size_t *by = verdicts->artifacts_by_outcome;
  struct buffer out = buffer_make(1024);
  char *name = text_printable(verdicts->bundle_name, 200);
  char *hosts = words_count(verdicts->host_count, "host", "hosts");
  char *first = alloc_format("siteglass %s   %s   %s,", verdicts->version, name, hosts);
  buffer_add_format(&out, "%zu %s read", by[OUTCOME_READ],
                    by[OUTCOME_READ] == 1 ? "artifact" : "artifacts");
  if (by[OUTCOME_PARTLY_READ] > 0)
    buffer_add_format(&out, ", %zu partly read", by[OUTCOME_PARTLY_READ]);
  if (by[OUTCOME_UNREAD] > 0) buffer_add_format(&out, ", %zu not read", by[OUTCOME_UNREAD]);
  if (by[OUTCOME_NOT_RECOGNISED] > 0)
    buffer_add_format(&out, ", %zu not recognised", by[OUTCOME_NOT_RECOGNISED]);
  buffer_add_format(&out, ", %zu refused", by[OUTCOME_REFUSED]);
  paper_one_or_two(paper, first, buffer_text(&out));
  buffer_dispose(&out);
  alloc_free(name);
  alloc_free(hosts);
  alloc_free(first);
}

static void judged_as_of(struct paper *paper, unsigned indent, const struct host_facts *host) {
  const char *reason = host->as_of_reason ? host->as_of_reason : "";
  if (!host->has_as_of) {
    paper_say(paper, indent, indent + 2,
              "as of no known date%s%s%s: what depends on the date cannot be decided (--as-of DATE "
              "sets it)",
              reason[0] ? " (" : "", reason, reason[0] ? ")" : "");
    return;
  }
  char moment[21];
  moment_format(host->as_of, moment);
  paper_say(paper, indent, indent + 2, "judged as of %.10s %.5s UTC%s%s%s", moment, moment + 11,
            reason[0] ? " (" : "", reason, reason[0] ? ")" : "");
}

static bool same_as_of(const struct host_facts *a, const struct host_facts *b) {
  return a->has_as_of == b->has_as_of && a->as_of == b->as_of &&
         text_equal(a->as_of_reason, b->as_of_reason);
}

static void host_line(struct paper *paper, const struct verdicts *verdicts, size_t number) {
  const struct host_facts *host = &verdicts->hosts[number];
  char *name = words_host(verdicts, (int)number);
  bool named = host->name && host->name[0];
  if (host->products && host->products[0])
    paper_say(paper, 0, 6, "%s  %s", named ? name : "Server (name not known)", host->products);
  else
    paper_say(paper, 0, 6, "%s  product not known", named ? name : "Server (name not known)");
  alloc_free(name);
}

static void hosts(struct paper *paper, const struct verdicts *verdicts) {
  bool one_date = true;
  for (size_t i = 1; i < verdicts->host_count; i++)
    one_date = one_date && same_as_of(&verdicts->hosts[0], &verdicts->hosts[i]);
  if (one_date && verdicts->host_count > 0) judged_as_of(paper, 0, &verdicts->hosts[0]);
  paper_blank(paper);
  for (size_t i = 0; i < verdicts->host_count && i < TEXT_HOSTS_MOST; i++) {
    host_line(paper, verdicts, i);
    if (!one_date) judged_as_of(paper, 6, &verdicts->hosts[i]);
  }
  text_and_more(paper, 0, TEXT_HOSTS_MOST, verdicts->host_count);
  paper_blank(paper);
}

/* Limits that are not those of the rules. */
static void changed_settings(struct paper *paper, const struct verdicts *verdicts) {
  for (size_t i = 0; i < verdicts->setting_count; i++) {
    const struct setting_facts *setting = &verdicts->settings[i];
    paper_say(paper, 0, 2, "%s:%u sets %s to %s %s (the rules have %s): %s", setting->file,
              setting->line, setting->name, setting->value, setting->unit, setting->standard,
              setting->about);
  }
  if (verdicts->setting_count) paper_blank(paper);
}

static void add_counts(struct buffer *out, const struct verdicts *verdicts, bool zeros) {
  for (int severity = SEVERITY_CRITICAL; severity >= SEVERITY_INFO; severity--) {
    size_t count = verdicts->by_severity[severity];
    if (count == 0 && !zeros) continue;
    buffer_add_format(out, "%s%zu %s", out->size > 0 ? ", " : "", count,
                      severity_word((enum severity)severity));
  }
}

/* The findings by title, when there are several. */
static void titles(struct paper *paper, const struct verdicts *verdicts) {
  size_t count = verdicts->finding_count - verdicts->waived_count; /* waived ones stand last */
  for (size_t i = 0; count > 1 && i < count && i < TEXT_TITLES_MOST; i++) {
    const struct finding *finding = &verdicts->findings[i];
    const char *title = verdicts->rules[finding->rule].title;
    char *word = text_upper(severity_word(finding->severity));
    char *host = words_host(verdicts, finding->host);
    bool say_host = verdicts->host_count > 1;
    char *text = alloc_format("%s%s%s", title, say_host ? ", on " : "", say_host ? host : "");
    paper_heading(paper, 10, finding->severity, word, text);
    alloc_free(word);
    alloc_free(host);
    alloc_free(text);
  }
  if (count > TEXT_TITLES_MOST)
    paper_say(paper, 10, 10, "... and %zu more, below", count - TEXT_TITLES_MOST);
}

/* The answer in a line or a few, before any detail. */
static void overview(struct paper *paper, const struct verdicts *verdicts) {
  struct buffer out = buffer_make(1024);
  size_t open = verdicts->rules_unknown + words_partly_unknown(verdicts);
  char *unknown = words_count(open, "check", "checks");
  char *errors = words_count(verdicts->rules_error, "check", "checks");
  add_counts(&out, verdicts, false);
  if (open > 0) buffer_add_format(&out, "; %s could not be decided (see UNKNOWN)", unknown);
  if (verdicts->rules_error > 0)
    buffer_add_format(&out, "; %s could not be evaluated (see ERRORS)", errors);
  if (verdicts->waived_count > 0)
    buffer_add_format(&out, "; %zu waived (see WAIVED)", verdicts->waived_count);
  paper_heading(paper, 0, -1, "RESULT", buffer_text(&out));
  titles(paper, verdicts);
  buffer_dispose(&out);
  alloc_free(unknown);
  alloc_free(errors);
}

static void no_finding(struct paper *paper, const struct verdicts *verdicts) {
  char *sentence = words_no_finding(verdicts);
  paper_heading(paper, 0, -1, "RESULT", sentence);
  alloc_free(sentence);
}

static void summary(struct paper *paper, const struct verdicts *verdicts) {
  struct buffer findings = buffer_make(1024), checks = buffer_make(1024);
  size_t partly = words_partly_unknown(verdicts);
  char *exit = words_exit(verdicts);
  add_counts(&findings, verdicts, true);
  if (verdicts->waived_count > 0)
    buffer_add_format(&findings, ", %zu waived", verdicts->waived_count);
  buffer_add_char(&findings, ';');
  buffer_add_format(&checks, "%zu unknown", verdicts->rules_unknown);
  if (partly > 0) buffer_add_format(&checks, "; %zu decided only in part", partly);
  if (verdicts->rules_error > 0)
    buffer_add_format(&checks, "; %zu in error", verdicts->rules_error);
  buffer_add_format(&checks, "; %zu passed; %zu not applicable.", verdicts->rules_passed,
                    verdicts->rules_not_applicable);
  paper_blank(paper);
  paper_one_or_two(paper, buffer_text(&findings), buffer_text(&checks));
  paper_say(paper, 0, 2, "exit %d: %s.", verdicts->exit_status, exit);
  alloc_free(exit);
  buffer_dispose(&findings);
  buffer_dispose(&checks);
}

static void body(struct paper *paper, const struct verdicts *verdicts, bool quiet) {
  if (!quiet) {
    header(paper, verdicts);
    hosts(paper, verdicts);
    changed_settings(paper, verdicts);
  }
  if (verdicts->finding_count == verdicts->waived_count)
    no_finding(paper, verdicts);
  else if (!quiet)
    overview(paper, verdicts);
  text_findings(paper, verdicts, quiet);
  text_waivers(paper, verdicts);
  if (quiet) return;
  text_unknowns(paper, verdicts);
  text_rule_errors(paper, verdicts);
  text_files(paper, verdicts);
}

char *text_report(const struct verdicts *verdicts, const struct report_style *style) {
  struct paper paper = paper_make(style);
  body(&paper, verdicts, style && style->quiet);
  if (paper.out.overflowed) { /* then the summary stands on a page of its own */
    struct paper rest = paper_make(style);
    paper_paragraph(&rest, 0, 0,
                    "THE REPORT IS CUT HERE: it is too long as text; use --format json.");
    summary(&rest, verdicts);
    char *text = alloc_format("%s\n%s", buffer_text(&paper.out), buffer_text(&rest.out));
    buffer_dispose(&paper.out);
    buffer_dispose(&rest.out);
    return text;
  }
  summary(&paper, verdicts);
  return buffer_take(&paper.out);
}
