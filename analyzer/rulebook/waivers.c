/* Waivers: reading them, and what they cover. */
#include "rulebook/waivers.h"

#include "base/moment.h"
#include "base/origin.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "rulebook/findings.h"

#include <string.h>

struct waiver {
  char *rule, *host, *artifact, *element, *who, *why, *until;
  int64_t until_seconds;
  unsigned line;
};

struct waivers {
  char *path;
  struct waiver *items;
  size_t count, capacity;
};

/* ---- Reading ---- */

static const char *const names[] = {"rule", "host", "artifact", "element", "who", "why", "until"};
enum { NAMES = sizeof names / sizeof *names };

static bool complain(struct diags *diags, const char *path, const xmlNode *at,
                     const char *message) {
  struct origin origin = origin_of(at);
  diags_add(diags, DIAG_ERROR, path, origin.line, origin.column, "%s", message);
  return false;
}

static char *value_of(const xmlNode *element, const char *name) {
  xmlChar *value = xmlGetNoNsProp(element, (const xmlChar *)name);
  char *copy = value ? span_copy(span_trim(span_of((const char *)value))) : NULL;
  xmlFree(value);
  return copy;
}

static bool check_name(struct diags *diags, const char *path, const xmlAttr *attribute) {
  const char *name = (const char *)attribute->name, *near = NULL;
  size_t least = strlen(name) / 3 + 2;
  for (size_t i = 0; i < NAMES; i++) {
    size_t distance = text_distance(name, names[i]);
    if (distance == 0 && !attribute->ns) return true;
    if (distance >= least) continue;
    least = distance;
    near = names[i];
  }
  char *message = alloc_format("waiver has no attribute '%s'%s%s%s", name,
                               near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
  complain(diags, path, (const xmlNode *)attribute, message);
  alloc_free(message);
  return false;
}

/* A date alone holds to the end of its day. */
static bool parse_until(const char *text, int64_t *seconds) {
  if (!moment_parse(text, seconds)) return false;
  if (strlen(text) == 10) *seconds += 24 * 60 * 60 - 1;
  return true;
}

static bool check_waiver(struct diags *diags, const char *path, const xmlNode *element,
                         struct waiver *waiver) {
  static const char *const needed[] = {"rule", "who", "why", "until"};
  const char *const given[] = {waiver->rule, waiver->who, waiver->why, waiver->until};
  bool good = true;
  for (const xmlAttr *a = element->properties; a; a = a->next)
    good = check_name(diags, path, a) && good;
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    if (given[i] && *given[i]) continue;
    char *message = alloc_format("waiver needs an attribute '%s'", needed[i]);
    good = complain(diags, path, element, message);
    alloc_free(message);
  }
  if (waiver->until && *waiver->until && !parse_until(waiver->until, &waiver->until_seconds))
    good = complain(diags, path, element, "until is not a date; write it like 2026-06-30");
  return good;
}

static char *or_any(char *glob) {
  return glob ? glob : alloc_text("*");
}

static bool read_waiver(struct waivers *waivers, const xmlNode *element, struct diags *diags) {
  struct waiver waiver = {.rule = value_of(element, "rule"),
                          .host = or_any(value_of(element, "host")),
                          .artifact = or_any(value_of(element, "artifact")),
                          .element = or_any(value_of(element, "element")),
                          .who = value_of(element, "who"),
                          .why = value_of(element, "why"),
                          .until = value_of(element, "until"),
                          .line = origin_of(element).line};
  bool good = check_waiver(diags, waivers->path, element, &waiver);
  ARRAY_PUSH(waivers->items, waivers->count, waivers->capacity) = waiver;
  return good;
}

static bool read_all(struct waivers *waivers, const xmlNode *root, struct diags *diags) {
  bool good = true;
  if (!text_equal((const char *)root->name, "waivers") || root->ns)
    return complain(diags, waivers->path, root,
                    "this is no waiver file: its document element must be 'waivers'");
  for (const xmlNode *n = root->children; n; n = n->next) {
    if (n->type != XML_ELEMENT_NODE) continue;
    if (text_equal((const char *)n->name, "waiver") && !n->ns)
      good = read_waiver(waivers, n, diags) && good;
    else
      good = complain(diags, waivers->path, n, "waivers holds nothing but 'waiver' elements");
  }
  return good;
}

struct waivers *waivers_read(const char *path, const char *text, size_t size, struct diags *diags) {
  struct xml_failure failure;
  struct xml_source_options options = {.source = 1};
  xmlDoc *document = xml_source_parse(text, size, &options, &failure);
  if (!document) {
    diags_add(diags, DIAG_ERROR, path, failure.line, failure.column, "%s", failure.message);
    return NULL;
  }
  struct waivers *waivers = alloc_bytes(sizeof *waivers);
  waivers->path = alloc_text(path);
  bool good = read_all(waivers, xmlDocGetRootElement(document), diags);
  xmlFreeDoc(document);
  if (good) return waivers;
  waivers_free(waivers);
  return NULL;
}

void waivers_free(struct waivers *waivers) {
  if (!waivers) return;
  for (size_t i = 0; i < waivers->count; i++) {
    struct waiver *w = &waivers->items[i];
    alloc_free(w->rule);
    alloc_free(w->host);
    alloc_free(w->artifact);
    alloc_free(w->element);
    alloc_free(w->who);
    alloc_free(w->why);
    alloc_free(w->until);
  }
  alloc_free(waivers->items);
  alloc_free(waivers->path);
  alloc_free(waivers);
}

/* ---- Applying ---- */

static const char *host_name(const struct verdicts *v, int host) {
  return host >= 0 && v->hosts[host].name ? v->hosts[host].name : "";
}

static bool fits_place(const struct waiver *waiver, const struct verdicts *v,
                       const struct place *place) {
  const char *path = place->artifact >= 0 ? v->artifacts[place->artifact].path : "";
  return text_glob(waiver->artifact, path) && text_glob(waiver->element, place->element);
}

static bool fits_finding(const struct waiver *waiver, const struct verdicts *v,
                         const struct finding *finding) {
  return text_equal(waiver->rule, v->rules[finding->rule].id) &&
         text_glob(waiver->host, host_name(v, finding->host));
}

enum day { DAY_RUNNING, DAY_OVER, DAY_NOT_KNOWN };

/* Is the day of a waiver over at the moment that a host is judged at? */
static enum day day_of(const struct waiver *waiver, const struct verdicts *v, int host) {
  if (host < 0 || !v->hosts[host].has_as_of) return DAY_NOT_KNOWN;
  return v->hosts[host].as_of > waiver->until_seconds ? DAY_OVER : DAY_RUNNING;
}

/* 1 + the waiver that covers the place and is in force; 0. */
static size_t covers(const struct waivers *waivers, const struct verdicts *v,
                     const struct finding *finding, const struct place *place) {
  for (size_t i = 0; i < waivers->count; i++) {
    const struct waiver *w = &waivers->items[i];
    if (fits_finding(w, v, finding) && fits_place(w, v, place) &&
        day_of(w, v, finding->host) == DAY_RUNNING)
      return i + 1;
  }
  return 0;
}

static void judge_finding(const struct waivers *waivers, const struct verdicts *v,
                          struct finding *finding) {
  size_t first = 0;
  for (size_t i = 0; i < finding->place_count; i++) {
    size_t one = covers(waivers, v, finding, &finding->places[i]);
    if (!one) return;
    if (!first) first = one;
  }
  finding->waiver = first;
}

static bool fits_any_place(const struct waiver *waiver, const struct verdicts *v,
                           const struct finding *finding) {
  for (size_t i = 0; i < finding->place_count; i++)
    if (fits_place(waiver, v, &finding->places[i])) return true;
  return false;
}

/* What a waiver met in the findings of a run. */
struct met {
  size_t whole, part, over, undated;
};

static struct met meet(const struct waiver *waiver, const struct verdicts *v) {
  struct met met = {0};
  for (size_t i = 0; i < v->finding_count; i++) {
    const struct finding *finding = &v->findings[i];
    if (!fits_finding(waiver, v, finding) || !fits_any_place(waiver, v, finding)) continue;
    enum day day = day_of(waiver, v, finding->host);
    if (day == DAY_OVER)
      met.over++;
    else if (day == DAY_NOT_KNOWN)
      met.undated++;
    else if (finding->waiver)
      met.whole++;
    else
      met.part++;
  }
  return met;
}

static bool over_everywhere(const struct waiver *waiver, const struct verdicts *v) {
  bool any = false;
  for (size_t i = 0; i < v->host_count; i++) {
    if (!text_glob(waiver->host, host_name(v, (int)i))) continue;
    if (day_of(waiver, v, (int)i) != DAY_OVER) return false;
    any = true;
  }
  return any;
}

static bool has_run(const struct verdicts *v, const char *rule) {
  for (size_t i = 0; i < v->rule_count; i++)
    if (text_equal(v->rules[i].id, rule)) return true;
  return false;
}

static void set_status(const struct waiver *waiver, const struct rulebook *rulebook,
                       const struct verdicts *v, struct waiver_facts *facts) {
  struct met met = meet(waiver, v);
  const char *near = NULL;
  bool known = rulebook_find(rulebook, waiver->rule, &near) >= 0;
  facts->findings = met.whole + met.part + met.over + met.undated;
  facts->near = alloc_text(!known && near ? near : "");
  if (met.whole)
    facts->status = WAIVER_USED;
  else if (met.part)
    facts->status = WAIVER_PARTLY;
  else if (met.over || over_everywhere(waiver, v))
    facts->status = WAIVER_EXPIRED;
  else if (met.undated)
    facts->status = WAIVER_UNDATED;
  else if (!known)
    facts->status = WAIVER_NO_RULE;
  else if (!has_run(v, waiver->rule))
    facts->status = WAIVER_NOT_RUN;
  else
    facts->status = WAIVER_UNUSED;
}

void waivers_apply(const struct waivers *waivers, const struct rulebook *rulebook,
                   struct verdicts *verdicts) {
  for (size_t i = 0; i < verdicts->finding_count; i++)
    judge_finding(waivers, verdicts, &verdicts->findings[i]);
  verdicts->waivers = alloc_array(waivers->count, sizeof *verdicts->waivers);
  verdicts->waiver_count = waivers->count;
  for (size_t i = 0; i < waivers->count; i++) {
    const struct waiver *w = &waivers->items[i];
    struct waiver_facts *facts = &verdicts->waivers[i];
    *facts = (struct waiver_facts){.rule = alloc_text(w->rule),
                                   .host = alloc_text(w->host),
                                   .artifact = alloc_text(w->artifact),
                                   .element = alloc_text(w->element),
                                   .who = alloc_text(w->who),
                                   .why = alloc_text(w->why),
                                   .until = alloc_text(w->until),
                                   .file = alloc_text(waivers->path),
                                   .line = w->line};
    set_status(w, rulebook, verdicts, facts);
  }
  findings_sort(verdicts);
}
