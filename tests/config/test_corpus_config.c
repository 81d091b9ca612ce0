/* Files that IIS runs have no configuration errors; what is reported of them is true. */
#define _XOPEN_SOURCE 700
#include "check_main.h"
#include "cli/support_program.h"
#include "config/support_config.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

enum { COMPLETE = 40000 }; /* bytes; a stock file has 60,000, fragments under 10,000 */

/* How many errors the file is said to have. None of these files has one. */
static size_t false_errors(const char *name) {
  struct config_query query = {.bundle = shared(name), .errors = true};
  struct config_answer answer = config_ask(&query);
  json_t *errors = json_object_get(answer.json, "errors"), *error;
  size_t index, wrong = 0;
  if (!json_is_array(errors) || answer.status != 0) {
    printf("FAIL %s: no answer (status %d) %.300s\n", name, answer.status, answer.err);
    wrong++;
  }
  json_array_foreach(errors, index, error) {
    char *text = json_dumps(error, 0);
    printf("FAIL %s: %.500s\n", name, text);
    free(text);
    wrong++;
  }
  config_answer_dispose(&answer);
  return wrong;
}

/* ---- the corpus: INDEX.tsv says what is what ---- */

enum { FILE_NAME, BYTES, ENCODING, DECLARATION, ENDS, KIND, WELL_FORMED, FIELDS };

static bool complete_host(char *line, char **fields) {
  for (size_t i = 0; i < FIELDS; i++) {
    fields[i] = line;
    line = strchr(line, '\t');
    if (line == NULL) return false;
    *line++ = '\0';
  }
  return strtol(fields[BYTES], NULL, 10) >= COMPLETE && text_equal(fields[WELL_FORMED], "ok");
}

START_TEST(a_file_of_the_corpus_is_accused_falsely) {
  NEEDS_SHARED();
  size_t size, files = 0, wrong = 0;
  char *text = file_read(shared("corpus/INDEX.tsv"), &size), *rest = NULL;
  for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
    char *fields[FIELDS];
    if (!complete_host(line, fields)) continue;
    char *name = alloc_format("corpus/%s", fields[FILE_NAME]);
    wrong += false_errors(name);
    files++;
    alloc_free(name);
  }
  printf("corpus: %zu complete files, %zu false errors\n", files, wrong);
  fflush(stdout);
  alloc_free(text);
  ck_assert_uint_ge(files, 12);
  ck_assert_uint_eq(wrong, 0);
}
END_TEST

START_TEST(a_file_of_an_exchange_server_is_accused_falsely) {
  NEEDS_SHARED();
  static const char *const files[] = {
      "exchange/extended-protection/E15_Configured_Both_ApplicationHost.config",
      "exchange/extended-protection/E15_Configured_Cas_ApplicationHost.config",
      "exchange/extended-protection/E15_NotConfigured_Both_ApplicationHost.config",
      "exchange/extended-protection/E19_Configured_ApplicationHost.config",
      "exchange/extended-protection/E19_MisConfigured_ApplicationHost.config",
      "exchange/extended-protection/E19_NotConfigured_ApplicationHost.config",
      "exchange/E19/IIS/applicationHost.config",
      "exchange/E19/IIS/applicationHost1.config",
      "exchange/E19/IIS/applicationHost2.config",
      "exchange/E19/IIS"};
  size_t wrong = 0;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    wrong += false_errors(files[i]);
  printf("Exchange: %zu false errors\n", wrong);
  fflush(stdout);
  ck_assert_uint_eq(wrong, 0);
}
END_TEST

/* One error of each that really is there. */
static void check_real(const char *name, struct config_error error) {
  struct config_query query = {.bundle = shared(name), .errors = true};
  struct config_answer answer = config_ask(&query);
  ck_assert_msg(config_find_error(answer.json, &error) != NULL, "%s: %s\n%.2000s", name, error.text,
                answer.out);
  config_answer_dispose(&answer);
}

START_TEST(a_damaged_file_goes_unnoticed) {
  NEEDS_SHARED();
  check_real("exchange/E19/IIS/BadApplicationHost.config",
             (struct config_error){.hresult = "0x8007000d", .line = 128, .text = "well-formed"});
  /* A section that somebody keeps in a file of its own is not what IIS reads. */
  check_real("corpus/srdYkambara_monzennakacho_220302/applicationHost.config",
             (struct config_error){.hresult = "0x8007000d", .line = 6, .text = "httpCompression"});
}
END_TEST

CHECK_MAIN("config/corpus", {
  tcase_add_test(tests, a_file_of_the_corpus_is_accused_falsely);
  tcase_add_test(tests, a_file_of_an_exchange_server_is_accused_falsely);
  tcase_add_test(tests, a_damaged_file_goes_unnoticed);
})
