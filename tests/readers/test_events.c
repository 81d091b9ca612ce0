/* Events of Windows logs: XML of the event viewer and of wevtutil, CSV, CLIXML. */
#include "check_main.h"
#include "support_text.h"

#include "base/buffer.h"
#include "base/moment.h"
#include "base/text.h"

#include <string.h>

#define EVENT(provider, id, time)                                                                  \
  "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"                  \
  "<Provider Name='" provider "'/><EventID Qualifiers='49152'>" id                                 \
  "</EventID><TimeCreated SystemTime='" time                                                       \
  "'/><Channel>System</Channel><Computer>EX01.contoso.com</Computer></System></Event>"
#define HTTP "Microsoft-Windows-HttpEvent"

static const xmlNode *event_in(const struct reading *reading, const char *provider,
                               const char *id) {
  const xmlNode *event = node_child(reading->facts, "event");
  while (event && !(text_equal(node_get(event, "provider"), provider) &&
                    text_equal(node_get(event, "id"), id)))
    event = node_next(event, "event");
  ck_assert_msg(event != NULL, "no event %s %s", provider, id);
  return event;
}

static struct reading *read_text(struct run *run, const char *path, const char *text) {
  *run = text_run(path, text, strlen(text));
  struct reading *reading = run_reading(run, 0);
  ck_assert_msg(reading != NULL, "not recognised");
  ck_assert_str_eq(reading->kind, "event-log");
  return reading;
}

static void sees(const struct reading *reading, const char *moment) {
  int64_t wanted;
  ck_assert(moment_parse(moment, &wanted));
  ck_assert(reading->has_newest);
  ck_assert_int_eq(reading->newest, wanted);
}

START_TEST(events_without_a_root_are_not_read) {
  struct run run;
  const struct reading *reading = read_text(
      &run, "System.xml",
      EVENT(HTTP, "15021", "2026-03-01T10:00:00.123Z") "\r\n" EVENT(
          "Schannel", "36880",
          "2026-03-01T11:00:00Z") "\r\n" EVENT(HTTP, "15021",
                                               "2026-02-01T10:00:"
                                               "00Z") "\r\n" EVENT("Service Control Manager",
                                                                   "7036",
                                                                   "2026-03-03T00:00:00Z") "\r\n");
  ck_assert(reading->complete);
  const xmlNode *event = event_in(reading, HTTP, "15021");
  text_is(event, "log", "System");
  text_is(event, "count", "2");
  text_is(event, "first", "2026-02-01T10:00:00Z");
  text_is(event, "last", "2026-03-01T10:00:00Z");
  ck_assert_uint_eq(origin_of(event_in(reading, "Schannel", "36880")).line, 2);
  ck_assert_uint_eq(run_count(reading, "event"), 2);
  ck_assert_str_eq(reading->computer, "EX01.contoso.com");
  sees(reading, "2026-03-03T00:00:00Z");
  ck_assert_str_eq(reading->artifact->reason,
                   "4 events of System from 2026-02-01 10:00 to 2026-03-03 00:00 UTC, 3 of HTTP, "
                   "TLS, IIS, ASP.NET or Exchange");
  run_end(&run);
}
END_TEST

START_TEST(events_of_the_event_viewer_are_not_read) {
  struct run run;
  const struct reading *reading =
      read_text(&run, "a.xml",
                "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>" EVENT(
                    "ASP.NET 4.0.30319.0", "1309", "2026-03-01T10:00:00Z") "</Events>");
  text_is(event_in(reading, "ASP.NET 4.0.30319.0", "1309"), "count", "1");
  run_end(&run);
}
END_TEST

START_TEST(a_log_that_is_cut_or_damaged_is_taken_for_whole) {
  struct run run;
  const struct reading *reading =
      read_text(&run, "a.xml",
                EVENT(HTTP, "15021", "2026-03-01T10:00:00Z") "\n<Event "
                                                             "xmlns='x'><System>");
  ck_assert(!reading->complete);
  ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_TRUNCATED);
  ck_assert_uint_eq(reading->broken_at.line, 2);
  text_is(event_in(reading, HTTP, "15021"), "count", "1");
  run_end(&run);
  reading = read_text(&run, "a.xml",
                      EVENT(HTTP, "many", "2026-03-01T10:00:00Z") "\n" EVENT(
                          HTTP, "15021", "2026-03-01T10:00:00Z"));
  ck_assert(!reading->complete);
  ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_DAMAGED);
  text_is(event_in(reading, HTTP, "15021"), "count", "1");
  run_end(&run);
}
END_TEST

#define CSV_HEAD                                                                                   \
  "\"Message\",\"Id\",\"ProviderName\",\"LogName\",\"MachineName\",\"TimeCreated\"\r\n"

START_TEST(a_row_of_several_lines_is_several_events) {
  struct run run;
  const struct reading *reading = read_text(
      &run, "a.csv",
      "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n" CSV_HEAD
      "\"An error,\r\nsaid \"\"it\"\"\",\"15021\",\"" HTTP "\",\"System\",\"EX01\",\"3/1/2026 "
      "10:00:00 AM\"\r\n\"x\",\"36880\",\"Schannel\",\"System\",\"EX01\","
      "\"2026-03-01T10:00:00+01:00\"\r\n");
  ck_assert(reading->complete);
  const xmlNode *event = event_in(reading, HTTP, "15021");
  ck_assert_uint_eq(origin_of(event).line, 3);
  text_is(event, "first", NULL); /* whose day is 3/1? and in which zone? */
  ck_assert(run_marked(event, "@first"));
  event = event_in(reading, "Schannel", "36880");
  ck_assert_uint_eq(origin_of(event).line, 5);
  text_is(event, "last", "2026-03-01T09:00:00Z");
  run_end(&run);
}
END_TEST

START_TEST(the_source_of_get_eventlog_is_another_provider) {
  struct run run;
  const struct reading *reading =
      read_text(&run, "a.csv",
                "EventID;MachineName;Source;TimeGenerated\r\n5002;EX01;WAS;01.03.2026 "
                "10:00:00\r\n");
  text_is(event_in(reading, "Microsoft-Windows-WAS", "5002"), "log", NULL);
  run_end(&run);
}
END_TEST

START_TEST(a_csv_of_something_else_is_an_event_log) {
  static const char text[] = "Id,Name,TimeCreated\r\n1,x,y\r\n";
  struct run run = text_run("a.csv", text, strlen(text));
  ck_assert_ptr_null(run_reading(&run, 0));
  run_end(&run);
}
END_TEST

#define OBJECT(id, provider, time)                                                                 \
  "<Obj RefId=\"" id "\"><TN RefId=\"0\"><T>System.Diagnostics.Eventing.Reader.EventLogRecord</T>" \
  "<T>System.Object</T></TN><Props><I32 N=\"Id\">" id "</I32><S N=\"ProviderName\">" provider      \
  "</S><S N=\"LogName\">Application</S><S N=\"MachineName\">EX01</S><DT N=\"TimeCreated\">" time   \
  "</DT></Props></Obj>"

START_TEST(events_of_export_clixml_are_not_read) {
  struct run run;
  const struct reading *reading = read_text(
      &run, "Events.xml",
      "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">" OBJECT(
          "1309", "ASP.NET 4.0.30319.0", "2026-03-01T10:00:00.5+01:00")
          OBJECT("4", "Nobody", "2026-03-02T10:00:00Z") "</Objs>");
  ck_assert(reading->complete);
  const xmlNode *event = event_in(reading, "ASP.NET 4.0.30319.0", "1309");
  text_is(event, "log", "Application");
  text_is(event, "first", "2026-03-01T09:00:00Z");
  sees(reading, "2026-03-02T10:00:00Z");
  run_end(&run);
}
END_TEST

START_TEST(what_is_kept_of_events_grows_without_end) {
  struct buffer out = buffer_make(1 << 24);
  buffer_add_text(&out, CSV_HEAD);
  for (int i = 0; i < 20000; i++)
    buffer_add_format(&out, "x,%d,Schannel,System,EX01,y\r\n", i);
  struct run run;
  const struct reading *reading = read_text(&run, "a.csv", buffer_text(&out));
  ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_LIMIT);
  ck_assert_uint_le(run_count(reading, "event"), 6000);
  run_end(&run);
  buffer_dispose(&out);
}
END_TEST

CHECK_MAIN("readers/events", {
  tcase_add_test(tests, events_without_a_root_are_not_read);
  tcase_add_test(tests, events_of_the_event_viewer_are_not_read);
  tcase_add_test(tests, a_log_that_is_cut_or_damaged_is_taken_for_whole);
  tcase_add_test(tests, a_row_of_several_lines_is_several_events);
  tcase_add_test(tests, the_source_of_get_eventlog_is_another_provider);
  tcase_add_test(tests, a_csv_of_something_else_is_an_event_log);
  tcase_add_test(tests, events_of_export_clixml_are_not_read);
  tcase_add_test(tests, what_is_kept_of_events_grows_without_end);
})
