/* Reads the table of faults. */
#define _POSIX_C_SOURCE 200809L
#include "cli/support_faults.h"

#include "check_main.h"
#include "cli/support_program.h"
#include "cli/support_server.h"

#include "base/alloc.h"

#include <string.h>

struct fault_edit {
  const char *file, *from, *to;
};

/* "\n", "\r", "\t" and "\\" in place. */
static char *unescape(char *text) {
  char *to = text;
  for (const char *c = text; *c; c++) {
    if (*c != '\\') {
      *to++ = *c;
      continue;
    }
    c++;
    *to++ = *c == 'n' ? '\n' : *c == 'r' ? '\r' : *c == 't' ? '\t' : '\\';
  }
  *to = '\0';
  return text;
}

/* The next field of a line; a tab ends it. */
static char *field(char **line) {
  ck_assert_ptr_nonnull(*line);
  char *start = *line, *tab = strchr(start, '\t');
  if (tab) *tab = '\0';
  *line = tab ? tab + 1 : NULL;
  return start;
}

static void read_line(struct faults *faults, char *line) {
  char *name = field(&line);
  struct fault_edit edit = {.file = field(&line)};
  edit.from = unescape(field(&line));
  edit.to = unescape(field(&line));
  char *rules = field(&line), *source = field(&line);
  if (name[0]) {
    ck_assert_msg(source[0] != '\0', "no source: %s", name);
    ARRAY_PUSH(faults->items, faults->count, faults->capacity) =
        (struct fault){.name = name, .rules = rules, .first = faults->edit_count};
  }
  ck_assert_uint_gt(faults->count, 0);
  faults->items[faults->count - 1].count++;
  ARRAY_PUSH(faults->edits, faults->edit_count, faults->edit_capacity) = edit;
}

struct faults faults_read(void) {
  struct faults faults = {0};
  size_t size;
  char *rest = NULL;
  faults.text = file_read(SITEGLASS_SOURCE_DIR "/tests/cli/exchange-faults.tsv", &size);
  for (char *line = strtok_r(faults.text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
    if (line[0] != '#') read_line(&faults, line);
  return faults;
}

void faults_dispose(struct faults *faults) {
  alloc_free(faults->items);
  alloc_free(faults->edits);
  alloc_free(faults->text);
}

bool fault_apply(const struct faults *faults, const struct fault *fault, const char *folder) {
  for (size_t i = 0; i < fault->count; i++) {
    const struct fault_edit *edit = &faults->edits[fault->first + i];
    if (!server_edit(folder, edit->file, edit->from, edit->to)) return false;
  }
  return true;
}
