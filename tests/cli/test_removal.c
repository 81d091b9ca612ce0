/* The law that every rule is held to: take any artifacts away, and a verdict may
 * become unknown or stay; it never becomes another one. Three self-made servers,
 * subsets of their artifacts, every rule, end to end. All 512 subsets of each held when they
 * were tried; the few of each run find what a new rule or reader breaks. */
#include "check_main.h"
#include "cli/support_program.h"
#include "cli/support_removal.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"

#include <string.h>

static const char *const artifacts[] = {"applicationHost.config",
                                        "sslcert.txt",
                                        "certutil-my.txt",
                                        "GetExchangeCertificate.xml",
                                        "GetAuthConfig.xml",
                                        "GetWebBinding.xml",
                                        "mail.cer",
                                        "certutil-webhosting.txt",
                                        "web.config"};
/* The sanitizers look for other defects and cost ten times the time: every fifth. */
#ifdef __SANITIZE_ADDRESS__
enum { STRIDE = 5 };
#else
enum { STRIDE = 1 };
#endif
enum { ARTIFACTS = sizeof artifacts / sizeof *artifacts, SUBSETS = 1 << ARTIFACTS, OTHERS = 4 };

/* ---- what the samples do not have ---- */

#define MAIL "37A174A666F07B8BB332B7FE0C462776E46CEC82"
#define BACKEND "F6F4501B6059B0EFF5EF4D9F17E4144D21387C47"

static void add_binding(struct buffer *out, int id, const char *protocol, const char *information,
                        const char *hash, const char *site, int site_id) {
  buffer_add_format(
      out,
      "<Obj RefId=\"%d\"><TN RefId=\"%d\"><T>Microsoft.IIs.PowerShell.Framework."
      "ConfigurationElement#bindings#binding</T><T>Microsoft.IIs.PowerShell.Framework."
      "ConfigurationElement</T><T>System.Object</T></TN><ToString>%s %s</ToString><MS>"
      "<S N=\"protocol\">%s</S><S N=\"bindingInformation\">%s</S><I64 N=\"sslFlags\">0</I64>"
      "<B N=\"isDsMapperEnabled\">false</B><S N=\"certificateHash\">%s</S>"
      "<S N=\"certificateStoreName\">%s</S><S N=\"ItemXPath\">/system.applicationHost/sites/"
      "site[@name='%s' and @id='%d']</S></MS></Obj>\n",
      id, id, protocol, information, protocol, information, hash, hash[0] ? "MY" : "", site,
      site_id);
}

static void write_bindings(const char *folder, bool ailing) {
  struct buffer out = buffer_make(1 << 20);
  buffer_add_text(&out, "\xef\xbb\xbf<Objs Version=\"1.1.0.1\" "
                        "xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n");
  add_binding(&out, 0, "http", "*:80:", "", "Default Web Site", 1);
  add_binding(&out, 1, "https", ":443:", MAIL, "Default Web Site", 1);
  add_binding(&out, 2, "http", "127.0.0.1:80:", "", "Default Web Site", 1);
  if (!ailing) add_binding(&out, 3, "https", "127.0.0.1:443:", MAIL, "Default Web Site", 1);
  if (!ailing) add_binding(&out, 4, "http", "*:81:", "", "Exchange Back End", 2);
  add_binding(&out, 5, "https", "*:444:", BACKEND, "Exchange Back End", 2);
  buffer_add_text(&out, "</Objs>\n");
  folder_write_text(folder, "GetWebBinding.xml", out.data);
  buffer_dispose(&out);
}

/* The certificate of the front end as PEM, from the export's own RawData. */
static void write_certificate(const char *folder) {
  size_t size;
  char *export = file_read(sample("kb2779694-broken/GetExchangeCertificate.xml"), &size);
  char *object = strstr(export, "CN=mail.contoso.com");
  char *data = object ? strstr(object, "RawData\">") : NULL;
  ck_assert_ptr_nonnull(data);
  data += strlen("RawData\">");
  struct buffer out = buffer_make(1 << 16);
  buffer_add_text(&out, "-----BEGIN CERTIFICATE-----\n");
  for (size_t left = strcspn(data, "<"); left;) {
    size_t line = left < 64 ? left : 64;
    buffer_add(&out, data, line);
    buffer_add_char(&out, '\n');
    data += line;
    left -= line;
  }
  buffer_add_text(&out, "-----END CERTIFICATE-----\n");
  folder_write_text(folder, "mail.cer", out.data);
  buffer_dispose(&out);
  alloc_free(export);
}

/* ---- three servers ---- */

static char *server_of_sample(const char *name) {
  char *folder = folder_new();
  for (size_t i = 0; i < 5; i++) {
    char *from = path_of(sample(name), artifacts[i]);
    folder_copy(folder, artifacts[i], from);
    alloc_free(from);
  }
  write_bindings(folder, false);
  write_certificate(folder);
  folder_write_text(folder, "certutil-webhosting.txt",
                    "WebHosting \"Web Hosting\"\n"
                    "CertUtil: -store command completed successfully.\n");
  folder_write_text(folder, "web.config",
                    "<configuration><system.webServer><defaultDocument enabled=\"true\"/>"
                    "</system.webServer></configuration>\n");
  return folder;
}

/* Replaces the text from `from` up to (not including) `to`; both must be there. */
static void edit(const char *folder, const char *name, const char *from, const char *to,
                 const char *by) {
  size_t size;
  char *path = path_of(folder, name), *text = file_read(path, &size);
  char *start = strstr(text, from), *end = start ? strstr(start + 1, to) : NULL;
  ck_assert_msg(end != NULL, "%s has no %s ... %s", name, from, to);
  struct buffer out = buffer_make(1 << 24);
  buffer_add(&out, text, (size_t)(start - text));
  buffer_add_text(&out, by);
  buffer_add_text(&out, end);
  folder_write(folder, name, out.data, out.size);
  buffer_dispose(&out);
  alloc_free(text);
  alloc_free(path);
}

/* What only netsh can tell: clients of IPv6 get a certificate that is nowhere. */
static void add_nearer_record(const char *folder) {
  edit(folder, "sslcert.txt", "0.0.0.0:8172", "    Application ID",
       "[::]:443\r\n    Certificate Hash             : "
       "abababababababababababababababababababab\r\n");
}

/* Other defects: bindings missing, SSL required on PowerShell, a key lost. */
static char *ailing_server(void) {
  char *folder = server_of_sample("kb2779694-healthy");
  edit(folder, "applicationHost.config",
       "<binding protocol=\"https\" bindingInformation=\"127.0.0.1:443:\"", "</bindings>", "");
  edit(folder, "applicationHost.config", "<binding protocol=\"http\" bindingInformation=\"*:81:\"",
       "<binding protocol=\"https\" bindingInformation=\"*:444:\"", "");
  edit(folder, "applicationHost.config", "sslFlags=\"SslNegotiateCert\"", " />",
       "sslFlags=\"Ssl, SslNegotiateCert\"");
  edit(folder, "certutil-my.txt", "  Key Container = b272776720e35c90a59599da70a48941",
       "\r\n\r\n================ Certificate 3",
       "No key provider information\r\n"
       "Cannot find the certificate and private key for decryption.");
  edit(folder, "GetExchangeCertificate.xml", "<Obj RefId=\"2\">", "<Obj RefId=\"3\">", "");
  write_bindings(folder, true);
  add_nearer_record(folder);
  return folder;
}

/* ---- the law ---- */

static struct check_run check_subset(char *const *paths, unsigned subset, const char *as_of) {
  const char *arguments[ARTIFACTS + 3] = {"--as-of", as_of};
  size_t count = 2;
  for (unsigned i = 0; i < ARTIFACTS; i++)
    if (subset & 1u << i) arguments[count++] = paths[i];
  return check_json(arguments);
}

static void say_subset(struct buffer *without, unsigned subset) {
  for (unsigned i = 0; i < ARTIFACTS; i++)
    if (!(subset & 1u << i)) buffer_add_format(without, " -%s", artifacts[i]);
}

/* Which of the 512 are tried: one or two left out, one alone, and some of the others. */
static bool is_tried(unsigned subset, unsigned some) {
  unsigned kept = 0;
  for (unsigned i = 0; i < ARTIFACTS; i++)
    kept += subset >> i & 1;
  if (kept == 1 || kept >= ARTIFACTS - 2) return true;
  return (subset * 197 + some) % SUBSETS < OTHERS;
}

static void holds_for(char *folder, const char *as_of, unsigned some,
                      const char *const *must_fail) {
  char *paths[ARTIFACTS];
  for (size_t i = 0; i < ARTIFACTS; i++)
    paths[i] = path_of(folder, artifacts[i]);
  struct check_run whole = check_subset(paths, SUBSETS - 1, as_of);
  for (; *must_fail; must_fail++)
    ck_assert_msg(text_equal(verdict_of(&whole, *must_fail), "fail"), "%s is %s on all evidence",
                  *must_fail, verdict_of(&whole, *must_fail));
  struct buffer wrong = buffer_make(3000); /* Check takes no longer message */
  size_t wrongs = 0;
  for (unsigned subset = 1, tried = 0; subset < SUBSETS - 1; subset++) {
    if (!is_tried(subset, some) || tried++ % STRIDE != 0) continue;
    struct check_run part = check_subset(paths, subset, as_of);
    ck_assert_msg(part.report != NULL, "subset %u: status %d\n%s", subset, part.run.status,
                  part.run.err);
    struct buffer without = buffer_make(1000);
    say_subset(&without, subset);
    wrongs += removal_compare(&whole, &part, buffer_text(&without), &wrong);
    buffer_dispose(&without);
    check_dispose(&part);
  }
  ck_assert_msg(wrongs == 0, "%zu wrong verdicts:\n%s", wrongs, buffer_text(&wrong));
  buffer_dispose(&wrong);
  check_dispose(&whole);
  for (size_t i = 0; i < ARTIFACTS; i++)
    alloc_free(paths[i]);
  folder_remove(folder);
}

START_TEST(a_healthy_server_changes_its_verdicts_when_artifacts_are_missing) {
  holds_for(server_of_sample("kb2779694-healthy"), "2026-03-02", 0, (const char *const[]){NULL});
}
END_TEST

START_TEST(a_broken_server_changes_its_verdicts_when_artifacts_are_missing) {
  holds_for(server_of_sample("kb2779694-broken"), "2026-03-02", 171,
            (const char *const[]){"exchange-backend-certificate-missing", NULL});
}
END_TEST

START_TEST(an_ailing_server_changes_its_verdicts_when_artifacts_are_missing) {
  holds_for(ailing_server(), "2028-01-01", 342,
            (const char *const[]){
                "powershell-requires-ssl", "exchange-backend-http-binding-missing",
                "default-web-site-loopback-binding-missing",
                "bound-certificate-without-private-key", "certificate-in-service-expired",
                "https-binding-without-usable-certificate", NULL});
}
END_TEST

CHECK_MAIN("cli/removal", {
  tcase_add_test(tests, a_healthy_server_changes_its_verdicts_when_artifacts_are_missing);
  tcase_add_test(tests, a_broken_server_changes_its_verdicts_when_artifacts_are_missing);
  tcase_add_test(tests, an_ailing_server_changes_its_verdicts_when_artifacts_are_missing);
})
