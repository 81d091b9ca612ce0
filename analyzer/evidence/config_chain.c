/* Chains: which inputs of a section hold at a key, in the order that IIS evaluates
 * them, and what locks a section for a file. Path-first: every level from the
 * server down; at each, location tags of files above, the topmost first, then the
 * file of the level. */
#include "evidence/config_engine.h"
#include "evidence/node.h"

#include <string.h>

bool config_same_file(const struct config_input *a, const struct config_input *b) {
  return a->kind == b->kind && (a->kind != CONFIG_WEB || strcmp(a->file_key, b->file_key) == 0);
}

static void push(struct config_chain *chain, const struct config_input *input) {
  size_t few = sizeof chain->few / sizeof *chain->few;
  if (chain->count < few) {
    chain->few[chain->count++] = input;
    chain->inputs = chain->few;
    return;
  }
  if (chain->inputs == chain->few) {
    chain->capacity = 4 * few;
    chain->inputs = alloc_array(chain->capacity, sizeof *chain->inputs);
    memcpy(chain->inputs, chain->few, sizeof chain->few);
  }
  ARRAY_PUSH(chain->inputs, chain->count, chain->capacity) = input;
}

void config_chain_dispose(struct config_chain *chain) {
  if (chain->inputs != chain->few) alloc_free((void *)chain->inputs);
}

/* ---- Locks --------------------------------------------------------------------------- */

/* Is the file of `input` above one of `kind` at `file_key`? */
static bool is_above(const struct config_input *input, enum config_file_kind kind,
                     const char *file_key) {
  if (input->kind != kind) return input->kind < kind;
  return kind == CONFIG_WEB && strlen(input->file_key) < strlen(file_key);
}

static const char *how_of(const struct config_input *input) {
  return node_get(input->level, "overrideBy") ? "allowOverride" : "overrideMode";
}

/* The nearest tag of a file above that decides, with a target no longer than `longest`. */
static struct config_lock nearest_lock(const struct config_chain *chain, size_t count,
                                       enum config_file_kind kind, const char *file_key,
                                       size_t longest) {
  const struct config_section *section = chain->section;
  for (size_t i = count; i-- > 0;) {
    const struct config_input *input = chain->inputs[i];
    if (input->mode == MODE_INHERIT || !is_above(input, kind, file_key)) continue;
    if (strlen(input->target) > longest) continue;
    return (struct config_lock){input->mode == MODE_DENY, how_of(input), origin_of(input->level)};
  }
  bool binds = section->definition && section->definition_kind < kind;
  if (!binds || section->default_mode != MODE_DENY) return (struct config_lock){.how = ""};
  return (struct config_lock){true, "overrideModeDefault", origin_of(section->definition)};
}

struct config_lock config_lock_for(const struct configuration *configuration,
                                   const struct config_chain *chain, size_t count,
                                   enum config_file_kind kind, const char *file_key,
                                   const char *target) {
  if (!config_may_define(configuration, chain->section, kind, file_key))
    return (struct config_lock){true, "allowDefinition",
                                chain->section->definition ? origin_of(chain->section->definition)
                                                           : (struct origin){0, 0, 0}};
  struct config_lock lock = nearest_lock(chain, count, kind, file_key, strlen(file_key));
  if (!lock.locked && strlen(target) > strlen(file_key))
    lock = nearest_lock(chain, count, kind, file_key, strlen(target));
  if (!lock.locked) lock.how = "";
  return lock;
}

bool config_may_define(const struct configuration *configuration,
                       const struct config_section *section, enum config_file_kind kind,
                       const char *file_key) {
  if (kind == CONFIG_ROOT_WEB) return section->allow_definition != ALLOW_ABOVE;
  if (kind != CONFIG_WEB) return true;
  if (section->allow_definition == ALLOW_EVERYWHERE) return true;
  return section->allow_definition == ALLOW_TO_APPLICATION &&
         config_is_application(configuration, file_key);
}

/* ---- Filling ----------------------------------------------------------------------------- */

struct filling {
  struct config_chain *chain;
  const struct configuration *configuration;
  const char *key;
  enum effective_view view;
  bool refused;
  size_t application; /* length of the key of the application that `key` belongs to */
  bool application_known;
};

/* inheritInChildApplications="false": does the key belong to an application below the target? */
static bool is_for_parents(struct filling *filling, const struct config_input *input) {
  if (!input->not_in_child_applications) return false;
  if (!filling->application_known) {
    filling->application = config_application_of(filling->configuration, filling->key);
    filling->application_known = true;
  }
  return filling->application != SIZE_MAX && filling->application > strlen(input->target);
}

static bool is_refused(const struct filling *filling, const struct config_input *input) {
  if (filling->refused || (input->kind != CONFIG_WEB && input->kind != CONFIG_ROOT_WEB))
    return false;
  if (input->kind == CONFIG_ROOT_WEB)
    return !config_may_define(filling->configuration, filling->chain->section, CONFIG_ROOT_WEB, "");
  return config_lock_for(filling->configuration, filling->chain, filling->chain->count, input->kind,
                         input->file_key, input->target)
      .locked;
}

static void add_inputs(struct filling *filling, const char *level) {
  struct config_chain *chain = filling->chain;
  const struct config_inputs *inputs = map_get(chain->section->levels, level);
  for (const struct config_input *input = inputs ? inputs->first : NULL; input;
       input = input->next) {
    if (filling->view == VIEW_APPHOST && input->kind == CONFIG_WEB) continue;
    if (is_for_parents(filling, input) || is_refused(filling, input)) continue;
    if (input->hidden) chain->hidden = true;
    push(chain, input);
  }
}

/* Could a web.config at the level, which the bundle lacks or has only in pieces, set the section?
 * A damaged one may be whole on the server. */
static bool may_be_set(const struct filling *filling, const char *level) {
  const struct configuration *configuration = filling->configuration;
  const struct config_chain *chain = filling->chain;
  if (!*level || filling->view == VIEW_APPHOST) return false;
  if (config_lock_for(configuration, chain, chain->count, CONFIG_WEB, level, level).locked)
    return false;
  enum config_file_state state = config_state_at(configuration, level);
  return (state == CONFIG_NOT_IN_BUNDLE || state == CONFIG_DAMAGED) &&
         !config_ignored(configuration, level);
}

static void visit(struct filling *filling, const char *level) {
  add_inputs(filling, level);
  if (!may_be_set(filling, level)) return;
  filling->chain->unknown++;
  if (filling->chain->unknown_keys)
    *map_at(filling->chain->unknown_keys, level) = filling->chain->unknown_keys;
  filling->chain->unknown_at = filling->chain->count;
  filling->chain->unknown_longest = strlen(level);
}

/* "", then "default web site", "default web site/owa" ... */
static void visit_levels(struct filling *filling) {
  size_t size = strlen(filling->key);
  char small[512];
  char *copy = size < sizeof small ? small : alloc_bytes(size + 1);
  memcpy(copy, filling->key, size + 1);
  visit(filling, "");
  for (size_t i = 1; i <= size; i++) {
    if (copy[i] != '/' && copy[i] != '\0') continue;
    char kept = copy[i];
    copy[i] = '\0';
    visit(filling, copy);
    copy[i] = kept;
  }
  if (copy != small) alloc_free(copy);
}

void config_chain_fill(struct config_chain *chain, const struct configuration *configuration,
                       const struct config_section *section, const char *key,
                       enum effective_view view, bool refused) {
  chain->section = section;
  chain->inputs = chain->few;
  chain->count = chain->capacity = chain->unknown = chain->unknown_at = 0;
  chain->unknown_longest = 0;
  chain->hidden = false;
  chain->unknown_above = section->schema && section->schema->framework &&
                         !(configuration->has_machine && configuration->has_root_web);
  struct filling filling = {
      .chain = chain, .configuration = configuration, .key = key, .view = view, .refused = refused};
  visit_levels(&filling);
}
