/* Which HTTP.SYS record serves an https binding, and what it names: what the
 * sources say is compared; one answer becomes a certificateBinding, several that
 * differ a conflict, none a mark. Records that answer some of its clients with
 * another certificate follow, one certificateBinding each. */
#include "evidence/http_sys_sources.h"

#include "base/text.h"

#include <string.h>

/* ---- Together ---------------------------------------------------------------------------- */

/* "My", "MY" and "" are one store. */
static bool same_store(const char *a, const char *b) {
  return text_equal_nocase(*a ? a : "my", *b ? b : "my");
}

static bool agree(const struct answer *a, const struct answer *b) {
  const struct answer *none = a->what == ANSWER_NONE ? a : b, *other = none == a ? b : a;
  if (none->what == ANSWER_NONE && other->what != ANSWER_NONE)
    return other->fallback || (other->what == ANSWER_NAMES && !*other->hash);
  if (a->what != b->what) return false;
  return a->what != ANSWER_NAMES || strcmp(a->hash, b->hash) == 0;
}

static void set_store(xmlNode *element, const char *store, struct origin origin) {
  char *lower = text_lower(*store ? store : "my");
  node_set(element, "store", lower, origin);
  alloc_free(lower);
}

/* The best witness: netsh before the export, what names before what does not. */
static const struct answer *best_answer(const struct answers *answers) {
  const struct answer *best = &answers->items[0];
  for (size_t i = 1; i < answers->count; i++)
    if (best->what == ANSWER_NONE && answers->items[i].what != ANSWER_NONE)
      best = &answers->items[i];
  return best;
}

static void mark_facts(xmlNode *element, enum unknown_reason reason, const char *needs,
                       const char *note) {
  static const char *const facts[] = {"@inStore", "@hasPrivateKey", "@usable"};
  for (size_t i = 0; i < 3; i++)
    node_mark(element, facts[i], "certificateBinding", reason, needs, note, origin_of(element));
}

static xmlNode *add_agreed(xmlNode *binding, const struct answers *answers) {
  const struct answer *answer = best_answer(answers);
  if (answer->what == ANSWER_NONE) return NULL;
  struct origin origin = origin_of(answer->element);
  xmlNode *element = node_add(binding, "certificateBinding", origin);
  bool central = answer->what == ANSWER_CENTRAL_STORE;
  if (!central)
    node_set(element, "certificateHash", answer->hash,
             node_attribute_origin(answer->element, "certificateHash"));
  node_set(element, "source", answer->reading->kind, origin);
  node_set(element, "record", node_get(answer->element, "record"), origin);
  if (central) {
    const char *note = "the certificate is a file on the share of the central certificate store";
    node_mark(element, "@certificateHash", "certificateBinding", UNKNOWN_NOT_IN_BUNDLE, "", note,
              origin);
    mark_facts(element, UNKNOWN_NOT_IN_BUNDLE, "", note);
    return element;
  }
  for (size_t i = 0; i < answers->count; i++) {
    const struct answer *other = &answers->items[i];
    if (other->what != ANSWER_NAMES || same_store(other->store, answer->store)) continue;
    node_mark(element, "@store", "certificateBinding", UNKNOWN_CONFLICT, "",
              "artifacts name different stores", origin);
    mark_facts(element, UNKNOWN_CONFLICT, "", "artifacts name different stores");
    return element;
  }
  set_store(element, answer->store, node_attribute_origin(answer->element, "store"));
  return element;
}

static char *describe_claim(const struct answer *answer) {
  const char *path = answer->reading->artifact->path;
  if (answer->what == ANSWER_NONE) return alloc_format("%s has no record", path);
  if (answer->what == ANSWER_CENTRAL_STORE) return alloc_format("%s: central store", path);
  return alloc_format("%s: %s", path, *answer->hash ? answer->hash : "no certificate");
}

static char *describe_conflict(const struct answers *answers) {
  char *note = alloc_text("");
  for (size_t i = 0; i < answers->count; i++) {
    char *claim = describe_claim(&answers->items[i]);
    char *longer = alloc_format("%s%s%s", note, *note ? "; " : "", claim);
    alloc_free(note);
    alloc_free(claim);
    note = longer;
  }
  return note;
}

static xmlNode *add_conflict(xmlNode *binding, const struct answers *answers) {
  struct origin origin = origin_of(binding);
  xmlNode *element = node_add(binding, "certificateBinding", origin);
  node_set(element, "conflict", "true", origin);
  char *note = describe_conflict(answers);
  static const char *const unknown[] = {"@certificateHash", "@store", "@source", "@record"};
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
    node_mark(element, unknown[i], "certificateBinding", UNKNOWN_CONFLICT,
              "netsh-sslcert get-webbinding", note, origin);
  mark_facts(element, UNKNOWN_CONFLICT, "netsh-sslcert get-webbinding", note);
  alloc_free(note);
  for (size_t i = 0; i < answers->count; i++) {
    const struct answer *answer = &answers->items[i];
    struct origin where = answer->element ? origin_of(answer->element) : nowhere();
    if (where.source == 0) where.source = answer->reading->artifact->number + 1;
    xmlNode *claim = node_add(element, "claim", where);
    node_set(claim, "certificateHash", answer->hash, where);
    node_set(claim, "source", answer->reading->kind, where);
  }
  return element;
}

/* ---- One host ------------------------------------------------------------------------------ */

struct join {
  struct host_build *build;
  struct sources sources;
  struct answers answers; /* of the binding at hand */
  xmlNode **unanswered;
  size_t unanswered_count, unanswered_capacity;
  size_t answered;
  struct answers others; /* that serve some of its clients */
  bool unclear;          /* a conflict, or a certificate on the share: who knows which it is */
  struct doubt records;  /* are all records of HTTP.SYS known? netsh's alone to tell */
};

static bool names_the_same(const xmlNode *element, const struct answer *answer) {
  const char *hash = node_get(element, "certificateHash"), *store = node_get(element, "store");
  return hash && store && strcmp(hash, answer->hash) == 0 && same_store(store, answer->store);
}

/* Is it there already, as the binding's own or from another dump? */
static bool is_repeated(const xmlNode *binding, const struct answer *answer) {
  const xmlNode *element = node_child(binding, "certificateBinding");
  if (names_the_same(element, answer)) return true;
  while ((element = node_next(element, "certificateBinding")))
    if (names_the_same(element, answer) &&
        text_equal_nocase(node_get(element, "record"), node_get(answer->element, "record")))
      return true;
  return false;
}

static void note_served(struct join *join, xmlNode *element) {
  struct node_list *served = &join->build->served;
  ARRAY_PUSH(served->items, served->count, served->capacity) = element;
  if (!node_get(element, "certificateHash")) join->unclear = true;
}

/* Some clients of the binding are answered by another record, with another certificate. */
static void add_others(struct join *join, xmlNode *binding) {
  http_sys_others(&join->sources, &join->build->https, binding, &join->others);
  for (size_t i = 0; i < join->others.count; i++) {
    struct answer *other = &join->others.items[i];
    struct answers alone = {.items = other, .count = 1};
    if (!is_repeated(binding, other)) note_served(join, add_agreed(binding, &alone));
  }
}

/* While records may be missing, another one may be nearer to some clients, or serve a
 * binding without a record of its own: what is known need not be all. */
static void doubt_others(struct join *join, xmlNode *binding, bool served) {
  if (join->records.known || (served && !http_sys_may_have_others(binding))) return;
  doubt_mark(binding, "certificateBinding", "binding", &join->records);
  join->unclear = true;
}

static void join_binding(struct join *join, const xmlNode *site, xmlNode *binding) {
  http_sys_ask(&join->sources, site, binding, &join->answers);
  if (join->answers.count == 0) {
    ARRAY_PUSH(join->unanswered, join->unanswered_count, join->unanswered_capacity) = binding;
    return;
  }
  join->answered++;
  bool all_agree = true;
  for (size_t i = 1; i < join->answers.count; i++)
    for (size_t j = 0; j < i && all_agree; j++)
      all_agree = agree(&join->answers.items[j], &join->answers.items[i]);
  xmlNode *element =
      all_agree ? add_agreed(binding, &join->answers) : add_conflict(binding, &join->answers);
  doubt_others(join, binding, element != NULL);
  if (!element) return;
  note_served(join, element);
  if (all_agree) add_others(join, binding);
}

static struct doubt why_unanswered(const struct join *join) {
  static const char *const needs = "netsh-sslcert get-webbinding";
  const struct host_group *group = join->build->group;
  struct doubt doubt = host_kind_doubt(group, "netsh-sslcert", needs);
  if (!doubt.known && doubt.reason == UNKNOWN_NOT_IN_BUNDLE)
    doubt = host_kind_doubt(group, "get-webbinding", needs);
  if (doubt.known) doubt = (struct doubt){.reason = UNKNOWN_NOT_IN_BUNDLE, .needs = needs};
  return doubt;
}

static void mark_unanswered(struct join *join) {
  struct doubt doubt = why_unanswered(join);
  if (join->answered == 0 && (join->sources.count == 0 || join->unanswered_count > 0)) {
    doubt_mark(join->build->sites, "certificateBinding", "binding", &doubt);
  } else {
    for (size_t i = 0; i < join->unanswered_count; i++)
      doubt_mark(join->unanswered[i], "certificateBinding", "binding", &doubt);
  }
  doubt_dispose(&doubt);
}

/* The name of a record is netsh's alone to tell. */
static void mark_record(struct join *join) {
  if (!join->records.known)
    doubt_mark(join->build->sites, "@record", "certificateBinding", &join->records);
}

static void join_all(struct join *join) {
  const struct node_list *https = &join->build->https;
  for (size_t i = 0; i < https->count; i++)
    join_binding(join, https->items[i]->parent->parent, https->items[i]);
}

/* ---- <httpSys> ----------------------------------------------------------------------------- */

static void require_record(xmlNode *record) {
  static const char *const names[] = {"record", "port", "certificateHash", "store"};
  for (size_t i = 0; i < 4; i++)
    if (!node_get(record, names[i])) node_set(record, names[i], "", origin_of(record));
}

/* Was it in an earlier dump, or in this one in another spelling? */
static bool is_known_record(struct map *seen, xmlNode *record) {
  char *key = http_sys_identity(record);
  void **place = map_at(seen, key);
  alloc_free(key);
  if (*place) return true;
  *place = record;
  return false;
}

/* `seen` NULL: there is one dump, and its reader leaves out what repeats. */
static size_t move_dump(xmlNode *facts, struct map *seen, xmlNode *http_sys) {
  size_t count = 0;
  xmlNode *record = facts ? node_child(facts, "sslCertificate") : NULL;
  for (xmlNode *next; record; record = next, count++) {
    next = node_next(record, "sslCertificate");
    if (seen && is_known_record(seen, record)) continue;
    require_record(record);
    node_move(record, http_sys);
  }
  return count;
}

static size_t count_dumps(const struct host_group *group) {
  size_t count = 0;
  for (size_t position = 0; host_reading(group, "netsh-sslcert", &position);)
    count++;
  return count;
}

/* Moves the records in. Dumps of different content are of different moments: then
 * what holds now is not known. */
static void move_records(struct join *join) {
  const struct host_group *group = join->build->group;
  struct map *seen = count_dumps(group) > 1 ? map_new() : NULL;
  bool differ = false, first = true;
  struct reading *reading;
  for (size_t position = 0; (reading = host_reading(group, "netsh-sslcert", &position));
       first = false) {
    size_t before = seen ? map_count(seen) : 0;
    size_t own = move_dump(reading->facts, seen, join->build->http_sys);
    if (!first && (map_count(seen) != before || own != before)) differ = true;
  }
  if (seen) map_free(seen);
  if (join->records.known && differ)
    node_mark(join->build->http_sys, "sslCertificate", "httpSys", UNKNOWN_CONFLICT, "netsh-sslcert",
              "several dumps of HTTP.SYS differ", nowhere());
  else if (!join->records.known)
    doubt_mark(join->build->http_sys, "sslCertificate", "httpSys", &join->records);
}

static bool all_uses_known(const struct join *join) {
  return join->unanswered_count == 0 && join->sources.count > 0 && !join->unclear &&
         join->build->group->server.known;
}

void http_sys_join(struct host_build *build) {
  struct join join = {.build = build,
                      .sources = http_sys_sources_make(build->group),
                      .records = host_kind_doubt(build->group, "netsh-sslcert", "netsh-sslcert")};
  join_all(&join);
  mark_unanswered(&join);
  mark_record(&join);
  move_records(&join);
  build->uses_known = all_uses_known(&join);
  http_sys_sources_dispose(&join.sources);
  doubt_dispose(&join.records);
  alloc_free(join.answers.items);
  alloc_free(join.others.items);
  alloc_free(join.unanswered);
}
