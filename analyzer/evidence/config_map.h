/* Where is the configuration file of a level? From a configuration path and its
 * physical folder to a file of the bundle. Tried in this order, all without regard
 * to case:
 *   --map                 a configuration path, or a prefix of Windows paths
 *   disk tree             C/inetpub/wwwroot, C%3A/..., as KAPE, CyLR, Velociraptor keep it
 *   site folder           Sites/<site>/<path>, as LogCatcher copies it
 *   flat name             DefaultWebSite-OWA_web.config (HealthChecker),
 *                         EX01_Default Web Site_web.config, EX01_<pool>_<site>_web.config
 *                         (ExchangeLogCollector), <Site>_<App>_<VDir>_web.config (SDP)
 *   end of the path       ClientAccess/ecp for C:\...\V15\ClientAccess\ecp: two folder names
 *                         at least, and nothing else that fits as well
 * A folder that several levels share has one file for all of them. Names of the
 * collectors: github.com/microsoft/CSS-Exchange, github.com/NL-Cristi/LogCatcher. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_MAP_H
#define SITEGLASS_EVIDENCE_CONFIG_MAP_H

#include "evidence/reading.h"

#include <stdbool.h>
#include <stddef.h>

/* --map TARGET=PATH. TARGET: "Default Web Site/owa", "MACHINE", "MACHINE/WEBROOT",
 * or a prefix of physical paths ("C:\inetpub", "%HOME%"). PATH: a file or folder
 * inside the bundle, "." its top. */
struct config_mapping {
  const char *target, *path;
};

struct config_level {
  const char *site;   /* as applicationHost.config writes it */
  const char *path;   /* below the site: "owa/auth"; "" for the site itself */
  const char *folder; /* its physical folder as written, environment variables and all:
                         "%SystemDrive%\\inetpub\\wwwroot\\auth"; NULL: not known */
  const char *pool;   /* of its application; NULL: not known */
};

enum config_file_state {
  CONFIG_FILE_FOUND,   /* `reading` is it; it may be broken (!reading->complete) */
  CONFIG_FILE_MISSING, /* it may exist; the bundle does not hold it, or it could not be read */
  CONFIG_FILE_NONE,    /* known not to exist: the mapped folder is in the bundle without it */
};

struct config_file {
  enum config_file_state state;
  struct reading *reading;   /* FOUND; else NULL */
  struct artifact *artifact; /* FOUND; MISSING when it is there but could not be read; else NULL */
  const char *how;           /* a literal for a person: "--map", "disk tree", "flat name" ... */
  bool folder_missing;       /* NONE only: not even the folder is in the bundle */
};

struct config_map;

/* `readings`: those of one host; only they are found. Everything must outlive the map.
 * `mappings` come first to last: the longest target that fits wins, then the last. */
struct config_map *config_map_new(struct bundle *bundle, struct reading *const *readings,
                                  size_t count, const struct config_mapping *mappings,
                                  size_t mapping_count) MUST_USE;
void config_map_free(struct config_map *map);

/* Every virtual directory of every application, before the first look-up. */
void config_map_add_folder(struct config_map *map, const struct config_level *level);

/* The web.config of a level: site, application, virtual directory or folder below. */
struct config_file config_map_web_config(struct config_map *map, const struct config_level *level);
/* machine.config ("MACHINE") and the web.config beside it ("MACHINE/WEBROOT"). */
struct config_file config_map_machine(struct config_map *map);
struct config_file config_map_root_web(struct config_map *map);
/* configSource="name" in `artifact`: the file beside it. Backslashes in `name` separate folders. */
struct config_file config_map_source(struct config_map *map, const struct artifact *artifact,
                                     const char *name);

/* Folders below the level's own (a virtual directory's) that hold a web.config in the
 * bundle: "auth", "auth/15.0", sorted, '/' between. Free with config_map_list_free. */
char **config_map_subfolders(struct config_map *map, const struct config_level *level,
                             size_t *count) MUST_USE;
void config_map_list_free(char **list, size_t count);

/* With environment variables replaced where they are known: %SystemDrive%, %SystemRoot%,
 * %windir%, %ProgramFiles% and their like by convention (drive C), %ExchangeInstallPath%
 * by where the virtual directories point. Unknown ones stay. Caller frees. */
char *config_map_expand(const struct config_map *map, const char *path) MUST_USE;

/* Tells the ledger what every found file is the configuration of, and which
 * web.config files of this host no level uses. After the last look-up. */
void config_map_settle(struct config_map *map);

/* For the command line. Is there such a file or folder in the bundle (`path`), and is
 * the target one of the three sorts? NULL, or what is wrong (a literal). */
const char *config_mapping_wrong(const struct bundle *bundle, const struct config_mapping *mapping);

#endif
