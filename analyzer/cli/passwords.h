/* --pfx-password-file: passwords to open PKCS #12 files with. */
#ifndef SITEGLASS_CLI_PASSWORDS_H
#define SITEGLASS_CLI_PASSWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* One a line, UTF-8, at most 32. Kept in one piece of memory, which is wiped in the end. */
struct passwords {
  char *text;
  size_t size;
  const char *items[32];
  size_t count;
};

/* False when the file cannot be read or is no such list, said on `errors` without its content. */
bool passwords_read(const char *path, struct passwords *passwords, FILE *errors);
void passwords_wipe(struct passwords *passwords);

#endif
