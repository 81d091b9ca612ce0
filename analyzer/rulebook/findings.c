/* From failed assertions to findings: one cause is one finding. */
#include "rulebook/findings.h"

#include "base/buffer.h"
#include "base/digest.h"
#include "base/map.h"
#include "base/text.h"
#include "rulebook/explain.h"
#include "rulebook/place.h"

#include <stdlib.h>
#include <string.h>

/* What a finding is besides what the report shows: same order as verdicts.findings. */
struct shadow {
  const struct rule_entry *entry;
  char *cause;      /* "" when the rule states none: then the context node is the cause */
  char *identity;   /* for the fingerprint */
  struct map *seen; /* element paths of its places */
  bool folded;
};

struct findings {
  struct verdicts *verdicts;
  bool explain;
  struct map *by_cause; /* "rule host cause" -> index + 1 */
  struct shadow *shadows;
  size_t count, capacity;
};

struct findings *findings_new(struct verdicts *verdicts, bool explain) {
  struct findings *findings = alloc_bytes(sizeof *findings);
  findings->verdicts = verdicts;
  findings->explain = explain;
  findings->by_cause = map_new();
  return findings;
}

void findings_free(struct findings *findings) {
  for (size_t i = 0; i < findings->count; i++) {
    alloc_free(findings->shadows[i].cause);
    alloc_free(findings->shadows[i].identity);
    map_free(findings->shadows[i].seen);
  }
  alloc_free(findings->shadows);
  map_free(findings->by_cause);
  alloc_free(findings);
}

/* ---- Places ---- */

static void place_dispose(struct place *place) {
  alloc_free(place->element);
  alloc_free(place->text);
}

static void add_place(struct finding *finding, struct shadow *shadow, struct place place) {
  void **seen = map_at(shadow->seen, place.element);
  if (*seen) {
    place_dispose(&place);
    return;
  }
  *seen = shadow;
  ARRAY_PUSH(finding->places, finding->place_count, finding->place_capacity) = place;
}

static void add_evidence(struct finding *finding, const xmlNode *own,
                         struct evaluation *evaluation) {
  xmlNodeSet *nodes = evaluation_nodes(evaluation, own, "select");
  const xmlNode *caption = own_element(own->children, "text");
  for (int i = 0; nodes && i < nodes->nodeNr && i < 20; i++) {
    char *text = caption ? evaluation_render(evaluation, caption, false) : NULL;
    struct place place = place_of(nodes->nodeTab[i], text);
    ARRAY_PUSH(finding->evidence, finding->evidence_count, finding->evidence_capacity) = place;
  }
  xmlXPathFreeNodeSet(nodes);
}

/* ---- Steps ---- */

/* A command is there to be pasted, and its values come from files that may be hostile: only
 * characters that mean nothing to cmd.exe and PowerShell pass, inside quotes or not. */
static bool is_harmless(const char *value) {
  static const char plain[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._-:/\\[]*,=@+";
  return value[strspn(value, plain)] == '\0' && *value;
}

/* The word that stands for a value: the last name of its expression, in capitals. */
static void add_placeholder(struct buffer *out, const xmlNode *value_of) {
  xmlChar *select = xmlGetNoNsProp((xmlNode *)value_of, (const xmlChar *)"select");
  const char *at = select ? strrchr((const char *)select, '@') : NULL;
  if (!at && select) at = strrchr((const char *)select, '$');
  size_t size = at ? strspn(at + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-") : 0;
  char *word = size ? alloc_text_n(at + 1, size) : alloc_text("value");
  char *capitals = text_upper(word);
  buffer_add_text(out, capitals);
  alloc_free(word);
  alloc_free(capitals);
  xmlFree(select);
}

static void add_value(struct buffer *out, const xmlNode *value_of, struct evaluation *evaluation) {
  char *value = evaluation_string(evaluation, value_of, "select");
  if (value && is_harmless(value))
    buffer_add_text(out, value);
  else
    add_placeholder(out, value_of);
  alloc_free(value);
}

static char *render_command(const xmlNode *run, struct evaluation *evaluation) {
  struct buffer out = buffer_make(1 << 16);
  for (const xmlNode *n = run->children; n; n = n->next) {
    if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
      buffer_add_text(&out, (const char *)n->content);
    else if (n->type == XML_ELEMENT_NODE)
      add_value(&out, n, evaluation);
  }
  struct span span = span_trim(span_of(buffer_text(&out)));
  char *command = span_copy(span);
  buffer_dispose(&out);
  return command;
}

static void add_step(struct steps *steps, const xmlNode *own, struct evaluation *evaluation) {
  const xmlNode *text = own_element(own->children, "text");
  const xmlNode *run = own_element(own->children, "run");
  xmlChar *shell = run ? xmlGetNoNsProp((xmlNode *)run, (const xmlChar *)"shell") : NULL;
  struct step step = {.text = text ? evaluation_render(evaluation, text, false) : alloc_text(""),
                      .shell = alloc_text(shell ? (const char *)shell : ""),
                      .command = run ? render_command(run, evaluation) : alloc_text("")};
  xmlFree(shell);
  ARRAY_PUSH(steps->items, steps->count, steps->capacity) = step;
}

static void add_steps(struct steps *steps, const xmlNode *diagnostic, const char *name,
                      struct evaluation *evaluation) {
  for (const xmlNode *s = own_element(diagnostic->children, name); s;
       s = own_element(s->next, name))
    add_step(steps, s, evaluation);
}

static void add_diagnostics(struct finding *finding, const struct schema_assertion *assertion,
                            struct evaluation *evaluation) {
  for (size_t i = 0; i < assertion->diagnostic_count; i++) {
    const xmlNode *diagnostic = assertion->diagnostics[i]->element;
    const xmlNode *effect = own_element(diagnostic->children, "effect");
    if (effect && !*finding->effect) {
      alloc_free(finding->effect);
      finding->effect = evaluation_render(evaluation, effect, false);
    }
    for (const xmlNode *e = own_element(diagnostic->children, "evidence"); e;
         e = own_element(e->next, "evidence"))
      add_evidence(finding, e, evaluation);
    add_steps(&finding->remediation, diagnostic, "step", evaluation);
    add_steps(&finding->verify, diagnostic, "verify", evaluation);
    add_steps(&finding->undo, diagnostic, "undo", evaluation);
  }
}

/* ---- Collecting ---- */

static char *own_string(struct evaluation *evaluation, const struct schema_assertion *assertion,
                        const char *name) {
  char *text = evaluation_string(evaluation, assertion->element, name);
  return text ? text : alloc_text("");
}

static enum severity severity_of(const struct schema_assertion *assertion) {
  enum severity severity = SEVERITY_INFO;
  return severity_from_word(assertion->role, &severity) ? severity : SEVERITY_INFO;
}

static size_t new_finding(struct findings *findings, size_t rule, const struct rule_entry *entry,
                          int host, const struct engine_outcome *outcome,
                          struct evaluation *evaluation, const char *cause) {
  struct verdicts *v = findings->verdicts;
  struct finding finding = {.rule = rule,
                            .host = host,
                            .severity = severity_of(outcome->assertion),
                            .message = evaluation_message(evaluation),
                            .effect = alloc_text(""),
                            .actual = own_string(evaluation, outcome->assertion, "actual"),
                            .expected = own_string(evaluation, outcome->assertion, "expected"),
                            .fingerprint = NULL};
  add_diagnostics(&finding, outcome->assertion, evaluation);
  if (findings->explain) finding.explanation = explanation_new(outcome, evaluation);
  struct shadow shadow = {.entry = entry,
                          .cause = alloc_text(cause),
                          .identity = *cause ? alloc_text(cause) : place_path(outcome->context),
                          .seen = map_new()};
  ARRAY_PUSH(v->findings, v->finding_count, v->finding_capacity) = finding;
  ARRAY_PUSH(findings->shadows, findings->count, findings->capacity) = shadow;
  return findings->count - 1;
}

void findings_add(struct findings *findings, size_t rule, const struct rule_entry *entry, int host,
                  const struct engine_outcome *outcome, struct evaluation *evaluation) {
  char *cause = own_string(evaluation, outcome->assertion, "cause");
  size_t index;
  if (*cause) {
    char *key = alloc_format("%zu %d %s", rule, host, cause);
    void **place = map_at(findings->by_cause, key);
    if (!*place)
      *place = (void *)(new_finding(findings, rule, entry, host, outcome, evaluation, cause) + 1);
    index = (size_t)*place - 1;
    alloc_free(key);
  } else {
    index = new_finding(findings, rule, entry, host, outcome, evaluation, cause);
  }
  alloc_free(cause);
  struct finding *finding = &findings->verdicts->findings[index];
  if (severity_of(outcome->assertion) > finding->severity)
    finding->severity = severity_of(outcome->assertion);
  add_place(finding, &findings->shadows[index], place_of(evaluation_subject(evaluation), NULL));
}

/* ---- Settling ---- */

static void finding_dispose(struct finding *finding);

static bool explains(const struct findings *findings, size_t deep, size_t shallow) {
  const struct finding *d = &findings->verdicts->findings[deep],
                       *s = &findings->verdicts->findings[shallow];
  const struct shadow *ds = &findings->shadows[deep], *ss = &findings->shadows[shallow];
  if (deep == shallow || ds->folded || d->host != s->host) return false;
  if (*ds->cause && *ss->cause && !text_equal(ds->cause, ss->cause)) return false;
  for (size_t i = 0; i < ss->entry->superseded_by_count; i++)
    if (text_equal(ss->entry->superseded_by[i], ds->entry->facts.id)) return true;
  return false;
}

static void add_consequence(struct finding *finding, const char *id) {
  for (size_t i = 0; i < finding->consequence_count; i++)
    if (text_equal(finding->consequences[i], id)) return;
  finding->consequences =
      alloc_resize(finding->consequences, finding->consequence_count + 1, sizeof(char *));
  size_t at = finding->consequence_count++;
  for (; at > 0 && strcmp(finding->consequences[at - 1], id) > 0; at--)
    finding->consequences[at] = finding->consequences[at - 1];
  finding->consequences[at] = alloc_text(id);
}

static void fold(struct findings *findings, size_t deep, size_t shallow) {
  struct finding *d = &findings->verdicts->findings[deep],
                 *s = &findings->verdicts->findings[shallow];
  for (size_t i = 0; i < s->place_count; i++) {
    struct place place = s->places[i];
    add_place(d, &findings->shadows[deep], place);
  }
  s->place_count = 0; /* they moved */
  if (s->severity > d->severity) d->severity = s->severity;
  add_consequence(d, findings->shadows[shallow].entry->facts.id);
  for (size_t i = 0; i < s->consequence_count; i++)
    add_consequence(d, s->consequences[i]);
  findings->shadows[shallow].folded = true;
}

/* The rules that may supersede are few; findings of one rule are found through an
 * index by rule, so that 100,000 findings of one rule stay linear in their causes. */
static void fold_all(struct findings *findings) {
  struct map *by_rule_cause = map_new();
  struct verdicts *v = findings->verdicts;
  for (size_t i = findings->count; i-- > 0;) {
    char *key = alloc_format("%s %d %s", findings->shadows[i].entry->facts.id, v->findings[i].host,
                             findings->shadows[i].cause);
    *map_at(by_rule_cause, key) = (void *)(i + 1);
    alloc_free(key);
  }
  for (size_t i = 0; i < findings->count; i++) {
    const struct rule_entry *entry = findings->shadows[i].entry;
    for (size_t s = 0; s < entry->superseded_by_count && !findings->shadows[i].folded; s++) {
      char *same = alloc_format("%s %d %s", entry->superseded_by[s], v->findings[i].host,
                                findings->shadows[i].cause);
      char *any = alloc_format("%s %d ", entry->superseded_by[s], v->findings[i].host);
      size_t deep = (size_t)map_get(by_rule_cause, same);
      if (!deep) deep = (size_t)map_get(by_rule_cause, any);
      if (deep && explains(findings, deep - 1, i)) fold(findings, deep - 1, i);
      alloc_free(same);
      alloc_free(any);
    }
  }
  map_free(by_rule_cause);
}

static void set_fingerprint(struct finding *finding, const struct shadow *shadow,
                            const struct verdicts *v) {
  const char *host = finding->host >= 0 ? v->hosts[finding->host].name : "fleet";
  char *text = alloc_format("%s\n%s\n%s", shadow->entry->facts.id, host, shadow->identity);
  finding->fingerprint = alloc_bytes(65);
  digest_sha256(text, strlen(text), finding->fingerprint);
  alloc_free(text);
}

static int by_importance(const void *left, const void *right) {
  const struct finding *a = left, *b = right;
  if (!a->waiver != !b->waiver) return a->waiver ? 1 : -1;
  if (a->severity != b->severity) return a->severity > b->severity ? -1 : 1;
  if (a->host != b->host) return a->host < b->host ? -1 : 1;
  if (a->rule != b->rule) return a->rule < b->rule ? -1 : 1;
  const struct place *p = a->places, *q = b->places;
  if (p->artifact != q->artifact) return p->artifact < q->artifact ? -1 : 1;
  if (p->line != q->line) return p->line < q->line ? -1 : 1;
  if (p->column != q->column) return p->column < q->column ? -1 : 1;
  return strcmp(a->fingerprint, b->fingerprint);
}

void findings_sort(struct verdicts *verdicts) {
  if (verdicts->finding_count)
    qsort(verdicts->findings, verdicts->finding_count, sizeof *verdicts->findings, by_importance);
}

void findings_settle(struct findings *findings) {
  struct verdicts *v = findings->verdicts;
  fold_all(findings);
  size_t kept = 0;
  for (size_t i = 0; i < findings->count; i++) {
    if (findings->shadows[i].folded) {
      finding_dispose(&v->findings[i]);
      continue;
    }
    set_fingerprint(&v->findings[i], &findings->shadows[i], v);
    v->findings[kept++] = v->findings[i];
  }
  v->finding_count = kept;
  findings_sort(v);
}

static void steps_dispose(struct steps *steps) {
  for (size_t i = 0; i < steps->count; i++) {
    alloc_free(steps->items[i].text);
    alloc_free(steps->items[i].shell);
    alloc_free(steps->items[i].command);
  }
  alloc_free(steps->items);
}

static void places_dispose(struct place *places, size_t count) {
  for (size_t i = 0; i < count; i++)
    place_dispose(&places[i]);
  alloc_free(places);
}

static void finding_dispose(struct finding *finding) {
  alloc_free(finding->message);
  alloc_free(finding->effect);
  alloc_free(finding->actual);
  alloc_free(finding->expected);
  alloc_free(finding->fingerprint);
  explanation_free(finding->explanation);
  places_dispose(finding->places, finding->place_count);
  places_dispose(finding->evidence, finding->evidence_count);
  steps_dispose(&finding->remediation);
  steps_dispose(&finding->verify);
  steps_dispose(&finding->undo);
  for (size_t i = 0; i < finding->consequence_count; i++)
    alloc_free(finding->consequences[i]);
  alloc_free(finding->consequences);
}
