/* Private to evidence/: the index over the <configuration> container, and walks
 * along it. See configuration.h and effective.h for what it answers. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_ENGINE_H
#define SITEGLASS_EVIDENCE_CONFIG_ENGINE_H

#include "base/map.h"
#include "evidence/effective.h"
#include "evidence/iis_schema.h"

enum override_mode { MODE_INHERIT, MODE_ALLOW, MODE_DENY };

enum allow_definition { ALLOW_EVERYWHERE, ALLOW_TO_APPLICATION, ALLOW_TO_ROOT_WEB, ALLOW_ABOVE };

struct config_section;
struct config_delta;

/* One place of one file that sets a section at a level. */
struct config_input {
  const struct config_section *section;
  xmlNode *element;      /* the section's own element */
  const xmlNode *level;  /* <level> that it stands in */
  const char *target;    /* key of the level that it holds for */
  const char *file_key;  /* key of the level of its file */
  const char *hidden;    /* its content is not readable here: word of a mark's reason; or NULL */
  const char *elsewhere; /* the same, also where it is only a part of its content */
  struct config_delta *deltas; /* what it does to collections, as far as asked */
  struct config_input *next;   /* same section, same target: in order of evaluation */
  unsigned char kind;          /* enum config_file_kind of its file */
  unsigned char mode;          /* enum override_mode of its location tag */
  bool in_location, not_in_child_applications, has_locks;
};

struct config_inputs {
  struct config_input *first, *last;
};

struct config_section {
  const char *path;
  const struct schema_section *schema; /* NULL: no facts */
  const xmlNode *definition;           /* the topmost <sectionDefinition>; NULL: none */
  unsigned char definition_kind;       /* of the file that has it */
  const char *definition_key;
  struct map *definitions; /* key -> definition, of those in web.configs; NULL: none */
  enum override_mode default_mode;
  enum allow_definition allow_definition;
  bool no_location;     /* allowLocation="false" */
  bool has_collection;  /* by its schema */
  struct map *levels;   /* key -> struct config_inputs */
  struct map *unlocked; /* keys above a location tag with Allow; made when asked */
};

/* A site, application or virtual directory, or several of them at one key. */
struct config_place {
  const xmlNode *site, *application, *directory;
};

/* What is told of the web.config of a level. */
struct config_level_file {
  enum config_file_state state;
  const xmlNode *level;
  bool complete_below, folder_missing;
};

struct configuration {
  xmlNode *container;
  const struct bundle *bundle; /* NULL: not told; then no level names its file */
  struct iis_schema *schema;
  struct map *sections;                         /* path -> struct config_section */
  struct map *questions;                        /* path -> struct config_question */
  struct map *places;                           /* key -> struct config_place */
  struct map *files;                            /* key -> struct config_level_file */
  struct map *pools;                            /* lower-case name -> <applicationPool> */
  const xmlNode *sites_section, *pools_section; /* the sections' own elements; NULL */
  const char *unknown_reason, *unknown_needs;   /* all of it; NULL when known */
  const char *version, *version_why;
  bool has_machine, has_root_web; /* those files are in the bundle */
  bool is_excerpt;                /* no file declares any section: not a whole configuration */
  bool some_ignored;            /* some enableConfigurationOverride or allowSubDirConfig is false */
  xmlDoc *defaults;             /* section elements with what holds when nobody sets anything */
  struct map *default_elements; /* path -> section element of it */
  struct map *texts;            /* values that had to be spelled anew, by themselves */
};

struct config_section *config_section_find(const struct configuration *configuration,
                                           const char *path);

/* ---- Chains: the inputs of a section that hold at a key, in order of evaluation -- */

struct config_chain {
  const struct config_section *section;
  const struct config_input **inputs;
  size_t count, capacity;
  const struct config_input *few[16];
  size_t unknown;    /* levels whose web.config is not in the bundle and could set the section */
  size_t unknown_at; /* inputs before the last of them */
  size_t unknown_longest;   /* length of its key */
  struct map *unknown_keys; /* their keys, when the caller put a map here before */
  bool unknown_above;       /* machine.config or root web.config is not in the bundle and matters */
  bool hidden;              /* some input's content is not readable */
};

/* Inputs that IIS would refuse (locked above, not allowed there) are left out unless `refused`. */
void config_chain_fill(struct config_chain *chain, const struct configuration *configuration,
                       const struct config_section *section, const char *key,
                       enum effective_view view, bool refused);
void config_chain_dispose(struct config_chain *chain);

bool config_same_file(const struct config_input *a, const struct config_input *b);

/* Who locks the section for a file of `kind` at `file_key`, given the inputs before? */
struct config_lock {
  bool locked;
  const char *how; /* "overrideModeDefault" ... */
  struct origin origin;
};
struct config_lock config_lock_for(const struct configuration *configuration,
                                   const struct config_chain *chain, size_t count,
                                   enum config_file_kind kind, const char *file_key,
                                   const char *target);
/* May a file of `kind` at `file_key` hold the section at all? */
bool config_may_define(const struct configuration *configuration,
                       const struct config_section *section, enum config_file_kind kind,
                       const char *file_key);

/* ---- Places ------------------------------------------------------------------- */

void config_places_index(struct configuration *configuration, const xmlNode *host);
/* One that knows places only; free it with configuration_free. */
struct configuration *config_places_new(xmlNode *container) MUST_USE;
const struct config_place *config_place_at(const struct configuration *configuration,
                                           const char *key);
/* Is `key` an application's root? */
bool config_is_application(const struct configuration *configuration, const char *key);
/* Key of the application that `key` belongs to, as a length of it; SIZE_MAX: none. */
size_t config_application_of(const struct configuration *configuration, const char *key);
/* Why the web.config at `key` does not count; NULL: it does. */
const char *config_ignored(const struct configuration *configuration, const char *key);
enum config_file_state config_state_at(const struct configuration *configuration, const char *key);
/* Path as people write it, without prefix and slashes at its ends. Caller frees. */
char *config_trimmed(const char *path) MUST_USE;
/* Path as people write it -> key. Caller frees. */
char *config_key(const char *path) MUST_USE;
/* Key -> path as people write it. Caller frees. */
char *config_display(const struct configuration *configuration, const char *key) MUST_USE;
/* Does the key lead to a site with root application and root directory? */
bool config_path_exists(const struct configuration *configuration, const char *key);
/* C:\inetpub\wwwroot for %SystemDrive%\inetpub\wwwroot, as far as known. Caller frees. */
char *config_expand(const char *text) MUST_USE;

/* ---- Elements of an input ---------------------------------------------------------- */

/* The children of an element as they stood in the file: sites and pools live in
 * their own containers. *position starts at NULL; NULL at the end. */
const xmlNode *config_child_next(const struct configuration *configuration, const xmlNode *element,
                                 const xmlNode *position);
/* The name it has in the file. */
const char *config_name_of(const xmlNode *node);
/* The attribute as it stood in the file; NULL: absent, or put there by us. */
const xmlAttr *config_attribute(const struct configuration *configuration, const xmlNode *element,
                                const char *name);
const char *config_attribute_text(const xmlAttr *attribute);

/* ---- Collections ------------------------------------------------------------------- */

enum directive_kind { DIRECTIVE_ADD, DIRECTIVE_REMOVE, DIRECTIVE_CLEAR };

bool config_directive_kind(const struct schema_collection *collection, const char *name,
                           enum directive_kind *kind);
/* Does the schema give its items a key? */
bool config_has_key(const struct schema_collection *collection);
/* The key of an item or of a remove, in one form. Caller frees. */
char *config_item_key(const struct configuration *configuration,
                      const struct schema_collection *collection, const xmlNode *node) MUST_USE;

struct config_directive {
  enum directive_kind kind;
  char *key;
  const xmlNode *node;
};

/* What one input does to one collection, in document order. */
struct config_delta {
  const struct schema_collection *collection;
  struct config_directive *items;
  size_t count, capacity;
  struct map *last; /* key -> index + 1 of the last directive for it; of many only */
  size_t cleared;   /* index + 1 of the last clear; 0: none */
  struct config_delta *next;
};

/* Where a collection is: names of the elements from the section's own down. */
struct config_route {
  const char *names[8];
  size_t count;
  const struct schema_element *element; /* that has the collection */
};

/* Made when first asked, kept by the input. */
struct config_delta *config_delta_of(const struct configuration *configuration,
                                     const struct config_input *input,
                                     const struct config_route *route);
void config_deltas_free(struct config_input *input);

enum delta_answer { DELTA_SILENT, DELTA_ADDED, DELTA_GONE };
/* What the directives before `before` leave of `key`; `node`: the item, when added. */
enum delta_answer config_delta_ask(const struct config_delta *delta, const char *key, size_t before,
                                   const xmlNode **node);
/* The item of `key` that the inputs before `count` leave, and whose it is; NULL: none. */
const xmlNode *config_item_before(const struct configuration *configuration,
                                  const struct config_chain *chain, size_t count,
                                  const struct config_route *route, const char *key,
                                  const struct config_input **input);

#endif
