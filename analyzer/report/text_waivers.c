/* What is waived on the page: shown with who, why and until when, never hidden; and
 * the waivers that do nothing. */
#include "report/text_parts.h"
#include "report/words.h"

#include "base/text.h"

static void waived_finding(struct paper *paper, const struct verdicts *verdicts,
                           const struct finding *finding) {
  const struct waiver_facts *waiver = &verdicts->waivers[finding->waiver - 1];
  const struct rule_facts *rule = &verdicts->rules[finding->rule];
  char *host = words_host(verdicts, finding->host);
  paper_severity_and_id(paper, 2, finding->severity, rule->id);
  paper_paragraph(paper, 12, 12, finding->message);
  for (size_t i = 0; i < finding->place_count && i < TEXT_PLACES_MOST; i++) {
    char *where = words_place(verdicts, &finding->places[i]);
    paper_columns_short(paper, 12, where, 34, finding->places[i].text);
    alloc_free(where);
  }
  text_and_more(paper, 12, TEXT_PLACES_MOST, finding->place_count);
  paper_say(paper, 12, 14, "waived on %s by %s until %s: %s (%s:%u)", host, waiver->who,
            waiver->until, waiver->why, waiver->file, waiver->line);
  alloc_free(host);
}

/* "" when there is nothing to say of it. */
static const char *complaint(const struct waiver_facts *waiver) {
  switch (waiver->status) {
  case WAIVER_PARTLY:
    return "covers only some places of a finding, which therefore counts";
  case WAIVER_EXPIRED:
    return waiver->findings ? "has expired: what it covered counts again" : "has expired";
  case WAIVER_UNDATED:
    return "is not applied: nothing says when the bundle was collected, so nobody knows whether it "
           "has expired (--as-of DATE sets it)";
  case WAIVER_UNUSED:
    return "fits no finding of this bundle";
  case WAIVER_NOT_RUN:
    return "is for a rule that did not run";
  case WAIVER_NO_RULE:
    return "is for a rule that does not exist";
  default:
    return "";
  }
}

static void idle_waiver(struct paper *paper, const struct waiver_facts *waiver) {
  const char *what = complaint(waiver);
  if (!*what) return;
  paper_say(paper, 2, 4, "%s:%u: the waiver for %s (until %s) %s%s%s%s", waiver->file, waiver->line,
            waiver->rule, waiver->until, what, waiver->near[0] ? "; did you mean " : "",
            waiver->near, waiver->near[0] ? "?" : ".");
}

static size_t idle_count(const struct verdicts *verdicts) {
  size_t count = 0;
  for (size_t i = 0; i < verdicts->waiver_count; i++)
    if (*complaint(&verdicts->waivers[i])) count++;
  return count;
}

void text_waivers(struct paper *paper, const struct verdicts *verdicts) {
  size_t idle = idle_count(verdicts);
  if (verdicts->waived_count == 0 && idle == 0) return;
  char *waived = words_count(verdicts->waived_count, "finding is", "findings are");
  char *count = alloc_format("%s waived and %s not count", waived,
                             verdicts->waived_count == 1 ? "does" : "do");
  paper_blank(paper);
  paper_heading(paper, 0, -1, "WAIVED",
                verdicts->waived_count ? count : "no finding; but waivers need attention");
  paper_blank(paper);
  for (size_t i = 0; i < verdicts->finding_count; i++)
    if (verdicts->findings[i].waiver) waived_finding(paper, verdicts, &verdicts->findings[i]);
  for (size_t i = 0; i < verdicts->waiver_count; i++)
    idle_waiver(paper, &verdicts->waivers[i]);
  paper_blank(paper);
  alloc_free(count);
  alloc_free(waived);
}
