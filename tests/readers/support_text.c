/* Tests of text readers. */
#include "support_text.h"

#include "base/buffer.h"

#include <check.h>
#include <string.h>

struct run text_run(const char *path, const char *text, size_t size) {
  struct run run;
  run_start(&run);
  run_add(&run, path, text, size);
  run_read(&run);
  return run;
}

struct run text_run_shared(const char *path) {
  struct run run;
  run_start(&run);
  run_add_shared(&run, path);
  run_read(&run);
  return run;
}

struct reading *text_reading(struct run *run, const char *kind, bool complete) {
  struct reading *reading = run_reading(run, 0);
  ck_assert_msg(reading != NULL, "not recognised");
  ck_assert_str_eq(reading->kind, kind);
  ck_assert_msg(reading->complete == complete, "%s", reading->complete ? "" : reading->broken_why);
  return reading;
}

char *text_with_line_ends(const char *text, const char *end) {
  struct buffer out = buffer_make(1 << 24);
  for (; *text; text++) {
    if (*text == '\n')
      buffer_add_text(&out, end);
    else
      buffer_add_char(&out, *text);
  }
  return buffer_take(&out);
}

void text_corrupt(char *copy, size_t size, int count, uint32_t *seed) {
  for (int i = 0; i < count; i++) {
    *seed = *seed * 1664525 + 1013904223;
    copy[(*seed >> 8) % size] = (char)(*seed >> 25);
  }
}

void text_is(const xmlNode *node, const char *name, const char *value) {
  const char *found = node ? node_get(node, name) : NULL;
  ck_assert_msg(node != NULL, "no node to look for %s", name);
  ck_assert_msg(value ? found && strcmp(found, value) == 0 : !found, "%s: %s, not %s", name,
                found ? found : "(absent)", value ? value : "(absent)");
}

void text_stands(const xmlNode *node, const char *name, unsigned line, unsigned column) {
  struct origin origin = node_attribute_origin(node, name);
  ck_assert_msg(origin.line == line && origin.column == column && origin.source == 1,
                "%s: %u:%u of %u", name, origin.line, origin.column, origin.source);
}
