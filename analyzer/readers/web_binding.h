/* A binding of a site in an export of the WebAdministration module -> binding (@protocol
 * @bindingInformation @sslFlags @certificateHash @certificateStoreName). certificateHash is
 * upper case, "" when there is none; what the object does not say is marked on it. */
#ifndef SITEGLASS_READERS_WEB_BINDING_H
#define SITEGLASS_READERS_WEB_BINDING_H

#include "base/text.h"
#include "readers/clixml.h"

void web_binding_add(xmlNode *site, const struct clixml *clixml, const xmlNode *object);
/* The site in an ItemXPath: /system.applicationHost/sites/site[@name='A' and @id='1']... */
struct site_name {
  struct span name, id;
};
bool web_site_of_path(const char *path, struct site_name *site);

#endif
