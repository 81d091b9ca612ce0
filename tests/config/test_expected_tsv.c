/* Extended Protection, SSL flags and IP restrictions of real Exchange servers: what is
 * in force at each virtual directory, computed by another program. */
#define _XOPEN_SOURCE 700
#include "check_main.h"
#include "cli/support_program.h"
#include "config/support_config.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

#define FOLDER "exchange/extended-protection/"
#define SECURITY "system.webServer/security/"

/* The sanitizers look for other defects: every fourth row. */
#ifdef __SANITIZE_ADDRESS__
enum { STRIDE = 4 };
#else
enum { STRIDE = 1 };
#endif
enum { FILE_NAME, PATH, TOKEN_CHECKING, SSL_FLAGS, ALLOW_UNLISTED, ENTRIES, FIELDS };

static struct config_answer ask(char *const *row, const char *section) {
  char *file = alloc_format(FOLDER "%s", row[FILE_NAME]);
  struct config_query query = {.bundle = shared(file), .at = row[PATH], .section = section};
  struct config_answer answer = config_ask(&query);
  alloc_free(file);
  return answer;
}

/* 1 when something else is in force than the row says. */
static int differs(char *const *row, const char *section, const char *place, size_t field) {
  struct config_answer answer = ask(row, section);
  const char *value = config_value(answer.json, place);
  size_t uncertain = json_array_size(json_object_get(answer.json, "uncertain"));
  bool wrong = !text_equal(value, row[field]) || answer.status != 0 || uncertain > 0;
  if (wrong)
    printf("FAIL %s %s %s: expected %s, got %s%s (status %d)\n    %.200s\n", row[FILE_NAME],
           row[PATH], place, row[field], value ? value : "nothing", uncertain ? ", uncertain" : "",
           answer.status, answer.err);
  config_answer_dispose(&answer);
  return wrong;
}

/* No row has entries; one that had would need a form to compare. */
static int entries_differ(char *const *row) {
  struct config_answer answer = ask(row, SECURITY "ipSecurity");
  size_t count = json_array_size(json_object_get(answer.json, "collection"));
  ck_assert_str_eq(row[ENTRIES], "");
  if (count) printf("FAIL %s %s: %zu entries\n", row[FILE_NAME], row[PATH], count);
  config_answer_dispose(&answer);
  return count > 0;
}

static int row_differs(char *const *row) {
  return differs(row, SECURITY "authentication/windowsAuthentication",
                 "extendedProtection/@tokenChecking", TOKEN_CHECKING) +
         differs(row, SECURITY "access", "@sslFlags", SSL_FLAGS) +
         differs(row, SECURITY "ipSecurity", "@allowUnlisted", ALLOW_UNLISTED) +
         entries_differ(row);
}

static void split(char *line, char **row) {
  for (size_t i = 0; i < FIELDS; i++) {
    row[i] = line;
    char *tab = strchr(line, '\t');
    ck_assert_ptr_nonnull(tab);
    *tab = '\0';
    line = tab + 1;
  }
}

START_TEST(what_is_in_force_on_an_exchange_server_is_told_wrong) {
  NEEDS_SHARED();
  size_t size, rows = 0, run = 0;
  char *text = file_read(shared(FOLDER "expected.tsv"), &size), *rest = NULL;
  int wrong = 0;
  strtok_r(text, "\n", &rest); /* the head */
  for (char *line; (line = strtok_r(NULL, "\n", &rest)); rows++) {
    if (rows % STRIDE) continue;
    char *row[FIELDS];
    split(line, row);
    wrong += row_differs(row);
    run++;
  }
  printf("expected.tsv: %zu rows, %zu run, %d values differ\n", rows, run, wrong);
  fflush(stdout);
  alloc_free(text);
  ck_assert_uint_eq(rows, 132);
  ck_assert_int_eq(wrong, 0);
}
END_TEST

CHECK_MAIN("config/expected.tsv",
           { tcase_add_test(tests, what_is_in_force_on_an_exchange_server_is_told_wrong); })
