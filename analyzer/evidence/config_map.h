/* Which file of the bundle is the configuration of which level? From the sites of
 * applicationHost.config, their physical folders and the names in the bundle. Tried
 * in this order, all without regard to case:
 *   --map          a configuration path, or a prefix of Windows paths
 *   disk tree      C/inetpub/wwwroot, C%3A/..., as KAPE, CyLR and Velociraptor keep it
 *   site folder    Sites/<site>/<path>, as LogCatcher copies it
 *   flat name      DefaultWebSite-OWA_web.config (HealthChecker), EX01_Default Web
 *                  Site_web.config, EX01_<pool>_<site>_web.config (ExchangeLogCollector),
 *                  <Site>_<App>_<VDir>_web.config (SDP)
 *   path ending    ClientAccess/ecp for C:\...\V15\ClientAccess\ecp: at least two folder
 *                  names, and nothing else that fits as well
 * A folder that several levels share has one file for all of them. What is not found is
 * not in the bundle; only --map of a folder says that nothing else is there. Names of
 * the collectors: github.com/microsoft/CSS-Exchange, github.com/NL-Cristi/LogCatcher. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_MAP_H
#define SITEGLASS_EVIDENCE_CONFIG_MAP_H

#include "evidence/effective.h"

/* --map TARGET=PATH. TARGET: "Default Web Site/owa", "MACHINE" (machine.config),
 * "MACHINE/WEBROOT" (the web.config beside it), "MACHINE/WEBROOT/APPHOST"
 * (applicationHost.config), or a prefix of physical paths ("C:\inetpub", "%HOME%",
 * "\\srv\share"). PATH: a file or folder inside the bundle, "." its top. Of several that
 * fit the longest target wins, then the last. */
struct config_mapping {
  const char *target, *path;
};

struct config_map;

/* A step of hosts_build, after host_sites_build and before the artifacts are listed: it
 * tells the ledger what each file is the configuration of, and which no level uses. */
struct host_build;
struct config_map *config_map_new(struct host_build *build, const struct config_mapping *mappings,
                                  size_t count) MUST_USE;
void config_map_free(struct config_map *map);
/* The result, for host_effective_build; owned by the map. */
const struct config_files *config_map_files(const struct config_map *map);

/* The applicationHost.config that a mapping names: of MACHINE/WEBROOT/APPHOST, or of the
 * folder that `redirected` (configurationRedirection/@path; NULL: none) leads to. NULL
 * when no mapping does. */
struct host_group;
struct reading *config_map_application_host(const struct bundle *bundle,
                                            const struct host_group *group,
                                            const struct config_mapping *mappings, size_t count,
                                            const char *redirected);

/* For the command line: NULL, or what is wrong with it as a clause (a literal). */
const char *config_mapping_wrong(const struct bundle *bundle, const struct config_mapping *mapping);

#endif
