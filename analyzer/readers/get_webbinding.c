/* Get-WebBinding (WebAdministration module): the bindings of all sites, with the
 * certificate that HTTP.SYS had for each when the export was made.
 *
 * Facts: site (@name @id) with binding (@protocol @bindingInformation @sslFlags
 * @certificateHash @certificateStoreName). certificateHash is upper case, "" when
 * there is none; what an object does not say is marked on its binding.
 * The site stands only in ItemXPath:
 *   /system.applicationHost/sites/site[@name='Default Web Site' and @id='1'] */
#include "readers/powershell.h"

#include "base/text.h"
#include "readers/web_binding.h"

#include <string.h>

struct site_name {
  struct span name, id;
};

static const char *last_of(const char *text, const char *what) {
  const char *last = NULL;
  for (const char *at = text; (at = strstr(at, what)); at++)
    last = at;
  return last;
}

/* A name may hold quotes and apostrophes of its own, so its end is looked for
 * from behind: the last "' and @id='". */
static bool split_path(const char *path, struct site_name *site) {
  const char *start = strstr(path, "site[@name=");
  if (!start) return false;
  start += strlen("site[@name=");
  char quote = *start;
  if (quote != '\'' && quote != '"') return false;
  char separator[] = {quote, ' ', 'a', 'n', 'd', ' ', '@', 'i', 'd', '=', quote, '\0'};
  const char *end = last_of(start + 1, separator);
  if (!end) return false;
  const char *id = end + strlen(separator), *id_end = strchr(id, quote);
  uint64_t number;
  if (!id_end || id_end[1] != ']') return false;
  site->name = (struct span){start + 1, (size_t)(end - start) - 1};
  site->id = (struct span){id, (size_t)(id_end - id)};
  return text_unsigned(site->id, &number);
}

static xmlNode *site_of(struct powershell_export *from, const struct site_name *wanted,
                        struct origin origin) {
  char *name = span_copy(wanted->name), *id = span_copy(wanted->id);
  char *key = alloc_format("%s %s", id, name);
  void **place = map_at(from->made, key);
  if (!*place) {
    xmlNode *site = node_add(from->reading->facts, "site", origin);
    node_set(site, "name", name, origin);
    node_set(site, "id", id, origin);
    *place = site;
  }
  alloc_free(key);
  alloc_free(id);
  alloc_free(name);
  return *place;
}

void get_webbinding_read(struct powershell_export *from, const xmlNode *object) {
  struct origin origin = origin_of(object);
  char *computer = powershell_computer_name(from->clixml, object);
  bool ours = powershell_computer(from->reading, computer, origin);
  alloc_free(computer);
  if (!ours) return;
  const xmlNode *value = clixml_property(from->clixml, object, "ItemXPath");
  char *path = value ? clixml_text(value) : NULL;
  struct site_name name;
  if (path && split_path(path, &name))
    web_binding_add(site_of(from, &name, origin_of(value)), from->clixml, object);
  else
    reading_breaks(from->reading, UNKNOWN_DAMAGED, origin,
                   "a binding does not say of which site it is");
  alloc_free(path);
}
