/* Events that Get-WinEvent or Get-EventLog wrote through Export-Csv: a row an event (RFC 4180, a
 * message may hold line ends), columns by name, perhaps a #TYPE line before; the separator
 * is the comma, or what -Delimiter or -UseCulture made of it. Times are those of the
 * collector's culture and zone, so they tell nothing, unless they are ISO 8601 with a zone. */
#include "readers/event_tally.h"
#include "readers/lines.h"

#include <string.h>

enum { COLUMNS_MOST = 64, CELL_MOST = 200 };

enum column { ID, PROVIDER, LOG, COMPUTER, MOMENT, COLUMN_COUNT };

/* Get-WinEvent, Get-EventLog; first that is there. */
static const char *const names[COLUMN_COUNT][3] = {
    [ID] = {"Id", "EventID", NULL},
    [PROVIDER] = {"ProviderName", "Source", NULL},
    [LOG] = {"LogName", "Log", NULL},
    [COMPUTER] = {"MachineName", NULL, NULL},
    [MOMENT] = {"TimeCreated", "TimeGenerated", NULL},
};

struct cells {
  const char *at, *end;
  char separator;
  uint32_t line;
};

/* The next cell of a row into `out` (cut at CELL_MOST - 1); false when the row ends behind it. */
static bool next_cell(struct cells *cells, char *out) {
  size_t used = 0;
  bool quoted = cells->at < cells->end && *cells->at == '"';
  if (quoted) cells->at++;
  for (; cells->at < cells->end; cells->at++) {
    char c = *cells->at;
    if (quoted && c == '"') {
      if (cells->at + 1 < cells->end && cells->at[1] == '"')
        cells->at++;
      else {
        quoted = false;
        continue;
      }
    } else if (!quoted && (c == cells->separator || c == '\n' || c == '\r')) {
      break;
    }
    if (c == '\n') cells->line++;
    if (used < CELL_MOST - 1) out[used++] = c;
  }
  out[used] = '\0';
  if (cells->at < cells->end && *cells->at == cells->separator) return cells->at++, true;
  return false;
}

static void end_row(struct cells *cells) {
  if (cells->at < cells->end && *cells->at == '\r') cells->at++;
  if (cells->at < cells->end && *cells->at == '\n') cells->at++;
  cells->line++;
}

/* ---- The head -------------------------------------------------------------------- */

static struct cells start_of(const char *text, size_t size) {
  struct cells cells = {text, text + size, ',', 1};
  if (size && *text == '#') {
    const char *end = memchr(text, '\n', size);
    cells.at = end ? end + 1 : cells.end;
    cells.line = 2;
  }
  size_t first = strcspn(cells.at, ",;\t\r\n");
  if (cells.at + first < cells.end && strchr(",;\t", cells.at[first]))
    cells.separator = cells.at[first];
  return cells;
}

static bool read_head(struct cells *cells, int place[COLUMN_COUNT]) {
  char cell[CELL_MOST];
  for (int i = 0; i < COLUMN_COUNT; i++)
    place[i] = -1;
  bool more = true;
  for (int column = 0; more && column < COLUMNS_MOST; column++) {
    more = next_cell(cells, cell);
    for (int i = 0; i < COLUMN_COUNT; i++)
      for (int k = 0; k < 3 && names[i][k]; k++)
        if (text_equal_nocase(cell, names[i][k])) place[i] = column;
  }
  while (more)
    more = next_cell(cells, cell);
  end_row(cells);
  return place[ID] >= 0 && place[PROVIDER] >= 0 && place[MOMENT] >= 0;
}

static bool is_csv(const struct artifact *artifact, const char *text, size_t size,
                   const char *root) {
  (void)artifact;
  if (!text || !size || *root) return false;
  int place[COLUMN_COUNT];
  struct cells cells = start_of(text, size < 16384 ? size : 16384);
  return read_head(&cells, place);
}

/* ---- Rows ---------------------------------------------------------------------------- */

struct row {
  char cells[COLUMN_COUNT][CELL_MOST];
};

static bool read_row(struct cells *cells, const int place[COLUMN_COUNT], struct row *row) {
  char cell[CELL_MOST];
  bool more = true;
  int last = 0;
  memset(row, 0, sizeof *row);
  for (int column = 0; more; column++) {
    more = next_cell(cells, cell);
    for (int i = 0; i < COLUMN_COUNT; i++)
      if (place[i] == column) memcpy(row->cells[i], cell, sizeof cell);
    last = column;
  }
  end_row(cells);
  return last >= place[ID] && last >= place[PROVIDER];
}

static void add_row(struct reading *reading, struct events *events, const struct row *row,
                    struct origin origin) {
  struct event event = {
      .log = span_of(row->cells[LOG]), .provider = span_of(row->cells[PROVIDER]), .origin = origin};
  if (!text_unsigned(span_of(row->cells[ID]), &event.id)) {
    reading_breaks(reading, UNKNOWN_DAMAGED, origin, "an event has no number");
    return;
  }
  event.has_moment = event_moment(row->cells[MOMENT], &event.moment);
  const char *computer = row->cells[COMPUTER];
  if (!reading->computer && *computer) reading->computer = alloc_text(computer);
  events_add(events, &event);
}

static void read_csv(struct reading *reading, struct readings *readings) {
  size_t size;
  int place[COLUMN_COUNT];
  const char *text = artifact_text(reading->artifact, &size);
  struct cells cells = start_of(text, size);
  struct events *events = events_new();
  struct row row;
  reading_start(reading, readings);
  (void)read_head(&cells, place);
  while (cells.at < cells.end) {
    struct origin origin = {reading->artifact->number + 1, cells.line, 1};
    if (*cells.at == '\r' || *cells.at == '\n')
      end_row(&cells);
    else if (read_row(&cells, place, &row))
      add_row(reading, events, &row, origin);
    else
      reading_breaks(reading, UNKNOWN_TRUNCATED, origin, "an event is cut off");
  }
  events_finish(events, reading);
  events_free(events);
}

const struct reader event_csv_reader = {"event-log", is_csv, read_csv};
