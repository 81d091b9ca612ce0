/* Event logs as Windows keeps them (.evtx), through libevtx, which is optional: without it
 * the ledger says what to do instead. Of providers that nobody asks for only number and time
 * are taken; the others are turned into the XML that event_xml.c reads. */
#include "readers/event_tally.h"
#include "readers/event_xml.h"

#include <stdio.h>
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

/* ---- The bytes, as a file of libbfio -------------------------------------------------- */

/* libbfio has a file in memory of its own, which reads beyond its end (20170123). */
struct bytes {
  const uint8_t *start;
  size_t size, at;
  bool is_open;
};

static int bytes_free(intptr_t **handle, libbfio_error_t **error) {
  (void)error;
  *handle = NULL; /* it belongs to read_evtx */
  return 1;
}

static int bytes_clone(intptr_t **copy, intptr_t *handle, libbfio_error_t **error) {
  (void)copy, (void)handle, (void)error;
  return -1;
}

static int bytes_open(intptr_t *handle, int flags, libbfio_error_t **error) {
  (void)flags, (void)error;
  ((struct bytes *)handle)->is_open = true;
  return 1;
}

static int bytes_close(intptr_t *handle, libbfio_error_t **error) {
  (void)error;
  ((struct bytes *)handle)->is_open = false;
  return 0;
}

static ssize_t bytes_read(intptr_t *handle, uint8_t *out, size_t size, libbfio_error_t **error) {
  (void)error;
  struct bytes *bytes = (struct bytes *)handle;
  size_t left = bytes->at < bytes->size ? bytes->size - bytes->at : 0;
  if (size > left) size = left;
  if (size) memcpy(out, bytes->start + bytes->at, size);
  bytes->at += size;
  return (ssize_t)size;
}

static ssize_t bytes_write(intptr_t *handle, const uint8_t *data, size_t size,
                           libbfio_error_t **error) {
  (void)handle, (void)data, (void)size, (void)error;
  return -1;
}

static off64_t bytes_seek(intptr_t *handle, off64_t offset, int whence, libbfio_error_t **error) {
  (void)error;
  struct bytes *bytes = (struct bytes *)handle;
  if (whence == SEEK_CUR) offset += (off64_t)bytes->at;
  if (whence == SEEK_END) offset += (off64_t)bytes->size;
  if (offset < 0) return -1;
  bytes->at = (size_t)offset;
  return offset;
}

static int bytes_exist(intptr_t *handle, libbfio_error_t **error) {
  (void)handle, (void)error;
  return 1;
}

static int bytes_are_open(intptr_t *handle, libbfio_error_t **error) {
  (void)error;
  return ((struct bytes *)handle)->is_open;
}

static int bytes_size(intptr_t *handle, size64_t *size, libbfio_error_t **error) {
  (void)error;
  *size = ((struct bytes *)handle)->size;
  return 1;
}

struct evtx {
  struct bytes bytes;
  libbfio_handle_t *handle;
  libevtx_file_t *file;
};

static void close_evtx(struct evtx *evtx) {
  if (evtx->file) {
    (void)libevtx_file_close(evtx->file, NULL);
    (void)libevtx_file_free(&evtx->file, NULL);
  }
  if (evtx->handle) (void)libbfio_handle_free(&evtx->handle, NULL);
}

static bool open_evtx(struct evtx *evtx) {
  return libbfio_handle_initialize(&evtx->handle, (intptr_t *)&evtx->bytes, bytes_free, bytes_clone,
                                   bytes_open, bytes_close, bytes_read, bytes_write, bytes_seek,
                                   bytes_exist, bytes_are_open, bytes_size,
                                   LIBBFIO_FLAG_IO_HANDLE_NON_MANAGED, NULL) == 1 &&
         libevtx_file_initialize(&evtx->file, NULL) == 1 &&
         libevtx_file_open_file_io_handle(evtx->file, evtx->handle, LIBEVTX_OPEN_READ, NULL) == 1;
}

/* ---- Records ------------------------------------------------------------------------------ */

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
  struct evtx evtx = {.bytes = {reading->artifact->bytes, reading->artifact->size, 0, false}};
  reading_start(reading, readings);
  struct events *events = events_new();
  if (open_evtx(&evtx))
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
