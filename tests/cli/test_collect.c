/* siteglass collect: scripts for cmd.exe and PowerShell, whole, plain, and without
 * anything that a bundle could slip in. */
#include "check_main.h"
#include "support_program.h"

#include "base/text.h"
#include "evidence/kinds.h"

#include <string.h>

static void says(const struct run *run, const char *text) {
  ck_assert_msg(strstr(run->out, text) != NULL, "'%s' is not in:\n%.3000s", text, run->out);
}

static void is_plain(const struct run *run) {
  ck_assert_int_eq(run->status, 0);
  for (const char *at = run->out; *at; at++) {
    ck_assert_msg((*at >= ' ' && *at <= '~') || *at == '\r' || *at == '\n', "byte %d at %.40s", *at,
                  at);
    if (*at == '\n') ck_assert_msg(at > run->out && at[-1] == '\r', "LF alone before %.40s", at);
  }
}

START_TEST(a_command_of_the_table_cannot_stand_in_a_script) {
  for (const struct evidence_kind *kind = evidence_kinds; kind->id; kind++) {
    ck_assert_msg(!strpbrk(kind->name, "%&|<>^\"'\r\n"), "name of %s", kind->id);
    if (!kind->command) continue;
    bool cmdlet = strcmp(kind->shell, "cmd") != 0;
    ck_assert_msg(!strpbrk(kind->command, "\r\n"), "%s: one line", kind->id);
    ck_assert_msg(!cmdlet || !strchr(kind->command, '"'), "%s: single quotes", kind->id);
    ck_assert_msg(cmdlet || !strstr(kind->command, "for /f"), "%s: FOR", kind->id);
    for (const char *at = kind->command; *at; at++)
      ck_assert_msg(*at >= ' ' && *at <= '~', "%s: ASCII", kind->id);
  }
}
END_TEST

/* Every command stands in both scripts, as its shell needs it. */
START_TEST(a_command_is_left_out) {
  struct run cmd = RUN("collect", "--format", "cmd"), shell = RUN("collect");
  is_plain(&cmd);
  is_plain(&shell);
  for (const struct evidence_kind *kind = evidence_kinds; kind->id; kind++) {
    if (!kind->command || evidence_kind_is_bulky(kind->id)) continue;
    if (strcmp(kind->shell, "cmd") == 0) {
      char *line = alloc_format("\r\n%s\r\n", kind->command);
      says(&cmd, line);
      alloc_free(line);
      if (!strchr(kind->command, '\'')) {
        line = alloc_format("\r\ncmd.exe /d /c '%s'\r\n", kind->command);
        says(&shell, line);
        alloc_free(line);
      }
    } else {
      says(&shell, kind->command);
      if (!strchr(kind->command, '%')) {
        char *line = alloc_format(" ^\r\n  \"%s;\"", kind->command);
        says(&cmd, line);
        alloc_free(line);
      }
    }
  }
  run_dispose(&cmd);
  run_dispose(&shell);
}
END_TEST

/* What cmd.exe makes of carets is one line, and it takes 8191 characters. */
START_TEST(a_line_is_too_long_for_cmd) {
  struct run run = RUN("collect", "--format", "cmd");
  size_t size = 0;
  for (const char *line = run.out; *line; line = strchr(line, '\n') + 1) {
    size_t own = (size_t)(strchr(line, '\n') - line);
    size = own + (line > run.out + 4 && line[-3] == '^' ? size : 0);
    ck_assert_msg(size < 8000, "%zu characters at %.60s", size, line);
  }
  run_dispose(&run);
}
END_TEST

START_TEST(a_file_is_not_copied) {
  struct run cmd = RUN("collect", "--format", "cmd"), shell = RUN("collect");
  says(&cmd, "call :keep \"%windir%\\System32\\inetsrv\\config\\applicationHost.config\"\r\n");
  says(&shell, "Keep '%windir%\\System32\\inetsrv\\config\\applicationHost.config'\r\n");
  says(&cmd, "do call :keeptree \"%%p\" web.config\r\n");
  says(&shell, "ForEach-Object { KeepTree $_ 'web.config' }\r\n");
  run_dispose(&cmd);
  run_dispose(&shell);
}
END_TEST

START_TEST(a_server_without_exchange_gets_cmdlets_of_exchange) {
  struct run run = RUN("collect", "--for", "iis");
  is_plain(&run);
  ck_assert_ptr_null(strstr(run.out, "RemoteExchange.ps1"));
  ck_assert_ptr_null(strstr(run.out, "Get-AuthConfig"));
  says(&run, "netsh http show sslcert");
  run_dispose(&run);
  run = RUN("collect", "--for", "iis", "--format", "cmd");
  is_plain(&run);
  ck_assert_ptr_null(strstr(run.out, "Get-AuthConfig"));
  run_dispose(&run);
}
END_TEST

START_TEST(what_the_bundle_has_is_asked_for_again) {
  struct run run = RUN("collect", "--missing", sample("kb2779694-incomplete"));
  is_plain(&run);
  says(&run, "# --- HTTP.SYS certificate bindings, missing of EX01\r\n"
             "cmd.exe /d /c 'netsh http show sslcert > sslcert.txt'\r\n");
  ck_assert_ptr_null(strstr(run.out, "Get-AuthConfig |"));
  ck_assert_ptr_null(strstr(run.out, "applicationHost.config"));
  run_dispose(&run);
}
END_TEST

START_TEST(the_name_of_a_server_becomes_a_command) {
  struct run run = RUN("collect", "--format", "cmd", "--missing", "--host", "A%~x&calc\n'\"|B=*",
                       sample("kb2779694-incomplete"));
  is_plain(&run);
  says(&run, "missing of A??x?calc????B\r\n");
  run_dispose(&run);
}
END_TEST

START_TEST(wrong_usage_is_not_refused) {
  struct run run = RUN("collect", sample("kb2779694-healthy"));
  ck_assert_int_eq(run.status, 2);
  ck_assert_ptr_nonnull(strstr(run.err, "takes a bundle only with --missing"));
  run_dispose(&run);
  run = RUN("collect", "--missing");
  ck_assert_int_eq(run.status, 2);
  run_dispose(&run);
  run = RUN("collect", "--for", "sharepoint");
  ck_assert_int_eq(run.status, 2);
  run_dispose(&run);
  run = RUN("collect", "--format", "bash");
  ck_assert_int_eq(run.status, 2);
  run_dispose(&run);
}
END_TEST

CHECK_MAIN("cli/collect", {
  tcase_add_test(tests, a_command_of_the_table_cannot_stand_in_a_script);
  tcase_add_test(tests, a_command_is_left_out);
  tcase_add_test(tests, a_line_is_too_long_for_cmd);
  tcase_add_test(tests, a_file_is_not_copied);
  tcase_add_test(tests, a_server_without_exchange_gets_cmdlets_of_exchange);
  tcase_add_test(tests, what_the_bundle_has_is_asked_for_again);
  tcase_add_test(tests, the_name_of_a_server_becomes_a_command);
  tcase_add_test(tests, wrong_usage_is_not_refused);
})
