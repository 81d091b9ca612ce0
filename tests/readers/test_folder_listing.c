/* Listings of folders: which text proves that all files are there. */
#include "check_main.h"
#include "support_text.h"

#include "base/text.h"

#include <string.h>

#define DOTS                                                                                       \
  "11/29/2026  04:40 PM    <DIR>          .\r\n11/29/2026  04:40 PM    <DIR>          ..\r\n"
#define WEB "11/29/2026  04:40 PM             1,234 web.config\r\n"
#define HEAD " Volume in drive C has no label.\r\n\r\n Directory of C:\\inetpub\\wwwroot\r\n\r\n"
#define COUNT(number) "               " number " File(s)          1,234 bytes\r\n"

/* "C:\a complete web.config=1234; C:\b partial" */
static char *facts_of(const char *text) {
  struct run run = text_run("folders.txt", text, strlen(text));
  struct reading *reading = run_reading(&run, 0);
  ck_assert_msg(reading != NULL && text_equal(reading->kind, "folder-listing"), "not recognised");
  char *all = alloc_text("");
  for (xmlNode *folder = node_child(reading->facts, "folder"); folder;
       folder = node_next(folder, "folder")) {
    char *longer = alloc_format("%s%s%s %s", all, *all ? "; " : "", node_get(folder, "path"),
                                node_get(folder, "listing"));
    alloc_free(all);
    all = longer;
    for (xmlNode *file = node_child(folder, "file"); file; file = node_next(file, "file")) {
      const char *size = node_get(file, "size");
      longer = alloc_format("%s %s=%s", all, node_get(file, "name"), size ? size : "?");
      alloc_free(all);
      all = longer;
    }
  }
  run_end(&run);
  return all;
}

static void facts_are(const char *text, const char *wanted) {
  char *facts = facts_of(text);
  ck_assert_str_eq(facts, wanted);
  alloc_free(facts);
}

START_TEST(a_whole_group_is_not_complete) {
  facts_are(HEAD DOTS WEB COUNT("1"), "C:\\inetpub\\wwwroot complete web.config=1234");
  facts_are(" Directory of D:\\\r\n\r\n" WEB COUNT("1"), "D:\\ complete web.config=1234");
}
END_TEST

START_TEST(a_listing_that_proves_nothing_is_complete) {
  static const char *const texts[] = {
      HEAD WEB COUNT("1"),          /* dir /s *.config: no dots */
      HEAD DOTS WEB COUNT("2"),     /* a line is missing */
      HEAD DOTS WEB,                /* cut */
      HEAD DOTS WEB "            ", /* cut in its last line */
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    facts_are(texts[i], "C:\\inetpub\\wwwroot partial web.config=1234");
}
END_TEST

START_TEST(a_language_is_not_understood) {
  facts_are(" Datentr\xC3\xA4ger in Laufwerk C: hat keine Bezeichnung.\r\n\r\n"
            " Verzeichnis von C:\\inetpub\r\n\r\n"
            "29.11.2026  16:40    <DIR>          .\r\n29.11.2026  16:40    <DIR>          ..\r\n"
            "29.11.2026  16:40             1.234 web.config\r\n"
            "               1 Datei(en),          1.234 Bytes\r\n",
            "C:\\inetpub complete web.config=1234");
  facts_are(" C:\\inetpub \xE3\x81\xAE\xE3\x83\x87\xE3\x82\xA3\xE3\x83\xAC\xE3\x82\xAF"
            "\xE3\x83\x88\xE3\x83\xAA\r\n\r\n"
            "2026/11/29  16:40    <DIR>          .\r\n2026/11/29  16:40    <DIR>          ..\r\n"
            "2026/11/29  16:40             1,234 web.config\r\n"
            "               1 \xE5\x80\x8B\xE3\x81\xAE               1,234 b\r\n",
            "C:\\inetpub complete web.config=1234");
}
END_TEST

START_TEST(links_and_folders_are_lost) {
  facts_are(HEAD DOTS "11/29/2026  04:40 PM    <DIR>          a b\r\n"
                      "11/29/2026  04:40 PM    <JUNCTION>     j [D:\\x]\r\n"
                      "11/29/2026  04:40 PM    <SYMLINK>      s.htm [D:\\x.htm]\r\n" COUNT("1"),
            "C:\\inetpub\\wwwroot complete s.htm=?; C:\\inetpub\\wwwroot\\a b partial; "
            "C:\\inetpub\\wwwroot\\j partial");
}
END_TEST

START_TEST(bare_paths_are_lost) {
  facts_are("C:\\a\\x.txt\r\nC:\\a\\b\r\nC:\\a\\b\\web.config\r\n",
            "C:\\a partial x.txt=? b=?; C:\\a\\b partial web.config=?");
}
END_TEST

START_TEST(a_console_of_powershell_is_lost) {
  facts_are("\r\n\r\n    Directory: C:\\inetpub\r\n\r\n\r\n"
            "Mode                LastWriteTime         Length Name\r\n"
            "----                -------------         ------ ----\r\n"
            "d-----       11/29/2026   4:40 PM                wwwroot\r\n"
            "-a----       11/29/2026   4:40 PM            703 iisstart.htm\r\n"
            "-a----       11/29/2026   4:40 PM            703 a very long nam...\r\n",
            "C:\\inetpub partial iisstart.htm=703; C:\\inetpub\\wwwroot partial");
}
END_TEST

START_TEST(any_text_is_a_listing) {
  static const char *const texts[] = {"C:\\a\r\nC:\\b\r\nhello\r\n", "a\\b\r\nc\r\n",
                                      " Directory of C:\\x\r\n", "    Directory: C:\\x\r\n"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct run run = text_run("x.txt", texts[i], strlen(texts[i]));
    ck_assert_ptr_null(run_reading(&run, 0));
    run_end(&run);
  }
}
END_TEST

CHECK_MAIN("readers/folder_listing", {
  tcase_add_test(tests, a_whole_group_is_not_complete);
  tcase_add_test(tests, a_listing_that_proves_nothing_is_complete);
  tcase_add_test(tests, a_language_is_not_understood);
  tcase_add_test(tests, links_and_folders_are_lost);
  tcase_add_test(tests, bare_paths_are_lost);
  tcase_add_test(tests, a_console_of_powershell_is_lost);
  tcase_add_test(tests, any_text_is_a_listing);
})
