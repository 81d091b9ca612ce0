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
  if (path && web_site_of_path(path, &name))
    web_binding_add(site_of(from, &name, origin_of(value)), from->clixml, object);
  else
    reading_breaks(from->reading, UNKNOWN_DAMAGED, origin,
                   "a binding does not say of which site it is");
  alloc_free(path);
}
