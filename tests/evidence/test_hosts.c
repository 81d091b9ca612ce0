/* Whose artifact is it, and what applicationHost.config becomes. */
#include "check_main.h"

#include "base/moment.h"
#include "base/text.h"
#include "support_servers.h"

#include <string.h>

/* ---- Grouping -------------------------------------------------------------------------- */

START_TEST(a_bundle_of_nothing_has_no_host) {
  struct world world;
  world_start(&world);
  world_build(&world);
  ck_assert_uint_eq(world.hosts->count, 1);
  ck_assert_str_eq(world.hosts->items[0].name, "");
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//sites"), "site"), "not-in-bundle");
  static const char *const marked[][2] = {{"//httpSys", "sslCertificate"},
                                          {"//store[@key='my']", "entry"},
                                          {"//store[@key='webhosting']", "entry"},
                                          {"//certificates", "certificate"},
                                          {"//exchange", "exchangeCertificate"},
                                          {"//exchange", "authConfig"},
                                          {"//configuration", "level"},
                                          {"//configurationErrors", "configurationError"},
                                          {"//applicationPools", "applicationPool"},
                                          {"/evidence", "@asOf"}};
  for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
    ck_assert_msg(
        text_equal(world_mark(world_node(&world, 0, marked[i][0]), marked[i][1]), "not-in-bundle"),
        "%s", marked[i][0]);
  world_end(&world);
}
END_TEST

START_TEST(a_stated_name_is_not_used) {
  struct world world;
  world_start(&world);
  add_server(&world, "applicationHost.config", "S");
  add_netsh(&world, "GetWebBinding.txt", "ex01.contoso.com");
  world_build(&world);
  ck_assert_uint_eq(world.hosts->count, 1);
  ck_assert_str_eq(world.hosts->items[0].name, "EX01");
  ck_assert_str_eq(world.hosts->items[0].name_reason, "stated in GetWebBinding.txt");
  ck_assert_str_eq(world.bundle->artifacts[0]->host, "EX01");
  world_end(&world);
}
END_TEST

START_TEST(two_servers_become_one) {
  struct world world;
  world_start(&world);
  add_server(&world, "case/EX01/applicationHost.config", "One");
  add_netsh(&world, "case/EX01/sslcert.txt", NULL);
  add_server(&world, "case/EX02/applicationHost.config", "Two");
  add_netsh(&world, "case/loose.txt", NULL);
  world_build(&world);
  ck_assert_uint_eq(world.hosts->count, 2);
  ck_assert_str_eq(world.hosts->items[0].name, "EX01");
  ck_assert_str_eq(world.hosts->items[0].name_reason, "folder EX01");
  ck_assert_str_eq(world_text(&world, 0, "//site/@name"), "One");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//sslCertificate)"), 1);
  ck_assert_str_eq(world_text(&world, 1, "//site/@name"), "Two");
  ck_assert_int_eq((int)world_number(&world, 1, "count(//sslCertificate)"), 0);
  ck_assert_str_eq(world_mark(world_node(&world, 1, "//httpSys"), "sslCertificate"),
                   "not-in-bundle");
  ck_assert_str_eq(world.bundle->artifacts[3]->host, ""); /* it fits neither */
  ck_assert_uint_eq(diags_count(&world.bundle->diags, DIAG_WARNING), 1);
  world_end(&world);
}
END_TEST

START_TEST(zips_of_two_servers_become_one) {
  struct world world;
  world_start(&world);
  add_server(&world, "EX01.zip!IIS/applicationHost.config", "One");
  add_server(&world, "EX02.zip!IIS/applicationHost.config", "Two");
  world_build(&world);
  ck_assert_uint_eq(world.hosts->count, 2);
  ck_assert_str_eq(world.hosts->items[0].name, "EX01");
  ck_assert_str_eq(world.hosts->items[1].name, "EX02");
  world_end(&world);
}
END_TEST

START_TEST(a_damaged_server_joins_its_neighbour) {
  struct world world;
  world_start(&world);
  add_server(&world, "EX01/applicationHost.config", "One");
  world_break(world_add(&world, "EX02/applicationHost.config", "application-host", NULL),
              UNKNOWN_DAMAGED, 3, "not well-formed");
  world_build(&world);
  ck_assert_uint_eq(world.hosts->count, 2);
  ck_assert_int_eq((int)world_number(&world, 1, "count(//configurationError)"), 1);
  world_end(&world);
}
END_TEST

START_TEST(two_computer_names_become_one_server) {
  struct world world;
  world_start(&world);
  add_netsh(&world, "a/1.txt", "EX01");
  add_netsh(&world, "b/2.txt", "EX02");
  add_netsh(&world, "a/3.txt", NULL);
  add_netsh(&world, "4.txt", NULL);
  world_build(&world);
  ck_assert_uint_eq(world.hosts->count, 2);
  ck_assert_str_eq(world.bundle->artifacts[2]->host, "EX01");
  ck_assert_str_eq(world.bundle->artifacts[3]->host, "");
  world_end(&world);
}
END_TEST

START_TEST(before_and_after_of_one_computer_are_mixed) {
  struct world world;
  world_start(&world);
  add_server(&world, "before/applicationHost.config", "Old");
  add_netsh(&world, "before/ssl.txt", "EX01");
  add_server(&world, "after/applicationHost.config", "New");
  add_netsh(&world, "after/ssl.txt", "EX01");
  world_build(&world);
  ck_assert_uint_eq(world.hosts->count, 2);
  ck_assert_str_eq(world.hosts->items[0].name, "before");
  ck_assert_str_eq(world.hosts->items[1].name, "after");
  world_end(&world);
}
END_TEST

START_TEST(servers_with_one_configuration_are_mixed) {
  static const struct {
    const char *server, *dump;
    size_t hosts;
  } rows[] = {
      {"EX01/applicationHost.config", "EX02/sslcert.txt", 2},
      {"case/mail-1/applicationHost.config", "case/MAIL-2/sslcert.txt", 2},
      {"E19_applicationHost.config", "e20_sslcert.txt", 2},
      {"EX01/applicationHost.config", "certs/sslcert.txt", 1},
      {"EX01_applicationHost.config", "EX01_sslcert.txt", 1},
      {"part1/applicationHost.config", "part2/sslcert.txt", 1},
      {"v2.0/applicationHost.config", "v4.0/sslcert.txt", 1},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct world world;
    world_start(&world);
    add_server(&world, rows[i].server, "S");
    world_add(&world, rows[i].dump, "netsh-sslcert", "");
    world_build(&world);
    ck_assert_msg(world.hosts->count == rows[i].hosts, "%s and %s: %zu", rows[i].server,
                  rows[i].dump, world.hosts->count);
    if (i == 0) {
      ck_assert_str_eq(world.hosts->items[0].name, "EX01");
      ck_assert_str_eq(world.hosts->items[1].name, "EX02");
    }
    if (i == 2) ck_assert_str_eq(world.hosts->items[1].name_reason, "prefix E20");
    world_end(&world);
  }
}
END_TEST

/* Every row: the paths of netsh dumps, then the server that each must go to. */
START_TEST(dumps_of_two_servers_are_mixed) {
  static const struct {
    const char *paths[4], *hosts[4];
  } rows[] = {
      {{"sslcert-EX01.txt", "sslcert-EX02.txt"}, {"EX01", "EX02"}},
      {{"EX01 sslcert.txt", "EX02 sslcert.txt"}, {"EX01", "EX02"}},
      {{"case/ex01.contoso.com_ssl.txt", "case/ex02.contoso.com_ssl.txt"}, {"EX01", "EX02"}},
      {{"top.txt", "case/deep/EX01/ssl.txt", "case/deep/EX02/ssl.txt"}, {"", "EX01", "EX02"}},
      {{"EX01-1203.zip!a/ssl.txt", "EX02-1204.zip!ssl.txt"}, {"EX01", "EX02"}},
      {{"20241203/EX01/a.txt", "20241203/EX02/a.txt", "20241203/EX02/b.txt"},
       {"EX01", "EX02", "EX02"}},
      {{"case.zip!EX01.tar.gz!ssl.txt", "case.zip!EX02.tar.gz!ssl.txt"}, {"EX01", "EX02"}},
      /* Two collections of one server stay two. */
      {{"EX01-1203.zip!ssl.txt", "EX01-1204.zip!ssl.txt", "EX02-1203.zip!ssl.txt"},
       {"EX01-1203.zip", "EX01-1204.zip", "EX02"}},
      /* Not servers. */
      {{"sslcert1.txt", "sslcert2.txt"}, {"", ""}},
      {{"certutil-my1.txt", "certutil-my2.txt"}, {"", ""}},
      {{"sslcert-EX01.txt", "urlacl.txt"}, {"", ""}},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct world world;
    world_start(&world);
    for (size_t j = 0; j < 4 && rows[i].paths[j]; j++)
      add_netsh(&world, rows[i].paths[j], NULL);
    world_build(&world);
    for (size_t j = 0; j < 4 && rows[i].paths[j]; j++)
      ck_assert_msg(text_equal(world.bundle->artifacts[j]->host, rows[i].hosts[j]),
                    "%s: \"%s\" (%s)", rows[i].paths[j], world.bundle->artifacts[j]->host,
                    world.bundle->artifacts[j]->host_reason);
    world_end(&world);
  }
}
END_TEST

START_TEST(a_server_whose_files_cannot_be_read_is_forgotten) {
  struct world world;
  world_start(&world);
  add_server(&world, "BERLIN/applicationHost.config", "One");
  struct artifact *lost =
      world_add(&world, "MUNICH/applicationHost.config", "web-config", NULL)->artifact;
  world.readings.count--; /* nobody could read it */
  lost->outcome = ARTIFACT_REFUSED;
  add_netsh(&world, "loose.txt", NULL);
  world_build(&world);
  ck_assert_uint_eq(world.hosts->count, 1);
  ck_assert_str_eq(world_text(&world, 0, "//site/@name"), "One");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//sslCertificate)"), 0);
  ck_assert_str_eq(world.bundle->artifacts[2]->host, "");
  world_end(&world);
}
END_TEST

START_TEST(what_was_not_read_belongs_to_nobody) {
  struct world world;
  world_start(&world);
  add_server(&world, "EX01/applicationHost.config", "One");
  add_server(&world, "EX02/inetsrv/config/applicationHost.config", "Two");
  struct artifact *lost = world_add(&world, "EX02/notes.docx", "web-config", NULL)->artifact;
  world.readings.count--;
  lost->outcome = ARTIFACT_NOT_RECOGNISED;
  world_build(&world);
  ck_assert_str_eq(lost->host, "EX02");
  ck_assert_str_eq(lost->host_reason, "its folder");
  world_end(&world);
}
END_TEST

START_TEST(two_files_of_one_path_hide_each_other) {
  struct world world;
  world_start(&world);
  add_server(&world, "case.zip!applicationHost.config", "First");
  struct artifact *again =
      add_server(&world, "case.zip!applicationHost.config (2)", "Second")->artifact;
  again->named = "case.zip!applicationHost.config";
  world_build(&world);
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//sites"), "site"), "ambiguous");
  world_end(&world);
}
END_TEST

START_TEST(a_collectors_file_name_does_not_name_the_server) {
  static const struct {
    const char *path, *host;
  } rows[] = {
      {"WebAppPools/ex01_applicationHost.config", "EX01"},
      {"HealthChecker-EX01-20241203140732.xml", "EX01"},
      {"MAIL-A_TLS_RegistrySettings.reg", "MAIL-A"},
      {"applicationHost.config", ""},
      {"IIS__applicationHost.config", ""},
      {"config__applicationHost.config", ""},
      {"config_applicationHost.config", ""},
      {"old_applicationHost.config", ""},
      {"web config_applicationHost.config", ""},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct world world;
    world_start(&world);
    add_netsh(&world, rows[i].path, NULL);
    world_build(&world);
    ck_assert_str_eq(world.hosts->items[0].name, rows[i].host);
    if (*rows[i].host)
      ck_assert_ptr_nonnull(strstr(world.hosts->items[0].name_reason, rows[i].path));
    world_end(&world);
  }
}
END_TEST

START_TEST(fifty_servers_are_mixed) {
  for (int form = 0; form < 3; form++) {
    struct world world;
    world_start(&world);
    int count = form == 0 ? 50 : 6;
    for (int i = 1; i <= count; i++) {
      static const char *const forms[] = {"case/SRV%02d/inetsrv/config/applicationHost.config",
                                          "SRV%02d.zip!IIS/applicationHost.config",
                                          "SRV%02d_applicationHost.config"};
      static const char *const dumps[] = {"case/SRV%02d/ssl.txt", "SRV%02d.zip!ssl.txt",
                                          "SRV%02d_sslcert.txt"};
      char path[64], site[16], dump[300];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      snprintf(path, sizeof path, forms[form], i);
      snprintf(site, sizeof site, "Site %d", i);
      add_server(&world, path, site);
      snprintf(path, sizeof path, dumps[form], i);
#pragma GCC diagnostic pop
      snprintf(dump, sizeof dump,
               "<sslCertificate record='0.0.0.0:%d' type='ip' ip='0.0.0.0' port='%d' "
               "certificateHash='" HASH_A "' store='my'/>",
               i, i);
      world_add(&world, path, "netsh-sslcert", dump);
    }
    world_build(&world);
    ck_assert_uint_eq(world.hosts->count, (size_t)count);
    for (size_t i = 0; i < (size_t)count; i++) {
      char name[32], site[32];
      snprintf(name, sizeof name, "SRV%02zu", i + 1);
      snprintf(site, sizeof site, "Site %zu", i + 1);
      ck_assert_str_eq(world.hosts->items[i].name, name);
      ck_assert_str_eq(world_text(&world, i, "//site/@name"), site);
      ck_assert_int_eq((int)world_number(&world, i, "number(//sslCertificate/@port)"), (int)i + 1);
      ck_assert_int_eq((int)world_number(&world, i, "count(//sslCertificate)"), 1);
    }
    world_end(&world);
  }
}
END_TEST

START_TEST(folders_of_sites_become_servers) {
  struct world world;
  world_start(&world);
  add_server(&world, "applicationHost.config", "S");
  world_add(&world, "shop1/web.config", "web-config", "<configuration/>");
  world_add(&world, "shop2/web.config", "web-config", "<configuration/>");
  world_build(&world);
  ck_assert_uint_eq(world.hosts->count, 1);
  world_end(&world);
}
END_TEST

START_TEST(a_choice_is_overruled) {
  struct world world;
  world_start(&world);
  add_server(&world, "x/applicationHost.config", "One");
  add_netsh(&world, "y/ssl.txt", "OTHER");
  add_netsh(&world, "z/ssl.txt", NULL);
  static const struct host_choice choices[] = {{"A", "x/*"}, {"A", "y/*"}, {"B", "nothing"}};
  world_build_with(&world, choices, 3, NULL);
  ck_assert_uint_eq(world.hosts->count, 1);
  ck_assert_str_eq(world.hosts->items[0].name, "A");
  ck_assert_str_eq(world.hosts->items[0].name_reason, "--host");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//sslCertificate)"), 1);
  ck_assert_str_eq(world.bundle->artifacts[2]->host, "");
  ck_assert_uint_eq(diags_count(&world.bundle->diags, DIAG_WARNING), 2);
  world_end(&world);
}
END_TEST

START_TEST(a_choice_of_two_servers_under_one_name_is_not_told) {
  struct world world;
  world_start(&world);
  add_netsh(&world, "x/ssl.txt", "EX01");
  add_netsh(&world, "y/ssl.txt", "ex01.contoso.com");
  add_netsh(&world, "z/ssl.txt", "EX02");
  static const struct host_choice choices[] = {{"EX01", "*"}};
  world_build_with(&world, choices, 1, NULL);
  ck_assert_uint_eq(world.hosts->count, 1);
  ck_assert_uint_eq(diags_count(&world.bundle->diags, DIAG_WARNING), 1);
  ck_assert_str_eq(world.bundle->diags.items[0].file, "z/ssl.txt");
  world_end(&world);
}
END_TEST

START_TEST(the_fleet_knows_more_than_its_servers) {
  struct world world;
  world_start(&world);
  add_server(&world, "EX01/applicationHost.config", "One");
  world_add(&world, "EX01/my.txt", "certutil-store",
            "<store location='LocalMachine' name='My' complete='true'>"
            "<certificate thumbprint='" HASH_A "'/></store>"
            "<store location='LocalMachine' name='WebHosting' complete='true'>"
            "<certificate thumbprint='" HASH_A "'/></store>"
            "<store location='LocalMachine' name='Root' complete='true'>"
            "<certificate thumbprint='" HASH_B "'/></store>");
  add_server(&world, "EX02/applicationHost.config", "Two");
  world_build(&world);
  xmlNode *fleet = xmlDocGetRootElement(hosts_fleet(world.hosts));
  xmlNode *one = node_child(fleet, "server"), *two = node_next(one, "server");
  ck_assert_str_eq(node_get(one, "name"), "EX01");
  xmlNode *certificate = node_child(one, "serverCertificate");
  ck_assert_str_eq(node_get(certificate, "thumbprint"), HASH_A);
  ck_assert_ptr_null(node_next(certificate, "serverCertificate"));
  ck_assert_ptr_null(world_mark(one, "serverCertificate"));
  ck_assert_str_eq(world_mark(two, "serverCertificate"), "not-in-bundle");
  world_end(&world);
}
END_TEST

/* ---- Sites -------------------------------------------------------------------------------- */

START_TEST(defaults_are_not_in_force) {
  struct world world;
  world_start(&world);
  char *xml = server_xml(
      "<site name='A' id='1' serverAutoStart='False'><applicationDefaults applicationPool='Own'/>"
      "<application path='/'/><application path='/App/' applicationPool='Named'/></site>"
      "<site name='B' id='2'><application path='/'/><bindings/></site>"
      "<site name='C' id='3' serverAutoStart='maybe'><bindings><clear/></bindings></site>"
      "<siteDefaults serverAutoStart='true'><bindings>"
      "<binding protocol='HTTPS' bindingInformation=':443:Host.Com'/></bindings></siteDefaults>"
      "<applicationDefaults applicationPool='DefaultAppPool'/>",
      "");
  world_add(&world, "applicationHost.config", "application-host", xml);
  alloc_free(xml);
  world_build(&world);
  ck_assert_str_eq(world_known(&world, 0, "//site[@key='a']", "serverAutoStart"), "false");
  ck_assert_str_eq(world_known(&world, 0, "//site[@key='b']", "serverAutoStart"), "true");
  ck_assert_str_eq(world_known(&world, 0, "//site[@key='c']", "serverAutoStart"), "?");
  ck_assert_str_eq(world_known(&world, 0, "//application[@key='a']", "applicationPool"), "Own");
  ck_assert_str_eq(world_known(&world, 0, "//application[@key='a/app']", "applicationPool"),
                   "Named");
  ck_assert_str_eq(world_known(&world, 0, "//application[@key='b']", "applicationPool"),
                   "DefaultAppPool");
  const char *binding = "//site[@key='b']/bindings/binding";
  ck_assert_str_eq(world_known(&world, 0, binding, "protocol"), "https");
  ck_assert_str_eq(world_known(&world, 0, binding, "ip"), "*");
  ck_assert_str_eq(world_known(&world, 0, binding, "host"), "host.com");
  ck_assert_str_eq(world_known(&world, 0, binding, "sslFlags"), "0");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//site[@key='c']//binding)"), 0);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//host/sites/siteDefaults)"), 0);
  ck_assert_int_eq((int)world_number(
                       &world, 0, "count(//section[@path='system.applicationHost/sites']/sites/*)"),
                   2);
  ck_assert_str_eq(world_known(&world, 0, "//applicationPool[@key='defaultapppool']", "name"),
                   "DefaultAppPool");
  world_end(&world);
}
END_TEST

START_TEST(a_file_brings_facts_that_only_joins_may_make) {
  struct world world;
  world_start(&world);
  char *xml = server_xml(
      "<site name='A' id='1' key='exchange back end' ip='x' xmlns:e='urn:siteglass:evidence'>"
      "<e:unknown of='binding' under='bindings' reason='limit' needs=''/>text"
      "<bindings protocol='x'><binding protocol='https' bindingInformation='*:443:' "
      "sslFlags='zero' "
      "ip='1.2.3.4' port='444' host='h' key='k'><certificateBinding usable='true' "
      "conflict='true'/>"
      "</binding><application path='/x'/></bindings>"
      "<logFile><bindings><binding protocol='https'/></bindings></logFile><limits "
      "maxBandwidth='1'/>"
      "<application key='k' path='/'><certificate thumbprint='x'/></application></site>",
      "");
  world_add(&world, "applicationHost.config", "application-host", xml);
  alloc_free(xml);
  world_build(&world);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//sites//certificateBinding)"), 0);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//sites//binding)"), 1);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//sites//certificate)"), 0);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//sites//logFile)"), 0);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//sites/site/limits)"), 1);
  ck_assert_str_eq(world_known(&world, 0, "//site", "key"), "a");
  ck_assert_str_eq(world_known(&world, 0, "//binding", "port"), "443");
  ck_assert_str_eq(world_known(&world, 0, "//binding", "sslFlags"), "?");
  ck_assert_str_eq(world_known(&world, 0, "//application", "key"), "a");
  ck_assert_ptr_null(world_mark(world_node(&world, 0, "//bindings"), "binding"));
  ck_assert_uint_ge(diags_count(&world.bundle->diags, DIAG_WARNING), 3);
  world_end(&world);
}
END_TEST

START_TEST(a_file_without_sites_is_a_server_without_sites) {
  static const struct {
    const char *xml, *reason;
  } rows[] = {
      {"<configuration><system.applicationHost/></configuration>", "ambiguous"},
      {"<configuration><system.applicationHost><sites configSource='s.xml'/>"
       "</system.applicationHost></configuration>",
       "not-in-bundle"},
      {"<configuration><system.applicationHost><sites configProtectionProvider='x'>"
       "<EncryptedData/></sites></system.applicationHost></configuration>",
       "encrypted"},
      {"<configuration><system.applicationHost><sites/></system.applicationHost></configuration>",
       NULL},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct world world;
    world_start(&world);
    world_add(&world, "applicationHost.config", "application-host", rows[i].xml);
    world_build(&world);
    const char *mark = world_mark(world_node(&world, 0, "//sites"), "site");
    ck_assert_msg(text_equal(mark, rows[i].reason), "%s: %s", rows[i].xml, mark);
    world_end(&world);
  }
}
END_TEST

START_TEST(get_webbinding_alone_proves_more_than_it_can) {
  struct world world;
  world_start(&world);
  world_add(
      &world, "GetWebBinding.xml", "get-webbinding",
      "<site name='Exchange Back End' id='2'>"
      "<binding protocol='https' bindingInformation='*:444:' sslFlags='0' certificateHash='" HASH_A
      "' certificateStoreName='My'/><binding protocol='http' bindingInformation='*:81:' "
      "sslFlags='0' certificateHash=''/></site>");
  world_build(&world);
  const char *binding = "//site[@key='exchange back end']/bindings/binding[@port='444']";
  ck_assert_str_eq(world_known(&world, 0, binding, "protocol"), "https");
  ck_assert_str_eq(
      world_known(
          &world, 0,
          "//site[@key='exchange back end']/bindings/binding[@port='444']/certificateBinding",
          "certificateHash"),
      HASH_A);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//binding/@certificateHash)"), 0);
  static const char *const hidden[][2] = {{"//sites", "site"},
                                          {"//bindings", "binding"},
                                          {"//site", "application"},
                                          {"//site", "@serverAutoStart"}};
  for (size_t i = 0; i < 4; i++)
    ck_assert_str_eq(world_mark(world_node(&world, 0, hidden[i][0]), hidden[i][1]),
                     "not-in-bundle");
  ck_assert_str_eq(world_text(&world, 0, "//sites/ev:unknown[@of='site']/@needs"),
                   "application-host");
  world_end(&world);
}
END_TEST

/* ---- A server without Exchange ------------------------------------------------------------- */

START_TEST(a_server_without_exchange_lacks_its_exports) {
  static const struct {
    const char *site, *more;
    bool marked;
  } rows[] = {
      {"Default Web Site", NULL, false},
      {"Exchange Back End", NULL, true},
      {"Default Web Site", "get-authconfig", true},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    for (int broken = 0; broken < 2; broken++) {
      struct world world;
      world_start(&world);
      struct reading *server = add_server(&world, "applicationHost.config", rows[i].site);
      if (broken) world_break(server, UNKNOWN_TRUNCATED, 3, "cut");
      if (rows[i].more) world_add(&world, "GetAuthConfig.xml", rows[i].more, "");
      world_build(&world);
      const char *mark = world_mark(world_node(&world, 0, "//exchange"), "exchangeCertificate");
      ck_assert_msg((mark != NULL) == (rows[i].marked || broken), "%zu, %d", i, broken);
      world_end(&world);
    }
  }
}
END_TEST

/* ---- A real one --------------------------------------------------------------------------------
 */

static char *read_shared(const char *path) {
  FILE *file = fopen(path, "rb");
  ck_assert_ptr_nonnull(file);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = alloc_bytes((size_t)size + 1);
  ck_assert_uint_eq(fread(text, 1, (size_t)size, file), (size_t)size);
  fclose(file);
  char *plain = alloc_text(strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text);
  alloc_free(text);
  return plain;
}

START_TEST(a_real_exchange_server_is_misread) {
  NEEDS_SHARED();
  struct world world;
  world_start(&world);
  char *xml = read_shared(SITEGLASS_SHARED_DIR "/data/exchange/E19/IIS/applicationHost.config");
  world_add(&world, "IIS/applicationHost.config", "application-host", xml);
  alloc_free(xml);
  world_build(&world);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//sites/site)"), 2);
  ck_assert_str_eq(world_known(&world, 0,
                               "//site[@key='exchange back end']/bindings/binding[@port='444']",
                               "ip"),
                   "*");
  ck_assert_int_eq((int)world_number(&world, 0,
                                     "count(//site[@key='default web "
                                     "site']/bindings/binding[@protocol='https'][@port='443'])"),
                   2);
  const struct configuration *configuration = world.hosts->items[0].configuration;
  struct configuration_answer answer = configuration_value(
      configuration, "default web site/powershell", "system.webServer/security/access/@sslFlags");
  ck_assert_str_eq(answer.value, "SslNegotiateCert");
  ck_assert(!answer.uncertain);
  ck_assert_str_eq(world_text(&world, 0, "//product[@name='Exchange']/@basis"),
                   "site Exchange Back End");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//applicationPools/applicationPool[@name])"),
                   (int)world_number(&world, 0, "count(//applicationPool)"));
  world_end(&world);
}
END_TEST

CHECK_MAIN("evidence/hosts", {
  tcase_add_test(tests, a_bundle_of_nothing_has_no_host);
  tcase_add_test(tests, a_stated_name_is_not_used);
  tcase_add_test(tests, two_servers_become_one);
  tcase_add_test(tests, zips_of_two_servers_become_one);
  tcase_add_test(tests, a_damaged_server_joins_its_neighbour);
  tcase_add_test(tests, two_computer_names_become_one_server);
  tcase_add_test(tests, before_and_after_of_one_computer_are_mixed);
  tcase_add_test(tests, servers_with_one_configuration_are_mixed);
  tcase_add_test(tests, folders_of_sites_become_servers);
  tcase_add_test(tests, dumps_of_two_servers_are_mixed);
  tcase_add_test(tests, a_server_whose_files_cannot_be_read_is_forgotten);
  tcase_add_test(tests, what_was_not_read_belongs_to_nobody);
  tcase_add_test(tests, two_files_of_one_path_hide_each_other);
  tcase_add_test(tests, a_collectors_file_name_does_not_name_the_server);
  tcase_add_test(tests, fifty_servers_are_mixed);
  tcase_add_test(tests, a_choice_is_overruled);
  tcase_add_test(tests, a_choice_of_two_servers_under_one_name_is_not_told);
  tcase_add_test(tests, the_fleet_knows_more_than_its_servers);
  tcase_add_test(tests, defaults_are_not_in_force);
  tcase_add_test(tests, a_file_brings_facts_that_only_joins_may_make);
  tcase_add_test(tests, a_file_without_sites_is_a_server_without_sites);
  tcase_add_test(tests, get_webbinding_alone_proves_more_than_it_can);
  tcase_add_test(tests, a_server_without_exchange_lacks_its_exports);
  tcase_add_test(tests, a_real_exchange_server_is_misread);
})
