/* Event logs as .evtx, made for tests. */
#include "support_evtx.h"

#include "base/alloc.h"

#include <string.h>

enum { FILE_HEADER = 4096, CHUNK = 65536, CHUNK_HEADER = 512 };

struct writer {
  uint8_t *chunk;
  uint32_t at;
};

static void put(struct writer *writer, uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; i++)
    writer->chunk[writer->at++] = (uint8_t)(value >> (8 * i));
}

static void put_at(uint8_t *place, uint64_t value, unsigned bytes) {
  struct writer writer = {place, 0};
  put(&writer, value, bytes);
}

static void put_utf16(struct writer *writer, const char *text) {
  for (; *text; text++)
    put(writer, (uint8_t)*text, 2);
}

/* The name stands where it is first used: next name, hash, length, text, NUL. */
static void put_name(struct writer *writer, const char *name) {
  uint16_t hash = 0;
  for (const char *at = name; *at; at++)
    hash = (uint16_t)(hash * 65599u + (uint8_t)*at);
  put(writer, writer->at + 4, 4);
  put(writer, 0, 4);
  put(writer, hash, 2);
  put(writer, strlen(name), 2);
  put_utf16(writer, name);
  put(writer, 0, 2);
}

static void put_value(struct writer *writer, const char *text) {
  put(writer, 0x05, 1);
  put(writer, 0x01, 1);
  put(writer, strlen(text), 2);
  put_utf16(writer, text);
}

/* Opens an element; with an attribute when `attribute` is given. Returns where its size stands. */
static uint32_t open_element(struct writer *writer, const char *name, const char *attribute,
                             const char *value) {
  put(writer, attribute ? 0x41 : 0x01, 1);
  put(writer, 0xFFFF, 2);
  uint32_t size_at = writer->at;
  put(writer, 0, 4);
  put_name(writer, name);
  if (attribute) {
    uint32_t list_at = writer->at;
    put(writer, 0, 4);
    put(writer, 0x06, 1);
    put_name(writer, attribute);
    put_value(writer, value);
    put_at(writer->chunk + list_at, writer->at - list_at - 4, 4);
  }
  return size_at;
}

static void close_element(struct writer *writer, uint32_t size_at) {
  put(writer, 0x04, 1);
  put_at(writer->chunk + size_at, writer->at - size_at - 4, 4);
}

static void put_element(struct writer *writer, const char *name, const char *text) {
  uint32_t size_at = open_element(writer, name, NULL, NULL);
  put(writer, 0x02, 1);
  put_value(writer, text);
  close_element(writer, size_at);
}

static void put_empty(struct writer *writer, const char *name, const char *attribute,
                      const char *value) {
  uint32_t size_at = open_element(writer, name, attribute, value);
  put(writer, 0x03, 1);
  put_at(writer->chunk + size_at, writer->at - size_at - 4, 4);
}

static void put_record(struct writer *writer, const struct evtx_event *event, uint64_t number) {
  uint32_t start = writer->at;
  put(writer, 0x00002A2A, 4);
  put(writer, 0, 4);
  put(writer, number, 8);
  put(writer, event->filetime, 8);
  put(writer, 0x0001010F, 4);
  uint32_t root = open_element(writer, "Event", "xmlns",
                               "http://schemas.microsoft.com/win/2004/08/events/event");
  put(writer, 0x02, 1);
  uint32_t system = open_element(writer, "System", NULL, NULL);
  put(writer, 0x02, 1);
  put_empty(writer, "Provider", "Name", event->provider);
  put_element(writer, "EventID", event->id);
  put_empty(writer, "TimeCreated", "SystemTime", event->time);
  put_element(writer, "Channel", event->channel);
  put_element(writer, "Computer", event->computer);
  close_element(writer, system);
  close_element(writer, root);
  put(writer, 0x00, 1);
  while ((writer->at - start + 4) % 8)
    put(writer, 0, 1);
  uint32_t size = writer->at - start + 4;
  put(writer, size, 4);
  put_at(writer->chunk + start + 4, size, 4);
}

/* CRC-32 of IEEE 802.3. */
static uint32_t crc(uint32_t sum, const uint8_t *bytes, size_t size) {
  sum = ~sum;
  for (size_t i = 0; i < size; i++) {
    sum ^= bytes[i];
    for (int bit = 0; bit < 8; bit++)
      sum = sum & 1 ? (sum >> 1) ^ 0xEDB88320u : sum >> 1;
  }
  return ~sum;
}

static void put_chunk(uint8_t *chunk, const struct evtx_event *events, size_t count) {
  struct writer writer = {chunk, CHUNK_HEADER};
  uint32_t last = CHUNK_HEADER;
  for (size_t i = 0; i < count; i++) {
    last = writer.at;
    put_record(&writer, &events[i], i + 1);
  }
  memcpy(chunk, "ElfChnk", 8);
  put_at(chunk + 8, 1, 8);
  put_at(chunk + 16, count, 8);
  put_at(chunk + 24, 1, 8);
  put_at(chunk + 32, count, 8);
  put_at(chunk + 40, 128, 4);
  put_at(chunk + 44, last, 4);
  put_at(chunk + 48, writer.at, 4);
  put_at(chunk + 52, crc(0, chunk + CHUNK_HEADER, writer.at - CHUNK_HEADER), 4);
  put_at(chunk + 124, crc(crc(0, chunk, 120), chunk + 128, CHUNK_HEADER - 128), 4);
}

uint8_t *evtx_make(const struct evtx_event *events, size_t count, size_t *size) {
  uint8_t *file = alloc_bytes(FILE_HEADER + CHUNK);
  memcpy(file, "ElfFile", 8);
  put_at(file + 24, count + 1, 8);
  put_at(file + 32, 128, 4);
  put_at(file + 36, 1, 2);
  put_at(file + 38, 3, 2);
  put_at(file + 40, FILE_HEADER, 2);
  put_at(file + 42, 1, 2);
  put_at(file + 124, crc(0, file, 120), 4);
  put_chunk(file + FILE_HEADER, events, count);
  *size = FILE_HEADER + CHUNK;
  return file;
}
