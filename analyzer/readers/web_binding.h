/* A binding of a site in an export of the WebAdministration module -> binding (@protocol
 * @bindingInformation @sslFlags @certificateHash @certificateStoreName). certificateHash is
 * upper case, "" when there is none; what the object does not say is marked on it. */
#ifndef SITEGLASS_READERS_WEB_BINDING_H
#define SITEGLASS_READERS_WEB_BINDING_H

#include "readers/clixml.h"

void web_binding_add(xmlNode *site, const struct clixml *clixml, const xmlNode *object);

#endif
