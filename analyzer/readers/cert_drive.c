/* Get-ChildItem of the drive Cert:, and X509Certificate2 objects of any other cmdlet.
 *
 * Facts: store (@location @name @key), as certutil-store has it, for those that say which store
 * they lie in (PSParentPath); the others stand by themselves. Never complete="true": nothing
 * tells whether the whole store was listed. A certificate is read from RawData, else from what its
 * properties tell; whether it has a private key only the latter say. */
#include "readers/told_certificate.h"
#include "readers/x509.h"

#include "base/text.h"

#include <string.h>

/* "Microsoft.PowerShell.Security\Certificate::LocalMachine\My" */
static bool split_path(const char *path, struct span *location, struct span *store) {
  const char *start = path ? strstr(path, "Certificate::") : NULL;
  if (!start) return false;
  start += strlen("Certificate::");
  const char *end = strchr(start, '\\');
  if (!end || strchr(end + 1, '\\')) return false;
  *location = (struct span){start, (size_t)(end - start)};
  *store = span_trim(span_of(end + 1));
  return location->size > 0 && store->size > 0;
}

static const char *known_location(struct span location) {
  static const char *const names[] = {"LocalMachine", "CurrentUser"};
  for (size_t i = 0; i < 2; i++)
    if (span_equal_nocase(location, names[i])) return names[i];
  return NULL;
}

static xmlNode *store_of(struct powershell_export *from, const char *path, struct origin origin) {
  struct span location, store;
  const char *where;
  if (!split_path(path, &location, &store) || !(where = known_location(location))) return NULL;
  char *name = span_copy(store), *key = text_lower(name);
  char *place_key = alloc_format("%s %s", where, key);
  void **place = map_at(from->made, place_key);
  if (!*place) {
    xmlNode *node = *place = node_add(from->reading->facts, "store", origin);
    node_set(node, "location", where, origin);
    node_set(node, "name", name, origin);
    node_set(node, "key", key, origin);
  }
  alloc_free(place_key);
  alloc_free(name);
  alloc_free(key);
  return *place;
}

static xmlNode *from_bytes(struct powershell_export *from, const xmlNode *raw) {
  uint8_t *bytes;
  size_t size;
  char error[128];
  if (!raw || !clixml_bytes(raw, &bytes, &size)) return NULL;
  xmlNode *certificate = node_add(from->reading->facts, "certificate", origin_of(raw));
  bool read = x509_facts(bytes, size, certificate, origin_of(raw), error);
  alloc_free(bytes);
  if (read) return certificate;
  xmlUnlinkNode(certificate);
  xmlFreeNode(certificate);
  return NULL;
}

static void take_key(const struct clixml *clixml, const xmlNode *object, xmlNode *certificate) {
  const xmlNode *value = clixml_property(clixml, object, "HasPrivateKey");
  char *text = value && !clixml_is_nil(value) ? clixml_text(value) : NULL;
  if (text_equal_nocase(text, "true") || text_equal_nocase(text, "false")) {
    char *lower = text_lower(text);
    node_set(certificate, "hasPrivateKey", lower, origin_of(value));
    alloc_free(lower);
  }
  alloc_free(text);
}

static bool is_ours(struct powershell_export *from, const xmlNode *object) {
  char *computer = powershell_computer_name(from->clixml, object);
  bool ours = powershell_computer(from->reading, computer, origin_of(object));
  alloc_free(computer);
  return ours;
}

void cert_drive_read(struct powershell_export *from, const xmlNode *object) {
  const struct clixml *clixml = from->clixml;
  if (!is_ours(from, object)) return;
  xmlNode *certificate = from_bytes(from, clixml_property(clixml, object, "RawData"));
  if (certificate)
    take_key(clixml, object, certificate);
  else
    certificate = told_certificate_add(from, object);
  if (!certificate) {
    reading_breaks(from->reading, UNKNOWN_DAMAGED, origin_of(object),
                   "a certificate has neither readable RawData nor a thumbprint");
    return;
  }
  const xmlNode *parent = clixml_property(clixml, object, "PSParentPath");
  char *path = parent && !clixml_is_nil(parent) ? clixml_text(parent) : NULL;
  xmlNode *store = store_of(from, path, origin_of(object));
  if (store) node_move(certificate, store);
  alloc_free(path);
}
