/* The 50 cases re-created from JexusManager's test suite, which compiles against
 * Microsoft's own library, too. `shared` expectations hold on real IIS and must hold
 * here, so must `iis`, without exception; `peer` ones are the peer's alone and only
 * reported. */
#define _XOPEN_SOURCE 700
#include "check_main.h"
#include "cli/support_program.h"
#include "config/support_config.h"

#include "base/alloc.h"
#include "base/text.h"

#include <dirent.h>
#include <string.h>

#define CASES SITEGLASS_SHARED_DIR "/data/iis/cases"
#define STUBS SITEGLASS_SHARED_DIR "/data/iis/framework-stubs"

/* ---- a case as a bundle ---- */

static void copy_folder(const char *folder, const char *inside, const char *from) {
  DIR *directory = opendir(from);
  ck_assert_ptr_nonnull(directory);
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (entry->d_name[0] == '.') continue;
    char *name = inside[0] ? path_of(inside, entry->d_name) : alloc_text(entry->d_name);
    char *path = path_of(from, entry->d_name);
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    if (S_ISDIR(status.st_mode)) {
      folder_make(folder, name);
      copy_folder(folder, name, path);
    } else {
      folder_copy(folder, name, path);
    }
    alloc_free(path);
    alloc_free(name);
  }
  closedir(directory);
}

static char *bundle_of(const char *name) {
  char *folder = folder_new(), *from = path_of(CASES, name);
  copy_folder(folder, "", from);
  folder_copy(folder, "machine.config", STUBS "/machine.config");
  folder_copy(folder, "root-web.config", STUBS "/web.config");
  alloc_free(from);
  return folder;
}

static struct config_answer ask(const char *folder, const char *at, const char *section,
                                const char *view) {
  static const char *const maps[] = {"--map", "%JEXUS_TEST_HOME%=.",
                                     "--map", "MACHINE=machine.config",
                                     "--map", "MACHINE/WEBROOT=root-web.config",
                                     NULL};
  struct config_query query = {.bundle = folder,
                               .at = at && at[0] ? at : NULL,
                               .section = section,
                               .view = view,
                               .errors = section == NULL,
                               .more = maps};
  return config_ask(&query);
}

/* ---- expectations ---- */

static const char *word(json_t *expected, const char *key) {
  return json_string_value(json_object_get(expected, key));
}

static bool same_word(json_t *expected, const char *key, json_t *answer) {
  json_t *wanted = json_object_get(expected, key);
  return wanted == NULL || json_equal(wanted, json_object_get(answer, key));
}

/* Not in the JSON's published form, so it may have to be told by the sources. */
static bool stored_at(json_t *answer, const char *path) {
  json_t *told = json_object_get(answer, "locallyStored");
  if (told) return json_is_true(told);
  char *file = alloc_format("\"%s/web.config\"", path);
  char *text = json_dumps(answer, 0);
  bool stored = strstr(text, file) != NULL;
  free(text);
  alloc_free(file);
  return stored;
}

static bool state_holds(json_t *expected, json_t *answer) {
  json_t *stored = json_object_get(expected, "locallyStored");
  return same_word(expected, "overrideMode", answer) &&
         same_word(expected, "overrideModeEffective", answer) &&
         same_word(expected, "locked", answer) &&
         (stored == NULL || json_is_true(stored) == stored_at(answer, word(expected, "path")));
}

static bool item_is(json_t *item, const char *key) {
  json_t *attributes = json_object_get(item, "attributes");
  const char *value = word(json_object_get(attributes, "value"), "value");
  const char *name = word(json_object_get(attributes, "name"), "value");
  return text_equal(value, key) || text_equal(name, key);
}

static bool collection_holds(json_t *expected, json_t *answer) {
  json_t *items = config_items(answer, word(expected, "element"));
  json_t *first = json_object_get(expected, "first");
  if (!json_object_get(answer, "section") ||
      json_array_size(items) != (size_t)json_integer_value(json_object_get(expected, "count")))
    return false;
  for (size_t i = 0; i < json_array_size(first); i++)
    if (!item_is(json_array_get(items, i), json_string_value(json_array_get(first, i))))
      return false;
  return true;
}

static bool value_holds(json_t *expected, json_t *answer) {
  const char *element = word(expected, "element");
  char *place = alloc_format("%s/@%s", element, word(expected, "attr"));
  bool holds =
      text_equal(config_value(answer, place + (element[0] == '\0')), word(expected, "value"));
  alloc_free(place);
  return holds;
}

static bool site_holds(json_t *expected, json_t *answer) {
  char *place = alloc_format("[name=%s]/%s/@%s", word(expected, "site"), word(expected, "element"),
                             word(expected, "attr"));
  bool holds = text_equal(config_value(answer, place), word(expected, "value"));
  alloc_free(place);
  return holds;
}

static bool bindings_hold(json_t *expected, json_t *answer) {
  char *place = alloc_format("[name=%s]/bindings", word(expected, "site"));
  json_t *element = config_element(answer, place);
  size_t count = json_array_size(json_object_get(element, "collection"));
  alloc_free(place);
  return element && (json_int_t)count == json_integer_value(json_object_get(expected, "count"));
}

static bool binding_holds(json_t *expected, json_t *answer) {
  char *place = alloc_format("[name=%s]/bindings[%d]", word(expected, "site"),
                             (int)json_integer_value(json_object_get(expected, "index")));
  json_t *binding = config_element(answer, place);
  bool holds =
      binding &&
      text_equal(config_value(binding, "@bindingInformation"),
                 word(expected, "bindingInformation")) &&
      json_equal(json_object_get(binding, "endpoint"), json_object_get(expected, "endpoint"));
  alloc_free(place);
  return holds;
}

static bool ok_holds(json_t *expected, json_t *answer) {
  (void)expected;
  return json_object_get(answer, "section") && config_error_count(answer) == 0;
}

static const struct {
  const char *kind, *section; /* NULL: the expectation's own */
  bool (*holds)(json_t *expected, json_t *answer);
} kinds[] = {
    {"state", NULL, state_holds},
    {"collection", NULL, collection_holds},
    {"value", NULL, value_holds},
    {"ok", NULL, ok_holds},
    {"site", "system.applicationHost/sites", site_holds},
    {"bindings", "system.applicationHost/sites", bindings_hold},
    {"binding", "system.applicationHost/sites", binding_holds},
};

static void report(const char *name, const char *part, json_t *expected,
                   const struct config_answer *answer) {
  char *text = json_dumps(expected, 0);
  struct buffer errors = buffer_make(1 << 20);
  config_print_errors(answer->json, &errors);
  printf("FAIL %s %s: %s\n    by %s (status %d)\n%s", name, part, text, answer->command,
         answer->status, buffer_text(&errors));
  buffer_dispose(&errors);
  free(text);
}

/* An error stands in the answer to the question, and, when it is of the files, among
 * --errors, too. */
static bool error_is_found(const char *folder, const char *name, json_t *expected, bool asked) {
  const char *view = word(expected, "view");
  struct config_answer answer =
      ask(folder, word(expected, "path"), asked ? word(expected, "section") : NULL, view);
  struct config_error error = {.file = word(expected, "file"),
                               .line = json_integer_value(json_object_get(expected, "line")),
                               .text = word(expected, "text")};
  if (text_equal(word(expected, "when"), "query")) error.file = NULL;
  if (error.line == 0 && text_equal(word(expected, "cls"), "undeclared-section")) error.file = NULL;
  bool found = config_find_error(answer.json, &error) != NULL;
  if (!found) report(name, asked ? "question" : "--errors", expected, &answer);
  config_answer_dispose(&answer);
  return found;
}

static bool error_holds(const char *folder, const char *name, json_t *expected) {
  bool holds = true;
  bool load = text_equal(word(expected, "when"), "load") &&
              !text_equal(word(expected, "cls"), "undeclared-section");
  if (word(expected, "section")) holds = error_is_found(folder, name, expected, true);
  if (load) holds = error_is_found(folder, name, expected, false) && holds;
  return holds;
}

static bool answer_holds(const char *folder, const char *name, json_t *expected) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (!text_equal(kinds[i].kind, word(expected, "kind"))) continue;
    const char *section = kinds[i].section ? kinds[i].section : word(expected, "section");
    struct config_answer answer =
        ask(folder, word(expected, "path"), section, word(expected, "view"));
    bool holds = kinds[i].holds(expected, answer.json);
    if (!holds) report(name, "question", expected, &answer);
    config_answer_dispose(&answer);
    return holds;
  }
  ck_abort_msg("unknown kind in %s", name);
  return false;
}

/* ---- all cases of an oracle ---- */

struct tally {
  size_t expectations, held;
};

static void run_case(const char *name, json_t *whole, struct tally *tally) {
  char *folder = bundle_of(name);
  json_t *expected;
  size_t index;
  json_array_foreach(json_object_get(whole, "expect"), index, expected) {
    bool error = text_equal(word(expected, "kind"), "error");
    bool holds = error ? error_holds(folder, name, expected) : answer_holds(folder, name, expected);
    tally->expectations++;
    tally->held += holds;
  }
  folder_remove(folder);
}

static int visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

static struct tally run_oracle(const char *oracle) {
  struct tally tally = {0};
  struct dirent **names;
  int count = scandir(CASES, &names, visible, alphasort);
  ck_assert_int_eq(count, 50);
  for (int i = 0; i < count; i++) {
    char *path = alloc_format(CASES "/%s/expect.json", names[i]->d_name);
    json_t *whole = json_load_file(path, 0, NULL);
    ck_assert_ptr_nonnull(whole);
    if (text_equal(word(whole, "oracle"), oracle)) run_case(names[i]->d_name, whole, &tally);
    json_decref(whole);
    alloc_free(path);
    free(names[i]);
  }
  free(names);
  printf("peer's cases, oracle %s: %zu expectations, %zu hold\n", oracle, tally.expectations,
         tally.held);
  fflush(stdout);
  return tally;
}

START_TEST(what_the_peer_shares_with_iis_does_not_hold) {
  NEEDS_SHARED();
  struct tally tally = run_oracle("shared");
  ck_assert_uint_gt(tally.expectations, 50);
  ck_assert_uint_eq(tally.held, tally.expectations);
}
END_TEST

START_TEST(what_only_iis_does_does_not_hold) {
  NEEDS_SHARED();
  struct tally tally = run_oracle("iis");
  ck_assert_uint_gt(tally.expectations, 0);
  ck_assert_uint_eq(tally.held, tally.expectations);
}
END_TEST

START_TEST(what_only_the_peer_does_cannot_be_asked) {
  NEEDS_SHARED();
  ck_assert_uint_gt(run_oracle("peer").expectations, 0);
}
END_TEST

CHECK_MAIN("config/peer's cases", {
  tcase_add_test(tests, what_the_peer_shares_with_iis_does_not_hold);
  tcase_add_test(tests, what_only_iis_does_does_not_hold);
  tcase_add_test(tests, what_only_the_peer_does_cannot_be_asked);
})
