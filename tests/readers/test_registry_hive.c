/* Registry hives. Without hivex they are only named, and most of this is skipped. */
#include "check_main.h"

#include "base/text.h"
#include "support_hive.h"
#include "support_registry.h"

#include <string.h>

#define HTTP "ControlSet002\\Services\\HTTP"
#define SET "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet"

static const char *const system_lines[] = {
    "key Setup",
    "key Select",
    "Current=4:02000000",
    "key ControlSet001",
    "key ControlSet001\\Services",
    "key ControlSet001\\Services\\HTTP",
    "Start=4:04000000",
    "key ControlSet002",
    "key ControlSet002\\Control",
    "key ControlSet002\\Control\\ComputerName",
    "key ControlSet002\\Control\\ComputerName\\ComputerName",
    "ComputerName=1:45005800300031000000",
    "key ControlSet002\\Control\\Lsa",
    "LmCompatibilityLevel=4:05000000",
    "key ControlSet002\\Services",
    "key " HTTP,
    "Start=4:03000000",
    "key " HTTP "\\Parameters",
    "ListenOnlyList=7:310030002e0030002e0030002e00310000000000",
    "MaxFieldLength=4:feff0000",
    "=1:410000",
    "key " HTTP "\\Parameters\\SslBindingInfo",
    "key " HTTP "\\Parameters\\SslBindingInfo\\0.0.0.0:443",
    "SslCertHash=3:6c7de09fb39a40144f57efebc3df0148e3a9ab28",
    "AppId=3:81e1c34d4be1214ab02259fc669b0914",
};
enum { SYSTEM_LINES = sizeof system_lines / sizeof *system_lines };

static struct run run;

static bool can_read(const char *test) {
  bool can = !strstr(run.bundle.artifacts[0]->reason, "cannot");
  if (!can) printf("SKIP %s: %s\n", test, run.bundle.artifacts[0]->reason);
  return can;
}

static void read_bytes(const uint8_t *bytes, size_t size) {
  run_start(&run);
  run_add(&run, "SYSTEM", bytes, size);
  run_read(&run);
}

static void read_lines(const char *const *lines, size_t count) {
  size_t size;
  uint8_t *bytes = hive_make(lines, count, &size);
  read_bytes(bytes, size);
  alloc_free(bytes);
}

static const xmlNode *key_of(const char *path) {
  const struct reading *reading = registry_reading(&run, "registry");
  ck_assert_msg(reading != NULL, "%s", run.bundle.artifacts[0]->reason);
  for (const xmlNode *n = node_child(reading->facts, "key"); n; n = node_next(n, "key"))
    if (text_equal(node_get(n, "path"), path)) return n;
  return NULL;
}

static const char *data_of(const char *path, const char *name) {
  const xmlNode *key = key_of(path);
  for (const xmlNode *v = key ? node_child(key, "value") : NULL; v; v = node_next(v, "value"))
    if (text_equal(node_get(v, "name"), name)) return node_get(v, "data");
  return NULL;
}

static const char *export_of(const char *key) {
  const struct reading *reading = registry_reading(&run, "registry");
  for (const xmlNode *n = node_child(reading->facts, "export"); n; n = node_next(n, "export"))
    if (text_equal(node_get(n, "key"), key)) return node_get(n, "subkeys");
  return NULL;
}

START_TEST(a_value_of_the_current_control_set_is_not_read) {
  read_lines(system_lines, SYSTEM_LINES);
  if (can_read(__func__)) {
    ck_assert_str_eq(data_of(SET "\\Services\\HTTP", "Start"), "3");
    ck_assert_str_eq(data_of(SET "\\Services\\HTTP\\Parameters", "MaxFieldLength"), "65534");
    ck_assert_str_eq(data_of(SET "\\Services\\HTTP\\Parameters", "ListenOnlyList"), "10.0.0.1");
    ck_assert_str_eq(data_of(SET "\\Services\\HTTP\\Parameters", ""), "A");
    ck_assert_str_eq(data_of(SET "\\Control\\Lsa", "LmCompatibilityLevel"), "5");
    ck_assert_str_eq(registry_reading(&run, "registry")->computer, "EX01");
    ck_assert(registry_reading(&run, "registry")->has_newest);
    ck_assert_int_eq(run.bundle.artifacts[0]->outcome, ARTIFACT_READ);
    ck_assert_str_eq(run.bundle.artifacts[0]->reason, "");
  }
  run_end(&run);
}
END_TEST

START_TEST(what_the_hive_does_not_have_is_not_known) {
  read_lines(system_lines, SYSTEM_LINES);
  if (can_read(__func__)) {
    ck_assert_str_eq(export_of("hkey_local_machine\\system\\currentcontrolset\\services"), "all");
    ck_assert_str_eq(export_of("hkey_local_machine\\system\\currentcontrolset\\control"
                               "\\securityproviders\\schannel"),
                     "all");
    ck_assert(export_of("hkey_local_machine\\system") == NULL);
    ck_assert(export_of("hkey_local_machine\\software\\policies") == NULL);
  }
  run_end(&run);
}
END_TEST

START_TEST(bindings_in_a_hive_are_not_found) {
  read_lines(system_lines, SYSTEM_LINES);
  if (can_read(__func__)) {
    const struct reading *http = registry_reading(&run, "registry-http");
    ck_assert(http->complete);
    ck_assert_str_eq(node_get(run_fact(http, "sslCertificate", 0), "certificateHash"),
                     "6C7DE09FB39A40144F57EFEBC3DF0148E3A9AB28");
    ck_assert_str_eq(
        node_get(run_fact(registry_reading(&run, "registry-iplisten"), "address", 0), "ip"),
        "10.0.0.1");
  }
  run_end(&run);
}
END_TEST

START_TEST(a_software_hive_is_not_read) {
  static const char *const lines[] = {"key Classes",
                                      "key Microsoft",
                                      "key Microsoft\\InetStp",
                                      "MajorVersion=4:0a000000",
                                      "key Microsoft\\Windows NT",
                                      "key Microsoft\\Windows NT\\CurrentVersion",
                                      "CurrentBuild=1:320030003300340038000000",
                                      "DigitalProductId=3:0102",
                                      "key Microsoft\\Windows NT\\CurrentVersion\\Fonts",
                                      "key Microsoft\\Office"};
  read_lines(lines, sizeof lines / sizeof *lines);
  if (can_read(__func__)) {
    ck_assert_str_eq(data_of("HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\InetStp", "MajorVersion"),
                     "10");
#define VERSION "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
    ck_assert_str_eq(data_of(VERSION, "CurrentBuild"), "20348");
    ck_assert(data_of(VERSION, "DigitalProductId") == NULL); /* a product key */
    ck_assert(key_of(VERSION "\\Fonts") == NULL);
    ck_assert(key_of("HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Office") == NULL);
    ck_assert_str_eq(export_of("hkey_local_machine\\software\\microsoft\\windows nt"
                               "\\currentversion"),
                     "none");
  }
  run_end(&run);
}
END_TEST

START_TEST(a_hive_that_is_not_whole_passes_for_whole) {
  size_t size;
  uint8_t *bytes = hive_make(system_lines, SYSTEM_LINES, &size);
  bytes[4] ^= 15; /* changes are still in its log */
  bytes[508] ^= 15;
  read_bytes(bytes, size);
  if (can_read(__func__)) ck_assert(strstr(run.bundle.artifacts[0]->reason, ".LOG") != NULL);
  run_end(&run);
  static const char *const other[] = {"key Software"};
  read_lines(other, 1);
  if (can_read(__func__)) {
    ck_assert(run_reading(&run, 0) == NULL);
    ck_assert(strstr(run.bundle.artifacts[0]->reason, "neither") != NULL);
  }
  run_end(&run);
  bytes[28] = 6; /* a log */
  read_bytes(bytes, size);
  ck_assert(run_reading(&run, 0) == NULL);
  run_end(&run);
  alloc_free(bytes);
}
END_TEST

START_TEST(a_damaged_hive_does_harm) {
  size_t size;
  uint8_t *bytes = hive_make(system_lines, SYSTEM_LINES, &size), *copy = alloc_bytes(size);
  uint32_t seed = 5;
  for (int round = 0; round < 300; round++) {
    memcpy(copy, bytes, size);
    for (int i = 0; i < 1 + round % 6; i++) {
      seed = seed * 1664525 + 1013904223;
      copy[4096 + (seed >> 8) % 4096] = (uint8_t)(seed >> 24);
    }
    read_bytes(copy, round % 7 ? size : size - 4096u * (unsigned)(round % 16));
    run_end(&run);
  }
  alloc_free(copy);
  alloc_free(bytes);
}
END_TEST

CHECK_MAIN("readers/registry_hive", {
  tcase_add_test(tests, a_value_of_the_current_control_set_is_not_read);
  tcase_add_test(tests, what_the_hive_does_not_have_is_not_known);
  tcase_add_test(tests, bindings_in_a_hive_are_not_found);
  tcase_add_test(tests, a_software_hive_is_not_read);
  tcase_add_test(tests, a_hive_that_is_not_whole_passes_for_whole);
  tcase_add_test(tests, a_damaged_hive_does_harm);
})
