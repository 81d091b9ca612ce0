/* Reading rules/healthchecker.xml. */
#include "rulebook/peer_checks.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "rulebook/rule_files.h"

static char *value_of(const xmlNode *element, const char *name) {
  xmlChar *value = xmlGetNoNsProp(element, (const xmlChar *)name);
  char *copy = alloc_text(value ? (const char *)value : "");
  xmlFree(value);
  return copy;
}

struct peer_checks peer_checks_read(void) {
  struct peer_checks checks = {0};
  struct xml_failure failure;
  const struct embedded_file *file = rule_files_builtin("healthchecker.xml");
  xmlDoc *document = file ? xml_source_parse(file->text, file->size, NULL, &failure) : NULL;
  if (!document) return checks;
  for (const xmlNode *n = xmlDocGetRootElement(document)->children; n; n = n->next) {
    if (n->type != XML_ELEMENT_NODE) continue;
    struct peer_check check = {value_of(n, "id"), value_of(n, "what"), value_of(n, "why")};
    ARRAY_PUSH(checks.items, checks.count, checks.capacity) = check;
  }
  xmlFreeDoc(document);
  return checks;
}

void peer_checks_dispose(struct peer_checks *checks) {
  for (size_t i = 0; i < checks->count; i++) {
    alloc_free(checks->items[i].id);
    alloc_free(checks->items[i].what);
    alloc_free(checks->items[i].why);
  }
  alloc_free(checks->items);
  *checks = (struct peer_checks){0};
}
