/* Abstract patterns and rules: copied to where they are used, before anything is
 * compiled. A parameter `$name` is replaced as text in every attribute, the
 * longest name first (ISO/IEC 19757-3, 5.4.9 and 5.4.12). */
#include "schematron/schema_plan.h"

#include "base/text.h"

#include <string.h>

enum { EXTENDS_DEPTH_MOST = 32, COPIES_MOST = 100000, VALUE_MOST = 1024 * 1024 };

struct parameters {
  struct parameter {
    char *name, *value;
  } * items;
  size_t count, capacity;
  bool used; /* something was replaced */
};

static xmlNode *copy(struct schema *schema, xmlNode *node, struct parameters *parameters);

/* ---- Copies ---------------------------------------------------------------- */

static char *substitute(const char *text, struct parameters *parameters) {
  struct buffer out = buffer_make(VALUE_MOST);
  while (*text != '\0') {
    const struct parameter *found = NULL;
    for (size_t i = 0; *text == '$' && i < parameters->count; i++) {
      const struct parameter *each = &parameters->items[i];
      if (text_starts(text + 1, each->name) &&
          (found == NULL || strlen(each->name) > strlen(found->name)))
        found = each;
    }
    if (found == NULL) {
      buffer_add_char(&out, *text++);
      continue;
    }
    parameters->used = true;
    buffer_add_text(&out, found->value);
    text += 1 + strlen(found->name);
  }
  return buffer_take(&out);
}

static void substitute_attribute(xmlAttr *attribute, struct parameters *parameters) {
  char *value = schema_attribute_text(attribute);
  char *changed = substitute(value, parameters);
  if (!text_equal(value, changed)) {
    xmlFreeNodeList(attribute->children);
    attribute->children = attribute->last = xmlNewDocText(attribute->doc, BAD_CAST changed);
    attribute->children->parent = (xmlNode *)attribute;
  }
  alloc_free(value);
  alloc_free(changed);
}

/* libxml2's copy leaves `_private` behind, and with it the positions. */
static void finish_copy(const xmlNode *from, xmlNode *to, struct parameters *parameters) {
  if (from->type != XML_ELEMENT_NODE) return;
  to->_private = from->_private;
  xmlAttr *attribute = to->properties;
  for (const xmlAttr *each = from->properties; each != NULL; each = each->next) {
    attribute->_private = each->_private;
    if (parameters != NULL) substitute_attribute(attribute, parameters);
    attribute = attribute->next;
  }
  xmlNode *child = to->children;
  for (const xmlNode *each = from->children; each != NULL && child != NULL; each = each->next) {
    finish_copy(each, child, parameters);
    child = child->next;
  }
}

xmlNode *schema_copy(struct schema *schema, xmlNode *node) {
  return copy(schema, node, NULL);
}

static xmlNode *copy(struct schema *schema, xmlNode *node, struct parameters *parameters) {
  if (++schema->copies > COPIES_MOST) return NULL;
  xmlNode *made = xmlDocCopyNode(node, schema->root->doc, 1);
  if (made != NULL) finish_copy(node, made, parameters);
  return made;
}

static bool is_abstract(const xmlNode *element) {
  char *value = schema_value(element, "abstract");
  bool is = text_equal(value, "true");
  alloc_free(value);
  return is;
}

static bool has_id(const xmlNode *element, const char *id) {
  char *value = schema_value(element, "id");
  bool has = value != NULL && text_equal(value, id);
  alloc_free(value);
  return has;
}

/* ---- Patterns -------------------------------------------------------------- */

/* Of the same kind: a group is made of an abstract group. */
static xmlNode *find_pattern(const struct schema *schema, const char *kind, const char *id) {
  for (xmlNode *each = schema->root->children; each != NULL; each = each->next)
    if (schema_is(each, kind) && is_abstract(each) && has_id(each, id)) return each;
  return NULL;
}

static bool has_parameter(const struct parameters *parameters, const char *name) {
  for (size_t i = 0; i < parameters->count; i++)
    if (text_equal(parameters->items[i].name, name)) return true;
  return false;
}

static void read_parameters(struct schema *schema, xmlNode *pattern,
                            struct parameters *parameters) {
  for (xmlNode *each = pattern->children; each != NULL; each = each->next) {
    if (!schema_is(each, "param")) continue;
    char *name = schema_value(each, "name"), *value = schema_value(each, "value");
    if (name != NULL && value != NULL && name[0] != '\0' && !has_parameter(parameters, name)) {
      struct parameter parameter = {name, value};
      ARRAY_PUSH(parameters->items, parameters->count, parameters->capacity) = parameter;
      continue;
    }
    if (name != NULL && value != NULL && name[0] == '\0')
      schema_error(schema, each, AT_NAME, "a parameter needs a name");
    alloc_free(name);
    alloc_free(value);
  }
}

/* A parameter that the abstract pattern declares without a value must be given (2025). */
static void check_parameters(struct schema *schema, const xmlNode *abstract, const xmlAttr *is_a,
                             const struct parameters *parameters) {
  for (const xmlNode *each = abstract->children; each != NULL; each = each->next) {
    char *name = schema_is(each, "param") ? schema_value(each, "name") : NULL;
    if (name != NULL && !has_parameter(parameters, name))
      schema_error(schema, (const xmlNode *)is_a, 0, "the parameter '%s' is not given", name);
    alloc_free(name);
  }
}

static bool has_attribute(const xmlNode *element, const xmlAttr *attribute) {
  for (const xmlAttr *each = element->properties; each != NULL; each = each->next)
    if (text_equal((const char *)each->name, (const char *)attribute->name) &&
        (each->ns == NULL) == (attribute->ns == NULL) &&
        (each->ns == NULL ||
         text_equal((const char *)each->ns->href, (const char *)attribute->ns->href)))
      return true;
  return false;
}

/* The instance is the pattern with its parameters put in: documents, role, xml:lang... */
static void inherit_attributes(xmlNode *pattern, const xmlNode *abstract,
                               struct parameters *parameters) {
  for (xmlAttr *each = abstract->properties; each != NULL; each = each->next) {
    const char *name = (const char *)each->name;
    bool own = each->ns == NULL && (text_equal(name, "id") || text_equal(name, "abstract"));
    if (own || has_attribute(pattern, each)) continue;
    xmlAttr *made = xmlCopyProp(pattern, each);
    if (made == NULL) continue;
    made->_private = each->_private;
    made->parent = pattern;
    made->next = pattern->properties;
    if (pattern->properties != NULL) pattern->properties->prev = made;
    pattern->properties = made;
    substitute_attribute(made, parameters);
  }
}

static void instantiate(struct schema *schema, xmlNode *pattern, const xmlAttr *is_a) {
  char *id = schema_attribute_text(is_a);
  const char *kind = (const char *)pattern->name;
  xmlNode *abstract = find_pattern(schema, kind, id);
  if (abstract == NULL)
    schema_error(schema, (const xmlNode *)is_a, 0, "there is no abstract %s '%s'", kind, id);
  struct parameters *parameters = alloc_bytes(sizeof *parameters);
  if (abstract != NULL) read_parameters(schema, pattern, parameters);
  if (abstract != NULL) { /* for those not given */
    read_parameters(schema, abstract, parameters);
    check_parameters(schema, abstract, is_a, parameters);
    inherit_attributes(pattern, abstract, parameters);
  }
  bool titled = false;
  for (xmlNode *each = pattern->children; each != NULL; each = each->next)
    titled = titled || schema_is(each, "title");
  for (xmlNode *each = abstract == NULL ? NULL : abstract->children; each != NULL;
       each = each->next) {
    if (each->type != XML_ELEMENT_NODE || (titled && schema_is(each, "title")) ||
        schema_is(each, "param"))
      continue;
    xmlNode *made = copy(schema, each, parameters);
    if (made != NULL) xmlAddChild(pattern, made);
  }
  ARRAY_PUSH(schema->instances, schema->instance_count, schema->instance_capacity) =
      (struct instance){pattern, parameters};
  alloc_free(id);
}

xmlNode *schema_instance_of(struct schema *schema, xmlNode *pattern, xmlNode *element) {
  struct parameters *parameters = NULL;
  for (size_t i = 0; i < schema->instance_count; i++)
    if (schema->instances[i].pattern == pattern) parameters = schema->instances[i].parameters;
  if (parameters == NULL || parameters->count == 0) return element;
  parameters->used = false;
  xmlNode *made = copy(schema, element, parameters);
  if (made != NULL && parameters->used) return xmlAddChild(pattern, made);
  xmlFreeNode(made);
  return element;
}

static void drop_parameters(struct parameters *parameters) {
  for (size_t i = 0; i < parameters->count; i++) {
    alloc_free(parameters->items[i].name);
    alloc_free(parameters->items[i].value);
  }
  alloc_free(parameters->items);
  alloc_free(parameters);
}

void schema_drop_instances(struct schema *schema) {
  for (size_t i = 0; i < schema->instance_count; i++)
    drop_parameters(schema->instances[i].parameters);
  alloc_free(schema->instances);
}

/* ---- Rules ----------------------------------------------------------------- */

static xmlNode *rule_in(const xmlNode *parent, const char *id) {
  for (xmlNode *each = parent->children; each != NULL; each = each->next)
    if (schema_is(each, "rule") && is_abstract(each) && has_id(each, id)) return each;
  return NULL;
}

/* ISO/IEC 19757-3, 5.4.12: an abstract rule belongs to its pattern; an instance of an
 * abstract pattern has copies of its abstract rules. Those of `rules` are everybody's
 * (2025). */
static xmlNode *find_rule(const xmlNode *pattern, const char *id) {
  xmlNode *found = rule_in(pattern, id);
  for (xmlNode *each = pattern->parent->children; found == NULL && each != NULL; each = each->next)
    if (schema_is(each, "rules")) found = rule_in(each, id);
  return found;
}

/* What language a part of a schema is in; NULL: it does not say. */
static const xmlAttr *language_of(const xmlNode *element) {
  for (; element != NULL && element->type == XML_ELEMENT_NODE; element = element->parent)
    for (const xmlAttr *each = element->properties; each != NULL; each = each->next)
      if (each->ns != NULL && text_equal((const char *)each->name, "lang") &&
          text_equal((const char *)each->ns->href, (const char *)XML_XML_NAMESPACE))
        return each;
  return NULL;
}

/* What is copied elsewhere stays in the language of where it came from. */
static void keep_language(const xmlNode *from, xmlNode *copy) {
  const xmlAttr *language = language_of(from);
  if (language == NULL || language->parent == from) return;
  xmlAttr *made = xmlCopyProp(copy, (xmlAttr *)language);
  if (made == NULL) return;
  made->parent = copy;
  made->next = copy->properties;
  if (copy->properties != NULL) copy->properties->prev = made;
  copy->properties = made;
}

/* Copies what the rule that `extends` names holds, and what that extends in its
 * turn, before `place`. */
static void extend(struct schema *schema, const xmlNode *extends, xmlNode *pattern, xmlNode *place,
                   unsigned depth) {
  xmlAttr *reference = schema_find_attribute(extends, "rule");
  if (reference == NULL) {
    schema_error(schema, extends, AT_NAME, "extends needs an attribute 'rule' or 'href'");
    return;
  }
  char *id = schema_attribute_text(reference);
  xmlNode *abstract = find_rule(pattern, id);
  bool endless = depth >= EXTENDS_DEPTH_MOST || schema->copies > COPIES_MOST;
  if (abstract == NULL)
    schema_error(schema, (xmlNode *)reference, 0, "there is no abstract rule '%s'", id);
  else if (endless)
    schema_error(schema, (xmlNode *)reference, 0, "the rule '%s' extends itself", id);
  alloc_free(id);
  if (abstract == NULL || endless) return;
  size_t errors = schema->errors;
  for (xmlNode *each = abstract->children; each != NULL; each = each->next) {
    if (each->type != XML_ELEMENT_NODE) continue;
    if (schema_is(each, "extends")) {
      extend(schema, each, pattern, place, depth + 1);
      if (schema->errors > errors) return; /* said once */
      continue;
    }
    xmlNode *made = copy(schema, each, NULL);
    if (made == NULL) continue;
    keep_language(each, made);
    xmlAddPrevSibling(place, made);
  }
}

static void expand_rule(struct schema *schema, xmlNode *rule, xmlNode *pattern) {
  for (xmlNode *each = rule->children, *next = NULL; each != NULL; each = next) {
    next = each->next;
    if (!schema_is(each, "extends")) continue;
    extend(schema, each, pattern, each, 0);
    xmlUnlinkNode(each);
    xmlFreeNode(each);
  }
}

/* Does an abstract rule come back to itself? */
static bool reaches(const xmlNode *pattern, const xmlNode *from, const xmlNode *target,
                    unsigned depth) {
  for (const xmlNode *each = from->children; each != NULL; each = each->next) {
    char *id = schema_is(each, "extends") ? schema_value(each, "rule") : NULL;
    xmlNode *rule = id == NULL ? NULL : find_rule(pattern, id);
    alloc_free(id);
    if (rule == NULL) continue;
    if (rule == target || depth >= EXTENDS_DEPTH_MOST) return true;
    if (reaches(pattern, rule, target, depth + 1)) return true;
  }
  return false;
}

/* Those that no rule uses are checked too. */
static void check_abstract_rules(struct schema *schema) {
  for (xmlNode *pattern = schema->root->children; pattern != NULL; pattern = pattern->next)
    for (xmlNode *rule =
             schema_is_pattern(pattern) || schema_is(pattern, "rules") ? pattern->children : NULL;
         rule != NULL; rule = rule->next)
      if (schema_is(rule, "rule") && is_abstract(rule) && reaches(pattern, rule, rule, 0))
        schema_error(schema, rule, AT_NAME, "this rule extends itself");
}

void schema_expand(struct schema *schema) {
  size_t errors = schema->errors;
  for (xmlNode *each = schema->root->children; each != NULL; each = each->next) {
    if (!schema_is_pattern(each)) continue;
    const xmlAttr *is_a = schema_find_attribute(each, "is-a");
    if (is_a != NULL) instantiate(schema, each, is_a);
  }
  for (xmlNode *pattern = schema->root->children; pattern != NULL; pattern = pattern->next) {
    if (!schema_is_pattern(pattern) || is_abstract(pattern)) continue;
    for (xmlNode *rule = pattern->children; rule != NULL; rule = rule->next)
      if (schema_is(rule, "rule") && !is_abstract(rule)) expand_rule(schema, rule, pattern);
  }
  if (schema->errors == errors) check_abstract_rules(schema);
}
