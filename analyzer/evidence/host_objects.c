/* <exchange>: the objects of the cmdlets in exchange_objects.tsv. Of a server's objects
 * those of this host, whichever of its exports lists them; what several exports of an
 * object say must agree. A kind that no export covers is marked, and so is one whose
 * exports are damaged, list parts only, or speak of other servers only. */
#include "evidence/host_objects.h"

#include "base/text.h"
#include "evidence/host_lending.h"
#include "evidence/iis_schema.h"

#include <string.h>

/* One kind of objects while it is gathered. */
struct gathering {
  struct host_build *build;
  const struct exchange_object *row;
  struct map *known; /* what it is -> struct gathered */
  size_t exports;    /* that list objects of this host, or should */
  bool others_only;  /* some export lists objects of other servers only */
};

struct gathered {
  xmlNode *node;
  size_t exports; /* that list it */
};

/* ---- Which objects are this host's ------------------------------------------------ */

static bool is_ours(const struct gathering *gathering, const struct reading *reading,
                    const xmlNode *told, bool borrowed) {
  char buffer[256];
  if (gathering->row->scope != SCOPE_SERVER) return true;
  const char *server = exchange_object_server(gathering->row, told, buffer);
  if (!server) return false;
  const char *host = gathering->build->group->name;
  return (host[0] && text_same_computer(server, host)) ||
         (!borrowed && reading->computer && text_same_computer(server, reading->computer));
}

/* What tells it from the others of its kind. Caller frees. */
static char *key_of(const xmlNode *told) {
  static const char *const names[] = {"identity", "component", "serviceName", "fileName", "name"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = node_get(told, names[i]);
    if (value && value[0]) return text_lower(value);
  }
  return alloc_text("");
}

/* ---- Two exports of one object ------------------------------------------------------ */

static void drop(xmlNode *node) {
  xmlUnlinkNode(node);
  xmlFreeNode(node);
}

static void drop_marks(xmlNode *node, const char *of) {
  for (xmlNode *mark = node_child(node, "unknown"), *next; mark; mark = next) {
    next = node_next(mark, "unknown");
    if (text_equal(node_get(mark, "of"), of)) drop(mark);
  }
}

static void conflict(const struct gathering *gathering, xmlNode *node, const char *of,
                     const xmlNode *told) {
  if (node_is_marked(node, of)) return;
  node_mark(node, of, gathering->row->element, UNKNOWN_CONFLICT, gathering->row->kind,
            "several exports differ", origin_of(told));
}

static void merge_attribute(const struct gathering *gathering, xmlNode *node, const xmlNode *told,
                            const char *name) {
  const char *had = node_get(node, name), *now = node_get(told, name);
  char *of = alloc_format("@%s", name);
  if (!had && now && !node_is_marked(node, of)) {
    /* an older version has none of it, a newer one has */
    conflict(gathering, node, of, told);
  } else if (!had && now) {
    drop_marks(node, of);
    node_set(node, name, now, node_attribute_origin(told, name));
  } else if (had && now && !text_equal_nocase(had, now)) {
    xmlUnsetProp(node, (const xmlChar *)name);
    conflict(gathering, node, of, told);
  }
  alloc_free(of);
}

/* The values of all its lists, in any order: a directory service keeps none. */
static struct map *values_of(const xmlNode *node) {
  struct map *values = map_new();
  for (const xmlNode *value = node_child(node, "value"); value; value = node_next(value, "value")) {
    char *plain = text_joined(node_get(value, "of"), "\t", node_get(value, "text"));
    char *key = text_lower(plain);
    *map_at(values, key) = values;
    alloc_free(key);
    alloc_free(plain);
  }
  return values;
}

static bool same_values(const xmlNode *a, const xmlNode *b) {
  struct map *left = values_of(a), *right = values_of(b);
  bool same = map_count(left) == map_count(right);
  for (size_t i = 0; i < map_count(left) && same; i++)
    same = map_get(right, map_key(left, i)) != NULL;
  map_free(left);
  map_free(right);
  return same;
}

static void take_values(xmlNode *node, const xmlNode *told) {
  for (xmlNode *value = node_child(node, "value"), *next; value; value = next) {
    next = node_next(value, "value");
    drop(value);
  }
  for (const xmlNode *value = node_child(told, "value"); value; value = node_next(value, "value"))
    (void)host_lending_copy(value, node);
}

static void merge_values(const struct gathering *gathering, xmlNode *node, xmlNode *told) {
  bool known = !node_is_marked(node, "value"), told_known = !node_is_marked(told, "value");
  if (!known && told_known) {
    drop_marks(node, "value");
    take_values(node, told);
  } else if (known && told_known && !same_values(node, told)) {
    conflict(gathering, node, "value", told);
  }
}

static void merge(const struct gathering *gathering, xmlNode *node, xmlNode *told) {
  bool lists = false;
  for (size_t i = 0; i < gathering->row->property_count; i++) {
    const struct exchange_property *property = &gathering->row->properties[i];
    if (property->form == PROPERTY_LIST)
      lists = true;
    else
      merge_attribute(gathering, node, told, property->attribute);
  }
  if (lists) merge_values(gathering, node, told);
}

/* ---- Gathering ------------------------------------------------------------------------ */

static void add_object(struct gathering *gathering, xmlNode *told, bool lent) {
  char *key = key_of(told);
  void **place = map_at(gathering->known, key);
  alloc_free(key);
  struct gathered *gathered = *place;
  if (gathered) {
    merge(gathering, gathered->node, told);
  } else {
    gathered = *place = alloc_bytes(sizeof *gathered);
    gathered->node = lent ? host_lending_copy(told, gathering->build->exchange) : told;
    if (!lent) node_move(told, gathering->build->exchange);
  }
  gathered->exports++;
}

/* One of another organization, collected into the same folder. */
static bool is_foreign(const struct gathering *gathering, const struct reading *reading) {
  const char *own = gathering->build->group->organization;
  return gathering->row->scope == SCOPE_ORGANIZATION && own && reading->organization &&
         !text_equal(own, reading->organization);
}

static void add_export(struct gathering *gathering, const struct reading *reading, bool borrowed) {
  const char *name = gathering->row->element;
  bool any = false, ours = false;
  if (is_foreign(gathering, reading)) {
    gathering->others_only = true;
    return;
  }
  for (xmlNode *told = reading->facts ? node_child(reading->facts, name) : NULL, *next; told;
       told = next) {
    next = node_next(told, name);
    any = true;
    if (!is_ours(gathering, reading, told, borrowed)) continue;
    ours = true;
    add_object(gathering, told, reading->lent);
  }
  if (ours || (!any && gathering->row->scope != SCOPE_SERVER))
    gathering->exports++;
  else
    gathering->others_only = true;
}

static void gather(struct gathering *gathering) {
  struct reading *reading;
  for (size_t position = 0;
       (reading = host_reading(gathering->build->group, gathering->row->kind, &position));)
    add_export(gathering, reading, false);
  for (size_t i = 0; i < gathering->build->group->borrowed_count; i++) {
    reading = gathering->build->group->borrowed[i];
    if (text_equal(reading->kind, gathering->row->kind)) add_export(gathering, reading, true);
  }
}

/* ---- What is missing -------------------------------------------------------------------- */

static bool has_member(const struct gathering *gathering, const char *condition) {
  const char *equals = strchr(condition, '=');
  char *attribute = alloc_text_n(condition, (size_t)(equals - condition));
  bool found = false;
  for (size_t i = 0; i < map_count(gathering->known) && !found; i++) {
    const struct gathered *gathered = map_value(gathering->known, i);
    found = text_equal_nocase(node_get(gathered->node, attribute), equals + 1);
  }
  alloc_free(attribute);
  return found;
}

static bool lists_parts(const struct gathering *gathering) {
  for (size_t i = 0; gathering->row->whole[i]; i++)
    if (!has_member(gathering, gathering->row->whole[i])) return true;
  return false;
}

static bool lists_differ(const struct gathering *gathering) {
  for (size_t i = 0; i < map_count(gathering->known); i++) {
    const struct gathered *gathered = map_value(gathering->known, i);
    if (gathered->exports < gathering->exports) return true;
  }
  return false;
}

/* What was borrowed was read to its end. */
static bool borrowed_whole(const struct gathering *gathering) {
  const struct host_group *group = gathering->build->group;
  for (size_t i = 0; i < group->borrowed_count; i++)
    if (text_equal(group->borrowed[i]->kind, gathering->row->kind) && !group->borrowed[i]->complete)
      return false;
  return true;
}

static void mark_missing(const struct gathering *gathering) {
  const struct exchange_object *row = gathering->row;
  struct doubt doubt = host_kind_doubt(gathering->build->group, row->kind, row->kind);
  if (!doubt.known && doubt.reason == UNKNOWN_NOT_IN_BUNDLE && gathering->exports > 0)
    doubt.known = borrowed_whole(gathering);
  const char *note = NULL;
  if (doubt.known && gathering->exports == 0) {
    doubt.reason = UNKNOWN_NOT_IN_BUNDLE;
    note = gathering->others_only ? "the export is of other servers, or of another organization"
                                  : NULL;
  } else if (doubt.known && lists_differ(gathering)) {
    doubt.reason = UNKNOWN_CONFLICT;
    note = "several exports list different objects";
  } else if (doubt.known && lists_parts(gathering)) {
    doubt.reason = UNKNOWN_AMBIGUOUS;
    note = "the export lists some of them only";
  } else if (doubt.known) {
    return;
  }
  if (note) {
    doubt_dispose(&doubt);
    doubt.note = alloc_text(note);
  }
  doubt_mark(gathering->build->exchange, row->element, "exchange", &doubt);
  doubt_dispose(&doubt);
}

static void build_kind(struct host_build *build, const struct exchange_object *row) {
  struct gathering gathering = {.build = build, .row = row, .known = map_new()};
  gather(&gathering);
  mark_missing(&gathering);
  for (size_t i = 0; i < map_count(gathering.known); i++)
    alloc_free(map_value(gathering.known, i));
  map_free(gathering.known);
}

void host_objects_build(struct host_build *build, bool exchange) {
  const struct exchange_objects *objects = build->objects;
  for (size_t i = 0; i < objects->count; i++)
    if (exchange || objects->items[i].scope == SCOPE_WINDOWS) build_kind(build, &objects->items[i]);
}

bool host_objects_of_exchange(const char *kind) {
  /* Asked of every artifact, and the table takes a millisecond to grow. */
  size_t size;
  if (!*kind || text_equal(kind, "web-config")) return false;
  if (!strstr(evidence_file("exchange_objects.tsv", &size), kind)) return false;
  struct exchange_objects *objects = exchange_objects_new();
  const struct exchange_object *row = exchange_objects_of_kind(objects, kind);
  bool is = row && row->scope != SCOPE_WINDOWS;
  exchange_objects_free(objects);
  return is;
}

bool host_objects_any(const struct host_build *build) {
  const struct exchange_objects *objects = build->objects;
  bool any = false;
  for (size_t i = 0; i < build->group->count && !any; i++) {
    const struct exchange_object *row =
        exchange_objects_of_kind(objects, build->group->readings[i]->kind);
    any = row && row->scope != SCOPE_WINDOWS;
  }
  return any;
}
