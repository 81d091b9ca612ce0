/* <registry>: what the exports of a host tell of its registry. */
#include "evidence/host_build.h"

/* What no export covers may be there all the same. */
static void mark_rest(struct host_build *build) {
  static const char *const needs = "registry-system registry-software";
  node_mark(build->registry, "key", "registry", UNKNOWN_NOT_IN_BUNDLE, needs, NULL, nowhere());
  node_mark(build->registry, "export", "registry", UNKNOWN_NOT_IN_BUNDLE, needs, NULL, nowhere());
}

void host_registry_build(struct host_build *build) {
  mark_rest(build);
}
