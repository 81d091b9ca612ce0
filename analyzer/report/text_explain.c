/* check --explain and check --profile-rules as text. */
#include "report/explain.h"
#include "report/text_parts.h"
#include "report/words.h"

#include "base/text.h"

#include <inttypes.h>

static bool given(const char *text) {
  return text && text[0];
}

static void place_line(struct paper *paper, unsigned indent, const struct verdicts *verdicts,
                       const struct place *place) {
  char *where = words_place(verdicts, place);
  paper_columns(paper, indent, where, 34, given(place->text) ? place->text : place->element);
  alloc_free(where);
}

static void places(struct paper *paper, const struct verdicts *verdicts,
                   const struct explained_value *value) {
  for (size_t i = 0; i < value->place_count; i++)
    place_line(paper, 6, verdicts, &value->places[i]);
  text_and_more(paper, 6, value->place_count, value->node_count);
}

static void variable(struct paper *paper, const struct verdicts *verdicts,
                     const struct explained_value *value) {
  paper_say(paper, 4, 6, "%s = %s%s%s%s", value->name, value->known ? "\"" : "(not known) \"",
            value->text, "\"", value->node_count > 1 ? " ..." : "");
  if (given(value->source)) paper_say(paper, 6, 8, "from %s", value->source);
  places(paper, verdicts, value);
}

static void read_path(struct paper *paper, const struct verdicts *verdicts,
                      const struct explained_value *value) {
  if (value->plain) {
    variable(paper, verdicts, value);
    return;
  }
  if (value->node_count == 0) {
    paper_say(paper, 4, 6, "%s: %s", value->name,
              value->known ? "nothing there" : "nothing there, as far as is known");
    return;
  }
  paper_say(paper, 4, 6, "%s%s", value->name, value->known ? "" : " (not all is known)");
  places(paper, verdicts, value);
}

static void chain(struct paper *paper, const struct verdicts *verdicts,
                  const struct explanation *why) {
  paper_say(paper, 2, 4, "rule     %s:%u", why->file, why->line);
  paper_say(paper, 2, 11, "context  %s", why->context);
  paper_say(paper, 2, 11, "%s  %s", why->is_report ? "report " : "assert ", why->test);
  paper_say(paper, 2, 4,
            "It %s at this node, so the rule fails:", why->is_report ? "holds" : "does not hold");
  place_line(paper, 4, verdicts, &why->node);
  paper_paragraph(paper, 4, 6, why->node.element);
  if (why->variable_count) paper_say(paper, 2, 2, "Variables");
  for (size_t i = 0; i < why->variable_count; i++)
    variable(paper, verdicts, &why->variables[i]);
  if (why->read_count) paper_say(paper, 2, 2, "What it read");
  for (size_t i = 0; i < why->read_count; i++)
    read_path(paper, verdicts, &why->reads[i]);
}

static void one_finding(struct paper *paper, const struct verdicts *verdicts,
                        const struct finding *finding) {
  char *host = words_host(verdicts, finding->host);
  paper_blank(paper);
  paper_say(paper, 0, 2, "%s, on %s%s", severity_word(finding->severity), host,
            finding->waiver ? " (waived)" : "");
  paper_paragraph(paper, 2, 2, finding->message);
  paper_blank(paper);
  if (finding->explanation) chain(paper, verdicts, finding->explanation);
  if (finding->place_count > 1)
    paper_say(paper, 2, 4, "The same holds at %zu more %s.", finding->place_count - 1,
              finding->place_count == 2 ? "place" : "places");
  alloc_free(host);
}

static bool is_consequence(const struct finding *finding, const char *rule) {
  for (size_t i = 0; i < finding->consequence_count; i++)
    if (text_equal(finding->consequences[i], rule)) return true;
  return false;
}

static void other_verdicts(struct paper *paper, const struct verdicts *verdicts, size_t rule) {
  for (size_t i = 0; i < verdicts->rule_verdict_count; i++) {
    const struct rule_verdict *v = &verdicts->rule_verdicts[i];
    if (v->rule != rule) continue;
    char *host = words_host(verdicts, v->host);
    paper_say(paper, 0, 2,
              "%s: %s; of its assertions %zu hold, %zu fail, %zu are not known, %zu in error.",
              host, verdict_word(v->verdict), v->passed, v->failed, v->unknown, v->errors);
    alloc_free(host);
  }
  for (size_t g = 0; g < verdicts->unknown_count; g++) {
    const struct unknown_group *group = &verdicts->unknowns[g];
    for (size_t i = 0; i < group->item_count; i++) {
      if (group->items[i].rule != rule) continue;
      char *reason = words_reason(group->items[i].reason);
      paper_say(paper, 2, 4, "not known: %s%s%s%s%s", reason,
                given(group->needs) ? "; would tell: " : "", group->needs,
                given(group->items[i].note) ? "; " : "", group->items[i].note);
      alloc_free(reason);
    }
  }
}

char *explain_text(const struct verdicts *verdicts, const char *rule,
                   const struct report_style *style) {
  struct paper paper = paper_make(style);
  paper_say(&paper, 0, 2, "EXPLAIN   %s", rule);
  size_t number = 0;
  while (number < verdicts->rule_count && !text_equal(verdicts->rules[number].id, rule))
    number++;
  if (number == verdicts->rule_count) {
    paper_say(&paper, 0, 2, "This rule did not run: it is not among those chosen.");
    return buffer_take(&paper.out);
  }
  other_verdicts(&paper, verdicts, number);
  for (size_t i = 0; i < verdicts->finding_count; i++) {
    const struct finding *finding = &verdicts->findings[i];
    if (finding->rule == number)
      one_finding(&paper, verdicts, finding);
    else if (is_consequence(finding, rule))
      paper_say(&paper, 0, 2, "Its finding is a consequence of %s.",
                verdicts->rules[finding->rule].id);
  }
  return buffer_take(&paper.out);
}

char *costs_text(const struct verdicts *verdicts) {
  struct buffer out = buffer_make(1 << 20);
  buffer_add_text(&out, "         time  contexts      tests  rule\n");
  for (size_t i = 0; verdicts->costs && i < verdicts->rule_count; i++) {
    const struct rule_cost *cost = &verdicts->costs[i];
    buffer_add_format(&out, "%6" PRIu64 ".%03u ms %9zu  %9zu  %s\n", cost->nanoseconds / 1000000,
                      (unsigned)(cost->nanoseconds / 1000 % 1000), cost->contexts,
                      cost->evaluations, verdicts->rules[cost->rule].id);
  }
  return buffer_take(&out);
}
