/* A bundle made of texts in the test, read by the readers. */
#include "support_run.h"

#include "base/system.h"
#include "base/text.h"
#include "bundle/encoding.h"

#include <check.h>
#include <string.h>

void run_start(struct run *run) {
  *run = (struct run){.readings = {.dict = xmlDictCreate()}};
  run->readings.diags = &run->bundle.diags;
}

size_t run_add(struct run *run, const char *path, const void *bytes, size_t size) {
  struct bundle *bundle = &run->bundle;
  struct artifact *artifact = alloc_bytes(sizeof *artifact);
  artifact->number = (uint32_t)bundle->count;
  artifact->path = alloc_text(path);
  artifact->bytes = (uint8_t *)alloc_text_n(bytes, size);
  artifact->size = size;
  artifact->encoding = text_utf8_prefix(bytes, size) == size ? ENCODING_UTF8 : ENCODING_BINARY;
  if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) artifact->encoding = ENCODING_UTF8_BOM;
  artifact->reason = alloc_text("");
  artifact->host = alloc_text("");
  artifact->host_reason = alloc_text("");
  artifact->kind = artifact->role = "";
  ARRAY_PUSH(bundle->artifacts, bundle->count, bundle->capacity) = artifact;
  return artifact->number;
}

size_t run_add_text(struct run *run, const char *path, const char *text) {
  return run_add(run, path, text, strlen(text));
}

size_t run_add_shared(struct run *run, const char *path) {
  char *whole = alloc_format("%s/data/%s", SITEGLASS_SHARED_DIR, path);
  uint8_t *bytes;
  size_t size;
  char error[128];
  ck_assert_msg(system_read(whole, 1 << 28, &bytes, &size, error), "%s: %s", whole, error);
  const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
  size_t number = run_add(run, name, bytes, size);
  encoding_detect(run->bundle.artifacts[number]);
  alloc_free(bytes);
  alloc_free(whole);
  return number;
}

void run_read(struct run *run) {
  readers_run(&run->bundle, &run->readings);
}

void run_end(struct run *run) {
  readings_dispose(&run->readings);
  for (size_t i = 0; i < run->bundle.count; i++) {
    struct artifact *artifact = run->bundle.artifacts[i];
    artifact_release(artifact);
    alloc_free(artifact->path);
    alloc_free(artifact->reason);
    alloc_free(artifact->note);
    alloc_free(artifact->host);
    alloc_free(artifact->host_reason);
    alloc_free(artifact);
  }
  alloc_free(run->bundle.artifacts);
  diags_dispose(&run->bundle.diags);
}

struct reading *run_reading(struct run *run, size_t number) {
  for (size_t i = 0; i < run->readings.count; i++)
    if (run->readings.items[i].artifact->number == number) return &run->readings.items[i];
  return NULL;
}

static xmlNode *find(xmlNode *node, const char *name, size_t *n) {
  for (; node; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    if (text_equal((const char *)node->name, name) && (*n)-- == 0) return node;
    xmlNode *below = find(node->children, name, n);
    if (below) return below;
  }
  return NULL;
}

xmlNode *run_fact(const struct reading *reading, const char *name, size_t n) {
  return reading->facts ? find(reading->facts->children, name, &n) : NULL;
}

size_t run_count(const struct reading *reading, const char *name) {
  size_t count = 0;
  while (run_fact(reading, name, count))
    count++;
  return count;
}

bool run_marked(const xmlNode *element, const char *of) {
  for (const xmlNode *mark = element->children; mark; mark = mark->next)
    if (mark->ns && text_equal((const char *)mark->ns->href, EVIDENCE_MARK_NAMESPACE) &&
        text_equal(node_get(mark, "of"), of))
      return true;
  return false;
}
