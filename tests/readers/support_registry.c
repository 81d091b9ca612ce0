/* Registry facts as text. */
#include "support_registry.h"

#include "base/buffer.h"
#include "base/text.h"

#include <check.h>

struct reading *registry_reading(struct run *run, const char *kind) {
  for (size_t i = 0; i < run->readings.count; i++) {
    struct reading *reading = &run->readings.items[i];
    if (reading->artifact->number == 0 && text_equal(reading->kind, kind)) return reading;
  }
  return NULL;
}

static void show_marks(struct buffer *out, const xmlNode *element, bool names) {
  for (const xmlNode *mark = node_child(element, "unknown"); mark;
       mark = node_next(mark, "unknown"))
    if (names)
      buffer_add_format(out, " !%s=%s", node_get(mark, "of"), node_get(mark, "reason"));
    else
      buffer_add_format(out, " !%s", node_get(mark, "reason"));
}

static void show_values(struct buffer *out, const xmlNode *key) {
  for (const xmlNode *v = node_child(key, "value"); v; v = node_next(v, "value")) {
    const xmlNode *mark = node_child(v, "unknown");
    if (mark)
      buffer_add_format(out, "  %s?%s\n", node_get(v, "name"), node_get(mark, "reason"));
    else
      buffer_add_format(out, "  %s=%s:%s\n", node_get(v, "name"), node_get(v, "type"),
                        node_get(v, "data"));
  }
}

char *registry_shown(struct run *run) {
  struct reading *reading = registry_reading(run, "registry");
  if (!reading) return alloc_text("none");
  struct buffer out = buffer_make(1 << 20);
  for (const xmlNode *n = reading->facts->children; n; n = n->next) {
    bool is_export = text_equal((const char *)n->name, "export");
    if (is_export)
      buffer_add_format(&out, "export %s %s", node_get(n, "subkeys"), node_get(n, "path"));
    else
      buffer_add_format(&out, "key %s", node_get(n, "path"));
    show_marks(&out, n, !is_export);
    buffer_add_char(&out, '\n');
    show_values(&out, n);
  }
  return buffer_take(&out);
}

void registry_expect(const char *text, const char *wanted) {
  struct run run;
  run_start(&run);
  run_add_text(&run, "some.file", text);
  run_read(&run);
  char *shown = registry_shown(&run);
  ck_assert_msg(text_equal(shown, wanted), "%s\nis read as\n%s\nnot as\n%s", text, shown, wanted);
  alloc_free(shown);
  run_end(&run);
}
