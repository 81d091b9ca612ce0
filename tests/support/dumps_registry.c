/* The same records as the registry has them: `reg export` and `reg query /s`. */
#include "support/dumps.h"

#include "base/text.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define PARAMETERS "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters"
#define IIS "{4dc3e181-e14b-4a21-b022-59fc669b0914}"

/* ---- Writing ------------------------------------------------------------------------ */

static void key(struct buffer *out, const char *path, bool query) {
  buffer_add_format(out, query ? "%s\n" : "[%s]\n", path);
}

static void bytes(struct buffer *out, const char *name, const char *hex, bool query) {
  if (query)
    buffer_add_format(out, "    %s    REG_BINARY    ", name);
  else
    buffer_add_format(out, "\"%s\"=hex:", name);
  for (size_t i = 0; hex[i]; i += 2)
    buffer_add_format(out, "%s%.2s", !query && i ? "," : "", hex + i);
  buffer_add_char(out, '\n');
}

static void number(struct buffer *out, const char *name, unsigned value, bool query) {
  buffer_add_format(out, query ? "    %s    REG_DWORD    0x%x\n" : "\"%s\"=dword:%08x\n", name,
                    value);
}

static void text(struct buffer *out, const char *name, const char *value, bool query) {
  buffer_add_format(out, query ? "    %s    REG_SZ    %s\n" : "\"%s\"=\"%s\"\n", name, value);
}

/* ---- Records -------------------------------------------------------------------------- */

/* "{33221100-5544-7766-8899-aabbccddeeff}" -> its bytes: the first three parts are numbers. */
static void guid_bytes(const char *guid, char out[33]) {
  static const unsigned char order[] = {7, 5, 3, 1, 12, 10, 17, 15, 20, 22, 25, 27, 29, 31, 33, 35};
  ck_assert_uint_eq(strlen(guid), 38);
  for (size_t i = 0; i < 16; i++)
    memcpy(out + 2 * i, guid + order[i], 2);
  out[32] = '\0';
}

static char kind_of(const char *place) {
  const char *colon = strrchr(place, ':');
  if (!colon) return 'c';
  return place[0] == '[' || (place[0] >= '0' && place[0] <= '9') ? 'i' : 'h';
}

static unsigned flags_of(const struct dump_record *record) {
  return (record->set & DUMP_NEGOTIATE ? 0x2u : 0) | (record->set & DUMP_REJECT ? 0x8u : 0) |
         (record->set & DUMP_NO_HTTP2 ? 0x10u : 0) |
         (record->set & DUMP_NO_LEGACY_TLS ? 0x400u : 0);
}

static void add_record(struct buffer *out, const char *list, const struct dump_record *record,
                       bool query) {
  char guid[33], path[400];
  snprintf(path, sizeof path, PARAMETERS "\\%s\\%s", list, record->key);
  key(out, path, query);
  guid_bytes(record->app_id ? record->app_id : IIS, guid);
  bytes(out, "AppId", guid, query);
  if (record->thumbprint) bytes(out, "SslCertHash", record->thumbprint, query);
  if (record->store) text(out, "SslCertStoreName", record->store, query);
  if (record->ctl_store) text(out, "DefaultSslCtlStoreName", record->ctl_store, query);
  number(out, "DefaultFlags", flags_of(record), query);
  number(out, "DefaultSslCertCheckMode", record->set & DUMP_NO_REVOCATION ? 1 : 0, query);
  buffer_add_char(out, '\n');
}

void dump_registry_http(struct buffer *out, const struct dump_record *records, size_t count,
                        bool query) {
  static const struct {
    char kind;
    const char *name;
  } lists[] = {{'i', "SslBindingInfo"}, {'h', "SslSniBindingInfo"}, {'c', "SslCcsBindingInfo"}};
  buffer_add_text(out, query ? "\n" : "Windows Registry Editor Version 5.00\n\n");
  key(out, PARAMETERS, query);
  buffer_add_char(out, '\n');
  for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
    char path[200];
    snprintf(path, sizeof path, PARAMETERS "\\%s", lists[l].name);
    key(out, path, query);
    buffer_add_char(out, '\n');
    for (size_t i = 0; i < count; i++)
      if (kind_of(records[i].key) == lists[l].kind)
        add_record(out, lists[l].name, &records[i], query);
  }
}
