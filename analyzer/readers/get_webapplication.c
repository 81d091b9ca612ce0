/* Get-WebApplication and the items of IIS:\AppPools (WebAdministration module).
 *
 * Facts as Get-Website's (reading.h): site (@name) with an application (@path @applicationPool
 * @enabledProtocols) and its root virtualDirectory; applicationPool (@name @state). Which sites
 * there are these exports do not tell, so no site gets an @id. */
#include "readers/powershell.h"
#include "readers/web_binding.h"

static void copy(xmlNode *element, const char *name, const struct clixml *clixml,
                 const xmlNode *object, const char *property) {
  (void)!powershell_copy(element, name, clixml, object, property);
}

static bool is_ours(struct powershell_export *from, const xmlNode *object) {
  char *computer = powershell_computer_name(from->clixml, object);
  bool ours = powershell_computer(from->reading, computer, origin_of(object));
  alloc_free(computer);
  return ours;
}

static void add_application(struct powershell_export *from, const xmlNode *object,
                            const struct site_name *name, struct origin origin) {
  xmlNode *site = node_add(from->reading->facts, "site", origin);
  char *text = span_copy(name->name);
  node_set(site, "name", text, origin);
  alloc_free(text);
  xmlNode *application = node_add(site, "application", origin_of(object));
  copy(application, "path", from->clixml, object, "path");
  copy(application, "applicationPool", from->clixml, object, "applicationPool");
  copy(application, "enabledProtocols", from->clixml, object, "enabledProtocols");
  if (!clixml_property(from->clixml, object, "PhysicalPath")) return;
  xmlNode *directory = node_add(application, "virtualDirectory", origin_of(object));
  node_set(directory, "path", "/", origin_of(object));
  copy(directory, "physicalPath", from->clixml, object, "PhysicalPath");
}

void get_webapplication_read(struct powershell_export *from, const xmlNode *object) {
  if (!is_ours(from, object)) return;
  const xmlNode *value = clixml_property(from->clixml, object, "ItemXPath");
  char *path = value ? clixml_text(value) : NULL;
  struct site_name name;
  if (path && web_site_of_path(path, &name))
    add_application(from, object, &name, origin_of(value));
  else
    reading_breaks(from->reading, UNKNOWN_DAMAGED, origin_of(object),
                   "an application does not say of which site it is");
  alloc_free(path);
}

void application_pool_read(struct powershell_export *from, const xmlNode *object) {
  if (!is_ours(from, object)) return;
  xmlNode *pool = node_add(from->reading->facts, "applicationPool", origin_of(object));
  copy(pool, "name", from->clixml, object, "name");
  copy(pool, "state", from->clixml, object, "state");
}
