/* Logs and events of a host. */
#include "base/buffer.h"
#include "base/text.h"
#include "cli/inventory_facts.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_SHOWN = 8 };

struct frequent {
  const xmlNode *node;
  uint64_t count;
  size_t place; /* in the document: of two as frequent, the first comes first */
};

static int by_count(const void *a, const void *b) {
  const struct frequent *x = a, *y = b;
  if (x->count != y->count) return x->count > y->count ? -1 : 1;
  return x->place < y->place ? -1 : x->place > y->place;
}

static void add_word(struct buffer *out, const char *word) {
  if (word) buffer_add_format(out, "%s ", word);
}

/* "404 11 (2), 200 0 (1)" */
static char *most_of(const xmlNode *log) {
  struct frequent *items = NULL;
  size_t count = 0, capacity = 0;
  for (const xmlNode *each = log->children; each; each = each->next) {
    if (each->type != XML_ELEMENT_NODE || each->ns) continue;
    if (strcmp((const char *)each->name, "address") == 0) continue;
    struct frequent one = {each, 0, count};
    const char *text = node_get(each, "count");
    if (text && text_unsigned(span_of(text), &one.count)) ARRAY_PUSH(items, count, capacity) = one;
  }
  if (count > 1) qsort(items, count, sizeof *items, by_count);
  struct buffer out = buffer_make(4000);
  for (size_t i = 0; i < count && i < MOST_SHOWN; i++) {
    if (i) buffer_add_text(&out, ", ");
    add_word(&out, node_get(items[i].node, "code"));
    add_word(&out, node_get(items[i].node, "substatus"));
    add_word(&out, node_get(items[i].node, "name"));
    add_word(&out, node_get(items[i].node, "queue"));
    buffer_add_format(&out, "(%ju)", (uintmax_t)items[i].count);
  }
  if (count > MOST_SHOWN) buffer_add_format(&out, " and %zu more", count - MOST_SHOWN);
  alloc_free(items);
  return buffer_take(&out);
}

static void add_log(struct inventory_work *work, const xmlNode *node) {
  struct inventory_host *host = work->host;
  struct inventory_log log = {.kind = node_get(node, "kind"),
                              .site_id = node_get(node, "siteId"),
                              .software = node_get(node, "software"),
                              .count = node_get(node, "count"),
                              .first = node_get(node, "first"),
                              .last = node_get(node, "last"),
                              .most = inventory_keep(work->inventory, most_of(node)),
                              .place = inventory_place(work, origin_of(node))};
  log.place.line = log.place.column = 0; /* of the whole file */
  ARRAY_PUSH(host->logs, host->log_count, host->log_capacity) = log;
}

static void add_event(struct inventory_work *work, const xmlNode *node) {
  struct inventory_host *host = work->host;
  struct inventory_event event = {.log = node_get(node, "log"),
                                  .provider = node_get(node, "provider"),
                                  .id = node_get(node, "id"),
                                  .count = node_get(node, "count"),
                                  .first = node_get(node, "first"),
                                  .last = node_get(node, "last"),
                                  .place = inventory_place(work, origin_of(node))};
  ARRAY_PUSH(host->events, host->event_count, host->event_capacity) = event;
}

void inventory_add_logs(struct inventory_work *work) {
  const xmlNode *logs = node_child(work->node, "logs");
  for (const xmlNode *each = node_child(logs, "log"); each; each = node_next(each, "log"))
    add_log(work, each);
  const xmlNode *events = node_child(work->node, "events");
  for (const xmlNode *each = node_child(events, "event"); each; each = node_next(each, "event"))
    add_event(work, each);
}
