/* Includes, and extends by href (ISO/IEC 19757-3:2016, 5.4.3 and 5.4.4; for schema
 * and pattern of the 2020 edition, for library and group of 2025): what other files hold is put in
 * place before anything else is looked at. */
#include "schematron/schema_plan.h"

#include "base/text.h"

#include <string.h>

enum { INCLUDE_DEPTH_MOST = 32, SCHEMA_FILES_MOST = 1000 };

struct chain { /* of files being included */
  const char *path, *fragment;
  const struct chain *outer;
  unsigned depth;
};

static void resolve_below(struct schema *schema, xmlNode *parent, const struct chain *chain);

static bool in_chain(const struct chain *chain, const char *path, const char *fragment) {
  for (; chain != NULL; chain = chain->outer)
    if (text_equal(chain->path, path) && text_equal(chain->fragment, fragment)) return true;
  return false;
}

/* ---- Targets --------------------------------------------------------------- */

static bool has_id(const xmlNode *node, const char *id) {
  for (xmlAttr *each = node->properties; each != NULL; each = each->next) {
    if (!text_equal((const char *)each->name, "id")) continue;
    char *value = schema_attribute_text(each);
    bool found = text_equal(value, id);
    alloc_free(value);
    if (found) return true;
  }
  return false;
}

static xmlNode *find_fragment(xmlNode *node, const char *id) {
  for (; node != NULL; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    if (has_id(node, id)) return node;
    xmlNode *below = find_fragment(node->children, id);
    if (below != NULL) return below;
  }
  return NULL;
}

static xmlNode *read_target(struct schema *schema, const xmlNode *at, const char *href,
                            const char *fragment, char path[512]) {
  size_t size = 0;
  char *read = schema->options.reader == NULL
                   ? NULL
                   : schema->options.reader(schema->options.data, schema_path_of(schema, at), href,
                                            &size, path);
  if (read == NULL) {
    schema_error(schema, at, 0, "'%s' cannot be read", href);
    return NULL;
  }
  char *text = alloc_text_n(read, size); /* the parser wants a NUL behind it */
  alloc_free(read);
  if (!schema_read_file(schema, path, text, size)) return NULL;
  xmlNode *root = xmlDocGetRootElement(schema->files[schema->file_count - 1].document);
  xmlNode *target = fragment == NULL ? root : find_fragment(root, fragment);
  if (target == NULL) schema_error(schema, at, 0, "'%s' has no element '%s'", href, fragment);
  return target;
}

/* ---- Putting in place ------------------------------------------------------ */

/* The namespaces that the nodes refer to stay with the file they came from. */
static void move_before(xmlNode *place, xmlNode *node) {
  xmlUnlinkNode(node);
  xmlAddPrevSibling(place, node);
}

static void move_content(xmlNode *place, const xmlNode *target) {
  for (xmlNode *each = target->children, *next = NULL; each != NULL; each = next) {
    next = each->next;
    if (each->type == XML_ELEMENT_NODE && !schema_is(each, "title")) move_before(place, each);
  }
}

static bool is_xslt(const xmlNode *element) { /* an xsl:key */
  return element->ns != NULL && text_equal((const char *)element->ns->href, XSLT_NAMESPACE);
}

/* A whole schema that is included gives its contents, anything else itself. */
static void put_included(struct schema *schema, xmlNode *include, const xmlNode *at,
                         xmlNode *target, const char *path) {
  if (!schema_is_any(target) && !is_xslt(target))
    schema_error(schema, at, 0, "'%s' holds no element of Schematron", path);
  else if (schema_is(target, "schema") || schema_is(target, "library"))
    move_content(include, target);
  else
    move_before(include, target);
}

/* A rule that is taken over may itself extend abstract rules of its own file. */
static void copy_rule(struct schema *schema, xmlNode *place, const xmlNode *rule, unsigned depth) {
  for (xmlNode *each = rule->children; each != NULL; each = each->next) {
    if (each->type != XML_ELEMENT_NODE) continue;
    char *id = schema_is(each, "extends") ? schema_value(each, "rule") : NULL;
    xmlNode *own = id == NULL ? NULL : find_fragment(xmlDocGetRootElement(rule->doc), id);
    alloc_free(id);
    if (!schema_is(own, "rule")) {
      xmlNode *made = schema_copy(schema, each);
      if (made != NULL) xmlAddPrevSibling(place, made);
    } else if (depth >= INCLUDE_DEPTH_MOST) {
      schema_error(schema, own, AT_NAME, "this rule extends itself");
    } else {
      size_t errors = schema->errors;
      copy_rule(schema, place, own, depth + 1);
      if (schema->errors > errors) return; /* said once */
    }
  }
}

/* The ids of a rule or pattern that is taken over are those of a copy: it may be
 * taken over in several places. */
static void put_extended(struct schema *schema, xmlNode *extends, const xmlNode *at,
                         const xmlNode *target, const char *path) {
  const char *wanted = (const char *)extends->parent->name;
  bool library = text_equal(wanted, "schema") && schema_is(target, "library");
  if (!schema_is(target, wanted) && !library) {
    schema_error(schema, at, 0, "'%s' gives '%s' where a %s is needed", path,
                 (const char *)target->name, wanted);
    return;
  }
  xmlNode *before = extends->prev;
  if (text_equal(wanted, "rule"))
    copy_rule(schema, extends, target, 0);
  else
    move_content(extends, target);
  if (text_equal(wanted, "schema") || text_equal(wanted, "library")) return;
  xmlNode *each = before == NULL ? extends->parent->children : before->next;
  for (; each != extends; each = each->next)
    *pointers_at(&schema->extended, each) = each;
}

/* ---- Walking --------------------------------------------------------------- */

static void bring_in(struct schema *schema, xmlNode *element, const struct chain *chain) {
  xmlAttr *attribute = schema_find_attribute(element, "href");
  if (attribute == NULL) { /* the element is gone before its shape is looked at */
    schema_error(schema, element, AT_NAME, "include needs an attribute 'href'");
    return;
  }
  const xmlNode *at = (const xmlNode *)attribute;
  char *href = schema_attribute_text(attribute);
  char *fragment = strchr(href, '#');
  if (fragment != NULL) *fragment++ = '\0';
  char path[512] = "";
  xmlNode *target = NULL;
  if (chain->depth >= INCLUDE_DEPTH_MOST || schema->file_count >= SCHEMA_FILES_MOST)
    schema_error(schema, at, 0, "too many includes");
  else if (href[0] == '\0')
    schema_error(schema, at, 0, "an include needs another file");
  else
    target = read_target(schema, at, href, fragment, path);
  struct chain inner = {path, fragment, chain, chain->depth + 1};
  if (target != NULL && in_chain(chain, path, fragment)) {
    schema_error(schema, at, 0, "'%s' includes itself", path);
  } else if (target != NULL) {
    resolve_below(schema, target, &inner); /* while its chain is known */
    if (schema_is(element, "include"))
      put_included(schema, element, at, target, path);
    else
      put_extended(schema, element, at, target, path);
  }
  alloc_free(href);
}

/* An extends with both rule and href is left to the check of the shape. */
static bool is_extends_by_href(const xmlNode *element) {
  return schema_is(element, "extends") && schema_find_attribute(element, "href") != NULL &&
         schema_find_attribute(element, "rule") == NULL &&
         (schema_is(element->parent, "rule") || schema_is_pattern(element->parent) ||
          schema_is(element->parent, "schema") || schema_is(element->parent, "library"));
}

static void resolve_below(struct schema *schema, xmlNode *parent, const struct chain *chain) {
  for (xmlNode *each = parent->children, *next = NULL; each != NULL; each = next) {
    next = each->next;
    if (!schema_is(each, "include") && !is_extends_by_href(each)) {
      if (schema_is_any(each)) resolve_below(schema, each, chain);
      continue;
    }
    bring_in(schema, each, chain);
    xmlUnlinkNode(each);
    xmlFreeNode(each);
  }
}

void schema_resolve_includes(struct schema *schema) {
  struct chain chain = {schema->files[0].path, NULL, NULL, 0};
  resolve_below(schema, schema->root, &chain);
}
