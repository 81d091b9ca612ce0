/* The text report: safe on a terminal, inside its columns, pasteable, honest. */
#include "../check_main.h"

#include "base/text.h"
#include "report/report.h"
#include "support_verdicts.h"

#include <string.h>

static char *print(struct verdicts *verdicts, struct report_style style) {
  return report_format_find("text")->write(verdicts, &style);
}

static char *print_and_free(struct verdicts *verdicts) {
  char *text = print(verdicts, (struct report_style){0});
  verdicts_free(verdicts);
  return text;
}

static void has(const char *text, const char *part) {
  ck_assert_msg(strstr(text, part) != NULL, "\"%s\" is not in:\n%.3000s", part, text);
}

static void has_not(const char *text, const char *part) {
  ck_assert_msg(strstr(text, part) == NULL, "\"%s\" is in:\n%.3000s", part, text);
}

/* The same with every run of blanks and line ends as one blank: wherever it is wrapped. */
static void says(const char *text, const char *sentence) {
  char *flat = alloc_text(text), *to = flat;
  for (const char *from = text; *from; from++) {
    bool blank = *from == ' ' || *from == '\n';
    if (blank && to > flat && to[-1] == ' ') continue;
    *to++ = blank ? ' ' : *from;
  }
  *to = '\0';
  has(flat, sentence);
  alloc_free(flat);
}

static size_t times(const char *text, const char *part) {
  size_t count = 0;
  for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
    count++;
  return count;
}

/* Nothing that drives a terminal, breaks a line or turns the direction of text. */
static void is_safe(const char *text) {
  size_t size = strlen(text);
  ck_assert_uint_eq(text_utf8_prefix(text, size), size);
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)text[i], next = (unsigned char)text[i + 1];
    ck_assert_msg(c >= 0x20 || c == '\n', "control %02X at %zu", c, i);
    ck_assert(c != 0x7F && !(c == 0xC2 && next < 0xA0));
  }
  has_not(text, "\xE2\x80\xAE");
  has_not(text, "\xE2\x81\xA6");
  has_not(text, "\xEF\xBB\xBF");
}

START_TEST(a_hostile_value_reaches_the_terminal) {
  static const char *const values[] = {"\x1B[2J\x1B[1;1HAll is well\x1B]0;x\x07",
                                       "a\nCRITICAL  forged\r\nb\tc\v\f",
                                       "\xE2\x80\xAE\xE2\x81\xA6\xEF\xBB\xBF",
                                       "\xC2\x9B"
                                       "2J",
                                       "\xFF\xC0\xAF\xED\xA0\x80",
                                       "\x7F\b\b"};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    struct verdicts *verdicts = example_broken();
    poison(verdicts, values[i]);
    char *text = print_and_free(verdicts);
    is_safe(text);
    has_not(text, "\nCRITICAL  forged");
    free(text);
  }
}
END_TEST

START_TEST(a_diagnostic_or_a_title_reaches_the_terminal_raw) {
  static struct diag items[] = {{DIAG_ERROR, (char *)"\x1B[1m", 1, 0, (char *)"\x1B[2J\n\n"}};
  static const struct diags diags = {items, 1, 1, 3};
  struct verdicts *verdicts = example_broken();
  verdicts->diags = &diags;
  replace(&verdicts->rules[0].title, "\x1B[2J");
  replace(&verdicts->rules[0].see, "\x1B[2J");
  replace(&verdicts->rules[0].kb, "\x1B[2J\n");
  replace(&verdicts->unknowns[0].command, "\x1B[2J");
  replace(&verdicts->unknowns[0].needs, "a \x1B[2J");
  replace(&verdicts->unknowns[2].file, "\x1B[2J");
  replace(&verdicts->artifacts[4].outcome, "\x1B[2J");
  char *text = print_and_free(verdicts);
  is_safe(text);
  has(text, "1 error");
  has(text, "3 further messages were not kept");
  free(text);
}
END_TEST

static unsigned columns_of(const char *line, size_t size) {
  unsigned columns = 0;
  for (size_t i = 0; i < size; i++)
    columns += ((unsigned char)line[i] & 0xC0) != 0x80;
  return columns;
}

/* Lines may be longer only if they carry one of `exempt`. */
static void is_within(const char *text, unsigned width, const char *const *exempt) {
  for (const char *line = text; *line;) {
    size_t size = strcspn(line, "\n");
    bool excused = columns_of(line, size) <= width;
    char *copy = alloc_text_n(line, size);
    for (size_t i = 0; exempt[i] && !excused; i++)
      excused = strstr(copy, exempt[i]) != NULL;
    ck_assert_msg(excused, "wider than %u: %s", width, copy);
    ck_assert_msg(size == 0 || line[size - 1] != ' ', "a blank at the end of: %s", copy);
    alloc_free(copy);
    line += size + (line[size] == '\n');
  }
}

START_TEST(a_line_is_wider_than_the_terminal) {
  static const char *const commands[] = {"netsh http", "Get-", "Add-PSSnapin", "System32", NULL};
  static const unsigned widths[] = {60, 72, 80, 120};
  struct verdicts *(*const examples[])(void) = {example_broken,    example_fine,
                                                example_unknown,   example_inapplicable,
                                                example_two_hosts, example_empty};
  for (size_t w = 0; w < 4; w++) {
    for (size_t i = 0; i < 6; i++) {
      struct verdicts *verdicts = examples[i]();
      char *text = print(verdicts, (struct report_style){.width = widths[w]});
      is_within(text, widths[w], commands);
      free(text);
      verdicts_free(verdicts);
    }
  }
}
END_TEST

START_TEST(a_long_value_breaks_out_of_its_column) {
  static const char *const none[] = {"PATH", NULL};
  char *large = alloc_bytes(100001);
  memset(large, 'x', 100000);
  struct verdicts *verdicts = example_broken();
  poison(verdicts, large);
  for (size_t i = 0; i < verdicts->artifact_count; i++)
    replace(&verdicts->artifacts[i].path,
            "PATH/of/an/artifact/that/is/longer/than/its/column.config");
  for (size_t i = 0; i < verdicts->finding_count; i++)
    for (size_t k = 0; k < verdicts->findings[i].remediation.count; k++)
      replace(&verdicts->findings[i].remediation.items[k].command, "");
  for (size_t i = 0; i < verdicts->finding_count; i++)
    for (size_t k = 0; k < verdicts->findings[i].verify.count; k++)
      replace(&verdicts->findings[i].verify.items[k].command, "");
  replace(&verdicts->unknowns[0].command, "");
  replace(&verdicts->unknowns[1].command, "");
  char *text = print_and_free(verdicts);
  is_within(text, 80, none);
  has(text, "xxx...\n");
  ck_assert_uint_lt(strlen(text), 100000);
  alloc_free(large);
  free(text);
}
END_TEST

START_TEST(a_width_out_of_range_is_obeyed) {
  struct verdicts *verdicts = example_broken();
  char *narrow = print(verdicts, (struct report_style){.width = 3});
  char *sixty = print(verdicts, (struct report_style){.width = 60});
  char *wide = print(verdicts, (struct report_style){.width = 100000});
  char *most = print(verdicts, (struct report_style){.width = 120});
  ck_assert_str_eq(narrow, sixty);
  ck_assert_str_eq(wide, most);
  free(narrow);
  free(sixty);
  free(wide);
  free(most);
  verdicts_free(verdicts);
}
END_TEST

START_TEST(a_command_cannot_be_pasted) {
  char *text = print_and_free(example_broken());
  has(text, "         Get-ExchangeCertificate | Format-List FriendlyName,Thumbprint,NotAfter\n");
  has(text, "\n         netsh http delete sslcert ipport=0.0.0.0:444\n"
            "         netsh http add sslcert ipport=0.0.0.0:444 certhash=THUMBPRINT "
            "appid={4dc3e181-e14b-4a21-b022-59fc669b0914} certstorename=MY\n");
  has(text, "      netsh http show sslcert ipport=0.0.0.0:444\n");
  has(text, "       netsh http show iplisten > iplisten.txt\n");
  free(text);
}
END_TEST

START_TEST(a_long_command_is_wrapped_or_cut) {
  char *command = alloc_format("Set-It -Value '%05000d' -Last", 7);
  struct verdicts *verdicts = example_broken();
  replace(&verdicts->findings[0].remediation.items[0].command, command);
  char *text = print_and_free(verdicts);
  has(text, command);
  alloc_free(command);
  free(text);
}
END_TEST

START_TEST(the_shell_is_not_named_when_it_changes) {
  char *text = print_and_free(example_broken());
  has(text, "1. See which certificates Exchange has, in the Exchange Management Shell:\n");
  has(text, "2. If the shell does not open, use the local one. In PowerShell:\n");
  has(text, "4. Bind it to port 444, in a command prompt:\n");
  has(text, "  Check\n    In a command prompt:\n");
  ck_assert_uint_eq(times(text, "in PowerShell") + times(text, "In PowerShell"), 1);
  free(text);
}
END_TEST

START_TEST(the_shell_is_named_again_although_it_is_the_same) {
  struct verdicts *verdicts = example_broken();
  add_step(&verdicts->findings[1].remediation, "First:", "cmd", "iisreset");
  add_step(&verdicts->findings[1].remediation, "Wait.", "", "");
  add_step(&verdicts->findings[1].remediation, "Second:", "cmd", "iisreset");
  add_step(&verdicts->findings[1].remediation, "", "cmd", "iisreset");
  char *text = print_and_free(verdicts);
  has(text, "    1. First, in a command prompt:\n         iisreset\n    2. Wait.\n"
            "    3. Second:\n         iisreset\n    4. Run:\n         iisreset\n");
  free(text);
}
END_TEST

START_TEST(a_claim_has_no_place) {
  char *text = print_and_free(example_broken());
  has(text, "    IIS/applicationHost.config:518:21  <binding");
  has(text, "    sslcert.txt:19:36");
  has(text, "    certs.txt  ");
  ck_assert_uint_eq(times(text, "IIS/applicationHost.config:518:21"), 1);
  has(text, "IIS/applicationHost.config:460:21  binding https 127.0.0.1:443:\n");
  has(text, "    found ");
  has(text, "    expected ");
  has(text, "KB 2779694");
  has(text, "See  https://support.microsoft.com/kb/2779694\n");
  has(text, "Because of this also: certificate-not-in-store\n");
  free(text);
}
END_TEST

START_TEST(the_most_severe_finding_is_not_on_the_first_screen) {
  char *text = print_and_free(example_broken());
  const char *at = strstr(text, "CRITICAL  Exchange Back End serves a certificate");
  ck_assert_ptr_nonnull(at);
  size_t lines = 0;
  for (const char *c = text; c < at; c++)
    lines += *c == '\n';
  ck_assert_uint_lt(lines, 12);
  has(text, "judged as of 2026-10-14 09:12 UTC (newest time in GetExchangeCertificate.xml)\n");
  free(text);
}
END_TEST

START_TEST(what_is_unknown_is_not_said) {
  char *text = print_and_free(example_broken());
  has(text, "RESULT    1 critical, 1 low; 5 checks could not be decided (see UNKNOWN)");
  has(text, "UNKNOWN   4 checks could not be decided; 1 check was decided only in part\n");
  has(text, "1 check needs the output of this command; run it in a command prompt on EX01:");
  has(text, "high      ip-listen-list-excludes-binding\n");
  has(text, "This would do as well: get-exchangecertificate");
  has(text, "1 check needs this file on EX01:");
  has(text, "damaged: IIS/redirection.config:128: the element has no end");
  has(text, "encrypted: IIS/applicationHost.config:912: the password");
  has(text, "no further file or command");
  has(text, "this check could not be decided everywhere (see UNKNOWN)");
  has(text, "1 critical, 0 high, 0 medium, 1 low, 0 info;\n  4 unknown; 1 decided only in part; 1 "
            "passed; 0 not applicable.\n");
  has(text, "exit 1: there are findings of severity low or above.\n");
  free(text);
}
END_TEST

START_TEST(no_finding_sounds_like_all_is_well) {
  char *text = print_and_free(example_unknown());
  says(text, "No finding, but 4 checks could not be decided");
  says(text, "does not show that nothing is wrong");
  has_not(text, "Every check that applies was decided");
  says(text, "as of no known date");
  has(text, "exit 3: nothing of severity low or above was found, but checks of that severity\n  "
            "could not be decided.\n");
  free(text);
  text = print_and_free(example_inapplicable());
  says(text, "nothing was judged");
  has_not(text, "Every check");
  free(text);
  text = print_and_free(example_empty());
  says(text, "Nothing in this bundle could be read");
  has(text, "exit 2");
  free(text);
  text = print_and_free(example_fine());
  says(text, "No finding. Every check that applies was decided: 6 passed, 1 not applicable.");
  has_not(text, "UNKNOWN");
  free(text);
}
END_TEST

START_TEST(files_that_were_not_read_do_not_spoil_a_clean_result) {
  struct verdicts *verdicts = example_fine();
  add_artifact(verdicts, "private.zip", "refused", "it is encrypted");
  char *text = print_and_free(verdicts);
  says(text, "1 file was not read, or only in part");
  has(text, "private.zip");
  free(text);
}
END_TEST

START_TEST(errors_of_rules_and_an_unknown_elsewhere_look_decided) {
  struct verdicts *verdicts = example_fine();
  verdicts->rule_verdicts[1].verdict = VERDICT_ERROR;
  verdicts->rules_passed--;
  verdicts->rules_error = 1;
  char *text = print_and_free(verdicts);
  says(text, "No finding, but 1 check could not be evaluated");
  has_not(text, "Every check that applies was decided");
  free(text);
  verdicts = example_fine();
  verdicts->rule_verdicts[1].unknown = 1;
  text = print_and_free(verdicts);
  says(text, "No finding, but 1 check could not be decided");
  free(text);
}
END_TEST

START_TEST(quiet_hides_what_matters_or_shows_the_rest) {
  struct verdicts *verdicts = example_broken();
  char *text = print(verdicts, (struct report_style){.quiet = true});
  ck_assert_int_eq(strncmp(text, "CRITICAL  ", 10), 0);
  has_not(text, "\nUNKNOWN");
  has_not(text, "\nFILES");
  has_not(text, "contoso");
  has(text, "4 unknown");
  has(text, "exit 1");
  free(text);
  verdicts_free(verdicts);
  verdicts = example_unknown();
  text = print(verdicts, (struct report_style){.quiet = true});
  says(text, "No finding, but 4 checks could not be decided");
  free(text);
  verdicts_free(verdicts);
}
END_TEST

/* Removes ESC [ digits and semicolons m; nothing else. */
static size_t strip_colour(char *text) {
  size_t removed = 0;
  char *to = text;
  for (const char *from = text; *from;) {
    size_t size = strncmp(from, "\x1B[", 2) == 0 ? 2 + strspn(from + 2, "0123456789;") : 0;
    if (size > 0 && from[size] == 'm') {
      from += size + 1;
      removed++;
    } else {
      *to++ = *from++;
    }
  }
  *to = '\0';
  return removed;
}

START_TEST(colour_changes_the_words_or_is_there_unasked) {
  struct verdicts *verdicts = example_broken();
  char *plain = print(verdicts, (struct report_style){0});
  char *coloured = print(verdicts, (struct report_style){.colour = true});
  ck_assert_ptr_null(strchr(plain, 0x1B));
  has(coloured, "\x1B[1;31mCRITICAL\x1B[0m  Exchange");
  has(coloured, "\x1B[1mexchange-backend-certificate-missing\x1B[0m");
  ck_assert_uint_gt(strip_colour(coloured), 10);
  ck_assert_str_eq(plain, coloured);
  free(plain);
  free(coloured);
  verdicts_free(verdicts);
}
END_TEST

START_TEST(the_same_verdicts_print_differently) {
  char *first = print_and_free(example_broken()), *second = print_and_free(example_broken());
  ck_assert_str_eq(first, second);
  free(first);
  free(second);
}
END_TEST

START_TEST(a_cut_list_does_not_say_how_much_is_missing) {
  struct verdicts *verdicts = example_broken();
  for (unsigned i = 0; i < 20; i++)
    add_place(&verdicts->findings[0], 0, 1000 + i, 1, "binding https");
  for (unsigned i = 0; i < 25; i++)
    add_artifact(verdicts, "more.bin", "not recognised", "");
  for (unsigned i = 0; i < 30; i++)
    add_finding(verdicts, 6, 0);
  char *text = print_and_free(verdicts);
  has(text, "    ... and 12 more (see --format json)\n"); /* 22 further places, 10 shown */
  has(text, "  not recognised (26)\n");
  has(text, "    ... and 16 more (see --format json)\n");
  has(text, "... and 20 more findings of application-pool-password-empty (see --format json)\n");
  has(text, "... and 20 more, below\n");
  ck_assert_uint_eq(times(text, "\nMEDIUM    An application pool"), 10);
  free(text);
}
END_TEST

START_TEST(rules_of_a_group_are_cut_silently) {
  struct verdicts *verdicts = example_unknown();
  for (size_t rule = 0; rule < verdicts->rule_count; rule++) {
    add_unknown(&verdicts->unknowns[0], rule, 0, "not-in-bundle", "");
    add_unknown(&verdicts->unknowns[0], rule, 0, "truncated", "again");
  }
  char *text = print_and_free(verdicts);
  has(text, "7 checks need the output of this command");
  has(text, "     ... and 1 more (see --format json)\n");
  ck_assert_uint_eq(times(text, "- truncated: again"), 1);
  free(text);
}
END_TEST

START_TEST(a_long_tail_of_commands_hides_what_decides_most_or_is_silent) {
  struct verdicts *verdicts = example_unknown();
  size_t before = verdicts->unknown_count;
  for (size_t i = 0; i < 12; i++) {
    char *command = alloc_format("command-%zu > file.txt", i);
    struct unknown_group *group =
        add_group(verdicts, i == 11 ? "" : "netsh-sslcert", "cmd", command, "file.txt");
    add_unknown(group, i % verdicts->rule_count, 0, i == 11 ? "ambiguous" : "not-in-bundle", "");
    alloc_free(command);
  }
  ck_assert_uint_lt(before, 8);
  char *text = print_and_free(verdicts);
  has(text, "command-0 > file.txt");
  has_not(text, "command-9 > file.txt");
  has(text, "by 7 further files or commands");
  has(text, "siteglass collect --missing BUNDLE");
  has(text, "for which no further file or command would help");
  free(text);
}
END_TEST

START_TEST(several_hosts_are_confused) {
  char *text = print_and_free(example_two_hosts());
  has(text, "EX01  Exchange 2019 CU14, IIS 10.0\n      judged as of 2026-10-14 09:12 UTC");
  has(text, "EX02  Exchange 2019 CU14, IIS 10.0\n      judged as of 2026-10-14 09:26 UTC");
  has(text, "KB 2779694   on EX01\n");
  has(text, "KB 2779694   on EX02\n");
  has(text,
      "2 checks need the output of this command; run it in a command prompt on EX01,\n     EX02:");
  free(text);
}
END_TEST

START_TEST(the_fail_on_none_exit_claims_that_nothing_was_found) {
  struct verdicts *verdicts = example_broken();
  verdicts->fail_on_none = true;
  verdicts->exit_status = 0;
  char *text = print_and_free(verdicts);
  has(text, "exit 0: --fail-on none");
  has_not(text, "nothing of severity");
  free(text);
}
END_TEST

CHECK_MAIN("report/text", {
  tcase_add_test(tests, a_hostile_value_reaches_the_terminal);
  tcase_add_test(tests, a_diagnostic_or_a_title_reaches_the_terminal_raw);
  tcase_add_test(tests, a_line_is_wider_than_the_terminal);
  tcase_add_test(tests, a_long_value_breaks_out_of_its_column);
  tcase_add_test(tests, a_width_out_of_range_is_obeyed);
  tcase_add_test(tests, a_command_cannot_be_pasted);
  tcase_add_test(tests, a_long_command_is_wrapped_or_cut);
  tcase_add_test(tests, the_shell_is_not_named_when_it_changes);
  tcase_add_test(tests, the_shell_is_named_again_although_it_is_the_same);
  tcase_add_test(tests, a_claim_has_no_place);
  tcase_add_test(tests, the_most_severe_finding_is_not_on_the_first_screen);
  tcase_add_test(tests, what_is_unknown_is_not_said);
  tcase_add_test(tests, no_finding_sounds_like_all_is_well);
  tcase_add_test(tests, files_that_were_not_read_do_not_spoil_a_clean_result);
  tcase_add_test(tests, errors_of_rules_and_an_unknown_elsewhere_look_decided);
  tcase_add_test(tests, quiet_hides_what_matters_or_shows_the_rest);
  tcase_add_test(tests, colour_changes_the_words_or_is_there_unasked);
  tcase_add_test(tests, the_same_verdicts_print_differently);
  tcase_add_test(tests, a_cut_list_does_not_say_how_much_is_missing);
  tcase_add_test(tests, rules_of_a_group_are_cut_silently);
  tcase_add_test(tests, a_long_tail_of_commands_hides_what_decides_most_or_is_silent);
  tcase_add_test(tests, several_hosts_are_confused);
  tcase_add_test(tests, the_fail_on_none_exit_claims_that_nothing_was_found);
})
