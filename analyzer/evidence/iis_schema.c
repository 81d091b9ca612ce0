/* Reads the rows of the embedded iis_schema.tsv. */
#include "evidence/iis_schema.h"

#include "base/embedded.h"

#include <string.h>

extern const struct embedded_file evidence_files[];

const char *evidence_file(const char *path, size_t *size) {
  for (const struct embedded_file *file = evidence_files; file->path; file++) {
    if (strcmp(file->path, path) != 0) continue;
    *size = file->size;
    return file->text;
  }
  *size = 0;
  return "";
}

static struct span take_until(struct span *line, char separator) {
  const char *end = memchr(line->start, separator, line->size);
  struct span taken = {line->start, end ? (size_t)(end - line->start) : line->size};
  size_t used = taken.size + (end ? 1 : 0);
  *line = (struct span){line->start + used, line->size - used};
  return taken;
}

bool iis_schema_row(size_t *position, struct iis_fact *fact) {
  size_t size;
  const char *text = evidence_file("iis_schema.tsv", &size);
  while (*position < size) {
    struct span rest = {text + *position, size - *position};
    struct span line = take_until(&rest, '\n');
    *position = size - rest.size;
    if (line.size == 0 || line.start[0] == '#') continue;
    fact->section = take_until(&line, '\t');
    fact->element = take_until(&line, '\t');
    fact->attribute = take_until(&line, '\t');
    fact->type = take_until(&line, '\t');
    fact->value = take_until(&line, '\t');
    fact->names = take_until(&line, '\t');
    return true;
  }
  return false;
}
