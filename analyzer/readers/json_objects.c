/* What ConvertTo-Json writes of objects. Both shells' habits are known: dates as
 * "\/Date(milliseconds)\/" or { "value", "DateTime" }, lists wrapped as { "value", "Count" },
 * what lies too deep as its type's name or "@{...}" (about_ConvertTo-Json), numbers for
 * enumerations. jansson decides what is JSON and refuses keys that stand twice; the text is
 * walked along with its tree for the lines and columns. */
#include "readers/powershell.h"

#include "base/moment.h"
#include "base/text.h"
#include "readers/told_objects.h"

#include <jansson.h>
#include <string.h>

/* ---- Places --------------------------------------------------------------------- */

/* Where the walk stands in the text. The text is JSON: jansson has said so. */
struct walk {
  const char *at, *end, *line_start;
  uint32_t source, line;
};

static void step(struct walk *walk) {
  if (*walk->at == '\n') {
    walk->line++;
    walk->line_start = walk->at + 1;
  }
  walk->at++;
}

/* On to the next value, key, or end of a list or object. */
static struct origin next_token(struct walk *walk) {
  while (walk->at < walk->end && strchr(" \t\r\n,:", *walk->at))
    step(walk);
  return (struct origin){walk->source, walk->line, (uint32_t)(walk->at - walk->line_start) + 1};
}

static void skip_scalar(struct walk *walk) {
  if (walk->at < walk->end && *walk->at == '"') {
    for (walk->at++; walk->at < walk->end && *walk->at != '"'; walk->at++)
      if (*walk->at == '\\' && walk->at + 1 < walk->end) walk->at++;
    if (walk->at < walk->end) walk->at++;
    return;
  }
  while (walk->at < walk->end && !strchr(" \t\r\n,:[]{}\"", *walk->at))
    walk->at++;
}

static void skip_mark(struct walk *walk) { /* one of []{} */
  next_token(walk);
  if (walk->at < walk->end) walk->at++;
}

/* Over a value without a look at it. */
static void skip_value(struct walk *walk) {
  size_t depth = 0;
  do {
    next_token(walk);
    if (walk->at >= walk->end) return;
    char c = *walk->at;
    if (c == '[' || c == '{') depth++;
    if (c == ']' || c == '}') depth--;
    if (strchr("[]{}", c))
      walk->at++;
    else
      skip_scalar(walk);
  } while (depth > 0);
}

/* ---- Values ---------------------------------------------------------------------- */

static void add_value(xmlNode *parent, const char *name, const json_t *value, struct walk *walk);

/* "/Date(1577836800000)/", maybe with an offset that only says how it was shown. */
static bool is_date(const char *text, char moment[21]) {
  static const char start[] = "/Date(";
  if (!text_starts(text, start)) return false;
  const char *digits = text + strlen(start);
  bool before_1970 = *digits == '-';
  digits += before_1970;
  struct span number = {digits, strspn(digits, "0123456789")};
  const char *rest = digits + number.size;
  if (*rest == '+' || *rest == '-') rest += 1 + strspn(rest + 1, "0123456789");
  uint64_t milliseconds;
  if (strcmp(rest, ")/") != 0 || !text_unsigned(number, &milliseconds)) return false;
  if (milliseconds > (before_1970 ? 11644473600000U : 253402300799999U)) return false;
  int64_t seconds = (int64_t)(milliseconds / 1000);
  if (before_1970) seconds = -seconds - (milliseconds % 1000 > 0);
  moment_format(seconds, moment);
  return true;
}

static void add_text(xmlNode *parent, const char *name, const char *text, struct origin origin) {
  char moment[21];
  size_t size = strlen(text);
  if (is_date(text, moment))
    told_scalar(parent, name, "DT", moment, origin);
  else if (text_starts(text, "@{") && text[size - 1] == '}')
    told_scalar(parent, name, TOLD_CUT, NULL, origin);
  else
    told_scalar(parent, name, "S", text, origin);
}

static void add_list(xmlNode *parent, const char *name, const json_t *value, struct walk *walk,
                     struct origin origin) {
  xmlNode *list = told_list(parent, name, origin);
  skip_mark(walk);
  for (size_t i = 0; i < json_array_size(value); i++)
    add_value(list, NULL, json_array_get(value, i), walk);
  skip_mark(walk);
}

/* Objects that a single text or list stands for. NULL: it stands for itself. */
static const json_t *stands_for(const json_t *object) {
  const json_t *value = json_object_get(object, "value");
  size_t size = json_object_size(object);
  const json_t *count = json_object_get(object, "Count");
  if (json_is_array(value) && size == 2 && json_is_integer(count) &&
      json_integer_value(count) == (json_int_t)json_array_size(value))
    return value; /* with another count some are missing */
  if (json_is_string(value) && json_is_string(json_object_get(object, "DateTime"))) return value;
  if (json_is_string(value) && json_is_string(json_object_get(object, "PSPath"))) return value;
  const json_t *address = json_object_get(object, "OriginalString");
  return json_is_string(address) && json_object_get(object, "AbsoluteUri") ? address : NULL;
}

static bool add_duration(xmlNode *parent, const char *name, const json_t *object,
                         struct origin origin) {
  const json_t *ticks = json_object_get(object, "Ticks");
  if (!json_is_integer(ticks) || !json_object_get(object, "TotalSeconds")) return false;
  json_int_t count = json_integer_value(ticks);
  if (count < 0) return false;
  char *text = alloc_format("PT%lldS", (long long)(count / 10000000));
  told_scalar(parent, name, "TS", text, origin);
  alloc_free(text);
  return true;
}

static void add_properties(xmlNode *told, const json_t *object, struct walk *walk) {
  const char *key;
  json_t *value;
  skip_mark(walk);
  json_object_foreach((json_t *)object, key, value) {
    next_token(walk);
    skip_scalar(walk);
    add_value(told, key, value, walk);
  }
  skip_mark(walk);
}

/* What stands inside, at the place of the whole. */
static void add_inner(xmlNode *parent, const char *name, const json_t *object, const json_t *inner,
                      struct walk *walk, struct origin origin) {
  const char *key;
  json_t *value;
  if (json_is_string(inner)) {
    add_text(parent, name, json_string_value(inner), origin);
    skip_value(walk);
    return;
  }
  skip_mark(walk);
  json_object_foreach((json_t *)object, key, value) {
    next_token(walk);
    skip_scalar(walk);
    if (value == inner)
      add_value(parent, name, value, walk);
    else
      skip_value(walk);
  }
  skip_mark(walk);
}

static void add_object(xmlNode *parent, const char *name, const json_t *object, struct walk *walk,
                       struct origin origin) {
  const json_t *inner = stands_for(object);
  if (inner) {
    add_inner(parent, name, object, inner, walk, origin);
  } else if (add_duration(parent, name, object, origin)) {
    skip_value(walk);
  } else {
    add_properties(told_object(parent, name, origin), object, walk);
  }
}

static void add_scalar(xmlNode *parent, const char *name, const json_t *value,
                       struct origin origin) {
  char number[40];
  if (json_is_string(value)) {
    add_text(parent, name, json_string_value(value), origin);
  } else if (json_is_boolean(value)) {
    told_scalar(parent, name, "B", json_is_true(value) ? "true" : "false", origin);
  } else if (json_is_integer(value)) {
    snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
    told_scalar(parent, name, "I64", number, origin);
  } else if (json_is_real(value)) {
    snprintf(number, sizeof number, "%.17g", json_real_value(value));
    told_scalar(parent, name, "Db", number, origin);
  } else {
    told_scalar(parent, name, "Nil", NULL, origin);
  }
}

static void add_value(xmlNode *parent, const char *name, const json_t *value, struct walk *walk) {
  struct origin origin = next_token(walk);
  if (json_is_array(value)) {
    add_list(parent, name, value, walk, origin);
  } else if (json_is_object(value)) {
    add_object(parent, name, value, walk, origin);
  } else {
    add_scalar(parent, name, value, origin);
    skip_scalar(walk);
  }
}

/* ---- The reader -------------------------------------------------------------------- */

static void settle_damaged(struct reading *reading, const json_error_t *error) {
  char *why = text_printable(error->text, 160);
  artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED, "damaged JSON (line %d: %s)",
                  error->line, why);
  alloc_free(why);
}

static void read_json(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  json_error_t error;
  json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
  if (!root) {
    settle_damaged(reading, &error);
    return;
  }
  struct walk walk = {.at = text,
                      .end = text + size,
                      .line_start = text,
                      .source = reading->artifact->number + 1,
                      .line = 1};
  xmlDoc *document = told_document(readings, next_token(&walk));
  add_value(xmlDocGetRootElement(document), NULL, root, &walk);
  json_decref(root);
  powershell_read_told(reading, readings, document, "JSON");
  xmlFreeDoc(document);
}

static bool is_json(const struct artifact *artifact, const char *text, size_t size,
                    const char *root) {
  (void)artifact, (void)root;
  size_t i = 0;
  const char *blanks = " \t\r\n";
  while (i < size && text[i] && strchr(blanks, text[i]))
    i++;
  if (i >= size || (text[i] != '[' && text[i] != '{')) return false;
  for (i++; i < size && text[i] && strchr(blanks, text[i]);)
    i++;
  return i < size && text[i] && strchr("\"[]{}", text[i]);
}

const struct reader json_objects_reader = {"json", is_json, read_json};
