/* The law at this level: take any artifacts away, cut any of them, and a fact
 * stays what it was or becomes unknown; it never changes and never becomes
 * "known to be absent". */
#include "check_main.h"

#include "base/text.h"
#include "support_world.h"

#include <string.h>

#define HASH_C "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"

struct source {
  const char *path, *kind, *xml;
  const char *cut; /* what is left when it is cut off */
};

#define SITES                                                                                      \
  "<site name='Default Web Site' id='1'><application path='/'/><application path='/owa'/>"         \
  "<bindings><binding protocol='https' bindingInformation=':443:' sslFlags='0'/>"                  \
  "<binding protocol='https' bindingInformation='127.0.0.1:443:' sslFlags='0'/>"                   \
  "<binding protocol='https' bindingInformation='*:443:www.a.com' sslFlags='1'/>"                  \
  "<binding protocol='http' bindingInformation='*:80:'/></bindings></site>"                        \
  "<site name='Exchange Back End' id='2'><application path='/'/>"                                  \
  "<bindings><binding protocol='https' bindingInformation='*:444:' "                               \
  "sslFlags='0'/></bindings></site>"
#define RECORD(ip, port, hash)                                                                     \
  "<sslCertificate record='" ip ":" port "' type='ip' ip='" ip "' port='" port                     \
  "' certificateHash='" hash "' store='my'/>"
#define TOLD(info, flags, hash)                                                                    \
  "<binding protocol='https' bindingInformation='" info "' sslFlags='" flags                       \
  "' certificateHash='" hash "' certificateStoreName='My'/>"
#define CERTIFICATE(hash, more)                                                                    \
  "<certificate thumbprint='" hash "' subject='CN=x' notAfter='2030-01-01T00:00:00Z' "             \
  "notAfterLatest='2030-01-01T00:00:00Z' " more "/>"

/* A healthy server, and one whose certificates are gone: HASH_B is nowhere. */
#define BUNDLE(back_end, store, exported)                                                          \
  {                                                                                                \
    {"applicationHost.config", "application-host", SITES, NULL},                                   \
        {"sslcert.txt", "netsh-sslcert",                                                           \
         RECORD("0.0.0.0", "443", HASH_A) RECORD("127.0.0.1", "443", HASH_A)                       \
             RECORD("0.0.0.0", "444", back_end),                                                   \
         RECORD("0.0.0.0", "443", HASH_A)},                                                        \
        {"GetWebBinding.xml", "get-webbinding",                                                    \
         "<site name='Default Web Site' id='1'>" TOLD(":443:", "0",                                \
                                                      HASH_A) TOLD("127.0.0.1:443:", "0", HASH_A)  \
             TOLD("*:443:www.a.com", "1",                                                          \
                  "") "</site><site name='Exchange Back End' id='2'>" TOLD("*:444:", "0",          \
                                                                           back_end) "</site>",    \
         "<site name='Default Web Site' id='1'>" TOLD(":443:", "0", HASH_A) "</site>"},            \
        {"my.txt", "certutil-store",                                                               \
         "<store location='LocalMachine' name='My' complete='true'>" store "</store>",             \
         "<store location='LocalMachine' name='My'/>"},                                            \
        {"GetExchangeCertificate.xml", "get-exchangecertificate", exported, ""}, {                 \
      "GetAuthConfig.xml", "get-authconfig",                                                       \
          "<authConfig currentCertificateThumbprint='" HASH_C "' "                                 \
          "previousCertificateThumbprint='' nextCertificateThumbprint=''/>",                       \
          ""                                                                                       \
    }                                                                                              \
  }
enum { SOURCES = 6 };

static const struct source bundles[2][SOURCES] = {
    BUNDLE(HASH_B,
           CERTIFICATE(HASH_A, "hasPrivateKey='true'") CERTIFICATE(HASH_B, "hasPrivateKey='true'")
               CERTIFICATE(HASH_C, "hasPrivateKey='true'"),
           CERTIFICATE(HASH_A, "") CERTIFICATE(HASH_B, "")
               CERTIFICATE(HASH_C, "") "<exchangeCertificate thumbprint='" HASH_A
                                       "' services='IIS' status='Valid'/>"),
    BUNDLE(HASH_B, CERTIFICATE(HASH_A, "hasPrivateKey='false'"),
           "<exchangeCertificate thumbprint='" HASH_A "' services='IIS' status='Valid'/>"),
};

static const char *const questions[][2] = {
    {"//sites/site[@key='default web site']/bindings/binding[@ip='*'][@port='443'][@host='']/"
     "certificateBinding",
     "certificateHash"},
    {"//sites/site[@key='default web site']/bindings/binding[@ip='*'][@port='443'][@host='']/"
     "certificateBinding",
     "usable"},
    {"//sites/site[@key='default web site']/bindings/binding[@ip='127.0.0.1']/certificateBinding",
     "certificateHash"},
    {"//sites/site[@key='default web site']/bindings/binding[@host='www.a.com']/certificateBinding",
     "certificateHash"},
    {"//sites/site[@key='exchange back end']/bindings/binding[@port='444']/certificateBinding",
     "certificateHash"},
    {"//sites/site[@key='exchange back end']/bindings/binding[@port='444']/certificateBinding",
     "inStore"},
    {"//sites/site[@key='exchange back end']/bindings/binding[@port='444']/certificateBinding",
     "hasPrivateKey"},
    {"//sites/site[@key='exchange back end']/bindings/binding[@port='444']/certificateBinding",
     "usable"},
    {"//sites/site[@key='exchange back end']/bindings/binding[@port='444']", "protocol"},
    {"//sites/site[@key='exchange back end']", "serverAutoStart"},
    {"//sites/site[@key='default web site']/application[@path='/owa']", "key"},
    {"//exchange/authConfig", "currentCertificateThumbprint"},
    {"//exchange/authConfig", "usable"},
    {"//exchange/exchangeCertificate[@thumbprint='" HASH_A "']", "services"},
    {"//certificates/certificate[@thumbprint='" HASH_A "']", "notAfter"},
    {"//certificates/certificate[@thumbprint='" HASH_B "']", "notAfter"},
    {"//certificates/certificate[@thumbprint='" HASH_C "']", "notAfter"},
    {"//httpSys/sslCertificate[@port='444']", "certificateHash"},
    {"//configurationErrors/configurationError", "hresult"},
    {"//products/product[@name='Exchange']", "name"},
    {"//applicationPools/applicationPool[@key='defaultapppool']", "name"},
};
enum { QUESTIONS = sizeof questions / sizeof *questions };

enum fate { KEPT, REMOVED, CUT };

static void add(struct world *world, const struct source *source, enum fate fate) {
  if (fate == REMOVED) return;
  char *xml = NULL;
  if (strcmp(source->kind, "application-host") == 0)
    xml = fate == KEPT ? server_xml(source->xml, "") : NULL;
  else
    xml = alloc_text(fate == KEPT ? source->xml : source->cut);
  struct reading *reading = world_add(world, source->path, source->kind, xml);
  if (fate == CUT) world_break(reading, UNKNOWN_TRUNCATED, 1, "cut");
  alloc_free(xml);
}

static void answers(int bundle, const enum fate *fates, char *out[QUESTIONS]) {
  struct world world;
  world_start(&world);
  for (size_t i = 0; i < SOURCES; i++)
    add(&world, &bundles[bundle][i], fates[i]);
  world_build(&world);
  for (size_t i = 0; i < QUESTIONS; i++)
    out[i] = alloc_text(world_known(&world, 0, questions[i][0], questions[i][1]));
  world_end(&world);
}

/* A cut applicationHost.config adds the finding that it is damaged. */
static bool may_appear(size_t question, const enum fate *fates) {
  return strstr(questions[question][0], "configurationError") && fates[0] == CUT;
}

static void compare(int bundle, int combination, char *const full[QUESTIONS]) {
  enum fate fates[SOURCES];
  for (size_t i = 0; i < SOURCES; i++, combination /= 3)
    fates[i] = (enum fate)(combination % 3);
  char *left[QUESTIONS];
  answers(bundle, fates, left);
  for (size_t i = 0; i < QUESTIONS; i++) {
    bool fine = strcmp(left[i], full[i]) == 0 || strcmp(left[i], "?") == 0 || may_appear(i, fates);
    ck_assert_msg(fine, "bundle %d, fates %d%d%d%d%d%d: %s/@%s was %s and became %s", bundle,
                  fates[0], fates[1], fates[2], fates[3], fates[4], fates[5], questions[i][0],
                  questions[i][1], full[i], left[i]);
    alloc_free(left[i]);
  }
}

START_TEST(less_evidence_changes_a_fact) {
  static const enum fate all[SOURCES] = {KEPT};
  char *full[QUESTIONS];
  answers(_i, all, full);
  for (size_t i = 0; i < QUESTIONS; i++)
    ck_assert_msg(strcmp(full[i], "?") != 0, "%s/@%s is not known with everything there",
                  questions[i][0], questions[i][1]);
  for (int combination = 1; combination < 729; combination++)
    compare(_i, combination, full);
  for (size_t i = 0; i < QUESTIONS; i++)
    alloc_free(full[i]);
}
END_TEST

CHECK_MAIN("evidence/removal", { tcase_add_loop_test(tests, less_evidence_changes_a_fact, 0, 2); })
