/* Get-Website (WebAdministration module), whole or some of its properties: the sites
 * with their states, bindings and applications. The certificate of a binding is the one
 * that HTTP.SYS had when the export was made.
 *
 * Facts: site (@name @id @state @serverAutoStart; @bindings="all" when all of its
 * bindings are there, @applications likewise) with binding as Get-WebBinding's, and application
 * (@path
 * @applicationPool @enabledProtocols) with virtualDirectory (@path @physicalPath).
 * What an object does not say is left out. */
#include "readers/powershell.h"

#include "base/text.h"
#include "readers/web_binding.h"

/* The members of a configuration collection: its "Collection", or the list itself. */
static const xmlNode *collection(const struct clixml *clixml, const xmlNode *value) {
  if (!value) return NULL;
  const xmlNode *members = clixml_property(clixml, value, "Collection");
  if (!members) members = value;
  return clixml_is_list(members) ? members : NULL;
}

static void copy_some(xmlNode *element, const struct clixml *clixml, const xmlNode *object,
                      const char *const *names) {
  for (size_t i = 0; names[i]; i++)
    (void)!powershell_copy(element, names[i], clixml, object, names[i]);
}

/* ---- Bindings -------------------------------------------------------------------- */

static bool is_binding(const struct clixml *clixml, const xmlNode *object) {
  return clixml_property(clixml, object, "protocol") &&
         clixml_property(clixml, object, "bindingInformation");
}

/* All of them, or nothing is said of their number. */
static void add_bindings(struct powershell_export *from, const xmlNode *object, xmlNode *site) {
  const struct clixml *clixml = from->clixml;
  const xmlNode *value = clixml_property(clixml, object, "bindings");
  const xmlNode *members = collection(clixml, value);
  bool all = members != NULL;
  for (const xmlNode *each = members ? clixml_first(members) : NULL; each;
       each = clixml_next(each)) {
    const xmlNode *binding = clixml_resolve(clixml, (xmlNode *)each);
    if (binding && is_binding(clixml, binding))
      web_binding_add(site, clixml, binding);
    else
      all = false;
  }
  if (all) node_set(site, "bindings", "all", origin_of(value));
}

/* ---- Applications ------------------------------------------------------------------ */

static void add_directories(const struct clixml *clixml, const xmlNode *object,
                            xmlNode *application) {
  static const char *const names[] = {"path", "physicalPath", NULL};
  const xmlNode *members = collection(clixml, clixml_property(clixml, object, "Collection"));
  for (const xmlNode *each = members ? clixml_first(members) : NULL; each;
       each = clixml_next(each)) {
    const xmlNode *directory = clixml_resolve(clixml, (xmlNode *)each);
    if (!directory || !clixml_property(clixml, directory, "path")) continue;
    xmlNode *element = node_add(application, "virtualDirectory", origin_of(directory));
    copy_some(element, clixml, directory, names);
  }
}

static void add_applications(const struct clixml *clixml, const xmlNode *object, xmlNode *site) {
  static const char *const names[] = {"path", "applicationPool", "enabledProtocols", NULL};
  const xmlNode *members = collection(clixml, clixml_property(clixml, object, "Collection"));
  bool all = members && clixml_first(members);
  for (const xmlNode *each = members ? clixml_first(members) : NULL; each;
       each = clixml_next(each)) {
    const xmlNode *application = clixml_resolve(clixml, (xmlNode *)each);
    if (!application || !clixml_property(clixml, application, "applicationPool")) {
      all = false;
      continue;
    }
    xmlNode *element = node_add(site, "application", origin_of(application));
    copy_some(element, clixml, application, names);
    add_directories(clixml, application, element);
  }
  if (all) node_set(site, "applications", "all", origin_of(object));
}

/* ---- The site ------------------------------------------------------------------------ */

static void copy_auto_start(const struct clixml *clixml, const xmlNode *object, xmlNode *site) {
  const xmlNode *value = clixml_property(clixml, object, "serverAutoStart");
  bool truth;
  if (value && clixml_boolean(value, &truth))
    node_set(site, "serverAutoStart", truth ? "true" : "false", origin_of(value));
}

void get_website_read(struct powershell_export *from, const xmlNode *object) {
  static const char *const names[] = {"name", "id", "state", NULL};
  const struct clixml *clixml = from->clixml;
  char *computer = powershell_computer_name(clixml, object);
  bool ours = powershell_computer(from->reading, computer, origin_of(object));
  alloc_free(computer);
  if (!ours) return;
  xmlNode *site = node_add(from->reading->facts, "site", origin_of(object));
  copy_some(site, clixml, object, names);
  copy_auto_start(clixml, object, site);
  add_bindings(from, object, site);
  add_applications(clixml, object, site);
}
