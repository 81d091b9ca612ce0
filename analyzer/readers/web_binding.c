/* A binding as the WebAdministration module exports it. */
#include "readers/web_binding.h"

#include "base/text.h"
#include "readers/powershell.h"

static void mark(xmlNode *binding, const char *attribute, enum unknown_reason reason,
                 const char *note, struct origin origin) {
  node_mark(binding, attribute, "binding", reason, "get-webbinding netsh-sslcert", note, origin);
}

static void copy(xmlNode *binding, const struct clixml *clixml, const xmlNode *object,
                 const char *name) {
  if (powershell_copy(binding, name, clixml, object, name)) return;
  char *attribute = alloc_format("@%s", name);
  mark(binding, attribute, UNKNOWN_NOT_IN_BUNDLE, "the export does not say it", origin_of(object));
  alloc_free(attribute);
}

/* Text as the module writes it, or the bytes themselves. False when neither. */
static bool hash_text(const xmlNode *value, char hash[41]) {
  uint8_t *bytes;
  size_t size;
  bool known = false;
  hash[0] = '\0';
  if (clixml_is_nil(value)) return true;
  if (clixml_bytes(value, &bytes, &size)) {
    known = size == 20 || size == 0;
    if (known) text_hex(bytes, size, hash);
    alloc_free(bytes);
    return known;
  }
  char *text = clixml_text(value);
  if (text) {
    struct span trimmed = span_trim(span_of(text));
    known = trimmed.size == 0 || text_thumbprint(trimmed, hash);
  }
  alloc_free(text);
  return known;
}

static void copy_hash(xmlNode *binding, const struct clixml *clixml, const xmlNode *object) {
  const xmlNode *value = clixml_property(clixml, object, "certificateHash");
  char hash[41];
  if (!value)
    mark(binding, "@certificateHash", UNKNOWN_NOT_IN_BUNDLE, "the export does not say it",
         origin_of(object));
  else if (hash_text(value, hash))
    node_set(binding, "certificateHash", hash, origin_of(value));
  else
    mark(binding, "@certificateHash", UNKNOWN_DAMAGED, "certificateHash is no SHA-1 thumbprint",
         origin_of(value));
}

void web_binding_add(xmlNode *site, const struct clixml *clixml, const xmlNode *object) {
  xmlNode *binding = node_add(site, "binding", origin_of(object));
  copy(binding, clixml, object, "protocol");
  copy(binding, clixml, object, "bindingInformation");
  copy(binding, clixml, object, "sslFlags");
  copy_hash(binding, clixml, object);
  copy(binding, clixml, object, "certificateStoreName");
}
