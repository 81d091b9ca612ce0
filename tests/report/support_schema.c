/* JSON Schema, as much as our schemas use. */
#include "support_schema.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
  json_t *root;
  char *error;
  size_t error_size;
};

static bool accepts(struct check *check, json_t *schema, json_t *value, const char *where);

static bool fails(struct check *check, const char *where, const char *what) {
  snprintf(check->error, check->error_size, "%s: %s", where, what);
  return false;
}

json_t *load_json(const char *path_in_source_tree) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", SITEGLASS_SOURCE_DIR, path_in_source_tree);
  json_error_t error;
  json_t *value = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
  if (!value) fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
  return value;
}

static const char *type_word(json_t *value) {
  switch (json_typeof(value)) {
  case JSON_OBJECT:
    return "object";
  case JSON_ARRAY:
    return "array";
  case JSON_STRING:
    return "string";
  case JSON_INTEGER:
    return "integer";
  case JSON_REAL:
    return "number";
  case JSON_TRUE:
  case JSON_FALSE:
    return "boolean";
  default:
    return "null";
  }
}

static bool is_among(json_t *array, json_t *value) {
  size_t i;
  json_t *item;
  json_array_foreach(array, i, item) if (json_equal(item, value)) return true;
  return false;
}

static bool has_type(json_t *type, json_t *value) {
  json_t *word = json_string(type_word(value));
  bool has = json_is_array(type) ? is_among(type, word) : json_equal(type, word);
  json_decref(word);
  return has;
}

static bool fits_pattern(json_t *pattern, json_t *value) {
  regex_t regex;
  if (regcomp(&regex, json_string_value(pattern), REG_EXTENDED | REG_NOSUB) != 0) return false;
  bool fits = regexec(&regex, json_string_value(value), 0, NULL, 0) == 0;
  regfree(&regex);
  return fits;
}

static bool are_unique(json_t *array) {
  for (size_t i = 0; i < json_array_size(array); i++)
    for (size_t k = 0; k < i; k++)
      if (json_equal(json_array_get(array, i), json_array_get(array, k))) return false;
  return true;
}

static bool accepts_reference(struct check *check, const char *name, json_t *value,
                              const char *where) {
  static const char prefix[] = "#/$defs/";
  json_t *found = NULL;
  if (strncmp(name, prefix, strlen(prefix)) == 0)
    found = json_object_get(json_object_get(check->root, "$defs"), name + strlen(prefix));
  return found ? accepts(check, found, value, where) : fails(check, where, name);
}

static bool accepts_members(struct check *check, json_t *schema, json_t *value, const char *where) {
  json_t *properties = json_object_get(schema, "properties");
  json_t *others = json_object_get(schema, "additionalProperties");
  const char *key;
  json_t *member;
  json_object_foreach(value, key, member) {
    char *there = malloc(strlen(where) + strlen(key) + 2);
    sprintf(there, "%s/%s", where, key);
    json_t *known = json_object_get(properties, key);
    bool good = known                    ? accepts(check, known, member, there)
                : json_is_false(others)  ? fails(check, there, "is not in the schema")
                : json_is_object(others) ? accepts(check, others, member, there)
                                         : true;
    free(there);
    if (!good) return false;
  }
  return true;
}

static bool accepts_items(struct check *check, json_t *items, json_t *value, const char *where) {
  for (size_t i = 0; i < json_array_size(value); i++) {
    char there[512];
    snprintf(there, sizeof there, "%.400s/%zu", where, i);
    if (!accepts(check, items, json_array_get(value, i), there)) return false;
  }
  return true;
}

static bool has_required(struct check *check, json_t *required, json_t *value, const char *where) {
  size_t i;
  json_t *name;
  json_array_foreach(required, i, name) {
    if (!json_object_get(value, json_string_value(name)))
      return fails(check, where, json_string_value(name));
  }
  return true;
}

/* Keywords about other types than the value's say nothing about it. */
static bool accepts_keyword(struct check *check, json_t *schema, const char *keyword,
                            json_t *argument, json_t *value, const char *where) {
  static const char *const silent[] = {"$schema", "$id", "$defs", "title", "description"};
  for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
    if (strcmp(keyword, silent[i]) == 0) return true;
  bool good = true;
  if (strcmp(keyword, "$ref") == 0)
    return accepts_reference(check, json_string_value(argument), value, where);
  if (strcmp(keyword, "properties") == 0 || strcmp(keyword, "additionalProperties") == 0)
    return !json_is_object(value) || accepts_members(check, schema, value, where);
  if (strcmp(keyword, "required") == 0)
    return !json_is_object(value) || has_required(check, argument, value, where);
  if (strcmp(keyword, "items") == 0)
    return !json_is_array(value) || accepts_items(check, argument, value, where);
  if (strcmp(keyword, "type") == 0)
    good = has_type(argument, value);
  else if (strcmp(keyword, "enum") == 0)
    good = is_among(argument, value);
  else if (strcmp(keyword, "const") == 0)
    good = json_equal(argument, value);
  else if (strcmp(keyword, "minimum") == 0)
    good = !json_is_number(value) || json_number_value(value) >= json_number_value(argument);
  else if (strcmp(keyword, "minLength") == 0)
    good = !json_is_string(value) ||
           (json_int_t)json_string_length(value) >= json_integer_value(argument);
  else if (strcmp(keyword, "minItems") == 0)
    good =
        !json_is_array(value) || (json_int_t)json_array_size(value) >= json_integer_value(argument);
  else if (strcmp(keyword, "maxItems") == 0)
    good =
        !json_is_array(value) || (json_int_t)json_array_size(value) <= json_integer_value(argument);
  else if (strcmp(keyword, "uniqueItems") == 0)
    good = !json_is_array(value) || !json_is_true(argument) || are_unique(value);
  else if (strcmp(keyword, "pattern") == 0)
    good = !json_is_string(value) || fits_pattern(argument, value);
  else
    return fails(check, where, "the schema has a keyword that is not checked");
  return good || fails(check, where, keyword);
}

static bool accepts(struct check *check, json_t *schema, json_t *value, const char *where) {
  const char *keyword;
  json_t *argument;
  if (!json_is_object(schema)) return fails(check, where, "this is no schema");
  json_object_foreach(schema, keyword, argument) {
    if (!accepts_keyword(check, schema, keyword, argument, value, where)) return false;
  }
  return true;
}

bool schema_accepts(json_t *schema, json_t *value, char *error, size_t error_size) {
  struct check check = {schema, error, error_size};
  error[0] = '\0';
  return accepts(&check, schema, value, "");
}
