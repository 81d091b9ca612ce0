/* Writes the .NET stream of an exported Exchange certificate, for tests. */
#include "support_nrbf.h"

#include <string.h>

#define TASKS "Microsoft.Exchange.Management.SystemConfigurationTasks."

static void add_32(struct buffer *out, int32_t number) {
  uint32_t bits = (uint32_t)number;
  for (int i = 0; i < 4; i++, bits >>= 8)
    buffer_add_char(out, (char)(bits & 0xFF));
}

static void add_string(struct buffer *out, const char *text) {
  size_t size = strlen(text);
  for (; size >= 0x80; size >>= 7)
    buffer_add_char(out, (char)(0x80 | (size & 0x7F)));
  buffer_add_char(out, (char)size);
  buffer_add_text(out, text);
}

static void add_record(struct buffer *out, int32_t id, const void *bytes, size_t size) {
  add_32(out, id);
  add_32(out, 1);
  add_32(out, (int32_t)size);
  buffer_add(out, bytes, size);
}

void nrbf_write_blob(struct buffer *out, const struct nrbf_example *example) {
  static const uint8_t key[32] = {0x1c}, name[] = {'M', 0, 0xFC, 0, 'l', 0, 0, 0};
  add_record(out, 3, "01234567890123456789", 20);
  if (example->with_key) add_record(out, 2, key, sizeof key);
  if (example->with_name) add_record(out, 11, name, sizeof name);
  if (example->archived) add_record(out, 19, "", 0);
  add_record(out, 32, example->der, example->der_size);
}

static void add_enumeration(struct buffer *out, int32_t id, const char *name, int32_t value) {
  buffer_add_char(out, 5);
  add_32(out, id);
  add_string(out, name);
  add_32(out, 1);
  add_string(out, "value__");
  buffer_add_char(out, 0);
  buffer_add_char(out, 8);
  add_32(out, 2);
  add_32(out, value);
}

static void add_class(struct buffer *out) {
  static const char *const names[] = {
      "CertData",    "SelfSigned",           "Status",  "RootCAType", "Services",
      "IISServices", "PrivateKeyExportable", "Identity"};
  static const char types[] = {7, 0, 4, 4, 4, 3, 0, 1};
  buffer_add_char(out, 5);
  add_32(out, 1);
  add_string(out, TASKS "ExchangeCertificate");
  add_32(out, 8);
  for (int i = 0; i < 8; i++)
    add_string(out, names[i]);
  buffer_add(out, types, 8);
  buffer_add_char(out, 2);
  buffer_add_char(out, 1);
  for (int i = 0; i < 3; i++) {
    add_string(out, TASKS "SomeEnumeration");
    add_32(out, 2);
  }
  add_string(out, "System.Collections.Generic.List`1[[" TASKS "IisService, a name of more than "
                  "one hundred and twenty-eight bytes, so that its length takes two]]");
  buffer_add_char(out, 1);
  add_32(out, 2);
}

static void write_stream(struct buffer *out, const struct nrbf_example *example) {
  struct buffer blob = buffer_make(1 << 20);
  nrbf_write_blob(&blob, example);
  buffer_add(out, "\0\1\0\0\0\xFF\xFF\xFF\xFF\1\0\0\0\0\0\0\0\x0C\2\0\0\0", 22);
  add_string(out, "Microsoft.Exchange.Management, Version=15.0.0.0");
  add_class(out);
  buffer_add_char(out, 9), add_32(out, 3); /* CertData */
  buffer_add_char(out, 1);                 /* SelfSigned */
  add_enumeration(out, -4, TASKS "CertificateStatus", example->status);
  add_enumeration(out, -5, TASKS "CertificateAuthorityType", 0);
  add_enumeration(out, -6, TASKS "AllowedServices", example->services);
  buffer_add_char(out, 9), add_32(out, 7); /* IISServices */
  buffer_add_char(out, 1);
  buffer_add_char(out, 6), add_32(out, 8), add_string(out, example->identity);
  buffer_add_char(out, 15), add_32(out, 3), add_32(out, (int32_t)blob.size);
  buffer_add_char(out, 2), buffer_add(out, blob.data, blob.size);
  buffer_add_char(out, 11);
  buffer_dispose(&blob);
}

void nrbf_write(struct buffer *out, const struct nrbf_example *example) {
  if (!example->is_signed) {
    write_stream(out, example);
    return;
  }
  struct buffer stream = buffer_make(1 << 20);
  write_stream(&stream, example);
  buffer_add_text(out, "#sig#");
  add_32(out, (int32_t)stream.size);
  buffer_add(out, stream.data, stream.size);
  buffer_add_text(out, "0123456789abcdef0123456789abcdef");
  buffer_dispose(&stream);
}

char *base64_of(const void *bytes, size_t size) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const uint8_t *b = bytes;
  struct buffer out = buffer_make(size * 2 + 8);
  for (size_t i = 0; i < size; i += 3) {
    uint32_t bits = (uint32_t)b[i] << 16 | (i + 1 < size ? (uint32_t)b[i + 1] << 8 : 0) |
                    (i + 2 < size ? b[i + 2] : 0);
    buffer_add_char(&out, digits[bits >> 18]);
    buffer_add_char(&out, digits[bits >> 12 & 63]);
    buffer_add_char(&out, i + 1 < size ? digits[bits >> 6 & 63] : '=');
    buffer_add_char(&out, i + 2 < size ? digits[bits & 63] : '=');
  }
  return buffer_take(&out);
}

char *nrbf_base64(const struct nrbf_example *example) {
  struct buffer out = buffer_make(1 << 20);
  nrbf_write(&out, example);
  char *text = base64_of(out.data, out.size);
  buffer_dispose(&out);
  return text;
}
