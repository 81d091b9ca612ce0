/* Event logs as Windows keeps them (.evtx), through libevtx, which is optional: without it
 * the ledger says what to do instead. Of providers that nobody asks for only number and time
 * are taken; the others are turned into the XML that event_xml.c reads. */
#include "readers/event_tally.h"
#include "readers/event_xml.h"

#include <string.h>

static bool is_evtx(const struct artifact *artifact, const char *text, size_t size,
                    const char *root) {
  (void)text, (void)size, (void)root;
  return artifact->bytes && artifact->size > 8 && memcmp(artifact->bytes, "ElfFile", 8) == 0;
}

#ifdef SITEGLASS_HAVE_EVTX

#include <libbfio.h>
#include <libevtx.h>

/* A log of Windows may be 4 GiB; more records than these have no place in it. */
enum { RECORDS_MOST = 50000000, XML_MOST = 1 << 20, NAME_MOST = 256 };

struct evtx {
  libbfio_handle_t *bytes;
  libevtx_file_t *file;
};

static void close_evtx(struct evtx *evtx) {
  if (evtx->file) {
    (void)libevtx_file_close(evtx->file, NULL);
    (void)libevtx_file_free(&evtx->file, NULL);
  }
  if (evtx->bytes) (void)libbfio_handle_free(&evtx->bytes, NULL);
}

static bool open_evtx(struct evtx *evtx, const struct artifact *artifact) {
  return libbfio_memory_range_initialize(&evtx->bytes, NULL) == 1 &&
         libbfio_memory_range_set(evtx->bytes, artifact->bytes, artifact->size, NULL) == 1 &&
         libevtx_file_initialize(&evtx->file, NULL) == 1 &&
         libevtx_file_open_file_io_handle(evtx->file, evtx->bytes, LIBEVTX_OPEN_READ, NULL) == 1;
}

/* FILETIME: 100 ns since 1601. */
static bool moment_of(libevtx_record_t *record, int64_t *moment) {
  uint64_t time;
  if (libevtx_record_get_written_time(record, &time, NULL) != 1 || time == 0) return false;
  *moment = (int64_t)(time / 10000000) - INT64_C(11644473600);
  return *moment > 0 && *moment < INT64_C(253402300800);
}

static bool provider_of(libevtx_record_t *record, char name[NAME_MOST]) {
  size_t size = 0;
  if (libevtx_record_get_utf8_source_name_size(record, &size, NULL) != 1 || size == 0 ||
      size > NAME_MOST)
    return false;
  memset(name, 0, NAME_MOST);
  return libevtx_record_get_utf8_source_name(record, (uint8_t *)name, size, NULL) == 1;
}

static bool add_wanted(struct reading *reading, struct readings *readings, struct events *events,
                       libevtx_record_t *record) {
  size_t size = 0;
  if (libevtx_record_get_utf8_xml_string_size(record, &size, NULL) != 1 || size < 2 ||
      size > XML_MOST)
    return false;
  char *text = alloc_bytes(size + 1);
  bool good = libevtx_record_get_utf8_xml_string(record, (uint8_t *)text, size, NULL) == 1 &&
              event_xml_add(reading, readings, events, span_of(text),
                            (struct origin){reading->artifact->number + 1, 0, 0});
  alloc_free(text);
  return good;
}

static bool add_record(struct reading *reading, struct readings *readings, struct events *events,
                       libevtx_record_t *record) {
  char name[NAME_MOST];
  struct event event = {.id = 0};
  if (!provider_of(record, name)) return false;
  event.provider = span_of(name);
  event.has_moment = moment_of(record, &event.moment);
  if (events_wants(event.provider)) return add_wanted(reading, readings, events, record);
  events_add(events, &event);
  return true;
}

static void read_records(struct reading *reading, struct readings *readings, struct events *events,
                         libevtx_file_t *file) {
  int count = 0, bad = 0;
  if (libevtx_file_get_number_of_records(file, &count, NULL) != 1) count = 0;
  if (count > RECORDS_MOST) count = RECORDS_MOST;
  for (int i = 0; i < count; i++) {
    libevtx_record_t *record = NULL;
    bool good = libevtx_file_get_record_by_index(file, i, &record, NULL) == 1 &&
                add_record(reading, readings, events, record);
    bad += !good;
    if (record) (void)libevtx_record_free(&record, NULL);
  }
  struct origin origin = {reading->artifact->number + 1, 0, 0};
  if (bad)
    reading_breaks(reading, UNKNOWN_DAMAGED, origin, "%d of its %d events cannot be read", bad,
                   count);
  else if (libevtx_file_is_corrupted(file, NULL) == 1)
    reading_breaks(reading, UNKNOWN_DAMAGED, origin, "parts of the log are damaged");
}

static void read_evtx(struct reading *reading, struct readings *readings) {
  struct evtx evtx = {NULL, NULL};
  reading_start(reading, readings);
  struct events *events = events_new();
  if (open_evtx(&evtx, reading->artifact))
    read_records(reading, readings, events, evtx.file);
  else
    reading_breaks(reading, UNKNOWN_DAMAGED, (struct origin){reading->artifact->number + 1, 0, 0},
                   "the log cannot be opened");
  events_finish(events, reading);
  events_free(events);
  close_evtx(&evtx);
}

#else

static void read_evtx(struct reading *reading, struct readings *readings) {
  (void)readings;
  artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED,
                  "a Windows event log; this siteglass was built without libevtx: export it as XML "
                  "(wevtutil qe FILE /lf /f:xml > events.xml)");
}

#endif

const struct reader event_evtx_reader = {"event-log", is_evtx, read_evtx};
