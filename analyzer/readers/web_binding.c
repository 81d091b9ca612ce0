/* A binding as the WebAdministration module exports it. */
#include "readers/web_binding.h"

#include "base/text.h"
#include "readers/powershell.h"

#include <string.h>

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

static const char *last_of(const char *text, const char *what) {
  const char *last = NULL;
  for (const char *at = text; (at = strstr(at, what)); at++)
    last = at;
  return last;
}

/* A name may hold quotes and apostrophes of its own, so its end is looked for
 * from behind: the last "' and @id='". */
bool web_site_of_path(const char *path, struct site_name *site) {
  const char *start = strstr(path, "site[@name=");
  if (!start) return false;
  start += strlen("site[@name=");
  char quote = *start;
  if (quote != '\'' && quote != '"') return false;
  char separator[] = {quote, ' ', 'a', 'n', 'd', ' ', '@', 'i', 'd', '=', quote, '\0'};
  const char *end = last_of(start + 1, separator);
  if (!end) return false;
  const char *id = end + strlen(separator), *id_end = strchr(id, quote);
  uint64_t number;
  if (!id_end || id_end[1] != ']') return false;
  site->name = (struct span){start + 1, (size_t)(end - start) - 1};
  site->id = (struct span){id, (size_t)(id_end - id)};
  return text_unsigned(site->id, &number);
}

void web_binding_add(xmlNode *site, const struct clixml *clixml, const xmlNode *object) {
  xmlNode *binding = node_add(site, "binding", origin_of(object));
  copy(binding, clixml, object, "protocol");
  copy(binding, clixml, object, "bindingInformation");
  copy(binding, clixml, object, "sslFlags");
  copy_hash(binding, clixml, object);
  copy(binding, clixml, object, "certificateStoreName");
}
