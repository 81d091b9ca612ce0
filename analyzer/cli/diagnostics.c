/* Diagnostics as compilers print them:
 *
 *   siteglass: error: own.sch:12:31: 'site' has no attribute '@nmae'; did you mean '@name'?
 *      12 |   <assert test="@nmae='x'" role="low">...
 *         |                 ^~~~~
 */
#include "cli/diagnostics.h"

#include "base/buffer.h"
#include "base/text.h"

#include <string.h>

/* A long line is cut to a window around the caret. */
enum { WINDOW_BEFORE = 50, WINDOW_AFTER = 60 };

static struct span line_of(const char *text, unsigned number) {
  for (unsigned i = 1; i < number && *text; i++) {
    text += strcspn(text, "\n");
    if (*text) text++;
  }
  size_t size = strcspn(text, "\n");
  if (size && text[size - 1] == '\r') size--;
  return (struct span){text, size};
}

static bool is_name_byte(char c) {
  return strchr("-_.:@$", c) || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
         (unsigned char)c >= 0x80;
}

static bool is_continuation(char c) {
  return ((unsigned char)c & 0xC0) == 0x80;
}

/* A piece of a line, safe on a terminal, tabs as blanks. */
static char *printable_piece(const char *start, size_t size) {
  char *piece = alloc_text_n(start, size);
  for (char *c = piece; *c; c++)
    if (*c == '\t') *c = ' ';
  char *shown = text_printable(piece, 1000);
  alloc_free(piece);
  return shown;
}

static size_t columns_of(const char *text) {
  size_t columns = 0;
  for (; *text; text++)
    columns += is_continuation(*text) ? 0 : 1;
  return columns;
}

static void print_caret(struct span line, size_t start, size_t at, FILE *out) {
  char *before = printable_piece(line.start + start, at - start);
  size_t end = at;
  while (end < line.size && is_name_byte(line.start[end]))
    end++;
  fprintf(out, "       | %s%*s^", start ? "   " : "", (int)columns_of(before), "");
  for (size_t i = at + 1; i < end; i++)
    if (!is_continuation(line.start[i])) fputc('~', out);
  fputc('\n', out);
  alloc_free(before);
}

static void print_source(const struct diag *diag, const char *text, FILE *out) {
  struct span line = line_of(text, diag->line);
  size_t at = diag->column ? diag->column - 1 : 0;
  if (line.size == 0 || at > line.size) return;
  size_t start = at > WINDOW_BEFORE ? at - WINDOW_BEFORE : 0;
  while (start && is_continuation(line.start[start]))
    start--;
  size_t end = line.size - at > WINDOW_AFTER ? at + WINDOW_AFTER : line.size;
  while (end < line.size && is_continuation(line.start[end]))
    end++;
  char *piece = printable_piece(line.start + start, end - start);
  fprintf(out, "%6u | %s%s%s\n", diag->line, start ? "..." : "", piece,
          end < line.size ? "..." : "");
  if (diag->column) print_caret(line, start, at, out);
  alloc_free(piece);
}

static void print_one(const struct diag *diag, diagnostics_source text_of, void *data, FILE *out) {
  char *file = text_printable(diag->file, 1000), *message = text_printable(diag->message, 1000);
  fprintf(out, "siteglass: %s: %s", diag_level_word(diag->level), file);
  if (diag->line && diag->column)
    fprintf(out, ":%u:%u", diag->line, diag->column);
  else if (diag->line)
    fprintf(out, ":%u", diag->line);
  fprintf(out, "%s%s\n", *file ? ": " : "", message);
  const char *text = text_of && diag->line ? text_of(data, diag->file) : NULL;
  if (text) print_source(diag, text, out);
  alloc_free(file);
  alloc_free(message);
}

void diagnostics_print_from(const struct diags *diags, diagnostics_source text_of, void *data,
                            FILE *out) {
  for (size_t i = 0; i < diags->count; i++)
    print_one(&diags->items[i], text_of, data, out);
  if (diags->dropped) fprintf(out, "siteglass: ... and %zu more\n", diags->dropped);
}

static const char *text_of_rules(void *data, const char *path) {
  size_t size;
  return rule_files_text(data, path, &size);
}

void diagnostics_print(const struct diags *diags, const struct rule_files *files, FILE *out) {
  diagnostics_print_from(diags, files ? text_of_rules : NULL, (void *)files, out);
}
