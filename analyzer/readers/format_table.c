/* What PowerShell shows as a table: the text of `Get-X | ft` and of default views.
 *
 *     Name             ID   State      Physical Path                  Bindings
 *     ----             --   -----      -------------                  --------
 *     Default Web Site 1    Started    %SystemDrive%\inetpub\wwwroot  http *:80:
 *                                                                     http *:8080:
 *
 * A column begins where its line of dashes begins. A value that does not, or that is
 * shortened ("..."), is not used. Of Get-Website the bindings of a site go on in the next lines. */
#include "readers/lines.h"
#include "readers/powershell.h"
#include "readers/shown_command.h"
#include "readers/told_objects.h"

#include <string.h>

enum { COLUMNS_MOST = 40 };

struct column {
  char *name;
  size_t start, end; /* bytes in the line; the last has no end */
};

struct table {
  struct column columns[COLUMNS_MOST];
  size_t count;
  size_t bindings;      /* the column of Get-Website's bindings, else COLUMNS_MOST */
  xmlNode *root, *list; /* the bindings of the last row */
  char *folder;         /* of the drive Cert:, NULL: not told */
  uint32_t source;
  char *server;   /* that the command above named; NULL: none */
  bool some_only; /* a command asked for some objects only */
};

static void forget_columns(struct table *table) {
  for (size_t i = 0; i < table->count; i++)
    alloc_free(table->columns[i].name);
  table->count = 0;
  table->bindings = COLUMNS_MOST;
  table->list = NULL;
}

/* ---- The head ------------------------------------------------------------------------ */

static bool is_dashes(struct span line) {
  size_t groups = 0;
  for (size_t i = 0; i < line.size; i++) {
    if (line.start[i] != '-' && line.start[i] != ' ') return false;
    groups += line.start[i] == '-' && (i == 0 || line.start[i - 1] == ' ');
  }
  return groups >= 2;
}

/* "Physical Path" is the property PhysicalPath. Caller frees. */
static char *property_name(struct span label) {
  char *name = alloc_bytes(label.size + 1);
  size_t used = 0;
  for (size_t i = 0; i < label.size; i++)
    if (label.start[i] != ' ') name[used++] = label.start[i];
  return name;
}

static void take_columns(struct table *table, struct span head, struct span dashes) {
  forget_columns(table);
  for (size_t i = 0; i < dashes.size && table->count < COLUMNS_MOST; i++) {
    if (dashes.start[i] != '-' || (i > 0 && dashes.start[i - 1] == '-')) continue;
    if (table->count > 0) table->columns[table->count - 1].end = i;
    table->columns[table->count++] = (struct column){.start = i, .end = SIZE_MAX};
  }
  for (size_t i = 0; i < table->count; i++) {
    struct column *column = &table->columns[i];
    size_t end = column->end < head.size ? column->end : head.size;
    struct span label = {head.start + column->start, end > column->start ? end - column->start : 0};
    column->name = property_name(span_trim(label));
    if (text_equal_nocase(column->name, "Bindings")) table->bindings = i;
  }
}

/* ---- Rows ------------------------------------------------------------------------------ */

static struct span cell_of(const struct column *column, struct span line) {
  if (column->start >= line.size) return (struct span){line.start + line.size, 0};
  size_t end = column->end < line.size ? column->end : line.size;
  return span_trim((struct span){line.start + column->start, end - column->start});
}

/* Does the value begin where its column does, and is it whole? */
static bool is_plain(const struct column *column, struct span line, struct span cell) {
  if (column->start > 0 && column->start <= line.size && line.start[column->start - 1] != ' ')
    return false;
  if (column->end < line.size && line.start[column->end - 1] != ' ') return false;
  if (cell.size >= 3 && memcmp(cell.start + cell.size - 3, "...", 3) == 0) return false;
  return !(cell.size >= 3 && memcmp(cell.start + cell.size - 3, "\xE2\x80\xA6", 3) == 0);
}

/* "https *:443: sslFlags=0" */
static void add_binding(xmlNode *list, struct span cell, struct origin origin) {
  const char *blank = memchr(cell.start, ' ', cell.size);
  if (!blank) {
    told_scalar(list, NULL, TOLD_CUT, NULL, origin);
    return;
  }
  struct span rest = span_trim((struct span){blank, (size_t)(cell.start + cell.size - blank)});
  size_t end = 0;
  while (end < rest.size && rest.start[end] != ' ')
    end++;
  char *protocol = alloc_text_n(cell.start, (size_t)(blank - cell.start));
  char *information = alloc_text_n(rest.start, end);
  xmlNode *binding = told_object(list, NULL, origin);
  told_scalar(binding, "protocol", "S", protocol, origin);
  told_scalar(binding, "bindingInformation", "S", information, origin);
  struct span flags = span_trim((struct span){rest.start + end, rest.size - end});
  static const char word[] = "sslFlags=";
  if (flags.size > sizeof word - 1 && memcmp(flags.start, word, sizeof word - 1) == 0) {
    char *number = alloc_text_n(flags.start + sizeof word - 1, flags.size - sizeof word + 1);
    told_scalar(binding, "sslFlags", "S", number, origin);
    alloc_free(number);
  }
  alloc_free(protocol);
  alloc_free(information);
}

static void add_cell(struct table *table, xmlNode *object, size_t number, const struct line *line) {
  const struct column *column = &table->columns[number];
  struct span cell = cell_of(column, line->text);
  struct origin origin =
      line_origin(line, cell.size ? cell.start : line->text.start, table->source);
  bool plain = is_plain(column, line->text, cell);
  if (number == table->bindings) {
    table->list = told_list(object, column->name, origin);
    if (cell.size && plain) add_binding(table->list, cell, origin);
    if (cell.size && !plain) told_scalar(table->list, NULL, TOLD_CUT, NULL, origin);
  } else if (!plain) {
    told_scalar(object, column->name, TOLD_CUT, NULL, origin);
  } else if (cell.size == 0) {
    told_scalar(object, column->name, "Nil", NULL, origin);
  } else {
    char *text = span_copy(cell);
    told_scalar(object, column->name, "S", text, origin);
    alloc_free(text);
  }
}

static void add_row(struct table *table, const struct line *line) {
  bool more = table->list && cell_of(&table->columns[0], line->text).size == 0;
  if (more) { /* another binding of the site above */
    struct span cell = cell_of(&table->columns[table->bindings], line->text);
    struct origin origin = line_origin(line, line->text.start, table->source);
    if (cell.size) add_binding(table->list, cell, origin);
    return;
  }
  struct origin origin = line_origin(line, line->text.start, table->source);
  xmlNode *object = told_object(table->root, NULL, origin);
  table->list = NULL;
  if (table->server) told_scalar(object, "PSComputerName", "S", table->server, origin);
  if (table->folder) told_scalar(object, "PSParentPath", "S", table->folder, origin);
  for (size_t i = 0; i < table->count; i++)
    add_cell(table, object, i, line);
}

/* ---- The reader ------------------------------------------------------------------------ */

/* "   Directory: Microsoft.PowerShell.Security\\Certificate::LocalMachine\\My", or PSParentPath. */
static bool take_folder(struct table *table, const struct line *line) {
  struct span label, value;
  if (!span_split_first(line->text, &label, &value) || !span_holds(value, "Certificate::"))
    return false;
  alloc_free(table->folder);
  table->folder = span_copy(value);
  return true;
}

static bool take_command(struct table *table, const struct line *line) {
  struct span command;
  if (!shown_command(line->text, &command)) return false;
  struct span server = shown_command_server(command);
  if (!shown_command_lists_all(command)) table->some_only = true;
  alloc_free(table->server);
  table->server = server.size ? span_copy(server) : NULL;
  return true;
}

static void read_rows(struct table *table, const char *text, size_t size) {
  struct lines lines = lines_of(text, size);
  struct line before = {0};
  for (struct line line; lines_next(&lines, &line); before = line) {
    struct lines ahead = lines;
    struct line next;
    bool head = lines_next(&ahead, &next) && is_dashes(next.text);
    if (is_dashes(line.text) && before.text.size)
      take_columns(table, before.text, line.text);
    else if (line_is_blank(&line) || take_command(table, &line) || head ||
             take_folder(table, &line))
      forget_columns(table);
    else if (table->count > 0)
      add_row(table, &line);
  }
  forget_columns(table);
  alloc_free(table->folder);
  alloc_free(table->server);
}

static void read_table(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct table *table = alloc_bytes(sizeof *table);
  table->source = reading->artifact->number + 1;
  table->bindings = COLUMNS_MOST;
  xmlDoc *document = told_document(readings, (struct origin){table->source, 1, 1});
  table->root = xmlDocGetRootElement(document);
  read_rows(table, text, size);
  powershell_read_told(reading, readings, document, "table");
  if (table->some_only && reading->facts)
    reading_breaks(reading, UNKNOWN_AMBIGUOUS, (struct origin){0},
                   "its command asks for some objects only");
  xmlFreeDoc(document);
  alloc_free(table);
}

static bool is_table(const struct artifact *artifact, const char *text, size_t size,
                     const char *root) {
  (void)artifact;
  if (!text || *root) return false;
  struct lines lines = lines_of(text, size < 65536 ? size : 65536);
  bool head = false;
  for (struct line line; lines_next(&lines, &line);) {
    if (head && is_dashes(line.text)) return true;
    head = !line_is_blank(&line);
  }
  return false;
}

const struct reader format_table_reader = {"table", is_table, read_table};
