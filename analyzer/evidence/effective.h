/* The effective IIS configuration with the reason for every value: what the
 * `config` command prints. Rules ask the cheaper questions of configuration.h.
 *
 * Paths are configuration paths as people write them: "" (the server), "Default
 * Web Site", "Default Web Site/owa/auth.aspx"; any case, MACHINE/WEBROOT/APPHOST/
 * in front is allowed. A key is the same in lower case, without slashes at its ends. */
#ifndef SITEGLASS_EVIDENCE_EFFECTIVE_H
#define SITEGLASS_EVIDENCE_EFFECTIVE_H

#include "base/origin.h"
#include "base/text.h"
#include "evidence/configuration.h"
#include "evidence/reading.h"

/* ---- What goes in: which file holds for which level --------------------------- */

enum config_file_kind {
  CONFIG_MACHINE,          /* machine.config; key "" */
  CONFIG_ROOT_WEB,         /* the web.config beside it; key "" */
  CONFIG_APPLICATION_HOST, /* key "" (host_configuration.c enters it by itself) */
  CONFIG_WEB,              /* the web.config of a level of a site */
};

enum config_file_state {
  CONFIG_NOT_IN_BUNDLE, /* there may be one; what is not told is this */
  CONFIG_FOUND,
  CONFIG_NONE,    /* known not to exist: its folder was listed without one */
  CONFIG_DAMAGED, /* it is there, but IIS could not read it (reading->complete is false) */
};
const char *config_file_state_word(enum config_file_state state); /* "not in bundle", "found" .. */

/* One file at one level. The same reading may stand at several levels (one folder
 * mapped more than once). */
struct config_file {
  enum config_file_kind kind;
  enum config_file_state state;
  const char *key;         /* of the level; copied */
  const char *folder;      /* Windows path of its folder, expanded; "" when not known; copied */
  struct reading *reading; /* FOUND and DAMAGED; its <configuration> is moved from, not copied */
  bool complete_below;     /* all folders below were listed: what is not told there is NONE */
  bool folder_missing;     /* state NONE: nothing of the folder is in a tree that has all files
                              (it may still be there and empty: no error is made of it) */
};

/* What configSource="NAME" of a section in `file` leads to. */
struct config_source {
  enum config_file_state state;
  xmlNode *root; /* FOUND: the section's element, owned by the provider's document, which must
                    share the run's dictionary and outlive hosts_build; it is moved from */
  const struct artifact *artifact; /* FOUND and DAMAGED */
};
typedef struct config_source (*config_source_provider)(void *data, const struct config_file *file,
                                                       const char *name);

/* The mapper's result, entered by host_effective_build once the sites are known. */
struct config_files {
  struct config_file *items; /* at most one per kind and key; any order */
  size_t count, capacity;
  config_source_provider source; /* NULL: no file is in the bundle */
  void *source_data;
};

/* A step of hosts_build, right after host_sites_build: declares in evidence/configuration
 * what the files set, and in configurationErrors what IIS would answer with 500.19.
 * `files` may be NULL: applicationHost.config alone. */
struct host_build;
void host_effective_build(struct host_build *build, const struct config_files *files);

/* Where is the level of `key` on the server's disk? (iis-config: longest prefix of
 * application, then of virtual directory.) For the mapper, after host_sites_build.
 * `site`: <site> element of the evidence. NULL when there is no such root. Caller frees. */
struct level_place {
  const xmlNode *application, *directory; /* NULL: no such site, or it has no root */
  struct span rest;                       /* of `key`, below the virtual directory; "" at it */
};
struct level_place level_place_find(const xmlNode *site, const char *key);

/* ---- What comes out -------------------------------------------------------------- */

enum effective_view {
  VIEW_FULL,
  VIEW_APPHOST, /* only files down to applicationHost.config */
};

/* Somebody who set something. */
struct effective_setter {
  struct origin origin; /* of the attribute, or of the item's element; source 0 never */
  const char *key;      /* level that it holds for, "" the server */
  const char *value;    /* as written; of an item "" */
  const char *what;     /* "set", "defaults" (siteDefaults ...), "added", "removed", "cleared" */
};

struct effective_attribute {
  const char *name, *value; /* in the form that IIS writes; "" when nothing and no default */
  const char *expanded;     /* with environment variables replaced; NULL where they do not count */
  bool is_default;          /* nobody set it: the schema default */
  bool has_value;           /* false: not set, and the schema has no default */
  bool encrypted;           /* [enc:...]: `value` names the provider only, never the bytes */
  bool secret;              /* a password in clear: `value` is "" unless empty; never print it */
  bool locked;              /* files below the level may not set it */
  bool uncertain;           /* a file that is not in the bundle could set it */
  struct effective_setter *set_by; /* the losers first, the winner last; empty when is_default */
  size_t set_by_count, set_by_capacity;
};

struct effective_element {
  const char *name;      /* "access"; of an item "add", "binding", "site" ... */
  struct origin source;  /* of an item: where it was added; else where it was first set */
  const char *level_key; /* of an item: the level that added it */
  bool locked_item;      /* lockItem="true" */
  struct effective_attribute *attributes;
  size_t attribute_count, attribute_capacity;
  struct effective_element **elements; /* in the order of the schema, also when all default */
  size_t element_count, element_capacity;
  bool is_collection;               /* `items` mean something, also when there are none */
  struct effective_element **items; /* in the order that IIS gives them */
  size_t item_count, item_capacity;
  struct effective_setter *gone; /* items that were there and are not: removed, cleared */
  size_t gone_count, gone_capacity;
  const xmlNode *node; /* of an item: what declares it in the evidence; else NULL */
};

/* An error as in configurationErrors, but also one of the question itself. */
struct config_error {
  const char *hresult;  /* "0x80070021" */
  const char *problem;  /* word of configurationError/@problem */
  struct origin origin; /* file, line, column; source 0 when it is in no file; line 0: no line */
  const char *file;     /* when origin has no source: what IIS names ("C:\Windows\*\web.config") */
  const char *message;  /* as IIS says it; "" where IIS says nothing */
  const char *section;  /* "" when it is about the file */
  const char *note;     /* ours: what is behind it; "" */
  bool whole;           /* every request of the levels below; else those that read the section */
  const char *const *affects; /* configuration paths, as people write them; at most 1,000,
                                 and of all errors of an answer about 100,000 */
  size_t affects_count;
  size_t affects_more; /* beyond those listed */
};

struct config_errors {
  struct config_error *items;
  size_t count, capacity;
};

struct effective_section {
  const char *path, *section;                          /* as people write them */
  const char *override_mode, *override_mode_effective; /* "Inherit", "Allow", "Deny" */
  bool locked;                                         /* a file at this level may not set it */
  struct origin locked_by; /* the declaration or location that does; source 0 when not locked */
  const char *locked_how;  /* "overrideModeDefault", "overrideMode", "allowOverride",
                              "allowDefinition"; "" when not locked */
  bool locally_stored;     /* something at exactly this path sets it */
  const char **uncertain;  /* why, a sentence each; none: certain */
  size_t uncertain_count, uncertain_capacity;
  struct effective_element *root; /* NULL when the question cannot be answered: see errors */
  struct config_errors errors;    /* that strike this section at this path */
  void *arena;                    /* owns all texts and elements above */
};

/* Never NULL. An unknown path or section, a section without schema or declaration, a
 * broken file above give root NULL and the error that IIS gives. */
struct effective_section *effective_section_of(const struct configuration *configuration,
                                               const char *path, const char *section,
                                               enum effective_view view) MUST_USE;
void effective_section_free(struct effective_section *section);

/* Sections that somebody sets at or above `path`, in the order of the schema, then
 * in that of the files: the default of `config --at`. Names live as long as the
 * configuration; caller frees the array. */
const char **effective_sections_set(const struct configuration *configuration, const char *path,
                                    enum effective_view view, size_t *count) MUST_USE;
/* The same of every section that schema or files know. */
const char **effective_sections_known(const struct configuration *configuration,
                                      size_t *count) MUST_USE;

/* The levels from machine.config down to `path`, each with its file. */
enum level_kind {
  LEVEL_MACHINE,
  LEVEL_ROOT_WEB,
  LEVEL_SERVER,
  LEVEL_SITE,
  LEVEL_APPLICATION,
  LEVEL_VIRTUAL_DIRECTORY,
  LEVEL_DIRECTORY, /* or a file: the disk tells */
};
struct effective_level {
  char *path; /* as people write it */
  char *key;
  char *folder; /* Windows path, variables replaced where they are known; "" not known */
  enum level_kind kind;
  enum config_file_state state;
  const char *ignored;             /* why its web.config does not count: NULL, or
                                      "enableConfigurationOverride", "allowSubDirConfig" */
  const struct artifact *artifact; /* FOUND and DAMAGED */
};
struct effective_levels {
  struct effective_level *items;
  size_t count, capacity;
};
/* No items when there is no such path. */
struct effective_levels effective_levels_of(const struct configuration *configuration,
                                            const char *path);
bool effective_has_levels(const struct configuration *configuration, const char *key);
void effective_levels_dispose(struct effective_levels *levels);

/* What is told of the web.config at a key, and which it is (NULL: none, or not in the bundle). */
enum config_file_state effective_file_at(const struct configuration *configuration, const char *key,
                                         const struct artifact **artifact);

/* Does the path lead to a site with a root application and directory ("" does)? Else
 * `near` is the nearest path that does, or "". */
bool effective_path_known(const struct configuration *configuration, const char *path,
                          char near[160]);
/* Is it a section, by schema or declaration? Else `near` the nearest, or "". */
bool effective_section_known(const struct configuration *configuration, const char *section,
                             char near[160]);

/* All errors of the host in the order that IIS meets them, or those that strike
 * `path` (NULL: all). Texts live as long as the configuration; dispose frees the array. */
struct config_errors effective_errors(const struct configuration *configuration,
                                      const char *path) MUST_USE;
void config_errors_dispose(struct config_errors *errors);

/* Who sets what where, in the order of the files: for `--tree`. False at the end. */
struct effective_place {
  const char *key, *section;
  const xmlNode *element; /* the section's element */
  struct origin origin;
  bool in_location;
};
bool effective_place_next(const struct configuration *configuration, size_t *position,
                          struct effective_place *place);

/* "10.0", "8.5" ...: whose defaults are given; and why ("the bundle does not say: the
 * newest is assumed"). */
const char *effective_iis_version(const struct configuration *configuration, const char **why);

#endif
