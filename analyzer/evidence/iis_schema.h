/* Facts of the IIS configuration schema: the rows of iis_schema.tsv, and the tree
 * that they make for one version of IIS. */
#ifndef SITEGLASS_EVIDENCE_IIS_SCHEMA_H
#define SITEGLASS_EVIDENCE_IIS_SCHEMA_H

#include "base/map.h"
#include "base/text.h"

#include <libxml/tree.h>
#include <stdbool.h>

/* ---- Rows -------------------------------------------------------------------- */

/* A row; the spans point into the embedded text and live for ever. The head of
 * iis_schema.tsv says what stands in each. */
struct iis_fact {
  struct span section, element, attribute, type, value, names, rule, traits, since, until;
};

/* Walks the rows in order: `*position` starts at 0. False at the end. */
bool iis_schema_row(size_t *position, struct iis_fact *fact);

/* The text of a file of this module that was compiled in; "" when unknown. */
const char *evidence_file(const char *path, size_t *size);

/* ---- The tree ---------------------------------------------------------------- */

enum schema_type {
  SCHEMA_STRING,
  SCHEMA_BOOL,
  SCHEMA_UINT,
  SCHEMA_INT,
  SCHEMA_INT64,
  SCHEMA_ENUM,
  SCHEMA_FLAGS,
  SCHEMA_TIME_SPAN,
};

enum schema_rule {
  RULE_NONE,
  RULE_RANGE,
  RULE_NOT_RANGE,
  RULE_TIME_RANGE,
  RULE_NOT_EMPTY,
  RULE_TRIMMED,
  RULE_SITE_NAME,
  RULE_POOL_NAME,
  RULE_APPLICATION_PATH,
  RULE_DIRECTORY_PATH,
};

struct schema_name {
  const char *name;
  uint64_t number;
};

struct schema_attribute {
  const char *name;
  enum schema_type type;
  const char *value; /* the default; NULL: none */
  struct schema_name *names;
  size_t name_count;
  enum schema_rule rule;
  int64_t least, most, step;
  bool required, key, part_key, by_case, expand, encrypted, infinite, in_seconds, in_minutes;
};

struct schema_element;

/* What add, remove and clear are called, and what their items hold. */
struct schema_collection {
  const char **adds;
  size_t add_count;
  const char *remove, *clear; /* NULL: there is none */
  const char *defaults;       /* "siteDefaults"; NULL */
  bool before, duplicates, any_attribute;
  struct schema_element *item;
};

struct schema_element {
  const char *name;
  struct schema_attribute *attributes;
  size_t attribute_count, attribute_capacity;
  struct schema_element **children;
  size_t child_count, child_capacity;
  struct schema_collection *collection; /* NULL: none */
  bool is_defaults;
  bool foreign; /* of another product: what it holds is not known */
};

struct schema_section {
  const char *path;
  bool framework; /* ASP.NET and .NET read it; machine.config and root web.config declare it */
  bool module;    /* comes with a module of its own, which may be newer than the facts */
  bool whole;     /* of a module: the server's own schema files say what it has */
  bool foreign;   /* known by name only: no schema */
  struct schema_element *root; /* NULL when foreign */
};

struct iis_schema;

/* 10.0 after 8.5, by its parts: below, equal or above 0. */
int iis_version_order(const char *a, const char *b);

/* version: "7.5" .. "10.0", "10.0.1709"; NULL: the newest. */
struct iis_schema *iis_schema_new(const char *version) MUST_USE;
/* With what the server's own schema files add: the schemaFact elements in <configuration>. */
struct iis_schema *iis_schema_new_of(const xmlNode *configuration, const char *version) MUST_USE;
/* One fact more. Its section, element or attribute must not be known yet; the spans are copied. */
void iis_schema_add(struct iis_schema *schema, const struct iis_fact *fact);
void iis_schema_free(struct iis_schema *schema);
const struct schema_section *iis_schema_section(const struct iis_schema *schema, const char *path);
const struct schema_section *iis_schema_section_at(const struct iis_schema *schema, size_t index);
size_t iis_schema_section_count(const struct iis_schema *schema);
/* Is it a group above some section: "system.webServer/security"? */
bool iis_schema_group(const struct iis_schema *schema, const char *path);

const struct schema_attribute *schema_attribute(const struct schema_element *element,
                                                const char *name);
const struct schema_element *schema_child(const struct schema_element *element, const char *name);
/* Is `name` one of the collection's adds? */
bool schema_adds(const struct schema_collection *collection, const char *name);

#endif
