/* Servers of one artifact each, for the tests about whose an artifact is. */
#ifndef SITEGLASS_TESTS_EVIDENCE_SUPPORT_SERVERS_H
#define SITEGLASS_TESTS_EVIDENCE_SUPPORT_SERVERS_H

#include "support_world.h"

#define ONE_SITE                                                                                   \
  "<site name='%s' id='1'><application path='/'>"                                                  \
  "<virtualDirectory path='/' physicalPath='C:\\a'/></application></site>"

/* applicationHost.config with one site of that name. */
static inline struct reading *add_server(struct world *world, const char *path, const char *site) {
  char *sites = alloc_format(ONE_SITE, site), *xml = server_xml(sites, "");
  struct reading *reading = world_add(world, path, "application-host", xml);
  alloc_free(sites);
  alloc_free(xml);
  return reading;
}

/* sslcert.txt with one record; `computer` may be NULL. */
static inline struct reading *add_netsh(struct world *world, const char *path,
                                        const char *computer) {
  struct reading *reading =
      world_add(world, path, "netsh-sslcert",
                "<sslCertificate record='0.0.0.0:443' type='ip' ip='0.0.0.0' port='443' "
                "certificateHash='" HASH_A "' store='my'/>");
  if (computer) reading->computer = alloc_text(computer);
  return reading;
}

#endif
