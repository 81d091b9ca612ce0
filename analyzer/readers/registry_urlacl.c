/* Services\HTTP\Parameters\UrlAclInfo -> URL reservations. */
#include "base/text.h"
#include "readers/lines.h"
#include "readers/netsh_text.h"
#include "readers/readers.h"
#include "readers/registry_http.h"
#include "readers/security_descriptor.h"

#include <string.h>

#define KEY "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters\\UrlAclInfo"

enum { DESCRIPTOR_MOST = 8192, SDDL_MOST = 16384 };

static bool read_list(const char *hex, struct access_list *list) {
  uint8_t bytes[DESCRIPTOR_MOST];
  size_t size = strlen(hex) / 2;
  return size <= sizeof bytes && text_unhex(span_of(hex), bytes) &&
         access_list_read(bytes, size, list);
}

static const char *word(const struct access_entry *entry, uint32_t bit) {
  return entry->mask & (bit | ACCESS_GENERIC_ALL) ? "true" : "false";
}

/* One for each account, as netsh lists them; the name of an account is the system's to tell. */
static bool add_reservation(struct reading *reading, const xmlNode *value) {
  struct span url;
  struct access_list list;
  char sddl[SDDL_MOST];
  const char *name = node_get(value, "name"), *hex = node_get(value, "data");
  if (!netsh_is_url(span_of(name), &url) || !hex || !read_list(hex, &list)) return false;
  if (!access_list_sddl(&list, sddl, sizeof sddl)) return false;
  for (size_t i = 0; i < list.count; i++) {
    xmlNode *node = node_add(reading->facts, "urlReservation", origin_of(value));
    netsh_set_url(node, url, origin_of(value));
    node_set(node, "listen", word(&list.entries[i], ACCESS_GENERIC_EXECUTE), origin_of(value));
    node_set(node, "delegate", word(&list.entries[i], ACCESS_GENERIC_WRITE), origin_of(value));
    node_set(node, "sddl", sddl, origin_of(value));
    node_mark(node, "@user", "urlReservation", UNKNOWN_AMBIGUOUS, "netsh-urlacl",
              "the registry has the number of the account, not its name", origin_of(value));
  }
  return true;
}

void registry_urlacl_read(const struct registry *index, const struct reading *from,
                          struct readings *readings) {
  struct registry_answer answer = registry_values(index, KEY);
  if (!answer.known) return;
  struct reading reading = {
      .artifact = from->artifact, .kind = "registry-urlacl", .complete = true};
  reading_start(&reading, readings);
  bool good = true;
  for (const xmlNode *value = answer.present ? node_child(answer.node, "value") : NULL; value;
       value = node_next(value, "value"))
    if (!add_reservation(&reading, value)) good = false;
  if (!good) {
    reading.complete = false;
    reading.incomplete_reason = UNKNOWN_AMBIGUOUS;
    reading.broken_why = alloc_text("a URL reservation in the registry that cannot be read");
  }
  if (from->computer) reading.computer = alloc_text(from->computer);
  ARRAY_PUSH(readings->items, readings->count, readings->capacity) = reading;
}
