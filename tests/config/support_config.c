/* The one place of these tests that knows the command line and the JSON of `config`. */
#include "config/support_config.h"

#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { MOST_ARGUMENTS = 64, LONGEST_STEP = 512 };

static size_t add_option(const char **arguments, size_t count, const char *option,
                         const char *value) {
  if (value == NULL) return count;
  ck_assert_uint_lt(count + 2, MOST_ARGUMENTS);
  arguments[count++] = option;
  arguments[count++] = value;
  return count;
}

static char *command_text(const char *const *arguments) {
  struct buffer out = buffer_make(1 << 20);
  buffer_add_text(&out, "siteglass");
  for (size_t i = 0; arguments[i]; i++)
    buffer_add_format(&out, strpbrk(arguments[i], " \\%'") ? " '%s'" : " %s", arguments[i]);
  return buffer_take(&out);
}

struct config_answer config_ask(const struct config_query *query) {
  const char *arguments[MOST_ARGUMENTS + 1] = {"config", query->bundle};
  size_t count = 2;
  for (size_t i = 0; query->more && query->more[i]; i++) {
    ck_assert_uint_lt(count, MOST_ARGUMENTS - 12);
    arguments[count++] = query->more[i];
  }
  count = add_option(arguments, count, "--at", query->at);
  count = add_option(arguments, count, "--section", query->section);
  count = add_option(arguments, count, "--view", query->view);
  if (query->errors) arguments[count++] = "--errors";
  count = add_option(arguments, count, "--format", "json");
  arguments[count] = NULL;
  struct run run = program_run(arguments);
  struct config_answer answer = {.status = run.status, .out = run.out, .err = run.err};
  answer.json = json_loads(run.out, JSON_REJECT_DUPLICATES, NULL);
  answer.command = command_text(arguments);
  return answer;
}

void config_answer_dispose(struct config_answer *answer) {
  json_decref(answer->json);
  alloc_free(answer->out);
  alloc_free(answer->err);
  alloc_free(answer->command);
  *answer = (struct config_answer){0};
}

/* ---- places in a section ---- */

static const char *own_value(json_t *element, const char *name) {
  json_t *attribute = json_object_get(json_object_get(element, "attributes"), name);
  return json_string_value(json_object_get(attribute, "value"));
}

/* "3" or "name=WebSite1". */
static json_t *pick_item(json_t *collection, char *which) {
  char *equals = strchr(which, '=');
  if (equals == NULL) return json_array_get(collection, (size_t)strtoul(which, NULL, 10));
  *equals = '\0';
  size_t index;
  json_t *item;
  json_array_foreach(collection, index, item) {
    const char *value = own_value(item, which);
    if (value && strcasecmp(value, equals + 1) == 0) return item;
  }
  return NULL;
}

static json_t *one_step(json_t *element, char *step) {
  char *bracket = strchr(step, '[');
  char *end = bracket ? strrchr(bracket, ']') : NULL;
  if (bracket && end) *bracket = *end = '\0';
  if (step[0]) element = json_object_get(json_object_get(element, "elements"), step);
  if (bracket && end) element = pick_item(json_object_get(element, "collection"), bracket + 1);
  return element;
}

/* The length of the first step: a '/' inside brackets does not end it. */
static size_t step_length(const char *path) {
  size_t length = 0;
  for (bool inside = false; path[length] && (inside || path[length] != '/'); length++) {
    if (path[length] == '[') inside = true;
    if (path[length] == ']') inside = false;
  }
  return length;
}

json_t *config_element(json_t *section, const char *path) {
  while (section && path[0]) {
    char step[LONGEST_STEP];
    size_t length = step_length(path);
    ck_assert_uint_lt(length, sizeof step);
    memcpy(step, path, length);
    step[length] = '\0';
    section = one_step(section, step);
    path += length + (path[length] == '/');
  }
  return section;
}

json_t *config_attribute(json_t *section, const char *path) {
  const char *at = strrchr(path, '@');
  ck_assert_msg(at != NULL, "'%s' names no attribute", path);
  size_t length = (size_t)(at - path);
  char above[LONGEST_STEP];
  ck_assert_uint_lt(length, sizeof above);
  memcpy(above, path, length);
  above[length ? length - (path[length - 1] == '/') : 0] = '\0';
  json_t *element = config_element(section, above);
  return json_object_get(json_object_get(element, "attributes"), at + 1);
}

const char *config_value(json_t *section, const char *path) {
  return json_string_value(json_object_get(config_attribute(section, path), "value"));
}

json_t *config_items(json_t *section, const char *path) {
  return json_object_get(config_element(section, path), "collection");
}

/* ---- errors ---- */

static int folded(char character) {
  return character == '\\' ? '/' : tolower((unsigned char)character);
}

bool config_same_file(const char *artifact, const char *file) {
  size_t whole = strlen(artifact), part = strlen(file);
  if (part > whole) return false;
  size_t start = whole - part;
  for (size_t i = 0; i < part; i++)
    if (folded(artifact[start + i]) != folded(file[i])) return false;
  return start == 0 || folded(artifact[start - 1]) == '/';
}

static bool error_fits(json_t *found, const struct config_error *error) {
  const char *hresult = json_string_value(json_object_get(found, "hresult"));
  const char *artifact = json_string_value(json_object_get(found, "artifact"));
  const char *message = json_string_value(json_object_get(found, "message"));
  json_int_t line = json_integer_value(json_object_get(found, "line"));
  if (error->hresult && (!hresult || strcasecmp(hresult, error->hresult) != 0)) return false;
  if (error->file && (!artifact || !config_same_file(artifact, error->file))) return false;
  if (error->line && line != error->line) return false;
  return !error->text || (message && strstr(message, error->text) != NULL);
}

json_t *config_find_error(json_t *answer, const struct config_error *error) {
  size_t index;
  json_t *found;
  json_array_foreach(json_object_get(answer, "errors"), index, found) {
    if (error_fits(found, error)) return found;
  }
  return NULL;
}

static const char *word_of(json_t *object, const char *key) {
  const char *word = json_string_value(json_object_get(object, key));
  return word ? word : "-";
}

void config_print_errors(json_t *answer, struct buffer *out) {
  size_t index;
  json_t *error;
  json_array_foreach(json_object_get(answer, "errors"), index, error) {
    buffer_add_format(out, "      %s %s:%lld %s [%s]\n", word_of(error, "hresult"),
                      word_of(error, "artifact"),
                      (long long)json_integer_value(json_object_get(error, "line")),
                      word_of(error, "message"), word_of(error, "section"));
  }
}

size_t config_error_count(json_t *answer) {
  return json_array_size(json_object_get(answer, "errors"));
}
