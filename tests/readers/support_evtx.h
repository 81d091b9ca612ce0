/* Event logs as .evtx, made for tests ([MS-EVEN6] 2.2.12 for the binary XML; the file as
 * libevtx documents it). */
#ifndef SITEGLASS_TESTS_READERS_SUPPORT_EVTX_H
#define SITEGLASS_TESTS_READERS_SUPPORT_EVTX_H

#include <stddef.h>
#include <stdint.h>

struct evtx_event {
  const char *provider, *id, *channel, *computer;
  const char *time;  /* as TimeCreated states it */
  uint64_t filetime; /* as the record states it */
};

/* One chunk with these events; the caller frees. */
uint8_t *evtx_make(const struct evtx_event *events, size_t count, size_t *size);

#endif
