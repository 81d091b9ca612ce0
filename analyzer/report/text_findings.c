/* Findings on the page: what is wrong, how we know, what users see, what to do. */
#include "report/text_parts.h"
#include "report/words.h"

#include "base/text.h"

#include <string.h>

enum { LEFT_MOST = 34 }; /* columns for a place; a longer one has its line alone */

static bool given(const char *text) {
  return text && text[0];
}

/* What stands at a place, for the reader: its text, else where it is in the document. */
static const char *stands_there(const struct place *place) {
  return given(place->text) ? place->text : given(place->element) ? place->element : "";
}

static bool same_place(const struct place *a, const struct place *b) {
  return a->artifact == b->artifact && a->line == b->line && a->column == b->column &&
         text_equal(stands_there(a), stands_there(b));
}

/* The width of the left column: the longest place that fits into LEFT_MOST. */
static unsigned left_width(const struct verdicts *verdicts, const struct place *places,
                           size_t count, unsigned width) {
  for (size_t i = 0; i < count; i++) {
    char *label = words_place(verdicts, &places[i]);
    unsigned columns = paper_columns_of(label);
    if (columns > width && columns <= LEFT_MOST) width = columns;
    alloc_free(label);
  }
  return width;
}

static void place_row(struct paper *paper, const struct verdicts *verdicts,
                      const struct place *place, unsigned width, bool brief) {
  char *label = words_place(verdicts, place);
  if (brief)
    paper_columns_short(paper, 4, label, width, stands_there(place));
  else
    paper_columns(paper, 4, label, width, stands_there(place));
  alloc_free(label);
}

static void how_we_know(struct paper *paper, const struct verdicts *verdicts,
                        const struct finding *finding) {
  size_t links = finding->evidence_count;
  size_t shown = links < TEXT_EVIDENCE_MOST ? links : TEXT_EVIDENCE_MOST;
  unsigned width = left_width(verdicts, finding->places, finding->place_count > 0, 8);
  width = left_width(verdicts, finding->evidence, shown, width);
  paper_say(paper, 2, 2, "How we know");
  if (finding->place_count > 0) place_row(paper, verdicts, &finding->places[0], width, false);
  for (size_t i = 0; i < shown; i++) {
    const struct place *link = &finding->evidence[i];
    bool repeated = finding->place_count > 0 && same_place(link, &finding->places[0]);
    for (size_t k = 0; k < i && !repeated; k++)
      repeated = same_place(link, &finding->evidence[k]);
    if (!repeated) place_row(paper, verdicts, link, width, false);
  }
  text_and_more(paper, 4, shown, links);
  if (given(finding->actual)) paper_columns(paper, 4, "found", width, finding->actual);
  if (given(finding->expected)) paper_columns(paper, 4, "expected", width, finding->expected);
}

static void also_there(struct paper *paper, const struct verdicts *verdicts,
                       const struct finding *finding) {
  if (finding->place_count < 2) return;
  size_t further = finding->place_count - 1;
  size_t shown = further < TEXT_PLACES_MOST ? further : TEXT_PLACES_MOST;
  unsigned width = left_width(verdicts, finding->places + 1, shown, 8);
  paper_say(paper, 2, 2, "Also");
  for (size_t i = 1; i <= shown; i++)
    place_row(paper, verdicts, &finding->places[i], width, true);
  text_and_more(paper, 4, shown, further);
}

/* A step's sentence with the shell worked in: "List them, in PowerShell:". */
static char *sentence(const struct step *step, const char *shell) {
  const char *text = step->text ? step->text : "";
  size_t size = strlen(text);
  if (size == 0 && !given(shell)) return alloc_text("");
  if (size == 0) return alloc_format("I%s:", shell + 1); /* the phrases begin with "in" */
  if (!given(shell)) return alloc_text(text);
  if (text[size - 1] == ':') return alloc_format("%.*s, %s:", (int)(size - 1), text, shell);
  if (text[size - 1] == '.') return alloc_format("%s I%s:", text, shell + 1);
  return alloc_format("%s, %s:", text, shell);
}

static void steps(struct paper *paper, const char *title, const struct steps *steps, bool number) {
  if (steps->count == 0) return;
  const char *current = "";
  paper_blank(paper);
  paper_say(paper, 2, 2, "%s", title);
  for (size_t i = 0; i < steps->count; i++) {
    const struct step *step = &steps->items[i];
    const char *shell = given(step->command) && given(step->shell) ? step->shell : current;
    const char *phrase = text_equal(shell, current) ? "" : words_shell(shell);
    char *text = sentence(step, phrase);
    if (number)
      paper_say(paper, 4, 7, "%zu. %s", i + 1, text[0] ? text : "Run:");
    else if (text[0])
      paper_paragraph(paper, 4, 4, text);
    if (given(step->command)) paper_commands(paper, number ? 9 : 6, step->command);
    current = shell;
    alloc_free(text);
  }
}

static void also_because(struct paper *paper, const struct finding *finding) {
  if (finding->consequence_count == 0) return;
  struct buffer out = buffer_make(PAPER_PARAGRAPH_MOST);
  size_t shown = finding->consequence_count < 20 ? finding->consequence_count : 20;
  for (size_t i = 0; i < shown; i++)
    buffer_add_format(&out, "%s%s", i > 0 ? ", " : "", finding->consequences[i]);
  if (shown < finding->consequence_count)
    buffer_add_format(&out, " and %zu more", finding->consequence_count - shown);
  paper_say(paper, 2, 4, "Because of this also: %s", buffer_text(&out));
  buffer_dispose(&out);
}

/* A check that failed here may be undecided elsewhere: say it with the finding. */
static void not_everywhere(struct paper *paper, const struct verdicts *verdicts,
                           const struct finding *finding, bool quiet) {
  for (size_t i = 0; i < verdicts->rule_verdict_count; i++) {
    const struct rule_verdict *verdict = &verdicts->rule_verdicts[i];
    if (verdict->rule != finding->rule || verdict->host != finding->host || verdict->unknown == 0)
      continue;
    paper_say(paper, 2, 4, "There may be more: this check could not be decided everywhere (%s).",
              quiet ? "the report without --quiet says why" : "see UNKNOWN");
    return;
  }
}

static void closing(struct paper *paper, const struct verdicts *verdicts,
                    const struct finding *finding, bool quiet) {
  const char *see = verdicts->rules[finding->rule].see;
  paper_blank(paper);
  if (given(see)) {
    char *line = alloc_format("See  %s", see);
    paper_verbatim(paper, 2, line);
    alloc_free(line);
  }
  also_because(paper, finding);
  not_everywhere(paper, verdicts, finding, quiet);
  paper_blank(paper);
}

static void title_lines(struct paper *paper, const struct verdicts *verdicts,
                        const struct finding *finding) {
  const struct rule_facts *rule = &verdicts->rules[finding->rule];
  char *word = text_upper(severity_word(finding->severity));
  char *host = words_host(verdicts, finding->host);
  bool say_host = verdicts->host_count > 1;
  const char *kb = given(rule->kb) ? rule->kb : "";
  char *rest = alloc_format("%s%s%s%s%s", kb[0] ? "KB " : "", kb, kb[0] && say_host ? "   " : "",
                            say_host ? "on " : "", say_host ? host : "");
  paper_heading(paper, 0, finding->severity, word, rule->title);
  paper_rule_id(paper, 10, rule->id, rest);
  alloc_free(word);
  alloc_free(host);
  alloc_free(rest);
}

static void one_finding(struct paper *paper, const struct verdicts *verdicts,
                        const struct finding *finding, bool quiet) {
  title_lines(paper, verdicts, finding);
  paper_blank(paper);
  paper_paragraph(paper, 2, 2, finding->message);
  paper_blank(paper);
  how_we_know(paper, verdicts, finding);
  also_there(paper, verdicts, finding);
  if (given(finding->effect)) {
    paper_blank(paper);
    paper_say(paper, 2, 2, "What users see");
    paper_paragraph(paper, 4, 4, finding->effect);
  }
  steps(paper, "What to do", &finding->remediation, true);
  steps(paper, "Check", &finding->verify, finding->verify.count > 1);
  steps(paper, "Undo", &finding->undo, finding->undo.count > 1);
  closing(paper, verdicts, finding, quiet);
}

/* A rule that fires everywhere must not bury the others: the rest is counted. */
static void not_shown(struct paper *paper, const struct verdicts *verdicts, const size_t *of_rule) {
  for (size_t rule = 0; rule < verdicts->rule_count; rule++) {
    if (of_rule[rule] <= TEXT_FINDINGS_OF_RULE_MOST) continue;
    char *count =
        words_count(of_rule[rule] - TEXT_FINDINGS_OF_RULE_MOST, "more finding", "more findings");
    paper_say(paper, 0, 2, "... and %s of %s (see --format json)", count, verdicts->rules[rule].id);
    alloc_free(count);
  }
  paper_blank(paper);
}

void text_findings(struct paper *paper, const struct verdicts *verdicts, bool quiet) {
  size_t *of_rule = alloc_array(verdicts->rule_count, sizeof *of_rule);
  paper_blank(paper);
  for (size_t i = 0; i < verdicts->finding_count; i++) {
    const struct finding *finding = &verdicts->findings[i];
    if (finding->waiver) continue;
    if (of_rule[finding->rule]++ < TEXT_FINDINGS_OF_RULE_MOST)
      one_finding(paper, verdicts, finding, quiet);
  }
  not_shown(paper, verdicts, of_rule);
  alloc_free(of_rule);
}
