/* The levels of a server for `siteglass config --tree`: sites, applications, virtual
 * directories, what is set below them, and the pools. */
#ifndef SITEGLASS_CLI_CONFIG_TREE_H
#define SITEGLASS_CLI_CONFIG_TREE_H

#include "cli/config_show.h"

struct tree_set {
  const char *section;
  struct origin origin;
  bool in_location;
};

struct tree_level {
  const char *kind;  /* "server", "site", "application", "virtualDirectory", "path" */
  char *path, *key;  /* as people write it; in lower case */
  char *folder;      /* as written; "" when not known or none */
  char *pool;        /* of an application; "" */
  const char *state; /* of its web.config: "found", "not in bundle" ..., "" for none of its own */
  const struct artifact *artifact;
  struct tree_set *sets;
  size_t set_count, set_capacity;
};

struct tree_pool {
  const char *name;
  struct origin origin;
  size_t applications;
};

struct tree {
  struct tree_level *levels; /* the server, then each site with what is below it */
  size_t count, capacity;
  struct tree_pool *pools;
  size_t pool_count, pool_capacity;
};

/* Texts in it live as long as the host's document, or are its own. */
struct tree tree_make(const struct config_question *question) MUST_USE;
void tree_dispose(struct tree *tree);

#endif
