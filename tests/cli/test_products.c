/* Which Exchange a server has: the cumulative update from AdminDisplayVersion, the build
 * from the file version of ExSetup.exe, and neither of them when they contradict. */
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"

#include <string.h>

#define OBJS "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">"

static char *folder;

static void setup(void) {
  folder = folder_new();
}

static void teardown(void) {
  folder_remove(folder);
}

static void write_server(const char *display_version) {
  char *text = alloc_format(
      OBJS
      "<Obj RefId=\"0\"><TN RefId=\"0\"><T>Deserialized.Microsoft.Exchange.Data.Directory."
      "Management.ExchangeServer</T><T>System.Object</T></TN><ToString>EX01</ToString><Props>"
      "<S N=\"Name\">EX01</S><S N=\"Fqdn\">EX01.contoso.com</S><S N=\"Edition\">Standard</S>"
      "<S N=\"AdminDisplayVersion\">%s</S><S N=\"ServerRole\">Mailbox</S></Props></Obj></Objs>",
      display_version);
  folder_write_text(folder, "GetExchangeServer.xml", text);
  alloc_free(text);
}

static void write_file(const char *version) {
  char *text = alloc_format(
      OBJS
      "<Obj RefId=\"0\"><TN RefId=\"0\"><T>System.Diagnostics.FileVersionInfo</T>"
      "<T>System.Object</T></TN><ToString>File</ToString><Props>"
      "<S N=\"FileName\">C:\\Exchange\\bin\\ExSetup.exe</S>"
      "<S N=\"FileVersion\">%s</S><S N=\"OriginalFilename\">ExSetup.exe</S>"
      "<I32 N=\"FilePrivatePart\">5</I32><S N=\"PSComputerName\">EX01</S></Props></Obj></Objs>",
      version);
  folder_write_text(folder, "ExSetup.xml", text);
  alloc_free(text);
}

/* The <product name="Exchange"> of `siteglass evidence`, up to the next product. */
static char *product(void) {
  struct run run = RUN("evidence", folder);
  const char *start = strstr(run.out, "<product name=\"Exchange\"");
  ck_assert_msg(start != NULL, "%.1500s%.500s", run.out, run.err);
  const char *end = strstr(start + 1, "<product");
  char *text = alloc_text_n(start, end ? (size_t)(end - start) : strlen(start));
  run_dispose(&run);
  return text;
}

static void says(const char *words, bool yes) {
  char *text = product();
  ck_assert_msg((strstr(text, words) != NULL) == yes, "%s \"%s\" in\n%.800s", yes ? "no" : "a",
                words, text);
  alloc_free(text);
}

START_TEST(a_cumulative_update_is_taken_for_the_build) {
  write_server("Version 15.2 (Build 986.5)");
  says("version=\"15.2.986.5\"", true);
  says(" build=", false);
  says("of=\"@build\"", true);
}
END_TEST

START_TEST(the_security_update_in_the_file_version_is_not_seen) {
  write_server("Version 15.2 (Build 986.5)");
  write_file("15.02.0986.042");
  says(" build=\"15.2.986.42\"", true);
  says("ev:unknown", false);
}
END_TEST

START_TEST(exports_of_different_updates_give_a_version_all_the_same) {
  write_server("Version 15.2 (Build 986.5)");
  write_file("15.02.1118.007");
  says(" version=", false);
  says(" build=", false);
  says("reason=\"conflict\"", true);
}
END_TEST

START_TEST(a_version_of_no_known_form_is_used) {
  write_server("Version fifteen");
  says(" version=", false);
  says("of=\"@version\"", true);
}
END_TEST

CHECK_MAIN("cli/products", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_cumulative_update_is_taken_for_the_build);
  tcase_add_test(tests, the_security_update_in_the_file_version_is_not_seen);
  tcase_add_test(tests, exports_of_different_updates_give_a_version_all_the_same);
  tcase_add_test(tests, a_version_of_no_known_form_is_used);
})
