/* What several artifacts say of one certificate becomes one element. The bytes of
 * a certificate (DER) win over what a text dump prints of it. */
#include "evidence/certificate_merge.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct merged {
  xmlNode *node;
  bool from_der;
  bool names_told;
  bool from_kind[3]; /* index in kinds[] */
};

/* The bytes first, so that most text is only compared, not moved. */
static const char *const kinds[] = {"certificate-file", "get-exchangecertificate",
                                    "certutil-store"};
enum { KIND_COUNT = 3, KIND_TEXT = 2 };

static const char *const facts[] = {
    "subject",    "issuer",         "serialNumber", "notBefore", "notBeforeLatest",
    "notAfter",   "notAfterLatest", "keyAlgorithm", "keySize",   "signatureAlgorithm",
    "selfSigned", "friendlyName",   "archived"};
enum { FACT_COUNT = sizeof facts / sizeof *facts };

/* An archived certificate is told as such; silence means it is not. */
static bool may_be_absent(const char *fact) {
  return strcmp(fact, "archived") == 0;
}

static bool is_fact(const char *name) {
  for (size_t i = 0; i < FACT_COUNT; i++)
    if (strcmp(facts[i], name) == 0) return true;
  return strcmp(name, "thumbprint") == 0;
}

/* What only readers and stores need (hasPrivateKey, source) stays behind; their
 * marks too: what is missing in any certificate is marked for all. */
static void keep_facts(xmlNode *certificate, bool *names_marked) {
  for (xmlAttr *attribute = certificate->properties, *next; attribute; attribute = next) {
    next = attribute->next;
    if (!is_fact((const char *)attribute->name)) xmlRemoveProp(attribute);
  }
  for (xmlNode *child = certificate->children, *next; child; child = next) {
    next = child->next;
    bool element = child->type == XML_ELEMENT_NODE;
    if (element && strcmp((const char *)child->name, "name") == 0) continue;
    if (element && child->ns && text_equal(node_get(child, "of"), "name")) *names_marked = true;
    xmlUnlinkNode(child);
    xmlFreeNode(child);
  }
}

static void add_missing(struct merged *merged, xmlNode *other) {
  for (size_t i = 0; i < FACT_COUNT; i++) {
    const char *value = node_get(other, facts[i]);
    bool here = node_get(merged->node, facts[i]) != NULL;
    if (value && !here)
      node_set(merged->node, facts[i], value, node_attribute_origin(other, facts[i]));
  }
  if (merged->names_told) return;
  for (xmlNode *name = node_child(other, "name"), *next; name; name = next) {
    next = node_next(name, "name");
    node_move(name, merged->node);
    merged->names_told = true;
  }
}

/* Dates in a pair must come from one witness. */
static bool has_half_a_date(const xmlNode *node, const char *first, const char *second) {
  return (node_get(node, first) != NULL) != (node_get(node, second) != NULL);
}

static void settle_dates(xmlNode *node) {
  static const char *const pairs[][2] = {{"notBefore", "notBeforeLatest"},
                                         {"notAfter", "notAfterLatest"}};
  for (size_t i = 0; i < 2; i++) {
    if (!has_half_a_date(node, pairs[i][0], pairs[i][1])) continue;
    xmlUnsetProp(node, (const xmlChar *)pairs[i][0]);
    xmlUnsetProp(node, (const xmlChar *)pairs[i][1]);
  }
}

struct merge {
  struct host_build *build;
  struct map *certificates; /* thumbprint -> struct merged */
};

static void take(struct merge *merge, xmlNode *certificate, size_t kind) {
  char thumbprint[41];
  const char *told = node_get(certificate, "thumbprint");
  if (!told || !text_thumbprint(span_of(told), thumbprint)) return;
  void **place = map_at(merge->certificates, thumbprint);
  struct merged *merged = *place;
  bool names_marked = false;
  keep_facts(certificate, &names_marked);
  settle_dates(certificate);
  if (!merged) {
    merged = *place = alloc_bytes(sizeof *merged);
    merged->node = certificate;
    merged->from_der = kind != KIND_TEXT;
    merged->names_told =
        !names_marked && (merged->from_der || node_child(certificate, "name") != NULL);
    node_set(certificate, "thumbprint", thumbprint,
             node_attribute_origin(certificate, "thumbprint"));
    node_move(certificate, merge->build->certificates);
  } else {
    add_missing(merged, certificate);
  }
  merged->from_kind[kind] = true;
}

static void take_all(struct merge *merge, xmlNode *parent, size_t kind) {
  for (xmlNode *each = parent ? node_child(parent, "certificate") : NULL, *next; each;
       each = next) {
    next = node_next(each, "certificate");
    take(merge, each, kind);
  }
}

static void read_kind(struct merge *merge, size_t kind) {
  struct reading *reading;
  for (size_t position = 0;
       (reading = host_reading(merge->build->group, kinds[kind], &position));) {
    if (!reading->facts) continue;
    take_all(merge, reading->facts, kind);
    for (xmlNode *store = node_child(reading->facts, "store"); store;
         store = node_next(store, "store"))
      take_all(merge, store, kind);
  }
}

static void set_source(const struct merged *merged) {
  char text[96];
  size_t size = 0;
  for (size_t i = 0; i < KIND_COUNT && size < sizeof text; i++)
    if (merged->from_kind[i])
      size += (size_t)snprintf(text + size, sizeof text - size, "%s%s", size ? " " : "", kinds[i]);
  node_set(merged->node, "source", size ? text : "", origin_of(merged->node));
}

static void mark_fact(xmlNode *container, const char *fact) {
  char of[40] = "@";
  strncat(of, fact, sizeof of - 2);
  bool key_store = strcmp(fact, "friendlyName") == 0;
  node_mark(container, of, "certificate", UNKNOWN_NOT_IN_BUNDLE,
            key_store ? "get-exchangecertificate" : "get-exchangecertificate certificate-file",
            "no artifact tells it of every certificate", nowhere());
}

/* One mark serves all: where the attribute stands it is known all the same. */
static void mark_facts(struct merge *merge) {
  for (size_t fact = 0; fact < FACT_COUNT; fact++) {
    if (may_be_absent(facts[fact])) continue;
    bool missing = false;
    for (size_t i = 0; i < map_count(merge->certificates) && !missing; i++) {
      const struct merged *merged = map_value(merge->certificates, i);
      missing = node_get(merged->node, facts[fact]) == NULL;
    }
    if (missing) mark_fact(merge->build->certificates, facts[fact]);
  }
}

static void mark_names(struct merge *merge) {
  size_t told = 0, count = map_count(merge->certificates);
  for (size_t i = 0; i < count; i++)
    if (((const struct merged *)map_value(merge->certificates, i))->names_told) told++;
  const char *needs = "get-exchangecertificate certificate-file";
  if (told == 0 && count > 0)
    node_mark(merge->build->certificates, "name", "certificate", UNKNOWN_NOT_IN_BUNDLE, needs, NULL,
              nowhere());
  for (size_t i = 0; i < count && told > 0; i++) {
    const struct merged *merged = map_value(merge->certificates, i);
    if (!merged->names_told)
      node_mark(merged->node, "name", "certificate", UNKNOWN_NOT_IN_BUNDLE, needs, NULL,
                origin_of(merged->node));
  }
}

/* Marks stand before the names, as the schema has it. */
static void names_last(xmlNode *certificate) {
  xmlNode *mark = certificate->last;
  if (!mark || !mark->ns || !certificate->children || mark == certificate->children) return;
  xmlUnlinkNode(mark);
  xmlAddPrevSibling(certificate->children, mark);
}

struct map *certificates_merge(struct host_build *build) {
  struct merge merge = {.build = build, .certificates = map_new()};
  for (size_t kind = 0; kind < KIND_COUNT; kind++)
    read_kind(&merge, kind);
  mark_facts(&merge);
  mark_names(&merge);
  struct map *known = map_new();
  for (size_t i = 0; i < map_count(merge.certificates); i++) {
    struct merged *merged = map_value(merge.certificates, i);
    set_source(merged);
    names_last(merged->node);
    *map_at(known, map_key(merge.certificates, i)) = build;
    alloc_free(merged);
  }
  map_free(merge.certificates);
  return known;
}
