/* siteglass inventory: every artifact is there, what a server serves and how that is
 * known, what is missing; in three formats. */
#include "check_main.h"
#include "report/support_schema.h"
#include "support_program.h"

#include "base/digest.h"
#include "base/text.h"

#include <string.h>

static json_t *inventory_of(const struct run *run) {
  json_error_t error;
  json_t *json = json_loads(run->out, JSON_REJECT_DUPLICATES, &error);
  ck_assert_msg(json != NULL, "no JSON: %s\n%.500s%.500s", error.text, run->out, run->err);
  json_t *schema = load_json("analyzer/report/siteglass-inventory.schema.json");
  char why[600];
  ck_assert_msg(schema_accepts(schema, json, why, sizeof why), "%s", why);
  json_decref(schema);
  return json;
}

static json_t *host_of(json_t *inventory, size_t number) {
  return json_array_get(json_object_get(inventory, "hosts"), number);
}

/* The item of an array whose `key` is `value`; NULL when there is none. */
static json_t *item_of(json_t *array, const char *key, const char *value) {
  size_t index;
  json_t *item;
  json_array_foreach(array, index, item) {
    const char *found = json_string_value(json_object_get(item, key));
    if (found && strcmp(found, value) == 0) return item;
  }
  return NULL;
}

static void says(const struct run *run, const char *text) {
  ck_assert_msg(strstr(run->out, text) != NULL, "'%s' is not in:\n%.3000s", text, run->out);
}

/* ---- The ledger ------------------------------------------------------------------- */

static char *mixed_bundle(void) {
  char *folder = folder_new();
  folder_make(folder, "a");
  folder_copy(folder, "a/sslcert.txt", sample("kb2779694-broken/sslcert.txt"));
  folder_write(folder, "a/empty.txt", "", 0);
  folder_write(folder, "binary.bin", "\x01\x00\x02\xFF\xFE\x00\x00\x07", 8);
  folder_write_text(folder, "=1+1,\"x\".txt", "a note of nobody\n");
  return folder;
}

START_TEST(an_artifact_is_not_listed_or_has_another_digest) {
  char *folder = mixed_bundle();
  struct run run = RUN("inventory", "--format", "json", folder);
  ck_assert_int_eq(run.status, 0);
  json_t *json = inventory_of(&run), *artifacts = json_object_get(json, "artifacts");
  static const char *const names[] = {"a/sslcert.txt", "a/empty.txt", "binary.bin",
                                      "=1+1,\"x\".txt"};
  ck_assert_uint_eq(json_array_size(artifacts), 4);
  for (size_t i = 0; i < 4; i++) {
    json_t *artifact = item_of(artifacts, "path", names[i]);
    ck_assert_msg(artifact != NULL, "%s is not on the ledger", names[i]);
    char *path = path_of(folder, names[i]), digest[65];
    size_t size;
    char *bytes = file_read(path, &size);
    digest_sha256((const uint8_t *)bytes, size, digest);
    ck_assert_str_eq(text_at(artifact, "sha256"), digest);
    ck_assert_int_eq(json_integer_value(json_object_get(artifact, "size")), (json_int_t)size);
    alloc_free(bytes);
    alloc_free(path);
  }
  json_decref(json);
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(csv_runs_a_formula_or_loses_a_line) {
  char *folder = mixed_bundle();
  struct run run = RUN("inventory", "--format", "csv", folder);
  ck_assert_int_eq(run.status, 0);
  says(&run, "path,size,sha256,modified,");
  says(&run, "\n\"'=1+1,\"\"x\"\".txt\",17,");
  says(&run, "\na/empty.txt,0,");
  says(&run, ",not recognised,empty (0 bytes),");
  size_t lines = 0;
  for (const char *at = run.out; (at = strstr(at, "\r\n")); at += 2)
    lines++;
  ck_assert_uint_eq(lines, 5);
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(a_bundle_of_unreadable_files_has_no_ledger) {
  char *folder = folder_new();
  folder_write_text(folder, "note.txt", "a note of nobody\n");
  struct run run = RUN("inventory", folder);
  ck_assert_int_eq(run.status, 2);
  says(&run, "note.txt\n    not recognised: text of no known kind\n    17 bytes, SHA-256 ");
  ck_assert_ptr_nonnull(strstr(run.err, "nothing in "));
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

/* ---- What a server serves ---------------------------------------------------------- */

START_TEST(what_a_binding_serves_and_how_that_is_known_is_not_told) {
  struct run run = RUN("inventory", sample("kb2779694-broken"));
  ck_assert_int_eq(run.status, 0);
  says(&run, "    https *:444:                  applicationHost.config:");
  says(&run, "      serves  F6F4501B6059B0EFF5EF4D9F17E4144D21387C47, store my\n"
             "              NOT USABLE: it is not in that store with its private key\n"
             "      as in   HTTP.SYS record 0.0.0.0:444, sslcert.txt:47\n");
  says(&run, "  37A174A666F07B8BB332B7FE0C462776E46CEC82   until 2027-09-08\n");
  says(&run, "        https :443: of Default Web Site\n");
  says(&run, "HTTP.SYS record 0.0.0.0:8172, which no binding has");
  says(&run, "  MSExchangeOWAAppPool                 5 apps, v4.0, Integrated, LocalSystem\n");
  run_dispose(&run);
}
END_TEST

START_TEST(json_does_not_say_what_a_binding_serves) {
  struct run run = RUN("inventory", "--format", "json", sample("kb2779694-broken"));
  json_t *json = inventory_of(&run), *host = host_of(json, 0);
  json_t *site = item_of(json_object_get(host, "sites"), "name", "Exchange Back End");
  json_t *binding = item_of(json_object_get(site, "bindings"), "bindingInformation", "*:444:");
  json_t *served = json_array_get(json_object_get(binding, "served"), 0);
  ck_assert_str_eq(text_at(served, "record"), "0.0.0.0:444");
  ck_assert_str_eq(text_at(served, "source"), "netsh-sslcert");
  ck_assert(json_is_false(json_object_get(served, "usable")));
  ck_assert_str_eq(text_at(json_object_get(served, "place"), "artifact"), "sslcert.txt");
  ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(served, "place"), "line")),
                   47);
  ck_assert_str_eq(text_at(host, "asOf"), "2026-03-02T09:17:55Z");
  json_decref(json);
  run_dispose(&run);
}
END_TEST

START_TEST(an_expired_certificate_is_not_called_expired) {
  struct run run = RUN("inventory", "--as-of", "2028-01-01", sample("kb2779694-broken"));
  says(&run, "37A174A666F07B8BB332B7FE0C462776E46CEC82   EXPIRED 2027-09-08\n");
  says(&run, "7C9912EF4FB15AA8342C27F092DEC3A258284BF7   until 2030-03-19\n");
  run_dispose(&run);
}
END_TEST

/* ---- What is missing ------------------------------------------------------------------ */

START_TEST(the_command_that_tells_an_unknown_certificate_is_not_named) {
  struct run run = RUN("inventory", "--format", "json", sample("kb2779694-incomplete"));
  json_t *json = inventory_of(&run), *missing = json_object_get(host_of(json, 0), "missing");
  json_t *netsh = item_of(missing, "kind", "netsh-sslcert");
  ck_assert_ptr_nonnull(netsh);
  ck_assert_str_eq(text_at(netsh, "command"), "netsh http show sslcert > sslcert.txt");
  ck_assert_int_gt(json_integer_value(json_object_get(netsh, "unknownFacts")), 0);
  ck_assert_ptr_null(item_of(missing, "kind", "get-authconfig"));
  ck_assert_ptr_null(item_of(missing, "kind", "application-host"));
  json_decref(json);
  run_dispose(&run);
  run = RUN("inventory", sample("kb2779694-incomplete"));
  says(&run, "      serves  not known which: not in the bundle\n");
  run_dispose(&run);
}
END_TEST

START_TEST(a_server_without_exchange_is_asked_for_cmdlets_of_exchange) {
  char *folder = folder_new();
  folder_write_text(folder, "applicationHost.config",
                    "<configuration><system.applicationHost><applicationPools/><sites/>"
                    "</system.applicationHost></configuration>");
  struct run run = RUN("inventory", "--format", "json", folder);
  json_t *json = inventory_of(&run), *missing = json_object_get(host_of(json, 0), "missing");
  ck_assert_ptr_null(item_of(missing, "shell", "exchange"));
  ck_assert_ptr_nonnull(item_of(missing, "shell", "cmd"));
  json_decref(json);
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

/* ---- Logs and events ------------------------------------------------------------------- */

START_TEST(what_logs_tell_is_not_shown) {
  char *folder = folder_new();
  folder_write_text(folder, "u_ex260301.log",
                    "#Software: Microsoft Internet Information Services 10.0\r\n"
                    "#Fields: date time s-sitename sc-status sc-substatus\r\n"
                    "2026-03-01 00:00:04 W3SVC1 200 0\r\n2026-03-01 00:00:05 W3SVC1 404 11\r\n"
                    "2026-03-02 08:15:00 W3SVC1 404 11\r\n");
  folder_write_text(folder, "System.xml",
                    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
                    "<Provider Name='Schannel'/><EventID>36880</EventID>"
                    "<TimeCreated SystemTime='2026-03-01T11:00:00Z'/><Channel>System</Channel>"
                    "</System></Event>");
  struct run run = RUN("inventory", folder);
  ck_assert_int_eq(run.status, 0);
  says(&run, "  site 1: 3 lines, 2026-03-01 00:00 to 2026-03-02 08:15 UTC\n    u_ex260301.log\n"
             "    404 11 (2), 200 0 (1)\n");
  says(&run, "  Schannel 36880: 1, 2026-03-01 11:00 UTC\n");
  says(&run, "collected   not before 2026-03-02 08:15 UTC: newest time in u_ex260301.log\n");
  run_dispose(&run);
  run = RUN("inventory", "--format", "json", folder);
  json_t *json = inventory_of(&run);
  json_t *log = json_array_get(json_object_get(host_of(json, 0), "logs"), 0);
  ck_assert_str_eq(text_at(log, "siteId"), "1");
  json_decref(json);
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

/* ---- Several servers, wrong usage -------------------------------------------------------- */

START_TEST(one_of_several_servers_cannot_be_chosen) {
  char *folder = folder_new();
  folder_make(folder, "EX01");
  folder_make(folder, "EX02");
  folder_copy(folder, "EX01/applicationHost.config",
              sample("kb2779694-healthy/applicationHost.config"));
  folder_copy(folder, "EX02/applicationHost.config",
              sample("kb2779694-broken/applicationHost.config"));
  struct run run = RUN("inventory", "--host", "ex02", folder);
  ck_assert_int_eq(run.status, 0);
  says(&run, "\nEX02\n");
  ck_assert_ptr_null(strstr(run.out, "\nEX01\n"));
  says(&run, "  EX01/applicationHost.config\n");
  run_dispose(&run);
  run = RUN("inventory", "--host", "EX03", folder);
  ck_assert_int_eq(run.status, 2);
  ck_assert_ptr_nonnull(strstr(run.err, "there is no server EX03; there are\n  EX01\n  EX02\n"));
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(an_unknown_format_is_accepted) {
  struct run run = RUN("inventory", "--format", "jsno", sample("kb2779694-broken"));
  ck_assert_int_eq(run.status, 2);
  ck_assert_ptr_nonnull(strstr(run.err, "unknown format jsno; there are text json csv; did you "
                                        "mean json?"));
  run_dispose(&run);
}
END_TEST

/* Commands and paths are never wrapped; all else is. */
static bool may_be_long(const char *line) {
  return strncmp(line, "        ", 8) == 0 || strstr(line, "/") != NULL;
}

START_TEST(text_is_wider_than_80_columns) {
  static const char *const bundles[] = {"kb2779694-broken", "kb2779694-healthy",
                                        "kb2779694-incomplete"};
  for (size_t i = 0; i < 3; i++) {
    struct run run = RUN("inventory", sample(bundles[i]));
    for (char *line = strtok(run.out, "\n"); line; line = strtok(NULL, "\n"))
      ck_assert_msg(strlen(line) <= 80 || may_be_long(line), "%zu columns: %s", strlen(line), line);
    run_dispose(&run);
  }
}
END_TEST

CHECK_MAIN("cli/inventory", {
  tcase_add_test(tests, an_artifact_is_not_listed_or_has_another_digest);
  tcase_add_test(tests, csv_runs_a_formula_or_loses_a_line);
  tcase_add_test(tests, a_bundle_of_unreadable_files_has_no_ledger);
  tcase_add_test(tests, what_a_binding_serves_and_how_that_is_known_is_not_told);
  tcase_add_test(tests, json_does_not_say_what_a_binding_serves);
  tcase_add_test(tests, an_expired_certificate_is_not_called_expired);
  tcase_add_test(tests, the_command_that_tells_an_unknown_certificate_is_not_named);
  tcase_add_test(tests, a_server_without_exchange_is_asked_for_cmdlets_of_exchange);
  tcase_add_test(tests, what_logs_tell_is_not_shown);
  tcase_add_test(tests, one_of_several_servers_cannot_be_chosen);
  tcase_add_test(tests, an_unknown_format_is_accepted);
  tcase_add_test(tests, text_is_wider_than_80_columns);
})
