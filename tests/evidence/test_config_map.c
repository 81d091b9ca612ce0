/* Which file of a bundle is the configuration of which level. */
#include "check_main.h"
#include "support_world.h"

#include "base/buffer.h"
#include "base/text.h"
#include "evidence/config_map.h"
#include "evidence/config_map_names.h"
#include "evidence/host_build.h"

#include <stdio.h>
#include <string.h>

/* ---- A server and a bundle in a few lines ------------------------------------------- */

struct directory {
  const char *site, *application, *path, *physical, *pool;
};

static char *key_of(const struct directory *directory) {
  char *joined = alloc_format("%s%s%s", directory->site,
                              strcmp(directory->application, "/") ? directory->application : "",
                              strcmp(directory->path, "/") ? directory->path : "");
  char *key = text_lower(joined);
  alloc_free(joined);
  return key;
}

static xmlNode *named(xmlNode *parent, const char *element, const char *attribute,
                      const char *value) {
  for (xmlNode *node = node_child(parent, element); node; node = node_next(node, element))
    if (text_equal(node_get(node, attribute), value)) return node;
  xmlNode *node = node_add(parent, element, nowhere());
  node_set(node, attribute, value, nowhere());
  return node;
}

static void add_directory(xmlNode *sites, const struct directory *directory) {
  xmlNode *site = named(sites, "site", "name", directory->site);
  xmlNode *application = named(site, "application", "path", directory->application);
  node_set(application, "applicationPool", directory->pool, nowhere());
  xmlNode *node = node_add(application, "virtualDirectory", nowhere());
  char *key = key_of(directory);
  node_set(node, "path", directory->path, nowhere());
  node_set(node, "physicalPath", directory->physical, nowhere());
  node_set(node, "key", key, nowhere());
  alloc_free(key);
}

struct map_test {
  struct world world;
  struct host_group group;
  struct host_build build;
  struct buffer shown;
};

static const char *kind_of(const char *path) {
  if (text_ends_nocase(path, "machine.config")) return "machine-config";
  return text_ends_nocase(path, "web.config") ? "web-config" : NULL;
}

/* No two files have the same bytes. */
static void add_file(struct world *world, const char *path) {
  char *xml = alloc_format("<configuration><a b='%zu'/></configuration>", world->bundle->count);
  const char *kind = kind_of(path);
  (void)world_add(world, path, kind ? kind : "web-config", kind ? xml : NULL);
  alloc_free(xml);
}

/* Files: paths ended by NULL; all but web.config and machine.config are only there. */
static void test_start(struct map_test *test, const struct directory *directories, size_t count,
                       const char *const *files) {
  memset(test, 0, sizeof *test);
  world_start(&test->world);
  for (size_t i = 0; files[i]; i++)
    add_file(&test->world, files[i]);
  for (size_t i = 0; i < test->world.readings.count; i++)
    if (kind_of(test->world.readings.items[i].artifact->path))
      ARRAY_PUSH(test->group.readings, test->group.count, test->group.capacity) =
          &test->world.readings.items[i];
  xmlDoc *document = xmlNewDoc((const xmlChar *)"1.0");
  xmlNode *sites = xmlNewDocNode(document, NULL, (const xmlChar *)"sites", NULL);
  xmlDocSetRootElement(document, sites);
  for (size_t i = 0; i < count; i++)
    add_directory(sites, &directories[i]);
  test->build = (struct host_build){.group = &test->group,
                                    .bundle = test->world.bundle,
                                    .diags = &test->world.bundle->diags,
                                    .document = document,
                                    .sites = sites};
  test->shown = buffer_make(1 << 20);
}

static void test_end(struct map_test *test) {
  xmlFreeDoc(test->build.document);
  alloc_free(test->group.readings);
  buffer_dispose(&test->shown);
  world_end(&test->world);
}

static void show(struct buffer *out, const struct config_file *file) {
  static const char *const kinds[] = {"machine", "root", "server", "web"};
  static const char *const states[] = {"not in bundle", "found", "none", "damaged"};
  buffer_add_format(out, "%s %s: %s", kinds[file->kind], file->key, states[file->state]);
  if (file->reading) buffer_add_format(out, " %s", file->reading->artifact->path);
  if (file->complete_below) buffer_add_text(out, " complete");
  if (file->folder_missing) buffer_add_text(out, " no-folder");
  buffer_add_char(out, '\n');
}

/* One line an entry. */
static const char *mapped(struct map_test *test, const struct config_mapping *mappings,
                          size_t count) {
  struct config_map *map = config_map_new(&test->build, mappings, count);
  const struct config_files *files = config_map_files(map);
  buffer_clear(&test->shown);
  for (size_t i = 0; i < files->count; i++)
    show(&test->shown, &files->items[i]);
  config_map_free(map);
  return buffer_text(&test->shown);
}

#define FILES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define START(test, directories, ...)                                                              \
  test_start(&(test), directories, sizeof(directories) / sizeof *(directories), FILES(__VA_ARGS__))

static const struct directory stock[] = {
    {"Default Web Site", "/", "/", "%SystemDrive%\\inetpub\\wwwroot", "DefaultAppPool"},
    {"Default Web Site", "/owa", "/",
     "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa", "OwaPool"},
};

static const struct directory one[] = {
    {"Default Web Site", "/", "/", "%SystemDrive%\\inetpub\\wwwroot", NULL},
};

static void first_is(const char *file, const char *expected) {
  struct map_test test;
  test_start(&test, one, 1, FILES(file));
  const char *got = mapped(&test, NULL, 0);
  ck_assert_msg(text_equal(got, expected), "%s gives\n%snot\n%s", file, got, expected);
  test_end(&test);
}

START_TEST(a_disk_tree_is_not_seen) {
  static const char *const files[] = {
      "C/inetpub/wwwroot/web.config",
      "c/Inetpub/WWWRoot/Web.Config",
      "case/C/inetpub/wwwroot/web.config",
      "C%3A/inetpub/wwwroot/web.config",
      "C\\x3A/inetpub/wwwroot/web.config",
      "uploads/auto/C%3A/inetpub/wwwroot/web.config",
      "C_/inetpub/wwwroot/web.config",
      "drive_c/inetpub/wwwroot/web.config",
      "x.zip!C/inetpub/wwwroot/web.config",
      "uploads/ntfs/%5C%5C.%5CC%3A/inetpub/wwwroot/web.config",
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char *expected = alloc_format("web default web site: found %s\n", files[i]);
    first_is(files[i], expected);
    alloc_free(expected);
  }
}
END_TEST

START_TEST(a_file_of_another_place_is_taken) {
  static const char *const files[] = {
      "D/inetpub/wwwroot/web.config",
      "C/inetpub/wwwroot2/web.config",
      "C/inetpub/web.config",
      "wwwroot/web.config",
      "web.config",
      "backup/C/inetpub/wwwroot/web.config",
      "C/inetpub/wwwroot/web.config.bak",
      "other_web.config",
      "OtherSite-DefaultWebSite_web.config",
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    first_is(files[i], "web default web site: not in bundle\n");
}
END_TEST

START_TEST(names_of_collectors_are_not_known) {
  static const char *const names[] = {
      "DefaultWebSite_web.config",
      "IIS/DefaultWebSite_web.config",
      "defaultwebsite_web.config",
      "EX01_Default Web Site_web.config",
      "EX01_DefaultWebSite_web.config",
      "Sites/Default Web Site/web.config",
      "case/Sites/default web site/web.config",
      "inetpub/wwwroot/web.config",
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *expected = alloc_format("web default web site: found %s\n", names[i]);
    first_is(names[i], expected);
    alloc_free(expected);
  }
}
END_TEST

START_TEST(an_application_does_not_get_its_own_flat_file) {
  static const char *const names[] = {
      "DefaultWebSite-OWA_web.config", "Default Web Site_owa_web.config",
      "EX01_OwaPool_DefaultWebSite_web.config", "Sites/Default Web Site/owa/web.config",
      "HttpProxy/owa/web.config"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct map_test test;
    START(test, stock, names[i]);
    char *expected = alloc_format("web default web site: not in bundle\n"
                                  "web default web site/owa: found %s\n",
                                  names[i]);
    ck_assert_str_eq(mapped(&test, NULL, 0), expected);
    alloc_free(expected);
    test_end(&test);
  }
}
END_TEST

START_TEST(levels_of_one_folder_do_not_share_its_file) {
  static const struct directory shared[] = {
      {"Exchange Back End", "/owa", "/", "C:\\Exchange\\V15\\ClientAccess\\owa", NULL},
      {"Exchange Back End", "/owa/Calendar", "/", "c:\\exchange\\v15\\clientaccess\\OWA\\", NULL},
      {"Exchange Back End", "/Microsoft-Server-ActiveSync", "/",
       "%ExchangeInstallPath%\\ClientAccess\\sync", NULL},
      {"Exchange Back End", "/mapi/emsmdb", "/", "C:\\Exchange\\V15\\ClientAccess\\mapi\\emsmdb",
       NULL},
  };
  struct map_test test;
  START(test, shared, "ExchangeBackEnd-OWA_web.config", "ExchangeBackEnd-EAS_web.config",
        "ExchangeBackEnd-MapiEmsmdb_web.config");
  ck_assert_str_eq(mapped(&test, NULL, 0),
                   "web exchange back end/owa: found ExchangeBackEnd-OWA_web.config\n"
                   "web exchange back end/owa/calendar: found ExchangeBackEnd-OWA_web.config\n"
                   "web exchange back end/microsoft-server-activesync: found "
                   "ExchangeBackEnd-EAS_web.config\n"
                   "web exchange back end/mapi/emsmdb: found "
                   "ExchangeBackEnd-MapiEmsmdb_web.config\n");
  test_end(&test);
}
END_TEST

START_TEST(a_pool_of_several_applications_names_one_of_them) {
  static const struct directory pooled[] = {{"S", "/a", "/", "D:\\a", "P"},
                                            {"S", "/b", "/", "D:\\b", "P"}};
  struct map_test test;
  START(test, pooled, "EX01_P_S_web.config");
  ck_assert_str_eq(mapped(&test, NULL, 0), "web s/a: not in bundle\nweb s/b: not in bundle\n");
  test_end(&test);
}
END_TEST

START_TEST(an_ambiguous_end_of_a_path_decides) {
  static const struct directory alike[] = {{"A", "/", "/", "D:\\one\\web\\root", NULL},
                                           {"B", "/", "/", "D:\\two\\web\\root", NULL}};
  struct map_test test;
  START(test, alike, "web/root/web.config");
  ck_assert_str_eq(mapped(&test, NULL, 0), "web a: not in bundle\nweb b: not in bundle\n");
  test_end(&test);
}
END_TEST

START_TEST(one_of_two_files_is_taken_at_random) {
  struct map_test test;
  START(test, one, "EX01_Default Web Site_web.config", "EX02_Default Web Site_web.config");
  ck_assert_str_eq(mapped(&test, NULL, 0), "web default web site: not in bundle\n");
  ck_assert_uint_gt(test.world.bundle->diags.count, 0);
  test_end(&test);
  START(test, one, "a/C/inetpub/wwwroot/web.config", "b/C/inetpub/wwwroot/web.config");
  ck_assert_str_eq(mapped(&test, NULL, 0), "web default web site: not in bundle\n");
  test_end(&test);
  START(test, one, "one/inetpub/wwwroot/web.config", "two/inetpub/wwwroot/web.config");
  ck_assert_str_eq(mapped(&test, NULL, 0), "web default web site: not in bundle\n");
  test_end(&test);
}
END_TEST

/* ---- --map ---------------------------------------------------------------------------- */

START_TEST(map_by_hand_is_not_obeyed) {
  struct map_test test;
  START(test, stock, "a/web.config", "b/some.config", "C/inetpub/wwwroot/web.config",
        "b/owa/index.html", "a/sub/web.config");
  const struct config_mapping site[] = {{"default web site", "a"}};
  ck_assert_str_eq(mapped(&test, site, 1),
                   "web default web site: found a/web.config complete\n"
                   "web default web site/sub: found a/sub/web.config complete\n"
                   "web default web site/owa: not in bundle\n");
  const struct config_mapping prefix[] = {
      {"C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy", "b"}};
  ck_assert_str_eq(mapped(&test, prefix, 1),
                   "web default web site: found C/inetpub/wwwroot/web.config\n"
                   "web default web site/owa: none complete\n");
  const struct config_mapping file[] = {{"Default Web Site/owa", "A\\web.config"}};
  ck_assert_str_eq(mapped(&test, file, 1),
                   "web default web site: found C/inetpub/wwwroot/web.config\n"
                   "web default web site/owa: found a/web.config\n");
  const struct config_mapping last[] = {{"C:\\inetpub", "b"}, {"c:\\INETPUB\\wwwroot", "a"}};
  ck_assert_str_eq(mapped(&test, last, 2),
                   "web default web site: found a/web.config complete\n"
                   "web default web site/sub: found a/sub/web.config complete\n"
                   "web default web site/owa: not in bundle\n");
  test_end(&test);
}
END_TEST

/* The law: what could not be read may have been there. */
START_TEST(what_was_lost_below_a_mapped_folder_is_absent) {
  const struct config_mapping prefix[] = {
      {"C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy", "b"}};
  for (int way = 0; way < 3; way++) {
    struct map_test test;
    START(test, stock, "b/owa/index.html", way == 1 ? "b/locked" : "b/file", "z/other");
    struct bundle *bundle = test.world.bundle;
    for (size_t i = 0; i < bundle->count; i++) {
      struct artifact *artifact = bundle->artifacts[i];
      if (!text_equal(artifact->path, "b/locked") && !text_equal(artifact->path, "z/other"))
        continue;
      artifact->outcome = ARTIFACT_REFUSED;
      artifact->may_hold_more = true;
    }
    bundle->cut_short = way == 2;
    const char *expected = way == 0 ? "web default web site: not in bundle\n"
                                      "web default web site/owa: none complete\n"
                                    : "web default web site: not in bundle\n"
                                      "web default web site/owa: not in bundle\n";
    ck_assert_str_eq(mapped(&test, prefix, 1), expected);
    test_end(&test);
  }
}
END_TEST

START_TEST(a_variable_nobody_knows_cannot_be_mapped) {
  static const struct directory home[] = {
      {"WebSite1", "/", "/", "%JEXUS_TEST_HOME%\\WebSite1", NULL},
      {"WebSite2", "/", "/", "%JEXUS_TEST_HOME%\\Website2", NULL}};
  struct map_test test;
  START(test, home, "WebSite1/web.config", "root-web.config", "machine.config");
  const struct config_mapping mappings[] = {{"%jexus_test_home%", "."},
                                            {"MACHINE", "machine.config"},
                                            {"MACHINE/WEBROOT", "root-web.config"}};
  ck_assert_str_eq(mapped(&test, mappings, 3), "machine : found machine.config\n"
                                               "root : found root-web.config\n"
                                               "web website1: found WebSite1/web.config complete\n"
                                               "web website2: none complete no-folder\n");
  test_end(&test);
}
END_TEST

START_TEST(machine_config_and_its_neighbour_are_not_found) {
  struct map_test test;
  START(test, one, "C/Windows/Microsoft.NET/Framework/v4.0.30319/Config/machine.config",
        "C/Windows/Microsoft.NET/Framework64/v4.0.30319/Config/machine.config",
        "C/Windows/Microsoft.NET/Framework64/v4.0.30319/Config/web.config");
  ck_assert_str_eq(
      mapped(&test, NULL, 0),
      "machine : found C/Windows/Microsoft.NET/Framework64/v4.0.30319/Config/machine.config\n"
      "root : found C/Windows/Microsoft.NET/Framework64/v4.0.30319/Config/web.config\n"
      "web default web site: not in bundle\n");
  test_end(&test);
}
END_TEST

START_TEST(an_older_framework_is_preferred) {
  struct map_test test;
  START(test, one, "Framework/v4.0.30319/Config/machine.config",
        "Framework64/v2.0.50727/Config/machine.config");
  ck_assert_str_eq(mapped(&test, NULL, 0),
                   "machine : found Framework/v4.0.30319/Config/machine.config\n"
                   "web default web site: not in bundle\n");
  test_end(&test);
}
END_TEST

START_TEST(a_slip_in_map_is_taken) {
  struct map_test test;
  START(test, one, "a/b/web.config");
  const struct bundle *bundle = test.world.bundle;
  static const char *const good[] = {".", "a", "A/B", "a\\b\\web.config", "./a/"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    ck_assert_ptr_null(config_mapping_wrong(bundle, &(struct config_mapping){"S", good[i]}));
  static const char *const bad[] = {"c", "a/b/c", "web.config", "aa"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    ck_assert_ptr_nonnull(config_mapping_wrong(bundle, &(struct config_mapping){"S", bad[i]}));
  ck_assert_ptr_nonnull(config_mapping_wrong(bundle, &(struct config_mapping){"", "a"}));
  test_end(&test);
}
END_TEST

/* ---- applicationHost.config ------------------------------------------------------------- */

static const char redirection[] =
    "<configuration><configurationRedirection enabled='true' path='\\\\srv\\share\\iis'/>"
    "</configuration>";

static const char *live_of(const struct config_mapping *mappings, size_t count, bool redirected) {
  static char live[64];
  struct world world;
  world_start(&world);
  char *first = server_xml("<site name='A' id='1'/>", "");
  char *second = server_xml("<site name='B' id='2'/>", "");
  (void)world_add(&world, "one/applicationHost.config", "application-host", first);
  (void)world_add(&world, "two/iis/applicationHost.config", "application-host", second);
  if (redirected) (void)world_add(&world, "redirection.config", "redirection-config", redirection);
  struct host_choice all = {"EX01", "*"};
  struct host_options options = {
      .choices = &all, .choice_count = 1, .mappings = mappings, .mapping_count = count};
  world.hosts = hosts_build(world.bundle, &world.readings, &options);
  const char *name = world_text(&world, 0, "string(//site/@name)");
  snprintf(live, sizeof live, "%s", name);
  alloc_free(first);
  alloc_free(second);
  world_end(&world);
  return live;
}

START_TEST(the_live_server_file_cannot_be_mapped) {
  const struct config_mapping one_file[] = {
      {"MACHINE/WEBROOT/APPHOST", "one/applicationHost.config"}};
  const struct config_mapping folder[] = {{"machine/webroot/apphost", "two/iis"}};
  const struct config_mapping share[] = {{"\\\\srv\\share", "two"}};
  ck_assert_str_eq(live_of(NULL, 0, false), "");
  ck_assert_str_eq(live_of(one_file, 1, false), "A");
  ck_assert_str_eq(live_of(folder, 1, false), "B");
  ck_assert_str_eq(live_of(NULL, 0, true), "");
  ck_assert_str_eq(live_of(share, 1, true), "B");
  ck_assert_str_eq(live_of(share, 1, false), "");
}
END_TEST

/* ---- Below -------------------------------------------------------------------------------- */

START_TEST(folders_below_are_missed_or_seen_through_a_mapping) {
  static const struct directory nested[] = {{"S", "/", "/", "C:\\www", NULL},
                                            {"S", "/app", "/", "D:\\app", NULL}};
  struct map_test test;
  START(test, nested, "C/www/docs/v1/web.config", "C/www/app/web.config",
        "C/www/app/sub/web.config", "C/www2/web.config", "D/app/sub/web.config");
  ck_assert_str_eq(mapped(&test, NULL, 0), "web s: not in bundle\n"
                                           "web s/docs/v1: found C/www/docs/v1/web.config\n"
                                           "web s/app: not in bundle\n"
                                           "web s/app/sub: found D/app/sub/web.config\n");
  test_end(&test);
}
END_TEST

START_TEST(the_ledger_does_not_say_whose_a_file_is) {
  struct map_test test;
  START(test, stock, "DefaultWebSite-OWA_web.config", "lonely/web.config");
  for (size_t i = 0; i < test.world.bundle->count; i++)
    artifact_settle(test.world.bundle->artifacts[i], ARTIFACT_READ, "%s", "");
  (void)mapped(&test, NULL, 0);
  const struct artifact *used = test.world.bundle->artifacts[0];
  const struct artifact *unused = test.world.bundle->artifacts[1];
  ck_assert_str_eq(used->role, "live");
  ck_assert_str_eq(used->reason, "configuration of Default Web Site/owa (flat name)");
  ck_assert_str_eq(unused->role, "unused");
  ck_assert_ptr_nonnull(strstr(unused->reason, "--map"));
  test_end(&test);
}
END_TEST

/* ---- Names ---------------------------------------------------------------------------------- */

START_TEST(a_name_is_read_wrongly) {
  static const struct {
    const char *path, *key;
  } rows[] = {
      {"%SystemDrive%\\inetpub\\wwwroot", "c:/inetpub/wwwroot"},
      {"%WINDIR%\\System32", "c:/windows/system32"},
      {"C:\\a\\..\\b\\.\\c\\", "c:/b/c"},
      {"\\\\?\\C:\\a", "c:/a"},
      {"\\\\srv\\share\\a", "srv/share/a"},
      {"%UNKNOWN%\\x", "%unknown%/x"},
      {"50% of %SystemDrive%", "50% of c:"},
      {"", ""},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char *key = windows_key(rows[i].path, NULL);
    ck_assert_str_eq(key, rows[i].key);
    alloc_free(key);
  }
  static const char *const drives[] = {
      "c", "c:", "c%3a", "c_", "c$", "c\\x3a", "drive_c", "\\\\.\\c:", "%5c%5c.%5cc%3a"};
  for (size_t i = 0; i < sizeof drives / sizeof *drives; i++)
    ck_assert_msg(drive_of(span_of(drives[i])) == 'c', "%s", drives[i]);
  static const char *const others[] = {"", "1", "cc", "c1", "drive", "c%", "%3a", "_"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    ck_assert_msg(drive_of(span_of(others[i])) == 0, "%s", others[i]);
}
END_TEST

CHECK_MAIN("evidence/config_map", {
  tcase_add_test(tests, a_disk_tree_is_not_seen);
  tcase_add_test(tests, a_file_of_another_place_is_taken);
  tcase_add_test(tests, names_of_collectors_are_not_known);
  tcase_add_test(tests, an_application_does_not_get_its_own_flat_file);
  tcase_add_test(tests, levels_of_one_folder_do_not_share_its_file);
  tcase_add_test(tests, a_pool_of_several_applications_names_one_of_them);
  tcase_add_test(tests, an_ambiguous_end_of_a_path_decides);
  tcase_add_test(tests, map_by_hand_is_not_obeyed);
  tcase_add_test(tests, what_was_lost_below_a_mapped_folder_is_absent);
  tcase_add_test(tests, a_variable_nobody_knows_cannot_be_mapped);
  tcase_add_test(tests, machine_config_and_its_neighbour_are_not_found);
  tcase_add_test(tests, an_older_framework_is_preferred);
  tcase_add_test(tests, one_of_two_files_is_taken_at_random);
  tcase_add_test(tests, a_slip_in_map_is_taken);
  tcase_add_test(tests, folders_below_are_missed_or_seen_through_a_mapping);
  tcase_add_test(tests, the_ledger_does_not_say_whose_a_file_is);
  tcase_add_test(tests, a_name_is_read_wrongly);
  tcase_add_test(tests, the_live_server_file_cannot_be_mapped);
})
