/* Secrets, places, addresses. */
#include "cli/config_show.h"

#include "base/text.h"
#include "evidence/binding_address.h"
#include "evidence/secret.h"

#include <stdio.h>
#include <string.h>

/* ---- Secrets ----------------------------------------------------------------------- */

/* "[enc:AesProvider:enc]", "[enc::enc]", "[]": marks of encryption with nothing in
 * them. IIS takes them for plain text, and they give nothing away. */
static bool is_empty_mark(const char *value) {
  static const char *const words[] = {"IISWASOnlyRsaProvider",
                                      "IISWASOnlyAesProvider",
                                      "IISWASOnlyCngProvider",
                                      "AesProvider",
                                      "IISCngProvider",
                                      "IISRsaProvider",
                                      "enc",
                                      ":"};
  size_t size = strlen(value);
  if (size < 2 || size > 64 || value[0] != '[' || value[size - 1] != ']') return false;
  for (const char *at = value + 1; at < value + size - 1;) {
    size_t step = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words && step == 0; i++)
      if (text_starts(at, words[i])) step = strlen(words[i]);
    if (step == 0) return false;
    at += step;
  }
  return true;
}

const struct effective_setter *config_winner(const struct effective_attribute *attribute) {
  if (attribute->is_default || attribute->set_by_count == 0) return NULL;
  return &attribute->set_by[attribute->set_by_count - 1];
}

static const char *value_of(const struct effective_element *element, const char *name) {
  for (size_t i = 0; i < element->attribute_count; i++)
    if (text_equal(element->attributes[i].name, name)) return element->attributes[i].value;
  return NULL;
}

/* A password inside a URL; the whole value is held back then. */
static bool holds_secret(const char *value) {
  char *without = secret_free_text(value);
  bool holds = !text_equal(without, value);
  alloc_free(without);
  return holds;
}

/* Whatever the schema says of it: what looks like a secret is one. */
static const char *shown(const struct effective_element *element,
                         const struct effective_attribute *attribute, const char *value) {
  bool hidden =
      attribute->secret || attribute->encrypted || holds_secret(value) ||
      (text_equal(element->name, "environmentVariable") && text_equal(attribute->name, "value")) ||
      secret_is(attribute->name, value, value_of(element, "name"), value_of(element, "key"));
  return !hidden || !*value || is_empty_mark(value) ? value : SECRET_SHOWN;
}

/* The engine holds a secret back already: its value is empty. */
const char *config_shown_value(const struct effective_element *element,
                               const struct effective_attribute *attribute) {
  const char *value = attribute->value ? attribute->value : "";
  if (attribute->secret && !*value) return SECRET_SHOWN;
  return attribute->is_default && !attribute->encrypted ? value : shown(element, attribute, value);
}

const char *config_shown_setter(const struct effective_element *element,
                                const struct effective_attribute *attribute,
                                const struct effective_setter *setter) {
  const char *value = setter->value ? setter->value : "";
  if ((attribute->secret || attribute->encrypted) && !*value) return SECRET_SHOWN;
  return shown(element, attribute, value);
}

/* ---- Places ------------------------------------------------------------------------- */

const char *config_artifact(const struct bundle *bundle, struct origin origin) {
  if (origin.source == 0 || origin.source > bundle->count) return "";
  return bundle->artifacts[origin.source - 1]->path;
}

char *config_place(const struct bundle *bundle, struct origin origin) {
  const char *path = config_artifact(bundle, origin);
  if (!*path) return alloc_text("schema default");
  char *printable = text_printable(path, 1000);
  char *place =
      origin.line ? alloc_format("%s:%u", printable, (unsigned)origin.line) : alloc_text(printable);
  alloc_free(printable);
  return place;
}

/* ---- Bindings ------------------------------------------------------------------------- */

bool config_is_binding(const struct effective_element *item) {
  return text_equal(item->name, "binding") && value_of(item, "bindingInformation") &&
         value_of(item, "protocol");
}

/* Up to four numbers as inet_addr(3) reads them: the last one fills what is left,
 * so 1.1.1 is 1.1.0.1. Decimal only. */
static bool classic_ipv4(struct span text, char out[48]) {
  uint64_t parts[4], count = 0;
  while (count < 4) {
    size_t size = 0;
    while (size < text.size && text.start[size] != '.')
      size++;
    if (size > 10 || !text_unsigned((struct span){text.start, size}, &parts[count])) return false;
    count++;
    if (size == text.size) break;
    text = (struct span){text.start + size + 1, text.size - size - 1};
    if (count == 4) return false;
  }
  uint64_t last = parts[count - 1], address = 0;
  for (uint64_t i = 0; i + 1 < count; i++) {
    if (parts[i] > 255) return false;
    address |= parts[i] << (24 - 8 * i);
  }
  if (last >= (uint64_t)1 << (8 * (5 - count))) return false;
  address |= last;
  snprintf(out, 48, "%u.%u.%u.%u", (unsigned)(address >> 24), (unsigned)(address >> 16 & 255),
           (unsigned)(address >> 8 & 255), (unsigned)(address & 255));
  return true;
}

static bool address_of(struct span ip, char out[48]) {
  if (ip.size == 0 || span_equal(ip, "*")) {
    snprintf(out, 48, "0.0.0.0");
    return true;
  }
  if (classic_ipv4(ip, out)) return true;
  return ip.start[0] == '[' && binding_ip_normalise(ip, true, out);
}

/* The last ':' in text[0..size); size when there is none. */
static size_t last_colon(const char *text, size_t size) {
  for (size_t i = size; i-- > 0;)
    if (text[i] == ':') return i;
  return size;
}

bool config_endpoint(const struct effective_element *binding, char out[64]) {
  const char *protocol = value_of(binding, "protocol");
  const char *information = value_of(binding, "bindingInformation");
  if (!text_equal_nocase(protocol, "http") && !text_equal_nocase(protocol, "https") &&
      !text_equal_nocase(protocol, "ftp"))
    return false;
  size_t whole = strlen(information), host = last_colon(information, whole);
  if (host == whole) return false;
  size_t port = last_colon(information, host);
  if (port == host) return false;
  uint64_t number;
  struct span digits = {information + port + 1, host - port - 1};
  if (digits.size > 5 || !text_unsigned(digits, &number) || number > 65535) return false;
  char address[48];
  if (!address_of((struct span){information, port}, address)) return false;
  snprintf(out, 64, "%s:%u", address, (unsigned)number);
  return true;
}

/* ---- Elements --------------------------------------------------------------------------- */

bool config_element_is_set(const struct effective_element *element) {
  if (element->item_count > 0 || element->gone_count > 0) return true;
  for (size_t i = 0; i < element->attribute_count; i++)
    if (!element->attributes[i].is_default && element->attributes[i].set_by_count > 0) return true;
  for (size_t i = 0; i < element->element_count; i++)
    if (config_element_is_set(element->elements[i])) return true;
  return false;
}
