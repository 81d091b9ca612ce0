/* What could not be decided, grouped by what would decide it. */
#include "rulebook/unknowns.h"

#include "base/map.h"
#include "base/text.h"
#include "evidence/kinds.h"

#include <stdlib.h>
#include <string.h>

struct unknowns {
  struct verdicts *verdicts;
  struct map *groups; /* needs -> index + 1 */
  struct map *items;  /* "needs rule host reason note" -> index in the group + 1 */
};

struct unknowns *unknowns_new(struct verdicts *verdicts) {
  struct unknowns *unknowns = alloc_bytes(sizeof *unknowns);
  unknowns->verdicts = verdicts;
  unknowns->groups = map_new();
  unknowns->items = map_new();
  return unknowns;
}

void unknowns_free(struct unknowns *unknowns) {
  map_free(unknowns->groups);
  map_free(unknowns->items);
  alloc_free(unknowns);
}

static struct unknown_group *group_for(struct unknowns *unknowns, const char *needs) {
  struct verdicts *v = unknowns->verdicts;
  void **place = map_at(unknowns->groups, needs);
  if (!*place) {
    struct unknown_group group = {.needs = alloc_text(needs)};
    ARRAY_PUSH(v->unknowns, v->unknown_count, v->unknown_capacity) = group;
    *place = (void *)v->unknown_count;
  }
  return &v->unknowns[(size_t)*place - 1];
}

static void add_cause(struct unknowns *unknowns, size_t rule, int host, enum severity severity,
                      const struct unknown_cause *cause) {
  struct unknown_group *group = group_for(unknowns, cause->needs);
  char *key =
      alloc_format("%s\n%zu %d %s\n%s", cause->needs, rule, host, cause->reason, cause->note);
  void **place = map_at(unknowns->items, key);
  alloc_free(key);
  if (!*place) {
    struct unknown_item item = {.rule = rule,
                                .host = host,
                                .severity = severity,
                                .reason = alloc_text(cause->reason),
                                .note = alloc_text(cause->note)};
    ARRAY_PUSH(group->items, group->item_count, group->item_capacity) = item;
    *place = (void *)group->item_count;
  }
  struct unknown_item *item = &group->items[(size_t)*place - 1];
  item->places++;
  if (severity > item->severity) item->severity = severity;
}

void unknowns_add(struct unknowns *unknowns, size_t rule, int host, enum severity severity,
                  const struct unknown_cause *causes, size_t count) {
  for (size_t i = 0; i < count; i++)
    add_cause(unknowns, rule, host, severity, &causes[i]);
}

static int by_severity(const void *left, const void *right) {
  const struct unknown_item *a = left, *b = right;
  if (a->severity != b->severity) return a->severity > b->severity ? -1 : 1;
  if (a->rule != b->rule) return a->rule < b->rule ? -1 : 1;
  if (a->host != b->host) return a->host < b->host ? -1 : 1;
  int order = strcmp(a->reason, b->reason);
  return order ? order : strcmp(a->note, b->note);
}

static int by_decided(const void *left, const void *right) {
  const struct unknown_group *a = left, *b = right;
  if (a->rule_count != b->rule_count) return a->rule_count > b->rule_count ? -1 : 1;
  return strcmp(a->needs, b->needs);
}

static void settle_group(struct unknown_group *group, size_t rule_count) {
  qsort(group->items, group->item_count, sizeof *group->items, by_severity);
  bool *seen = alloc_array(rule_count, sizeof *seen);
  for (size_t i = 0; i < group->item_count; i++) {
    if (!seen[group->items[i].rule]) group->rule_count++;
    seen[group->items[i].rule] = true;
  }
  alloc_free(seen);
  char *first = alloc_text_n(group->needs, strcspn(group->needs, " "));
  const struct evidence_kind *kind = evidence_kind_find(first);
  alloc_free(first);
  group->shell = alloc_text(kind && kind->shell ? kind->shell : "");
  group->command = alloc_text(kind && kind->command ? kind->command : "");
  group->file = alloc_text(kind && kind->file ? kind->file : "");
}

void unknowns_settle(struct unknowns *unknowns) {
  struct verdicts *v = unknowns->verdicts;
  for (size_t i = 0; i < v->unknown_count; i++)
    settle_group(&v->unknowns[i], v->rule_count);
  if (v->unknown_count) qsort(v->unknowns, v->unknown_count, sizeof *v->unknowns, by_decided);
}
