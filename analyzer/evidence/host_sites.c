/* <sites> and <applicationPools>: moved out of applicationHost.config, with keys
 * and the effective values of what defaults elements set. */
#include "base/text.h"
#include "evidence/binding_address.h"
#include "evidence/host_build.h"
#include "evidence/host_server.h"

#include <stdio.h>
#include <string.h>

/* ---- What may stand where ----------------------------------------------------- */

static bool is_one_of(const char *name, const char *const *names) {
  for (size_t i = 0; names[i]; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

/* Names with a meaning of their own in the evidence. Where the schema of IIS has
 * no place for them a customer's file cannot bring them in. */
static bool is_reserved(const char *name) {
  static const char *const names[] = {"sites",
                                      "site",
                                      "bindings",
                                      "binding",
                                      "application",
                                      "virtualDirectory",
                                      "applicationPool",
                                      "certificateBinding",
                                      "claim",
                                      "sslCertificate",
                                      "certificate",
                                      "certificates",
                                      "store",
                                      "entry",
                                      "exchangeCertificate",
                                      "authConfig",
                                      "configurationError",
                                      "level",
                                      "section",
                                      "product",
                                      "host",
                                      "evidence",
                                      NULL};
  return is_one_of(name, names);
}

static bool holds_reserved(const xmlNode *root) {
  for (const xmlNode *node = root;;) {
    if (node->type == XML_ELEMENT_NODE && is_reserved((const char *)node->name)) return true;
    if (node->type == XML_ELEMENT_NODE && node->children) {
      node = node->children;
      continue;
    }
    while (node != root && !node->next)
      node = node->parent;
    if (node == root) return false;
    node = node->next;
  }
}

static void drop_reserved_attributes(xmlNode *element, const char *const *allowed) {
  static const char *const reserved[] = {"name",
                                         "key",
                                         "id",
                                         "serverAutoStart",
                                         "protocol",
                                         "bindingInformation",
                                         "ip",
                                         "port",
                                         "host",
                                         "path",
                                         "applicationPool",
                                         "enabledProtocols",
                                         "physicalPath",
                                         "sslFlags",
                                         "state",
                                         NULL};
  for (xmlAttr *attribute = element->properties, *next; attribute; attribute = next) {
    next = attribute->next;
    bool keep = attribute->ns || is_one_of((const char *)attribute->name, allowed);
    if (!keep && is_one_of((const char *)attribute->name, reserved)) xmlRemoveProp(attribute);
  }
}

static void report_left_out(struct host_build *build, const xmlNode *child) {
  struct origin origin = origin_of(child);
  size_t number = origin.source ? origin.source - 1 : 0;
  const char *path = number < build->bundle->count ? build->bundle->artifacts[number]->path : "";
  diags_add(build->diags, DIAG_WARNING, path, origin.line, origin.column,
            "<%s> has no place in <%s>; it was left out", (const char *)child->name,
            (const char *)child->parent->name);
}

/* Leaves in `element` the children of `allowed` and elements of no meaning here. */
static void tidy(struct host_build *build, xmlNode *element, const char *const *allowed) {
  for (xmlNode *child = element->children, *next; child; child = next) {
    next = child->next;
    bool is_element = child->type == XML_ELEMENT_NODE;
    if (is_element && is_one_of((const char *)child->name, allowed)) continue;
    if (is_element && !holds_reserved(child)) continue;
    if (is_element) report_left_out(build, child);
    xmlUnlinkNode(child);
    xmlFreeNode(child);
  }
}

/* ---- Keys and effective values -------------------------------------------------- */

static struct origin attribute_origin(const xmlNode *element, const char *name) {
  return node_attribute_origin(element, name);
}

/* "/owa/" under "default web site" -> "default web site/owa". */
static char *key_below(const char *key, const char *path) {
  char *lower = text_lower(path ? path : "");
  size_t size = strlen(lower);
  while (size > 0 && lower[size - 1] == '/')
    lower[--size] = '\0';
  char *joined = text_joined(key, *lower && *lower != '/' ? "/" : "", lower);
  alloc_free(lower);
  return joined;
}

static void require(xmlNode *element, const char *name) {
  if (!node_get(element, name)) node_set(element, name, "", origin_of(element));
}

/* Takes a missing attribute over from the first of the defaults that has it. */
static void inherit(xmlNode *element, const char *name, const xmlNode *const *defaults,
                    size_t count) {
  if (node_get(element, name)) return;
  for (size_t i = 0; i < count; i++) {
    const char *value = defaults[i] ? node_get(defaults[i], name) : NULL;
    if (!value) continue;
    node_set(element, name, value, attribute_origin(defaults[i], name));
    return;
  }
}

static void settle_auto_start(xmlNode *site, const xmlNode *site_defaults) {
  inherit(site, "serverAutoStart", &site_defaults, 1);
  const char *value = node_get(site, "serverAutoStart");
  struct origin origin = attribute_origin(site, "serverAutoStart");
  if (!value || text_equal_nocase(value, "true"))
    node_set(site, "serverAutoStart", "true", origin);
  else if (text_equal_nocase(value, "false"))
    node_set(site, "serverAutoStart", "false", origin);
  else {
    xmlUnsetProp(site, (const xmlChar *)"serverAutoStart");
    node_mark(site, "@serverAutoStart", "site", UNKNOWN_AMBIGUOUS, "",
              "serverAutoStart is neither true nor false", origin);
  }
}

/* ---- Bindings ---------------------------------------------------------------------- */

static void settle_ssl_flags(xmlNode *binding) {
  const char *value = node_get(binding, "sslFlags");
  struct origin origin = attribute_origin(binding, "sslFlags");
  uint64_t flags = 0;
  if (value && (!text_unsigned(span_trim(span_of(value)), &flags) || flags > UINT32_MAX)) {
    xmlUnsetProp(binding, (const xmlChar *)"sslFlags");
    node_mark(binding, "@sslFlags", "binding", UNKNOWN_AMBIGUOUS, "",
              "sslFlags is not a decimal number", origin);
    return;
  }
  char text[24];
  snprintf(text, sizeof text, "%u", (unsigned)flags);
  node_set(binding, "sslFlags", text, origin);
}

static bool has_address(const char *protocol) {
  return text_equal_nocase(protocol, "http") || text_equal_nocase(protocol, "https") ||
         text_equal_nocase(protocol, "ftp");
}

static void settle_binding(struct host_build *build, xmlNode *binding) {
  static const char *const attributes[] = {"protocol", "bindingInformation", "sslFlags", NULL};
  static const char *const none[] = {NULL};
  drop_reserved_attributes(binding, attributes);
  tidy(build, binding, none);
  require(binding, "protocol");
  require(binding, "bindingInformation");
  settle_ssl_flags(binding);
  if (!has_address(node_get(binding, "protocol"))) return;
  char *protocol = text_lower(node_get(binding, "protocol"));
  node_set(binding, "protocol", protocol, attribute_origin(binding, "protocol"));
  if (strcmp(protocol, "https") == 0)
    ARRAY_PUSH(build->https.items, build->https.count, build->https.capacity) = binding;
  alloc_free(protocol);
  struct binding_address address;
  if (!binding_address_parse(node_get(binding, "bindingInformation"), &address)) return;
  struct origin origin = attribute_origin(binding, "bindingInformation");
  node_set(binding, "ip", address.ip, origin);
  node_set(binding, "port", address.port, origin);
  node_set(binding, "host", address.host, origin);
}

/* The site's <bindings>, one and there; those of siteDefaults when it has none of its own. */
static xmlNode *one_bindings(xmlNode *site, const xmlNode *site_defaults) {
  xmlNode *bindings = node_child(site, "bindings");
  if (!bindings) bindings = node_add(site, "bindings", origin_of(site));
  for (xmlNode *other = node_next(bindings, "bindings"), *next; other; other = next) {
    next = node_next(other, "bindings");
    while (other->children)
      node_move_foreign(other->children, bindings);
    xmlUnlinkNode(other);
    xmlFreeNode(other);
  }
  if (node_child(bindings, "binding") || node_child(bindings, "clear") || !site_defaults)
    return bindings;
  const xmlNode *inherited = node_child(site_defaults, "bindings");
  for (xmlNode *each = inherited ? node_child(inherited, "binding") : NULL; each;
       each = node_next(each, "binding")) {
    xmlNode *copy = node_add(bindings, "binding", origin_of(each));
    static const char *const names[] = {"protocol", "bindingInformation", "sslFlags"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
      node_set(copy, names[i], node_get(each, names[i]), attribute_origin(each, names[i]));
  }
  return bindings;
}

static void settle_bindings(struct host_build *build, xmlNode *site, const xmlNode *site_defaults) {
  static const char *const children[] = {"binding", NULL};
  static const char *const none[] = {NULL};
  xmlNode *bindings = one_bindings(site, site_defaults);
  drop_reserved_attributes(bindings, none);
  tidy(build, bindings, children);
  for (xmlNode *binding = node_child(bindings, "binding"); binding;
       binding = node_next(binding, "binding"))
    settle_binding(build, binding);
}

/* ---- Sites --------------------------------------------------------------------------- */

static void settle_directories(struct host_build *build, xmlNode *application, const char *key) {
  static const char *const attributes[] = {"path", "physicalPath", NULL};
  static const char *const none[] = {NULL};
  for (xmlNode *directory = node_child(application, "virtualDirectory"); directory;
       directory = node_next(directory, "virtualDirectory")) {
    drop_reserved_attributes(directory, attributes);
    tidy(build, directory, none);
    require(directory, "path");
    char *own = key_below(key, node_get(directory, "path"));
    node_set(directory, "key", own, attribute_origin(directory, "path"));
    alloc_free(own);
  }
}

static void settle_applications(struct host_build *build, xmlNode *site,
                                const xmlNode *outer_defaults) {
  static const char *const attributes[] = {"path", "applicationPool", "enabledProtocols", NULL};
  static const char *const children[] = {"virtualDirectory", NULL};
  const xmlNode *defaults[] = {node_child(site, "applicationDefaults"), outer_defaults};
  for (xmlNode *application = node_child(site, "application"); application;
       application = node_next(application, "application")) {
    drop_reserved_attributes(application, attributes);
    tidy(build, application, children);
    require(application, "path");
    inherit(application, "applicationPool", defaults, 2);
    inherit(application, "enabledProtocols", defaults, 2);
    char *key = key_below(node_get(site, "key"), node_get(application, "path"));
    node_set(application, "key", key, attribute_origin(application, "path"));
    settle_directories(build, application, key);
    alloc_free(key);
  }
}

void server_adopt_site(struct host_build *build, xmlNode *site,
                       const struct site_defaults *defaults) {
  static const char *const attributes[] = {"name", "id", "serverAutoStart", NULL};
  static const char *const children[] = {"bindings", "application", NULL};
  node_move_foreign(site, build->sites);
  drop_reserved_attributes(site, attributes);
  tidy(build, site, children);
  require(site, "name");
  char *key = text_lower(node_get(site, "name"));
  node_set(site, "key", key, attribute_origin(site, "name"));
  alloc_free(key);
  settle_auto_start(site, defaults->site);
  settle_bindings(build, site, defaults->site);
  settle_applications(build, site, defaults->application);
}

void server_adopt_pool(struct host_build *build, xmlNode *pool) {
  static const char *const attributes[] = {"name", NULL};
  static const char *const none[] = {NULL};
  node_move_foreign(pool, build->pools);
  xmlNodeSetName(pool, (const xmlChar *)"applicationPool");
  drop_reserved_attributes(pool, attributes);
  tidy(build, pool, none);
  require(pool, "name");
  char *key = text_lower(node_get(pool, "name"));
  node_set(pool, "key", key, attribute_origin(pool, "name"));
  alloc_free(key);
}

void server_settle_binding(struct host_build *build, xmlNode *binding) {
  settle_binding(build, binding);
}

void server_settle_applications(struct host_build *build, xmlNode *site) {
  settle_applications(build, site, NULL);
}
