/* <exchange>: what Get-ExchangeCertificate and Get-AuthConfig say of the
 * organisation. A server that plainly has no Exchange
 * gets no marks: nothing of it is missing. */
#include "base/text.h"
#include "evidence/host_objects.h"

#include <string.h>

/* ---- Get-ExchangeCertificate ------------------------------------------------------------ */

struct listed {
  xmlNode *node;
  size_t exports;
};

/* Exports of different moments: what they differ in is not known. */
static void compare(xmlNode *node, const xmlNode *told, const char *name) {
  const char *had = node_get(node, name);
  if (!had || text_equal_nocase(had, node_get(told, name))) return;
  char of[48] = "@";
  strncat(of, name, sizeof of - 2);
  xmlUnsetProp(node, (const xmlChar *)name);
  node_mark(node, of, (const char *)node->name, UNKNOWN_CONFLICT,
            strcmp((const char *)node->name, "authConfig") == 0 ? "get-authconfig"
                                                                : "get-exchangecertificate",
            "several exports differ", origin_of(told));
}

static void add_export(struct host_build *build, struct map *all, const struct reading *reading) {
  xmlNode *told = reading->facts ? node_child(reading->facts, "exchangeCertificate") : NULL;
  for (xmlNode *next; told; told = next) {
    next = node_next(told, "exchangeCertificate");
    const char *thumbprint = node_get(told, "thumbprint");
    if (!thumbprint) continue;
    void **place = map_at(all, thumbprint);
    struct listed *listed = *place;
    if (!listed) {
      listed = *place = alloc_bytes(sizeof *listed);
      listed->node = told;
      node_move(told, build->exchange);
    } else {
      compare(listed->node, told, "services");
      compare(listed->node, told, "status");
    }
    listed->exports++;
  }
}

static void build_certificates(struct host_build *build) {
  struct map *all = map_new();
  struct reading *reading;
  size_t exports = 0;
  for (size_t position = 0;
       (reading = host_reading(build->group, "get-exchangecertificate", &position)); exports++)
    add_export(build, all, reading);
  struct doubt doubt =
      host_kind_doubt(build->group, "get-exchangecertificate", "get-exchangecertificate");
  for (size_t i = 0; i < map_count(all); i++) {
    struct listed *listed = map_value(all, i);
    if (listed->exports < exports && doubt.known)
      doubt = (struct doubt){.reason = UNKNOWN_CONFLICT,
                             .needs = "get-exchangecertificate",
                             .note = alloc_text("several exports list different certificates")};
    alloc_free(listed);
  }
  if (!doubt.known) doubt_mark(build->exchange, "exchangeCertificate", "exchange", &doubt);
  doubt_dispose(&doubt);
  map_free(all);
}

/* ---- Get-AuthConfig ------------------------------------------------------------------------ */

static void compare_auth(xmlNode *node, const xmlNode *told) {
  static const char *const names[] = {"currentCertificateThumbprint",
                                      "previousCertificateThumbprint", "nextCertificateThumbprint",
                                      "nextCertificateEffectiveDate"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    compare(node, told, names[i]);
}

/* Without the current thumbprint nobody knows whether it is usable. */
static void settle_auth(xmlNode *node) {
  if (node_get(node, "currentCertificateThumbprint")) return;
  node_mark(node, "@usable", "authConfig", UNKNOWN_NOT_IN_BUNDLE, "get-authconfig",
            "the current certificate is not known", origin_of(node));
}

static void build_auth_config(struct host_build *build) {
  xmlNode *node = NULL;
  struct reading *reading;
  for (size_t position = 0; (reading = host_reading(build->group, "get-authconfig", &position));) {
    xmlNode *told = reading->facts ? node_child(reading->facts, "authConfig") : NULL;
    for (xmlNode *next; told; told = next) {
      next = node_next(told, "authConfig");
      if (node)
        compare_auth(node, told);
      else
        node_move(node = told, build->exchange);
    }
  }
  if (node) settle_auth(node);
  struct doubt doubt = host_kind_doubt(build->group, "get-authconfig", "get-authconfig");
  if (!doubt.known) doubt_mark(build->exchange, "authConfig", "exchange", &doubt);
  doubt_dispose(&doubt);
}

/* ---- Servers without Exchange ------------------------------------------------------------ */

/* An export that could not be read is an export all the same. */
static bool may_be_export(const struct artifact *artifact) {
  if (text_equal(artifact->kind, "get-exchangecertificate") ||
      text_equal(artifact->kind, "get-authconfig") || host_objects_of_exchange(artifact->kind))
    return true;
  bool lost = artifact->outcome == ARTIFACT_REFUSED || artifact->outcome == ARTIFACT_NOT_RECOGNISED;
  return lost && (text_glob("*exchange*", artifact->path) || text_glob("*auth*", artifact->path));
}

/* The whole configuration is there, nothing in it is of Exchange, and nobody exported
 * anything from Exchange: then there is nothing that could be missing. */
bool host_has_no_exchange(const struct host_build *build) {
  if (!build->group->server.known || host_exchange_basis(build)) return false;
  if (node_is_marked(build->sites, "site") || node_is_marked(build->pools, "applicationPool"))
    return false;
  for (size_t i = 0; i < build->bundle->count; i++)
    if (may_be_export(build->bundle->artifacts[i])) return false;
  return true;
}

void host_exchange_build(struct host_build *build) {
  bool exchange = !host_has_no_exchange(build);
  if (exchange) {
    build_certificates(build);
    build_auth_config(build);
  }
  host_objects_build(build, exchange);
}
