/* What several artifacts say of one certificate becomes one element. The bytes of
 * a certificate (DER) win over what a text dump prints of it. */
#include "evidence/certificate_merge.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct merged {
  xmlNode *node;
  unsigned told; /* one bit for each of facts[] */
  bool names_told;
};

/* The bytes first, so that most text is only compared, not moved. */
static const char *const kinds[] = {"certificate-file", "get-exchangecertificate",
                                    "registry-certificates", "cert-drive", "certutil-store"};
enum { KIND_COUNT = 5, KIND_TEXT = 4 };

static const char *const facts[] = {"subject",
                                    "issuer",
                                    "serialNumber",
                                    "notBefore",
                                    "notBeforeLatest",
                                    "notAfter",
                                    "notAfterLatest",
                                    "keyAlgorithm",
                                    "keySize",
                                    "signatureAlgorithm",
                                    "selfSigned",
                                    "extendedKeyUsage",
                                    "subjectKeyIdentifier",
                                    "authorityKeyIdentifier",
                                    "friendlyName",
                                    "archived"};
enum { FACT_COUNT = sizeof facts / sizeof *facts };

/* An archived certificate is told as such; silence means it is not. */
enum { MAY_BE_ABSENT = 1u << (FACT_COUNT - 1) };

/* FACT_COUNT when it is none. */
static size_t fact_number(const char *name) {
  size_t i = 0;
  while (i < FACT_COUNT && (facts[i][0] != name[0] || strcmp(facts[i], name) != 0))
    i++;
  return i;
}

/* What only readers and stores need (hasPrivateKey, source) stays behind. */
static unsigned keep_attributes(xmlNode *certificate) {
  unsigned told = 0;
  for (xmlAttr *attribute = certificate->properties, *next; attribute; attribute = next) {
    next = attribute->next;
    const char *name = (const char *)attribute->name;
    size_t fact = fact_number(name);
    if (fact < FACT_COUNT &&
        !(1u << fact & MAY_BE_ABSENT && text_equal(node_get(certificate, name), "false")))
      told |= 1u << fact;
    else if (strcmp(name, "thumbprint") != 0)
      xmlRemoveProp(attribute);
  }
  return told;
}

/* Marks of the readers too: what is missing in any certificate is marked for all. */
static void keep_names(xmlNode *certificate, bool *names_marked) {
  for (xmlNode *child = certificate->children, *next; child; child = next) {
    next = child->next;
    bool element = child->type == XML_ELEMENT_NODE;
    if (element && strcmp((const char *)child->name, "name") == 0) continue;
    if (element && child->ns && text_equal(node_get(child, "of"), "name")) *names_marked = true;
    xmlUnlinkNode(child);
    xmlFreeNode(child);
  }
}

static void add_missing(struct merged *merged, xmlNode *other, unsigned told, bool names_known) {
  for (size_t i = 0; i < FACT_COUNT; i++)
    if (told & ~merged->told & 1u << i)
      node_set(merged->node, facts[i], node_get(other, facts[i]),
               node_attribute_origin(other, facts[i]));
  merged->told |= told;
  if (merged->names_told) return;
  for (xmlNode *name = node_child(other, "name"), *next; name; name = next) {
    next = node_next(name, "name");
    node_move(name, merged->node);
    merged->names_told = true;
  }
  merged->names_told = merged->names_told || names_known;
}

/* Dates in a pair must come from one witness. */
static unsigned settle_dates(xmlNode *node, unsigned told) {
  static const char *const pairs[][2] = {{"notBefore", "notBeforeLatest"},
                                         {"notAfter", "notAfterLatest"}};
  for (size_t i = 0; i < 2; i++) {
    unsigned both = 1u << fact_number(pairs[i][0]) | 1u << fact_number(pairs[i][1]);
    if ((told & both) == 0 || (told & both) == both) continue;
    xmlUnsetProp(node, (const xmlChar *)pairs[i][0]);
    xmlUnsetProp(node, (const xmlChar *)pairs[i][1]);
    told &= ~both;
  }
  return told;
}

struct merge {
  struct host_build *build;
  struct map *numbers; /* thumbprint -> number in items + 1 */
  struct merged *items;
  size_t count, capacity;
};

static void take(struct merge *merge, xmlNode *certificate, bool from_der) {
  char thumbprint[41];
  const char *given = node_get(certificate, "thumbprint");
  if (!given || !text_thumbprint(span_of(given), thumbprint)) return;
  bool names_marked = false;
  bool names_known = from_der || text_equal(node_get(certificate, "namesKnown"), "true");
  unsigned told = settle_dates(certificate, keep_attributes(certificate));
  keep_names(certificate, &names_marked);
  void **place = map_at(merge->numbers, thumbprint);
  if (*place) {
    add_missing(&merge->items[(size_t)*place - 1], certificate, told, names_known && !names_marked);
    return;
  }
  struct merged merged = {
      certificate, told, !names_marked && (names_known || node_child(certificate, "name") != NULL)};
  node_set(certificate, "thumbprint", thumbprint, node_attribute_origin(certificate, "thumbprint"));
  node_move(certificate, merge->build->certificates);
  ARRAY_PUSH(merge->items, merge->count, merge->capacity) = merged;
  *place = (void *)merge->count;
}

static void take_all(struct merge *merge, xmlNode *parent, bool from_der) {
  for (xmlNode *each = parent ? node_child(parent, "certificate") : NULL, *next; each;
       each = next) {
    next = node_next(each, "certificate");
    take(merge, each, from_der);
  }
}

static void read_kind(struct merge *merge, size_t kind) {
  struct reading *reading;
  for (size_t position = 0;
       (reading = host_reading(merge->build->group, kinds[kind], &position));) {
    if (!reading->facts) continue;
    take_all(merge, reading->facts, kind != KIND_TEXT);
    for (xmlNode *store = node_child(reading->facts, "store"); store;
         store = node_next(store, "store"))
      take_all(merge, store, kind != KIND_TEXT);
  }
}

static void mark_fact(xmlNode *container, const char *fact) {
  char of[40];
  snprintf(of, sizeof of, "@%s", fact);
  bool key_store = strcmp(fact, "friendlyName") == 0;
  node_mark(container, of, "certificate", UNKNOWN_NOT_IN_BUNDLE,
            key_store ? "get-exchangecertificate" : "get-exchangecertificate certificate-file",
            "no artifact tells it of every certificate", nowhere());
}

/* One mark serves all: where the attribute stands it is known all the same. */
static void mark_facts(struct merge *merge) {
  unsigned missing = 0;
  for (size_t i = 0; i < merge->count; i++)
    missing |= ~merge->items[i].told;
  for (size_t fact = 0; fact < FACT_COUNT; fact++)
    if (missing & ~MAY_BE_ABSENT & 1u << fact) mark_fact(merge->build->certificates, facts[fact]);
}

static void mark_names(struct merge *merge) {
  size_t told = 0;
  for (size_t i = 0; i < merge->count; i++)
    if (merge->items[i].names_told) told++;
  const char *needs = "get-exchangecertificate certificate-file";
  if (told == 0 && merge->count > 0)
    node_mark(merge->build->certificates, "name", "certificate", UNKNOWN_NOT_IN_BUNDLE, needs, NULL,
              nowhere());
  for (size_t i = 0; i < merge->count && told > 0; i++) {
    const struct merged *merged = &merge->items[i];
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
  struct merge merge = {.build = build, .numbers = map_new()};
  for (size_t kind = 0; kind < KIND_COUNT; kind++)
    read_kind(&merge, kind);
  mark_facts(&merge);
  mark_names(&merge);
  for (size_t i = 0; i < merge.count; i++)
    names_last(merge.items[i].node);
  alloc_free(merge.items);
  return merge.numbers;
}

void certificate_add_undescribed(struct host_build *build, const char *thumbprint,
                                 const char *needs) {
  xmlNode *certificate = node_add(build->certificates, "certificate", nowhere());
  node_set(certificate, "thumbprint", thumbprint, nowhere());
  const char *note = "nothing in the bundle describes this certificate";
  for (size_t i = 0; i < FACT_COUNT; i++) {
    char of[40];
    snprintf(of, sizeof of, "@%s", facts[i]);
    node_mark(certificate, of, "certificate", UNKNOWN_NOT_IN_BUNDLE, needs, note, nowhere());
  }
  node_mark(certificate, "name", "certificate", UNKNOWN_NOT_IN_BUNDLE, needs, note, nowhere());
}
