/* Words that give a secret away. Too many are hidden rather than one too few. */
#include "evidence/secret.h"

#include "base/buffer.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static bool contains_nocase(const char *text, const char *word) {
  for (; text && *text; text++)
    if (text_starts_nocase(text, word)) return true;
  return false;
}

bool secret_name(const char *name) {
  static const char *const words[] = {
      "password",         "passwd",      "secret",  "validationKey", "decryptionKey",
      "connectionString", "CipherValue", "apiKey",  "accessKey",     "accountKey",
      "passphrase",       "sasToken",    "authKey", "sessionKey",    "encryptionKey",
      "sharedKey",        "storageKey",  "pasword"};
  if (text_equal_nocase(name, "pwd") || text_equal_nocase(name, "token")) return true;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (contains_nocase(name, words[i])) return true;
  return false;
}

static bool is_word_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Behind the word: "=x", ": x", "\":\"x"; of an option of a command ("--password x") a blank, too.
 * The assembly names' PublicKeyToken=... is no secret, nor is a word alone. */
static bool gives_away(const char *text, const char *word, size_t size) {
  const char *before = word, *after = word + size;
  while (before > text && word - before < 64 && (is_word_char(before[-1]) || before[-1] == '_'))
    before--;
  if ((size_t)(word - before) >= 9 && text_starts_nocase(before, "publickey")) return false;
  bool option = before > text && strchr("-/", before[-1]);
  const char *end = after + strspn(after, "\"'"), *sign = end + strspn(end, " \t");
  if (*sign == '=' || *sign == ':') return sign[1 + strspn(sign + 1, " \t\"'")] != '\0';
  return option && sign > end && *sign && !strchr("-/", *sign);
}

bool secret_value(const char *value) {
  static const char *const words[] = {"password",   "passwd",      "pwd",       "_pw",
                                      "passphrase", "secret",      "accesskey", "access_key",
                                      "accountkey", "account_key", "apikey",    "api_key",
                                      "api-key",    "sharedkey",   "token",     "accesssignature"};
  if (!value) return false;
  if (contains_nocase(value, "[enc:")) return true;
  for (const char *at = value + strcspn(value, "aApPsStT_"); *at;
       at += 1 + strcspn(at + 1, "aApPsStT_"))
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
      if (text_starts_nocase(at, words[i]) && gives_away(value, at, strlen(words[i]))) return true;
  return false;
}

/* Of a setting's name; wider than of an attribute's. */
static bool names_a_secret(const char *name) {
  return secret_name(name) || contains_nocase(name, "token") ||
         contains_nocase(name, "connection") || contains_nocase(name, "pwd") ||
         contains_nocase(name, "authorization") || contains_nocase(name, "api-key") ||
         contains_nocase(name, "api_key") || contains_nocase(name, "credential");
}

bool secret_is(const char *attribute, const char *value, const char *name, const char *key) {
  if (!*value) return false;
  if (secret_name(attribute) || secret_value(value)) return true;
  return strcmp(attribute, "value") == 0 && (names_a_secret(name) || names_a_secret(key));
}

static const char *plain_attribute(const xmlNode *element, const char *name) {
  for (const xmlAttr *each = element->properties; each; each = each->next)
    if (!each->ns && strcmp((const char *)each->name, name) == 0)
      return each->children ? (const char *)each->children->content : NULL;
  return NULL;
}

bool secret_attribute(const xmlNode *element, const xmlAttr *attribute) {
  const char *name = (const char *)attribute->name;
  const char *value = attribute->children ? (const char *)attribute->children->content : NULL;
  if (!value || !*value) return false;
  const xmlNode *parent = element->parent;
  bool of_environment = text_equal_nocase((const char *)element->name, "environmentVariable") ||
                        (parent && parent->type == XML_ELEMENT_NODE &&
                         text_equal_nocase((const char *)parent->name, "environmentVariables"));
  if (strcmp(name, "value") == 0 && of_environment) return true;
  return secret_is(name, value, plain_attribute(element, "name"), plain_attribute(element, "key"));
}

/* ---- Free text ---------------------------------------------------------------------- */

/* Where the user information that starts at `start` ends (its '@'); NULL: there is none. */
static const char *end_of_user(const char *start) {
  const char *end = NULL;
  for (size_t i = 0; start[i] && !strchr("/\\?# \t\r\n\"'<>,;", start[i]); i++)
    if (start[i] == '@') end = start + i;
  return end;
}

char *secret_free_text(const char *text) {
  if (secret_value(text)) return alloc_text(SECRET_SHOWN);
  struct buffer out = buffer_make(SIZE_MAX);
  for (const char *mark; (mark = strstr(text, "://"));) {
    const char *user = mark + 3, *end = end_of_user(user);
    buffer_add(&out, text, (size_t)(user - text));
    if (end) buffer_add_text(&out, SECRET_SHOWN);
    text = end ? end : user;
  }
  buffer_add_text(&out, text);
  return buffer_take(&out);
}
