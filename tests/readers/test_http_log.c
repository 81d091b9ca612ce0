/* W3C logs and the error log of HTTP.SYS. */
#include "check_main.h"
#include "support_text.h"

#include "base/buffer.h"
#include "base/moment.h"
#include "base/text.h"

#include <string.h>

#define W3C_HEAD                                                                                   \
  "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n"                   \
  "#Date: 2026-03-01 00:00:04\r\n"
#define FIELDS                                                                                     \
  "#Fields: date time s-sitename s-computername s-ip cs-method cs-uri-stem sc-status "             \
  "sc-substatus\r\n"
#define HTTPERR_HEAD                                                                               \
  "#Software: Microsoft HTTP API 2.0\r\n#Version: 1.0\r\n#Date: 2026-03-01 10:00:00\r\n"           \
  "#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status "     \
  "s-siteid s-reason s-queuename transport\r\n"

static const xmlNode *child_with(const xmlNode *parent, const char *name, const char *attribute,
                                 const char *value) {
  const xmlNode *node = node_child(parent, name);
  while (node && !text_equal(node_get(node, attribute), value))
    node = node_next(node, name);
  ck_assert_msg(node != NULL, "no %s with %s=%s", name, attribute, value);
  return node;
}

static struct reads {
  struct run run;
  struct reading *reading;
  struct artifact *artifact;
} reads_named(const char *path, const char *text) {
  struct reads reads = {.run = text_run(path, text, strlen(text))};
  reads.reading = run_reading(&reads.run, 0);
  ck_assert_msg(reads.reading != NULL, "not recognised");
  reads.artifact = reads.reading->artifact;
  return reads;
}

START_TEST(statuses_of_a_site_are_miscounted) {
  struct reads reads = reads_named("logs/u_ex260301.log", W3C_HEAD FIELDS
                                   "2026-03-01 00:00:04 W3SVC1 EX01 192.0.2.10 GET /owa 200 0\r\n"
                                   "2026-03-01 00:00:05 W3SVC1 EX01 192.0.2.10 GET /x 404 11\r\n"
                                   "2026-03-02 08:15:00 W3SVC1 EX01 192.0.2.10 GET /x 404 11\r\n"
                                   "2026-03-01 12:00:00 W3SVC2 EX01 127.0.0.1 GET /x 503 3\r\n");
  ck_assert_str_eq(reads.reading->kind, "w3c-log");
  ck_assert(reads.reading->complete);
  ck_assert_str_eq(reads.reading->computer, "EX01");
  const xmlNode *one = child_with(reads.reading->facts, "log", "siteId", "1");
  text_is(one, "kind", "w3c");
  text_is(one, "software", "Microsoft Internet Information Services 10.0");
  text_is(one, "count", "3");
  text_is(one, "first", "2026-03-01T00:00:04Z");
  text_is(one, "last", "2026-03-02T08:15:00Z");
  const xmlNode *status = child_with(one, "status", "code", "404");
  text_is(status, "substatus", "11");
  text_is(status, "count", "2");
  text_is(status, "last", "2026-03-02T08:15:00Z");
  ck_assert_uint_eq(origin_of(status).line, 6);
  text_is(child_with(one, "address", "ip", "192.0.2.10"), "count", "3");
  const xmlNode *two = child_with(reads.reading->facts, "log", "siteId", "2");
  text_is(child_with(two, "status", "code", "503"), "substatus", "3");
  int64_t moment;
  ck_assert(moment_parse("2026-03-02T08:15:00Z", &moment));
  ck_assert_int_eq(reads.reading->newest, moment);
  ck_assert_str_eq(reads.artifact->reason, "4 lines from 2026-03-01 00:00 to 2026-03-02 08:15 UTC");
  run_end(&reads.run);
}
END_TEST

START_TEST(answers_of_ftp_are_taken_for_http) {
  struct reads reads = reads_named("FTPSVC3/u_ex260301.log", W3C_HEAD
                                   "#Fields: date time sc-status\r\n2026-03-01 00:00:04 530\r\n");
  const xmlNode *log = child_with(reads.reading->facts, "log", "siteId", "3");
  text_is(log, "kind", "ftp");
  run_end(&reads.run);
}
END_TEST

START_TEST(fields_that_change_in_the_middle_are_misread) {
  struct reads reads =
      reads_named("W3SVC7/u_ex.log", W3C_HEAD "#Fields: time sc-status\r\n00:00:04 200\r\n"
                                              "#Date: 2026-03-03 00:00:00\r\n"
                                              "#Fields: sc-substatus sc-status date time\r\n"
                                              "7 403 2026-03-04 10:00:00\r\n");
  const xmlNode *log = child_with(reads.reading->facts, "log", "siteId", "7");
  text_is(child_with(log, "status", "code", "200"), "first", "2026-03-01T00:00:04Z");
  text_is(child_with(log, "status", "code", "200"), "substatus", NULL);
  text_is(child_with(log, "status", "code", "403"), "substatus", "7");
  text_is(log, "last", "2026-03-04T10:00:00Z");
  run_end(&reads.run);
}
END_TEST

START_TEST(reasons_of_http_sys_are_not_read) {
  struct reads reads = reads_named(
      "httperr1.log", HTTPERR_HEAD
      "2026-03-01 10:00:00 198.51.100.7 5 192.0.2.10 443 HTTP/1.1 GET /rpc - 503 1 AppOffline "
      "RpcPool -\r\n"
      "2026-03-01 10:02:10 198.51.100.7 5 192.0.2.10 443 - - - - - - Timer_ConnectionIdle - -\r\n");
  ck_assert_str_eq(reads.reading->kind, "httperr-log");
  const xmlNode *log = child_with(reads.reading->facts, "log", "kind", "httperr");
  const xmlNode *reason = child_with(log, "reason", "name", "AppOffline");
  text_is(reason, "siteId", "1");
  text_is(reason, "queue", "RpcPool");
  reason = child_with(log, "reason", "name", "Timer_ConnectionIdle");
  text_is(reason, "siteId", NULL);
  text_is(reason, "queue", NULL);
  text_is(reason, "last", "2026-03-01T10:02:10Z");
  text_is(child_with(log, "status", "code", "503"), "count", "1");
  run_end(&reads.run);
}
END_TEST

START_TEST(a_last_line_that_is_cut_counts) {
  struct reads reads = reads_named("a.log", W3C_HEAD FIELDS
                                   "2026-03-01 00:00:04 W3SVC1 EX01 192.0.2.10 GET /owa 200 0\r\n"
                                   "2026-03-01 00:00:05 W3SVC1 EX01 192.0.2.10 GET /owa 50");
  ck_assert(reads.reading->complete);
  text_is(child_with(reads.reading->facts, "log", "siteId", "1"), "count", "1");
  run_end(&reads.run);
}
END_TEST

START_TEST(lines_without_their_columns_are_passed_over_in_silence) {
  struct reads reads = reads_named("a.log", W3C_HEAD FIELDS
                                   "garbage\r\n"
                                   "2026-03-01 00:00:04 W3SVC1 EX01 192.0.2.10 GET /owa 200 0\r\n");
  ck_assert(!reads.reading->complete);
  ck_assert_ptr_nonnull(strstr(reads.artifact->reason, "1 lines do not have the columns"));
  ck_assert_uint_eq(reads.reading->broken_at.line, 5);
  text_is(child_with(reads.reading->facts, "log", "siteId", "1"), "count", "1");
  run_end(&reads.run);
}
END_TEST

START_TEST(a_log_without_dates_has_moments) {
  struct reads reads =
      reads_named("a.log", "#Software: Microsoft Internet Information Services "
                           "10.0\r\n#Fields: s-sitename sc-status\r\nW3SVC1 200\r\n");
  const xmlNode *log = child_with(reads.reading->facts, "log", "siteId", "1");
  text_is(log, "first", NULL);
  ck_assert_ptr_nonnull(node_child(log, "unknown"));
  ck_assert(!reads.reading->has_newest);
  run_end(&reads.run);
}
END_TEST

/* Hostile: as many statuses as lines. */
START_TEST(what_is_kept_of_a_log_grows_without_end) {
  struct buffer out = buffer_make(1 << 24);
  buffer_add_text(&out, W3C_HEAD FIELDS);
  for (int i = 0; i < 10000; i++)
    buffer_add_format(&out, "2026-03-01 00:00:04 W3SVC1 EX01 192.0.2.10 GET /owa %d 0\r\n", i);
  struct reads reads = reads_named("a.log", buffer_text(&out));
  ck_assert(!reads.reading->complete);
  ck_assert_int_eq(reads.reading->incomplete_reason, UNKNOWN_LIMIT);
  const xmlNode *log = child_with(reads.reading->facts, "log", "siteId", "1");
  text_is(log, "count", "10000");
  size_t count = 0;
  for (const xmlNode *node = node_child(log, "status"); node; node = node_next(node, "status"))
    count++;
  ck_assert_uint_le(count, 5000);
  run_end(&reads.run);
  buffer_dispose(&out);
}
END_TEST

CHECK_MAIN("readers/http_log", {
  tcase_add_test(tests, statuses_of_a_site_are_miscounted);
  tcase_add_test(tests, answers_of_ftp_are_taken_for_http);
  tcase_add_test(tests, fields_that_change_in_the_middle_are_misread);
  tcase_add_test(tests, reasons_of_http_sys_are_not_read);
  tcase_add_test(tests, a_last_line_that_is_cut_counts);
  tcase_add_test(tests, lines_without_their_columns_are_passed_over_in_silence);
  tcase_add_test(tests, a_log_without_dates_has_moments);
  tcase_add_test(tests, what_is_kept_of_a_log_grows_without_end);
})
