/* HealthChecker's own export: objects of other kinds inside, configuration files as text. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/text.h"
#include "support_text.h"

#include <string.h>

#define OBJS "<Objs Version='1.1.0.1' xmlns='http://schemas.microsoft.com/powershell/2004/04'>"
#define SERVER_TYPE "Microsoft.Exchange.Data.Directory.Management.ExchangeServer"
#define BINDING                                                                                    \
  "<Obj RefId='31'><MS><S N='protocol'>https</S><S N='bindingInformation'>*:444:</S>"              \
  "<I64 N='sslFlags'>0</I64><S N='certificateHash'>0123456789ABCDEF0123456789ABCDEF01234567</S>"   \
  "<S N='certificateStoreName'>My</S></MS></Obj>"
#define SITE                                                                                       \
  "<Obj RefId='30'><MS><S N='Name'>Exchange Back End</S><I64 N='Id'>2</I64><S N='State'>Started"   \
  "</S><S N='PhysicalPath'>C:\\x</S><Obj N='Bindings' RefId='32'><LST>" BINDING                    \
  "</LST></Obj></MS></Obj>"
#define FILE_INFO(number, location, content)                                                       \
  "<Obj RefId='" number "'><MS><S N='Location'>" location "</S><S N='Content'>" content            \
  "</S></MS></Obj>"
#define CONFIG "&lt;configuration&gt;_x000D__x000A_&lt;/configuration&gt;"

static const char export[] = OBJS
    "<Obj RefId='0'><MS><DT N='GenerationTime'>2026-02-03T04:05:06Z</DT>"
    "<S N='HealthCheckerVersion'>26.01.01</S><S N='ServerName'>EX01</S>"
    "<Obj N='ExchangeInformation' RefId='1'><MS>"
    "<Obj N='GetExchangeServer' RefId='2'><TN RefId='0'><T>" SERVER_TYPE "</T></TN><Props>"
    "<S N='Name'>EX01</S></Props></Obj>"
    "<S N='TooDeep'>Microsoft.Exchange.Data.Something</S>"
    "<Obj N='IISSettings' RefId='3'><MS><S N='ApplicationHostConfig'>" CONFIG
    "</S><Obj N='IISWebSite' RefId='4'><LST>" SITE "</LST></Obj>"
    "<Obj N='Files' RefId='5'><LST>" FILE_INFO("50", "C:\\inetpub\\wwwroot\\web.config", CONFIG)
        FILE_INFO("51", "\\\\share\\web.config", CONFIG) FILE_INFO("52", "C:\\..\\x", CONFIG)
            FILE_INFO("53", "C:\\notes.txt",
                      "just words") "</LST></Obj></MS></Obj></MS></Obj></MS></Obj></Objs>";

static const struct reading *of_kind(const struct run *run, const char *kind) {
  for (size_t i = 0; i < run->readings.count; i++)
    if (text_equal(run->readings.items[i].kind, kind)) return &run->readings.items[i];
  ck_abort_msg("no %s", kind);
}

START_TEST(what_healthchecker_collected_is_lost) {
  struct run run = text_run("HealthChecker-EX01-20260203.xml", export, strlen(export));
  ck_assert_uint_eq(run.bundle.count, 3);
  ck_assert_str_eq(run.bundle.artifacts[1]->path,
                   "HealthChecker-EX01-20260203.xml!applicationHost.config");
  ck_assert_str_eq(run.bundle.artifacts[2]->path,
                   "HealthChecker-EX01-20260203.xml!C/inetpub/wwwroot/web.config");
  static const char *const kinds[] = {"healthchecker", "get-exchangeserver", "get-website",
                                      "application-host", "web-config"};
  for (size_t i = 0; i < 3; i++)
    ck_assert_str_eq(of_kind(&run, kinds[i])->computer, "EX01");
  for (size_t i = 0; i < run.readings.count; i++)
    ck_assert_str_eq(run.readings.items[i].computer, "EX01");
  ck_assert(of_kind(&run, "healthchecker")->has_newest);
  const struct reading *sites = of_kind(&run, "get-website");
  text_is(run_fact(sites, "binding", 0), "certificateHash",
          "0123456789ABCDEF0123456789ABCDEF01234567");
  text_is(run_fact(of_kind(&run, "get-exchangeserver"), "exchangeServer", 0), "name", "EX01");
  run_end(&run);
}
END_TEST

START_TEST(one_text_becomes_a_thousand_files) {
  struct buffer text = buffer_make(1 << 20);
  buffer_add_text(&text,
                  OBJS "<Obj RefId='0'><MS><S N='HealthCheckerVersion'>1</S>"
                       "<S N='GenerationTime'>x</S><Obj N='a' RefId='1'><ToString>&lt;a&gt;");
  for (size_t i = 0; i < 2000; i++)
    buffer_add_text(&text, "xxxxxxxxxx");
  buffer_add_text(&text, "</ToString></Obj>");
  for (size_t i = 0; i < 100; i++)
    buffer_add_text(&text, "<Obj N='b'><MS><S N='Location'>C:\\a</S><Ref N='Content' RefId='1'/>"
                           "</MS></Obj>");
  buffer_add_text(&text, "</MS></Obj></Objs>");
  struct run run = text_run("h.xml", buffer_text(&text), text.size);
  ck_assert_uint_lt(run.bundle.count, 4);
  ck_assert_int_eq(run.bundle.artifacts[0]->outcome, ARTIFACT_PARTLY_READ);
  buffer_dispose(&text);
  run_end(&run);
}
END_TEST

CHECK_MAIN("readers/healthchecker", {
  tcase_add_test(tests, what_healthchecker_collected_is_lost);
  tcase_add_test(tests, one_text_becomes_a_thousand_files);
})
