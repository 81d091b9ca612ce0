/* Get-WebBinding (WebAdministration module): the bindings of all sites, with the
 * certificate that HTTP.SYS had for each when the export was made.
 *
 * Facts: site (@name @id) with binding (@protocol @bindingInformation @sslFlags
 * @certificateHash @certificateStoreName). certificateHash is upper case, "" when
 * there is none; what an object does not say is marked on its binding.
 * The site stands only in ItemXPath:
 *   /system.applicationHost/sites/site[@name='Default Web Site' and @id='1'] */
#include "readers/powershell.h"

#include "base/text.h"

#include <string.h>

struct site_name {
  struct span name, id;
};

static const char *last_of(const char *text, const char *what) {
  const char *last = NULL;
  for (const char *at = text; (at = strstr(at, what)); at++)
    last = at;
  return last;
}

/* A name may hold quotes and apostrophes of its own, so its end is looked for
 * from behind: the last "' and @id='". */
static bool split_path(const char *path, struct site_name *site) {
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

static xmlNode *site_of(struct powershell_export *from, const struct site_name *wanted,
                        struct origin origin) {
  char *name = span_copy(wanted->name), *id = span_copy(wanted->id);
  char *key = alloc_format("%s %s", id, name);
  void **place = map_at(from->made, key);
  if (!*place) {
    xmlNode *site = node_add(from->reading->facts, "site", origin);
    node_set(site, "name", name, origin);
    node_set(site, "id", id, origin);
    *place = site;
  }
  alloc_free(key);
  alloc_free(id);
  alloc_free(name);
  return *place;
}

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

static void add_binding(struct powershell_export *from, const xmlNode *object,
                        const struct site_name *name, struct origin origin) {
  const struct clixml *clixml = from->clixml;
  xmlNode *site = site_of(from, name, origin);
  xmlNode *binding = node_add(site, "binding", origin_of(object));
  copy(binding, clixml, object, "protocol");
  copy(binding, clixml, object, "bindingInformation");
  copy(binding, clixml, object, "sslFlags");
  copy_hash(binding, clixml, object);
  copy(binding, clixml, object, "certificateStoreName");
}

void get_webbinding_read(struct powershell_export *from, const xmlNode *object) {
  struct origin origin = origin_of(object);
  char *computer = powershell_computer_name(from->clixml, object);
  bool ours = powershell_computer(from->reading, computer, origin);
  alloc_free(computer);
  if (!ours) return;
  const xmlNode *value = clixml_property(from->clixml, object, "ItemXPath");
  char *path = value ? clixml_text(value) : NULL;
  struct site_name name;
  if (path && split_path(path, &name))
    add_binding(from, object, &name, origin_of(value));
  else
    reading_breaks(from->reading, UNKNOWN_DAMAGED, origin,
                   "a binding does not say of which site it is");
  alloc_free(path);
}
