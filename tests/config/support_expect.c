/* One function for each word that an expectation begins with. */
#define _XOPEN_SOURCE 700
#include "config/support_expect.h"

#include "check_main.h"
#include "config/support_config.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

enum { MOST_FIELDS = 8, MOST_ANSWERS = 24 };

struct asked {
  char *question; /* "AT | SECTION"; "" for --errors */
  struct config_answer answer;
};

struct expectation {
  const struct case_bundle *bundle;
  const char *line; /* as written, for messages */
  char *fields[MOST_FIELDS];
  size_t count;
  struct asked *asked; /* what was asked for this case already */
  size_t *asked_count;
  struct buffer *failures;
};

static void miss(struct expectation *expected, const struct config_answer *answer,
                 const char *got) {
  buffer_add_format(expected->failures, "    expected: %s\n    got: %s\n    by: %s (status %d)\n",
                    expected->line, got ? got : "nothing", answer->command, answer->status);
  config_print_errors(answer->json, expected->failures);
  if (answer->err[0]) buffer_add_format(expected->failures, "      %.400s\n", answer->err);
}

static char *field(struct expectation *expected, size_t index) {
  ck_assert_msg(index < expected->count, "too few fields: %s", expected->line);
  return expected->fields[index];
}

/* NULL for '-', which leaves a part open. */
static const char *open_field(struct expectation *expected, size_t index) {
  if (index >= expected->count) return NULL;
  const char *text = expected->fields[index];
  return text_equal(text, "-") || text[0] == '\0' ? NULL : text;
}

/* ---- questions ---- */

static struct config_answer ask(struct expectation *expected, const char *at, const char *section) {
  struct config_query query = {.bundle = expected->bundle->folder,
                               .section = section,
                               .errors = at == NULL,
                               .more = (const char *const *)expected->bundle->arguments};
  char *path = alloc_text(at ? at : "");
  char *view = strstr(path, " (apphost)");
  if (view) {
    *view = '\0';
    query.view = "apphost";
  }
  if (at && !text_equal(path, ".")) query.at = path;
  struct config_answer answer = config_ask(&query);
  alloc_free(path);
  return answer;
}

/* A case asks the same thing several times; the program runs once. */
static const struct config_answer *answer_to(struct expectation *expected, const char *at,
                                             const char *section) {
  char *question = alloc_format("%s|%s", at ? at : "", section ? section : "");
  for (size_t i = 0; i < *expected->asked_count; i++)
    if (text_equal(expected->asked[i].question, question)) {
      alloc_free(question);
      return &expected->asked[i].answer;
    }
  ck_assert_uint_lt(*expected->asked_count, MOST_ANSWERS);
  struct asked *asked = &expected->asked[(*expected->asked_count)++];
  *asked = (struct asked){.question = question, .answer = ask(expected, at, section)};
  return &asked->answer;
}

static const struct config_answer *section_answer(struct expectation *expected) {
  return answer_to(expected, field(expected, 0), field(expected, 1));
}

/* Did the program answer with a section, so that what is not in it is not there? */
static bool answered(const struct config_answer *answer) {
  return json_is_string(json_object_get(answer->json, "section"));
}

/* ---- values ---- */

static void expect_value(struct expectation *expected) {
  const struct config_answer *answer = section_answer(expected);
  const char *value = config_value(answer->json, field(expected, 2));
  if (!text_equal(value, field(expected, 3))) miss(expected, answer, value);
}

static void expect_default(struct expectation *expected) {
  const struct config_answer *answer = section_answer(expected);
  json_t *attribute = config_attribute(answer->json, field(expected, 2));
  json_t *source = json_object_get(attribute, "source");
  const char *word = json_string_value(source);
  if (!text_equal(word, "default"))
    miss(expected, answer, source ? "another source" : "no such attribute");
}

static int mark_line(struct expectation *expected, size_t index) {
  const char *mark = open_field(expected, index);
  if (mark == NULL) return 0;
  ck_assert_msg(mark[0] == '@' && mark[1] >= '1' && mark[1] <= '9' && mark[2] == '\0' &&
                    expected->bundle->lines[mark[1] - '0'] > 0,
                "no mark %s: %s", mark, expected->line);
  return expected->bundle->lines[mark[1] - '0'];
}

static void expect_source(struct expectation *expected) {
  const struct config_answer *answer = section_answer(expected);
  json_t *source = json_object_get(config_attribute(answer->json, field(expected, 2)), "source");
  const char *artifact = json_string_value(json_object_get(source, "artifact"));
  json_int_t line = json_integer_value(json_object_get(source, "line"));
  char *got = alloc_format("%s:%lld", artifact ? artifact : "-", (long long)line);
  if (!artifact || !config_same_file(artifact, field(expected, 3)) ||
      line != mark_line(expected, 4))
    miss(expected, answer, got);
  alloc_free(got);
}

static const char *item_word(json_t *item, const char *key) {
  if (text_equal(key, ".")) return json_string_value(json_object_get(item, "element"));
  json_t *attribute = json_object_get(json_object_get(item, "attributes"), key);
  return json_string_value(json_object_get(attribute, "value"));
}

static void expect_items(struct expectation *expected) {
  const struct config_answer *answer = section_answer(expected);
  struct buffer got = buffer_make(1 << 20);
  size_t index;
  json_t *item;
  json_array_foreach(config_items(answer->json, field(expected, 2)), index, item) {
    const char *word = item_word(item, field(expected, 3));
    buffer_add_format(&got, "%s%s", index ? " ; " : "", word ? word : "-");
  }
  bool there = answered(answer) && config_element(answer->json, field(expected, 2));
  if (!there || !text_equal(buffer_text(&got), field(expected, 4)))
    miss(expected, answer, there ? buffer_text(&got) : NULL);
  buffer_dispose(&got);
}

static void expect_count(struct expectation *expected) {
  const struct config_answer *answer = section_answer(expected);
  json_t *element = answered(answer) ? config_element(answer->json, field(expected, 2)) : NULL;
  size_t count = json_array_size(json_object_get(element, "collection"));
  char *got = element ? alloc_format("%zu", count) : alloc_text("no such element");
  if (!text_equal(got, field(expected, 3))) miss(expected, answer, got);
  alloc_free(got);
}

static void expect_state(struct expectation *expected) {
  const struct config_answer *answer = section_answer(expected);
  json_t *state = json_object_get(answer->json, field(expected, 2));
  const char *word = json_is_true(state)    ? "true"
                     : json_is_false(state) ? "false"
                                            : json_string_value(state);
  if (!text_equal(word, field(expected, 3))) miss(expected, answer, word);
}

static void expect_certainty(struct expectation *expected) {
  const struct config_answer *answer = section_answer(expected);
  size_t reasons = json_array_size(json_object_get(answer->json, "uncertain"));
  bool certain = text_starts(expected->line, "certain");
  if (!answered(answer) || certain != (reasons == 0))
    miss(expected, answer, !answered(answer) ? NULL : reasons ? "uncertain" : "certain");
}

static void expect_endpoint(struct expectation *expected) {
  const struct config_answer *answer = section_answer(expected);
  json_t *item = config_element(answer->json, field(expected, 2));
  json_t *endpoint = json_object_get(item, "endpoint");
  const char *word = json_is_null(endpoint) ? "null" : json_string_value(endpoint);
  if (!text_equal(word, field(expected, 3))) miss(expected, answer, word);
}

static void expect_absent(struct expectation *expected) {
  const struct config_answer *answer = section_answer(expected);
  bool there = strstr(answer->out, field(expected, 2)) || strstr(answer->err, field(expected, 2));
  if (there || answer->json == NULL)
    miss(expected, answer, there ? "it is there" : "no answer at all");
}

/* ---- errors ---- */

static struct config_error error_of(struct expectation *expected, size_t first) {
  return (struct config_error){.hresult = open_field(expected, first),
                               .file = open_field(expected, first + 1),
                               .line = mark_line(expected, first + 2),
                               .text = open_field(expected, first + 3)};
}

static void expect_failure(struct expectation *expected) {
  const struct config_answer *answer = section_answer(expected);
  struct config_error error = error_of(expected, 2);
  json_t *found = config_find_error(answer->json, &error);
  if (!found || answer->status != 2)
    miss(expected, answer, found ? "another exit status" : "no such error");
}

static void expect_error(struct expectation *expected) {
  const struct config_answer *answer = answer_to(expected, NULL, NULL);
  struct config_error error = error_of(expected, 0);
  if (!config_find_error(answer->json, &error)) miss(expected, answer, "no such error");
}

static void expect_first(struct expectation *expected) {
  const struct config_answer *answer = answer_to(expected, NULL, NULL);
  struct config_error error = error_of(expected, 0);
  json_t *first = json_array_get(json_object_get(answer->json, "errors"), 0);
  if (!first || config_find_error(answer->json, &error) != first)
    miss(expected, answer, "another one first");
}

static bool lists(json_t *paths, const char *wanted) {
  size_t index;
  json_t *path;
  json_array_foreach(paths, index, path) {
    const char *text = json_string_value(path);
    if (text && strcasecmp(text, wanted) == 0) return true;
  }
  return false;
}

/* "affects" and "spares": each path is, or is not, among those taken down. */
static void expect_paths(struct expectation *expected) {
  const struct config_answer *answer = answer_to(expected, NULL, NULL);
  struct config_error error = error_of(expected, 0);
  error.text = NULL;
  json_t *affected = json_object_get(config_find_error(answer->json, &error), "affects");
  bool wanted = text_starts(expected->line, "affects");
  char *rest = NULL;
  for (char *path = strtok_r(field(expected, 3), ";", &rest); path;
       path = strtok_r(NULL, ";", &rest)) {
    char *name = span_copy(span_trim(span_of(path)));
    if (!affected || lists(affected, name) != wanted)
      miss(expected, answer, affected ? name : "no such error");
    alloc_free(name);
  }
}

static void expect_silence(struct expectation *expected) {
  const struct config_answer *answer = answer_to(expected, NULL, NULL);
  bool list = json_is_array(json_object_get(answer->json, "errors"));
  if (!list || config_error_count(answer->json) > 0)
    miss(expected, answer, list ? "errors" : "no list of errors");
}

/* ---- a line ---- */

static const struct {
  const char *word;
  void (*check)(struct expectation *expected);
} words[] = {
    {"value", expect_value},       {"default", expect_default},     {"source", expect_source},
    {"items", expect_items},       {"count", expect_count},         {"state", expect_state},
    {"certain", expect_certainty}, {"uncertain", expect_certainty}, {"endpoint", expect_endpoint},
    {"absent", expect_absent},     {"fails", expect_failure},       {"error", expect_error},
    {"affects", expect_paths},     {"spares", expect_paths},        {"silent", expect_silence},
    {"first", expect_first},
};

static void split(struct expectation *expected, char *text) {
  while (text) {
    char *bar = strstr(text, " |");
    if (bar) *bar = '\0';
    ck_assert_uint_lt(expected->count, MOST_FIELDS);
    struct span trimmed = span_trim(span_of(text));
    expected->fields[expected->count++] = span_copy(trimmed);
    text = bar ? bar + 2 : NULL;
  }
}

static void expect_line(struct expectation *expected) {
  size_t length = strcspn(expected->line, " ");
  char *rest = alloc_text(expected->line + length);
  split(expected, rest);
  size_t known = 0;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strlen(words[i].word) == length && strncmp(words[i].word, expected->line, length) == 0) {
      words[i].check(expected);
      known++;
    }
  ck_assert_msg(known == 1, "unknown expectation: %s", expected->line);
  for (size_t i = 0; i < expected->count; i++)
    alloc_free(expected->fields[i]);
  alloc_free(rest);
}

void expect_all(const struct case_bundle *bundle, const char *expected_text,
                struct buffer *failures) {
  char *copy = alloc_text(expected_text), *rest = NULL;
  struct asked asked[MOST_ANSWERS] = {0};
  size_t asked_count = 0, lines = 0;
  for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
    if (line[0] == '#') continue;
    struct expectation expected = {.bundle = bundle,
                                   .line = line,
                                   .asked = asked,
                                   .asked_count = &asked_count,
                                   .failures = failures};
    expect_line(&expected);
    lines++;
  }
  ck_assert_uint_gt(lines, 0);
  for (size_t i = 0; i < asked_count; i++) {
    alloc_free(asked[i].question);
    config_answer_dispose(&asked[i].answer);
  }
  alloc_free(copy);
}
