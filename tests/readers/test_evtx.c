/* Event logs as .evtx. */
#include "check_main.h"
#include "support_evtx.h"
#include "support_text.h"

#include "base/alloc.h"

#include <string.h>

/* 2026-03-01T10:00:00Z as a FILETIME, and a day later. */
#define FIRST_TIME ((INT64_C(1772359200) + INT64_C(11644473600)) * UINT64_C(10000000))
#define LAST_TIME (FIRST_TIME + UINT64_C(86400) * UINT64_C(10000000))

static const struct evtx_event events[] = {
    {"Microsoft-Windows-HttpEvent", "15021", "System", "EX01.contoso.com",
     "2026-03-01T10:00:00.0000000Z", FIRST_TIME},
    {"Service Control Manager", "7036", "System", "EX01.contoso.com",
     "2026-03-02T10:00:00.0000000Z", LAST_TIME},
};

static struct run run_of(const uint8_t *bytes, size_t size) {
  struct run run;
  run_start(&run);
  run_add(&run, "System.evtx", bytes, size);
  run_read(&run);
  return run;
}

START_TEST(an_event_log_is_not_read) {
  size_t size;
  uint8_t *bytes = evtx_make(events, 2, &size);
  struct run run = run_of(bytes, size);
#ifdef SITEGLASS_HAVE_EVTX
  struct reading *reading = text_reading(&run, "event-log", true);
  const xmlNode *event = run_fact(reading, "event", 0);
  text_is(event, "provider", "Microsoft-Windows-HttpEvent");
  text_is(event, "id", "15021");
  text_is(event, "log", "System");
  text_is(event, "first", "2026-03-01T10:00:00Z");
  ck_assert_uint_eq(run_count(reading, "event"), 1);
  ck_assert_str_eq(reading->computer, "EX01.contoso.com");
  ck_assert_str_eq(reading->artifact->reason,
                   "2 events of System from 2026-03-01 10:00 to 2026-03-02 10:00 UTC, 1 of HTTP, "
                   "TLS, IIS, ASP.NET or Exchange");
#else
  ck_assert_ptr_null(run_reading(&run, 0));
  ck_assert_ptr_nonnull(strstr(run.bundle.artifacts[0]->reason, "without libevtx"));
#endif
  run_end(&run);
  alloc_free(bytes);
}
END_TEST

/* libevtx loses some memory of its own over damaged records; the leak checker is told so. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
  return "leak:libevtx.so\n";
}

/* Whatever bytes: no crash, no hang. */
START_TEST(damaged_logs_bring_the_program_down) {
  size_t size;
  uint8_t *bytes = evtx_make(events, 2, &size);
  uint32_t seed = 7;
  for (int i = 0; i < 300; i++) {
    uint8_t *copy = (uint8_t *)alloc_text_n((const char *)bytes, size);
    text_corrupt((char *)copy + 8, i % 2 ? 5000 : 6000, 1 + i % 7, &seed);
    struct run run = run_of(copy, i % 5 ? size : size * (size_t)(i + 1) / 400);
    run_end(&run);
    alloc_free(copy);
  }
  alloc_free(bytes);
}
END_TEST

CHECK_MAIN("readers/evtx", {
  tcase_add_test(tests, an_event_log_is_not_read);
  tcase_add_test(tests, damaged_logs_bring_the_program_down);
})
