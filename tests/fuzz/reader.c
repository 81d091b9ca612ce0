/* One reader at work on any bytes, for libFuzzer and for replay.c. The build says
 * which: SITEGLASS_FUZZ_READER, a name from readers/readers.h. The bytes take the way
 * of every artifact: encoding detected, text decoded, recognised, read. */
#include "base/xml_source.h"
#include "bundle/encoding.h"
#include "fuzz.h"
#include "readers/readers.h"

#include <string.h>

static void set_up(struct artifact *artifact, const uint8_t *data, size_t size) {
  *artifact = (struct artifact){.path = alloc_text("bundle/" SITEGLASS_FUZZ_PATH),
                                .bytes = (uint8_t *)alloc_text_n((const char *)data, size),
                                .size = size,
                                .reason = alloc_text(""),
                                .host = alloc_text(""),
                                .host_reason = alloc_text(""),
                                .kind = "",
                                .role = ""};
  encoding_detect(artifact);
}

static void tear_down(struct artifact *artifact) {
  artifact_release(artifact);
  alloc_free(artifact->path);
  alloc_free(artifact->reason);
  alloc_free(artifact->host);
  alloc_free(artifact->host_reason);
}

static void read_as(const struct reader *reader, struct artifact *artifact,
                    struct readings *readings) {
  struct reading reading = {.artifact = artifact, .kind = reader->kind, .complete = true};
  reader->read(&reading, readings);
  ARRAY_PUSH(readings->items, readings->count, readings->capacity) = reading;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct diags diags = {0};
  struct readings readings = {.dict = xmlDictCreate(), .diags = &diags};
  struct artifact artifact;
  set_up(&artifact, data, size);
  size_t text_size = 0;
  const char *text = size ? artifact_text(&artifact, &text_size) : "";
  char root[64] = "";
  if (text) xml_source_sniff(text, text_size, root);
  const struct reader *reader = &SITEGLASS_FUZZ_READER;
  if (reader->recognise(&artifact, text, text_size, root)) read_as(reader, &artifact, &readings);
  readings_dispose(&readings);
  diags_dispose(&diags);
  tear_down(&artifact);
  return 0;
}
