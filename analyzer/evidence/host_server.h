/* Private to evidence/: handing sites and pools of applicationHost.config over. */
#ifndef SITEGLASS_EVIDENCE_HOST_SERVER_H
#define SITEGLASS_EVIDENCE_HOST_SERVER_H

#include "evidence/host_build.h"

/* Defaults elements of the <sites> section; NULL when there is none. */
struct site_defaults {
  const xmlNode *site, *application;
};

/* Moves a <site> into <sites>. */
void server_adopt_site(struct host_build *build, xmlNode *site,
                       const struct site_defaults *defaults);
/* Moves an <add> of <applicationPools> and renames it <applicationPool>. */
void server_adopt_pool(struct host_build *build, xmlNode *pool);
/* Keys and addresses of what did not come out of that file. */
void server_settle_binding(struct host_build *build, xmlNode *binding);
void server_settle_applications(struct host_build *build, xmlNode *site);

#endif
