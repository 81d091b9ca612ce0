/* The discretionary access list of a Windows security descriptor in its self-relative form
 * (Microsoft, [MS-DTYP] 2.4.6, 2.4.5, 2.4.4.2, 2.4.2.2), as far as HTTP.SYS writes it for URL
 * reservations: entries that allow. */
#ifndef SITEGLASS_READERS_SECURITY_DESCRIPTOR_H
#define SITEGLASS_READERS_SECURITY_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ACCESS_ENTRIES_MOST = 64, SID_TEXT_MOST = 192 };

struct access_entry {
  uint32_t mask;
  char sid[SID_TEXT_MOST]; /* "NS", "WD" and such where SDDL has a short form, else "S-1-5-..." */
};
struct access_list {
  struct access_entry entries[ACCESS_ENTRIES_MOST];
  size_t count;
};

/* False when the bytes are no such descriptor, or hold entries of other kinds. */
bool access_list_read(const uint8_t *bytes, size_t size, struct access_list *list);

#define ACCESS_GENERIC_ALL 0x10000000u
#define ACCESS_GENERIC_EXECUTE 0x20000000u
#define ACCESS_GENERIC_WRITE 0x40000000u
/* As SDDL: "D:(A;;GX;;;NS)"; false when a right has no short form. Room for 64 entries. */
bool access_list_sddl(const struct access_list *list, char *out, size_t size);

#endif
