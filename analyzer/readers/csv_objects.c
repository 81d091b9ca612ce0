/* What Export-Csv and ConvertTo-Csv write of objects: a #TYPE line (Windows PowerShell; it
 * tells what they are), a row of names, a row an object, values in quotes; the separator is the
 * comma, or the semicolon or tab that a culture or -Delimiter made of it. A collection stands
 * there as its type's name and is not used. */
#include "readers/powershell.h"
#include "readers/told_objects.h"

#include "base/buffer.h"
#include "base/text.h"

#include <string.h>

enum { COLUMNS_MOST = 1000, CELL_MOST = 1 << 20 };

struct table {
  const char *at, *end, *line_start;
  uint32_t source, line;
  char separator;
  char *names[COLUMNS_MOST];
  size_t count;
  bool cut; /* a row has fewer cells than there are names, or the last quotes stay open */
};

/* ---- Cells ----------------------------------------------------------------------- */

static struct origin place(const struct table *table) {
  return (struct origin){table->source, table->line, (uint32_t)(table->at - table->line_start) + 1};
}

static void step(struct table *table) {
  if (*table->at == '\n') {
    table->line++;
    table->line_start = table->at + 1;
  }
  table->at++;
}

static void quoted_cell(struct table *table, struct buffer *cell) {
  for (step(table); table->at < table->end; step(table)) {
    if (*table->at == '"') {
      if (table->at + 1 >= table->end || table->at[1] != '"') break;
      step(table);
    }
    buffer_add_char(cell, *table->at);
  }
  if (table->at < table->end)
    step(table);
  else
    table->cut = true;
}

/* The next cell; false when the row ends behind it. Caller frees. */
static bool next_cell(struct table *table, char **text) {
  struct buffer cell = buffer_make(CELL_MOST);
  if (table->at < table->end && *table->at == '"') quoted_cell(table, &cell);
  while (table->at < table->end && *table->at != table->separator && !strchr("\r\n", *table->at)) {
    buffer_add_char(&cell, *table->at);
    step(table);
  }
  *text = buffer_take(&cell);
  if (table->at < table->end && *table->at == table->separator) {
    step(table);
    return true;
  }
  while (table->at < table->end && *table->at == '\r')
    step(table);
  if (table->at < table->end && *table->at == '\n') step(table);
  return false;
}

/* ---- The head ---------------------------------------------------------------------- */

static struct span type_line(struct table *table) {
  static const char start[] = "#TYPE ";
  size_t size = (size_t)(table->end - table->at);
  if (size < sizeof start || strncmp(table->at, start, sizeof start - 1) != 0) return span_of("");
  const char *type = table->at + sizeof start - 1;
  while (table->at < table->end && *table->at != '\n')
    step(table);
  struct span line = span_trim((struct span){type, (size_t)(table->at - type)});
  if (table->at < table->end) step(table);
  return line;
}

static char separator_of(const struct table *table) {
  for (const char *at = table->at; at < table->end && !strchr("\r\n", *at); at++)
    if (strchr(",;\t", *at)) return *at;
  return ',';
}

static void read_names(struct table *table) {
  table->separator = separator_of(table);
  for (bool more = true; more;) {
    char *name;
    more = next_cell(table, &name);
    if (table->count < COLUMNS_MOST)
      table->names[table->count++] = name;
    else
      alloc_free(name);
  }
}

/* ---- Rows ---------------------------------------------------------------------------- */

/* "System.String[]", "System.Collections.ArrayList",
 * "Microsoft.Exchange.Data.MultiValuedProperty`1[...]" */
static bool is_type_name(const char *text) {
  if (strchr(text, ' ')) return false;
  size_t size = strlen(text);
  return text_starts(text, "System.") ||
         (text_starts(text, "Microsoft.") && (strchr(text, '`') || text[size - 1] == ']'));
}

static void add_type(xmlNode *object, struct span type, struct origin origin) {
  if (type.size == 0) return;
  char *name = span_copy(type);
  told_type(object, name, origin);
  alloc_free(name);
}

static void add_row(struct table *table, xmlNode *root, struct span type) {
  xmlNode *object = told_object(root, NULL, place(table));
  add_type(object, type, place(table));
  bool more = true;
  size_t column = 0;
  for (; more; column++) {
    struct origin origin = place(table);
    char *cell;
    more = next_cell(table, &cell);
    const char *name = column < table->count ? table->names[column] : NULL;
    if (name && !*cell)
      told_scalar(object, name, "Nil", NULL, origin);
    else if (name && is_type_name(cell))
      told_scalar(object, name, TOLD_CUT, NULL, origin);
    else if (name)
      told_scalar(object, name, "S", cell, origin);
    alloc_free(cell);
  }
  if (column < table->count) table->cut = true;
}

static void read_csv(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct table *table = alloc_bytes(sizeof *table);
  *table = (struct table){.at = text,
                          .end = text + size,
                          .line_start = text,
                          .source = reading->artifact->number + 1,
                          .line = 1};
  xmlDoc *document = told_document(readings, place(table));
  struct span type = type_line(table);
  read_names(table);
  while (table->at < table->end) {
    if (strchr("\r\n", *table->at))
      step(table);
    else
      add_row(table, xmlDocGetRootElement(document), type);
  }
  bool cut = table->cut || (size > 0 && text[size - 1] != '\n' && text[size - 1] != '"');
  powershell_read_told(reading, readings, document, "CSV");
  if (cut && reading->facts)
    reading_breaks(reading, UNKNOWN_TRUNCATED, place(table), "a row of it is not whole");
  xmlFreeDoc(document);
  for (size_t i = 0; i < table->count; i++)
    alloc_free(table->names[i]);
  alloc_free(table);
}

/* A #TYPE line, or two names in quotes. */
static bool is_csv(const struct artifact *artifact, const char *text, size_t size,
                   const char *root) {
  (void)artifact;
  if (!text || *root || size < 6) return false;
  if (strncmp(text, "#TYPE ", 6) == 0) return true;
  if (*text != '"') return false;
  const char *end = memchr(text + 1, '"', size - 1 < 200 ? size - 1 : 200);
  return end && end > text + 1 && end + 2 < text + size && strchr(",;\t", end[1]) && end[2] == '"';
}

const struct reader csv_objects_reader = {"csv", is_csv, read_csv};
