/* HTTP.SYS as netsh prints it and as the registry has it: the facts are the same. */
#include "check_main.h"

#include "base/text.h"
#include "bundle/encoding.h"
#include "support/dumps.h"
#include "support_registry.h"

#include <string.h>

#define WEB "37A174A666F07B8BB332B7FE0C462776E46CEC82"
#define OTHER "F6F4501B6059B0EFF5EF4D9F17E4144D21387C47"

static const struct dump_record records[] = {
    {.key = "0.0.0.0:443", .thumbprint = WEB, .store = "My"},
    {.key = "127.0.0.1:443", .thumbprint = WEB, .set = DUMP_NO_HTTP2 | DUMP_NO_LEGACY_TLS},
    {.key = "[::]:444", .thumbprint = OTHER, .set = DUMP_NEGOTIATE | DUMP_NO_REVOCATION},
    {.key = "www.contoso.com:443",
     .thumbprint = WEB,
     .app_id = "{5d89a20c-beab-4389-9447-324788eb944a}",
     .store = "WebHosting",
     .ctl_store = "AdfsTrustedDevices",
     .set = DUMP_REJECT},
    {.key = "443"},
};
enum { RECORDS = sizeof records / sizeof *records };

static struct run read_text(struct buffer *text, const struct dump_style *style) {
  size_t size;
  struct run run;
  char *bytes = dump_encode(text, style, &size);
  run_start(&run);
  run_add(&run, "dump", bytes, size);
  encoding_detect(run.bundle.artifacts[0]);
  run_read(&run);
  alloc_free(bytes);
  buffer_dispose(text);
  return run;
}

static const xmlNode *record_of(const struct reading *reading, const char *key) {
  const xmlNode *record = node_child(reading->facts, "sslCertificate");
  while (record && !text_equal_nocase(node_get(record, "record"), key))
    record = node_next(record, "sslCertificate");
  return record;
}

static void expect_same(const xmlNode *a, const xmlNode *b) {
  for (const xmlAttr *each = a->properties; each; each = each->next) {
    const char *name = (const char *)each->name;
    ck_assert_msg(text_equal_nocase(node_get(a, name), node_get(b, name)), "%s: %s is %s, not %s",
                  node_get(a, "record"), name, node_get(b, name), node_get(a, name));
  }
}

static void compare(bool query, enum dump_encoding encoding) {
  struct dump_style style = {.encoding = encoding};
  struct buffer netsh_text = buffer_make(1 << 20), registry_text = buffer_make(1 << 20);
  dump_sslcert(&netsh_text, records, RECORDS, &style);
  dump_registry_http(&registry_text, records, RECORDS, query);
  struct run netsh = read_text(&netsh_text, &style), registry = read_text(&registry_text, &style);
  const struct reading *one = run_reading(&netsh, 0);
  const struct reading *other = registry_reading(&registry, "registry-http");
  ck_assert(one && one->complete && other && other->complete);
  ck_assert_uint_eq(run_count(other, "sslCertificate"), RECORDS);
  for (size_t i = 0; i < RECORDS; i++) {
    const xmlNode *a = record_of(one, records[i].key), *b = record_of(other, records[i].key);
    ck_assert_msg(a && b, "%s", records[i].key);
    expect_same(a, b);
    expect_same(b, a);
  }
  run_end(&netsh);
  run_end(&registry);
}

START_TEST(an_export_tells_other_records_than_netsh) {
  for (int encoding = 0; encoding < DUMP_ENCODINGS; encoding++)
    compare(false, (enum dump_encoding)encoding);
}
END_TEST

START_TEST(a_query_tells_other_records_than_netsh) {
  for (int encoding = 0; encoding < DUMP_ENCODINGS; encoding++)
    compare(true, (enum dump_encoding)encoding);
}
END_TEST

CHECK_MAIN("readers/dumps_registry", {
  tcase_add_test(tests, an_export_tells_other_records_than_netsh);
  tcase_add_test(tests, a_query_tells_other_records_than_netsh);
})
