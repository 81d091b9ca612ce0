/* The ledger as CSV (RFC 4180: CRLF, quotes doubled), UTF-8; and the end of an
 * inventory's life. */
#include "report/inventory.h"

#include "base/buffer.h"
#include "base/moment.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Far above any real ledger; beyond it the last line says that more is missing. */
#define CSV_MOST ((size_t)512 << 20)
enum { CELL_MOST = 32000 }; /* what a spreadsheet takes */

/* A spreadsheet runs what begins like a formula, and names in a bundle are anybody's. */
static bool is_formula(const char *text) {
  return text[0] && strchr("=+-@\t\r", text[0]);
}

static void cell(struct buffer *out, const char *text, bool last) {
  char *safe = text_printable(text ? text : "", CELL_MOST);
  bool quoted = strpbrk(safe, ",\"\r\n;") != NULL;
  if (quoted) buffer_add_char(out, '"');
  if (is_formula(safe)) buffer_add_char(out, '\'');
  for (const char *at = safe; *at; at++) {
    if (*at == '"') buffer_add_char(out, '"');
    buffer_add_char(out, *at);
  }
  if (quoted) buffer_add_char(out, '"');
  buffer_add_text(out, last ? "\r\n" : ",");
  alloc_free(safe);
}

static void row(struct buffer *out, const struct inventory_file *file) {
  char moment[21] = "", size[24];
  if (file->has_modified) moment_format(file->modified, moment);
  snprintf(size, sizeof size, "%ju", (uintmax_t)file->size);
  const char *by = !file->has_modified ? "" : file->from_archive ? "archive" : "file";
  const char *const cells[] = {file->path,
                               size,
                               file->sha256,
                               moment,
                               by,
                               file->encoding,
                               file->confidence,
                               file->kind,
                               file->outcome,
                               file->reason,
                               file->note,
                               file->role,
                               file->host,
                               file->host_reason};
  size_t count = sizeof cells / sizeof *cells;
  for (size_t i = 0; i < count; i++)
    cell(out, cells[i], i + 1 == count);
}

char *inventory_csv(const struct inventory *inventory, const struct report_style *style) {
  (void)style;
  struct buffer out = buffer_make(CSV_MOST);
  buffer_add_text(&out,
                  "path,size,sha256,modified,modified_by,encoding,confidence,kind,outcome,reason,"
                  "note,role,host,host_reason\r\n");
  for (size_t i = 0; i < inventory->file_count; i++)
    row(&out, &inventory->files[i]);
  if (!out.overflowed) return buffer_take(&out);
  char *text = alloc_format("%s\r\nCUT HERE: too long\r\n", buffer_text(&out));
  buffer_dispose(&out);
  return text;
}

/* ---- The end ----------------------------------------------------------------------- */

static void site_dispose(struct inventory_site *site) {
  for (size_t i = 0; i < site->binding_count; i++)
    alloc_free(site->bindings[i].served);
  alloc_free(site->bindings);
  alloc_free(site->applications);
}

static void host_dispose(struct inventory_host *host) {
  for (size_t i = 0; i < host->site_count; i++)
    site_dispose(&host->sites[i]);
  for (size_t i = 0; i < host->certificate_count; i++) {
    alloc_free(host->certificates[i].stores);
    alloc_free(host->certificates[i].uses);
  }
  alloc_free(host->products);
  alloc_free(host->sites);
  alloc_free(host->pools);
  alloc_free(host->certificates);
  alloc_free(host->logs);
  alloc_free(host->events);
  alloc_free(host->others);
  alloc_free(host->missing);
}

void inventory_dispose(struct inventory *inventory) {
  for (size_t i = 0; i < inventory->host_count; i++)
    host_dispose(&inventory->hosts[i]);
  for (size_t i = 0; i < inventory->text_count; i++)
    alloc_free(inventory->texts[i]);
  alloc_free(inventory->hosts);
  alloc_free(inventory->files);
  alloc_free(inventory->texts);
  *inventory = (struct inventory){0};
}
