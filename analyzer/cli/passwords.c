/* Reads and wipes them. */
#include "cli/passwords.h"

#include "base/system.h"
#include "base/text.h"

#include <string.h>

enum { FILE_MOST = 1 << 16, COUNT_MOST = 32 };

static bool complain(const char *path, const char *why, FILE *errors) {
  char *shown = text_printable(path, 1000);
  fprintf(errors, "siteglass: error: --pfx-password-file %s: %s\n", shown, why);
  alloc_free(shown);
  return false;
}

/* Cuts the text at its line ends. */
static bool split(struct passwords *passwords) {
  char *at = passwords->text, *end = at + passwords->size;
  if (passwords->size >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) at += 3;
  while (at < end) {
    size_t size = strcspn(at, "\r\n");
    if (size > 0 && passwords->count == COUNT_MOST) return false;
    if (size > 0) passwords->items[passwords->count++] = at;
    at += size;
    if (at < end) *at++ = '\0';
  }
  return true;
}

bool passwords_read(const char *path, struct passwords *passwords, FILE *errors) {
  char error[128];
  uint8_t *bytes;
  size_t size;
  if (!system_read(path, FILE_MOST, &bytes, &size, error)) return complain(path, error, errors);
  passwords->text = (char *)bytes;
  passwords->size = size;
  if (text_utf8_prefix(passwords->text, passwords->size) != passwords->size)
    return complain(path, "wanted passwords in UTF-8, one a line", errors);
  if (!split(passwords)) return complain(path, "more than 32 passwords", errors);
  return true;
}

void passwords_wipe(struct passwords *passwords) {
  volatile char *text = passwords->text;
  for (size_t i = 0; i < passwords->size; i++)
    text[i] = 0;
  alloc_free(passwords->text);
  *passwords = (struct passwords){.text = NULL};
}
