/* Commands are there to be pasted, and their values come from files that may be hostile. */
#include "check_main.h"
#include "support_program.h"

#include "base/alloc.h"
#include "base/system.h"
#include "base/text.h"

#include <string.h>

static const char healthy[] = SITEGLASS_SOURCE_DIR "/samples/kb2779694-healthy";

/* The sample server with one text of applicationHost.config replaced by another. */
static char *server_with(const char *old, const char *new) {
  char *folder = folder_new();
  char path[4096], error[128];
  snprintf(path, sizeof path, "%s/applicationHost.config", healthy);
  uint8_t *bytes;
  size_t size;
  ck_assert_msg(system_read(path, 1 << 24, &bytes, &size, error), "%s", error);
  char *at = strstr((char *)bytes, old);
  ck_assert_msg(at != NULL, "no %s", old);
  size_t before = (size_t)(at - (char *)bytes);
  char *text = alloc_format("%.*s%s%s", (int)before, (char *)bytes, new, at + strlen(old));
  folder_write(folder, "applicationHost.config", text, strlen(text));
  alloc_free(text);
  alloc_free(bytes);
  return folder;
}

/* Is `word` in a command of the JSON report? (One member a line.) */
static bool in_a_command(const char *json, const char *word) {
  for (const char *at = json; (at = strstr(at, "\"command\": \"")) != NULL; at++) {
    const char *end = strchr(at, '\n');
    char *line = alloc_text_n(at, end ? (size_t)(end - at) : strlen(at));
    bool found = strstr(line, word) != NULL;
    alloc_free(line);
    if (found) return true;
  }
  return false;
}

static const char *const hostile[] = {
    "sslFlags=\"Ssl,Ssl128&quot;&amp;calc.exe&amp;echo\"",
    "sslFlags=\"Ssl,&#10;calc.exe&#10;,Ssl128\"",
    "sslFlags=\"Ssl,$(calc.exe)\"",
    "sslFlags=\"Ssl,%calc.exe%\"",
};

/* IIS takes this one: it is judged, and its flags stand in a command. */
START_TEST(a_value_that_iis_takes_breaks_a_command) {
  char *folder = server_with("sslFlags=\"SslNegotiateCert\"", "sslFlags=\"Ssl,&#32; Ssl128\"");
  const char *const arguments[] = {"check", "--format", "json", "--rule", "powershell-requires-ssl",
                                   folder,  NULL};
  struct run run = program_run(arguments);
  ck_assert_msg(in_a_command(run.out, "-sslFlags:Ssl,Ssl128"), "%s", run.out);
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(a_value_of_a_file_becomes_a_command_of_its_own) {
  char *folder = server_with("sslFlags=\"SslNegotiateCert\"", hostile[_i]);
  const char *const arguments[] = {"check", "--format", "json", "--rule", "powershell-requires-ssl",
                                   folder,  NULL};
  struct run run = program_run(arguments);
  ck_assert_msg(strstr(run.out, "powershell-requires-ssl") != NULL, "%s", run.err);
  ck_assert_msg(strstr(run.out, "\"unknown\": 1") != NULL, "a value that IIS refuses is judged");
  ck_assert_msg(!in_a_command(run.out, "calc"), "a command holds the value");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

CHECK_MAIN("cli/commands", {
  tcase_add_test(tests, a_value_that_iis_takes_breaks_a_command);
  tcase_add_loop_test(tests, a_value_of_a_file_becomes_a_command_of_its_own, 0,
                      sizeof hostile / sizeof *hostile);
})
