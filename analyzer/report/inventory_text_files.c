/* The ledger in text: every artifact, what it is and what was done with it. */
#include "report/inventory.h"
#include "report/paper.h"
#include "report/words.h"

#include "base/moment.h"
#include "base/text.h"

#include <stdio.h>

static bool given(const char *text) {
  return text && text[0];
}

/* "24,112 bytes" */
static char *size_text(uint64_t size) {
  char digits[24], grouped[32];
  int count = snprintf(digits, sizeof digits, "%ju", (uintmax_t)size), used = 0;
  for (int i = 0; i < count; i++) {
    if (i && (count - i) % 3 == 0) grouped[used++] = ',';
    grouped[used++] = digits[i];
  }
  grouped[used] = '\0';
  return alloc_format("%s %s", grouped, size == 1 ? "byte" : "bytes");
}

/* "read as certificate store (live)", "not recognised: text of no known kind" */
static char *done_text(const struct inventory_file *file) {
  struct buffer out = buffer_make(10000);
  buffer_add_text(&out, file->outcome);
  if (given(file->kind_name))
    buffer_add_format(&out, " as %s", file->kind_name);
  else if (given(file->kind))
    buffer_add_format(&out, " as %s", file->kind);
  bool telling = !text_equal(file->role, "live") && !text_equal(file->role, "damaged");
  if (given(file->role) && telling) buffer_add_format(&out, ", %s", file->role);
  if (given(file->reason)) buffer_add_format(&out, ": %s", file->reason);
  if (given(file->note)) buffer_add_format(&out, "; %s", file->note);
  return buffer_take(&out);
}

static void bytes_line(struct paper *paper, const struct inventory_file *file) {
  struct buffer out = buffer_make(1000);
  char *size = size_text(file->size), moment[21];
  buffer_add_text(&out, size);
  if (given(file->sha256)) buffer_add_format(&out, ", SHA-256 %.12s", file->sha256);
  if (given(file->encoding)) buffer_add_format(&out, ", %s", file->encoding);
  if (file->has_modified) {
    moment_format(file->modified, moment);
    buffer_add_format(&out, ", %.10s %.5s%s", moment, moment + 11,
                      file->from_archive ? "" : " UTC");
  }
  paper_paragraph(paper, 4, 6, buffer_text(&out));
  alloc_free(size);
  buffer_dispose(&out);
}

/* Of one server, whose everything is, nothing need be said. */
static void host_line(struct paper *paper, const struct inventory *inventory,
                      const struct inventory_file *file) {
  if (!given(file->host_reason)) return;
  if (given(file->host) && inventory->host_count > 1)
    paper_say(paper, 4, 6, "of %s: %s", file->host, file->host_reason);
  else if (!given(file->host) && inventory->host_count > 1)
    paper_say(paper, 4, 6, "of no server: %s", file->host_reason);
}

static void file_lines(struct paper *paper, const struct inventory *inventory,
                       const struct inventory_file *file) {
  char *done = done_text(file);
  paper_verbatim(paper, 2, file->path);
  paper_paragraph(paper, 4, 6, done);
  bytes_line(paper, file);
  host_line(paper, inventory, file);
  alloc_free(done);
}

/* "12 read, 1 partly read, 3 not recognised" */
static char *summary(const struct inventory *inventory) {
  static const char *const words[] = {"read", "partly read", "not recognised", "refused",
                                      "not read"};
  struct buffer out = buffer_make(1000);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    size_t count = 0;
    for (size_t j = 0; j < inventory->file_count; j++)
      count += text_equal(inventory->files[j].outcome, words[i]);
    if (count) buffer_add_format(&out, "%s%zu %s", out.size ? ", " : "", count, words[i]);
  }
  if (!out.size) buffer_add_text(&out, "there is no file in it");
  return buffer_take(&out);
}

static void notes(struct paper *paper, const struct diags *diags) {
  size_t count = diags_count(diags, DIAG_WARNING);
  if (count == 0) return;
  char *text = words_count(count, "warning about the input", "warnings about the input");
  paper_blank(paper);
  paper_heading(paper, 0, -1, "NOTES", text);
  alloc_free(text);
  for (size_t i = 0; i < diags->count; i++) {
    if (diags->items[i].level < DIAG_WARNING) continue;
    char *place = words_position(diags->items[i].file, diags->items[i].line, 0);
    paper_say(paper, 2, 4, "%s%s%s", place, given(place) ? ": " : "", diags->items[i].message);
    alloc_free(place);
  }
  if (diags->dropped) paper_say(paper, 2, 2, "%zu further messages were not kept", diags->dropped);
}

void inventory_text_files(struct paper *paper, const struct inventory *inventory) {
  char *text = summary(inventory);
  paper_blank(paper);
  paper_heading(paper, 0, -1, "FILES", text);
  alloc_free(text);
  for (size_t i = 0; i < inventory->file_count; i++)
    file_lines(paper, inventory, &inventory->files[i]);
  if (inventory->diags) notes(paper, inventory->diags);
}
