/* `certutil -v`: extensions, key providers, and whose store it is. */
#include "check_main.h"

#include "base/buffer.h"
#include "support_certutil.h"

/* An entry of -v with these extensions and properties. */
static struct run run_with(const char *extensions, const char *properties) {
  struct buffer text = buffer_make(1 << 20);
  buffer_add_format(&text, "%s%s%s%s%s", VERBOSE_HEAD, extensions, VERBOSE_HASHES, properties,
                    SHA1_PROPERTY(HEX_A) DONE);
  struct run run = run_of(buffer_text(&text));
  buffer_dispose(&text);
  return run;
}

static xmlNode *only(struct run *run) {
  return certificate(text_reading(run, "certutil-store", true), 0);
}

#define USAGE                                                                                      \
  "    2.5.29.15: Flags = 1(Critical), Length = 4\n    Key Usage\n        Digital (f0)\n\n"
#define SAN "    2.5.29.17: Flags = 0, Length = 50\n    Subject Alternative Name\n"
#define EKU "    2.5.29.37: Flags = 0, Length = 16\n    Enhanced Key Usage\n"
#define COUNT(n) "Certificate Extensions: " n "\n"

static const struct {
  const char *extensions, *names, *purposes; /* names: "type=value ", NULL: not known */
} rows[] = {
    {COUNT("1") USAGE, "", "any"},
    {COUNT("3") USAGE EKU "        Server Authentication (1.3.6.1.5.5.7.3.1)\n"
                          "        Unknown Key Usage (1.2.3.4)\n\n" SAN
                          "        DNS Name=Mail.Contoso.com\n        DNS Name=*.contoso.com\n"
                          "        IP Address=10.0.0.1\n        IP Address=fe80:0::1\n"
                          "        RFC822 Name=It@contoso.com\n        URL=http://x/\n"
                          "        Other Name:\n             Principal Name=a@b\n\n",
     "dns=mail.contoso.com dns=*.contoso.com ip=10.0.0.1 ip=fe80::1 email=It@contoso.com ",
     "1.3.6.1.5.5.7.3.1 1.2.3.4"},
    /* German, and a kind whose label nobody here knows */
    {COUNT("1") SAN "        DNS-Name=a.de\n        IP-Adresse=10.0.0.1\n", "dns=a.de ip=10.0.0.1 ",
     "any"},
    {COUNT("1") SAN "        DNS-Name=a.de\n        Sonstiges=b.de\n", NULL, "any"},
    {COUNT("1") SAN "        IP-Adresse=keine\n", NULL, "any"},
    /* fewer than announced, and none announced */
    {COUNT("2") USAGE, NULL, NULL},
    {USAGE, NULL, NULL},
    {COUNT("1") EKU "        Server Authentication\n", "", NULL},
    {"", NULL, NULL},
};

START_TEST(an_extension_is_read_wrongly) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct run run = run_with(rows[i].extensions, "");
    xmlNode *node = only(&run);
    struct buffer names = buffer_make(1 << 16);
    for (xmlNode *name = node_child(node, "name"); name; name = node_next(name, "name"))
      buffer_add_format(&names, "%s=%s ", node_get(name, "type"), node_get(name, "value"));
    text_is(node, "namesKnown", rows[i].names ? "true" : NULL);
    ck_assert_str_eq(buffer_text(&names), rows[i].names ? rows[i].names : "");
    text_is(node, "extendedKeyUsage", rows[i].purposes);
    buffer_dispose(&names);
    run_end(&run);
  }
}
END_TEST

START_TEST(a_key_identifier_is_read_wrongly) {
  struct run run =
      run_with(COUNT("2") "    2.5.29.14: Flags = 0, Length = 16\n    Subject Key Identifier\n"
                          "        60 7b 66 1A\n\n    2.5.29.35: Flags = 0, Length = 18\n"
                          "    Authority Key Identifier\n        KeyID=aabb01\n",
               "");
  text_is(only(&run), "subjectKeyIdentifier", "607B661A");
  text_is(only(&run), "authorityKeyIdentifier", "AABB01");
  run_end(&run);
  run = run_with(COUNT("1") "    2.5.29.35: Flags = 0, Length = 18\n    x\n        Zert=aabb01\n",
                 "");
  text_is(only(&run), "subjectKeyIdentifier", "");
  text_is(only(&run), "authorityKeyIdentifier", NULL);
  run_end(&run);
}
END_TEST

/* A name may go on in the next line of a console that is 80 columns wide. */
START_TEST(a_wrapped_name_is_believed) {
  for (int width = 79; width <= 80; width++) {
    char *san = alloc_format(COUNT("1") SAN "        DNS Name=%0*d\n", width - 17, 7);
    struct run run = run_with(san, "");
    text_is(only(&run), "namesKnown", width == 80 ? NULL : "true");
    run_end(&run);
    alloc_free(san);
  }
}
END_TEST

#define STATE(flags) "  CERT_ACCESS_STATE_PROP_ID(14):\n    AccessState = 6\n" flags "\n"
#define SYSTEM "    CERT_ACCESS_STATE_SYSTEM_STORE_FLAG -- 2\n"
#define MACHINE "    CERT_ACCESS_STATE_LM_SYSTEM_STORE_FLAG -- 4\n"
#define POLICY "    CERT_ACCESS_STATE_GP_SYSTEM_STORE_FLAG -- 8\n"

START_TEST(the_store_of_a_user_counts_as_the_machines) {
  static const char *const states[][2] = {{STATE(SYSTEM MACHINE), "LocalMachine"},
                                          {STATE(SYSTEM), "CurrentUser"},
                                          {STATE(SYSTEM POLICY), "LocalMachine"},
                                          {"", "LocalMachine"}};
  for (size_t i = 0; i < 4; i++) {
    struct run run = run_with("", states[i][0]);
    text_is(store(text_reading(&run, "certutil-store", true), 0), "location", states[i][1]);
    run_end(&run);
  }
  static const char *const paths[][2] = {{"hkcu-my.txt", "CurrentUser"},
                                         {"CurrentUser/my.txt", "CurrentUser"},
                                         {"Users/x/my.txt", "LocalMachine"},
                                         {"certutil-enterprise-NTAuth.txt", "Enterprise"},
                                         {"certutil_GroupPolicy_root.txt", "GroupPolicy"}};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    struct run run = text_run(paths[i][0], MY_STORE, strlen(MY_STORE));
    text_is(store(text_reading(&run, "certutil-store", true), 0), "location", paths[i][1]);
    run_end(&run);
  }
}
END_TEST

START_TEST(a_provider_is_invented_or_lost) {
  struct run run = run_with("", KEY_LINK);
  text_is(only(&run), "keyProvider", "Microsoft y");
  text_is(only(&run), "hasPrivateKey", "true");
  run_end(&run);
  run = run_with("", "");
  text_is(only(&run), "keyProvider", "");
  run_end(&run);
  run = run_of(MY_STORE);
  text_is(only(&run), "keyProvider", "Microsoft Software Key Storage Provider");
  text_is(certificate(run_reading(&run, 0), 1), "keyProvider", "");
  run_end(&run);
  /* what stands in place of the key part stands behind keys as well: then it says nothing */
  run = run_of("My\n" HEAD("0", "CN=a") "Cert Hash(sha1): " HEX_A "\n" WITH_KEY
                                        "Certificate is valid\n\n" HEAD(
                                            "1", "CN=b") "Cert Hash(sha1): " HEX_B
                                                         "\nCertificate is valid\n" DONE);
  text_is(certificate(run_reading(&run, 0), 1), "keyProvider", NULL);
  text_is(certificate(run_reading(&run, 0), 1), "hasPrivateKey", NULL);
  run_end(&run);
}
END_TEST

START_TEST(a_key_whose_test_failed_is_believed) {
  static const char *const ends[][2] = {{"Encryption test passed\n", "true"},
                                        {"Encryption test FAILED\n", NULL},
                                        {"Missing stored keyset\n", NULL}};
  for (size_t i = 0; i < 3; i++) {
    struct buffer text = buffer_make(1 << 20);
    buffer_add_format(&text, "%s%s", VERBOSE_HEAD VERBOSE_HASHES KEY_LINK SHA1_PROPERTY(HEX_A),
                      ends[i][0]);
    buffer_add_text(&text, DONE);
    struct run run = run_of(buffer_text(&text));
    text_is(only(&run), "hasPrivateKey", ends[i][1]);
    run_end(&run);
    buffer_dispose(&text);
  }
}
END_TEST

CHECK_MAIN("readers/certutil_verbose", {
  tcase_add_test(tests, an_extension_is_read_wrongly);
  tcase_add_test(tests, a_key_identifier_is_read_wrongly);
  tcase_add_test(tests, a_wrapped_name_is_believed);
  tcase_add_test(tests, the_store_of_a_user_counts_as_the_machines);
  tcase_add_test(tests, a_provider_is_invented_or_lost);
  tcase_add_test(tests, a_key_whose_test_failed_is_believed);
})
