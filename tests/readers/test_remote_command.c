/* What the commands in a text asked of another computer is not this one's. */
#include "check_main.h"

#include "base/text.h"
#include "support_text.h"

#include <string.h>

#define STORE                                                                                      \
  "My \"Personal\"\r\n================ Certificate 0 ================\r\n"                         \
  "Serial Number: 01\r\nIssuer: CN=a\r\n NotBefore: 1/31/2025 1:00 AM\r\n"                         \
  " NotAfter: 1/31/2035 1:00 AM\r\nSubject: CN=a\r\nSignature matches Public Key\r\n"              \
  "Root Certificate: Subject matches Issuer\r\n"                                                   \
  "Cert Hash(sha1): 0123456789abcdef0123456789abcdef01234567\r\n"                                  \
  "No key provider information\r\nCannot find the certificate and private key for decryption.\r\n" \
  "CertUtil: -store command completed successfully.\r\n\r\n"
#define RECORDS                                                                                    \
  "\r\nSSL Certificate bindings: \r\n------------------------- \r\n\r\n"                           \
  "    IP:port                      : 0.0.0.0:443\r\n"                                             \
  "    Certificate Hash             : 0123456789abcdef0123456789abcdef01234567\r\n"                \
  "    Application ID               : {4dc3e181-e14b-4a21-b022-59fc669b0914}\r\n"                  \
  "    Certificate Store Name       : MY\r\n"                                                      \
  "    Verify Client Certificate Revocation : Enabled\r\n\r\n\r\n"

static struct run run;

static struct reading *read_text(const char *text) {
  run = text_run("console.txt", text, strlen(text));
  return run_reading(&run, 0);
}

START_TEST(the_output_of_another_computer_is_this_ones) {
  static const struct {
    const char *text, *computer;
  } rows[] = {
      {"C:\\>certutil -store \\\\EX02\\My\r\n" STORE, "EX02"},
      {"C:\\>certutil -store \"\\\\ex02.contoso.com\\My\"\r\n" STORE, "ex02.contoso.com"},
      {"\r\n\\\\EX02:\r\n\r\n" STORE, "EX02"},
      {"[EX02]: PS C:\\>certutil -store My\r\n" STORE, "EX02"},
      {"C:\\>netsh -r EX02 http show sslcert\r\n" RECORDS, "EX02"},
      {"C:\\>reg query \\\\EX02\\HKLM\\SOFTWARE\\a /s\r\n\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\a\r\n"
       "    b    REG_SZ    c\r\n\r\n",
       "EX02"},
      {"C:\\>certutil -store My\r\n" STORE, NULL},
      {"C:\\>netsh http show sslcert > \\\\srv\\share\\x.txt\r\n" RECORDS, NULL},
      {"C:\\>netsh -r localhost http show sslcert\r\n" RECORDS, NULL},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct reading *reading = read_text(rows[i].text);
    ck_assert_msg(reading != NULL, "row %zu", i);
    if (rows[i].computer)
      ck_assert_str_eq(reading->computer, rows[i].computer);
    else
      ck_assert_ptr_null(reading->computer);
    ck_assert(reading->complete);
    run_end(&run);
  }
}
END_TEST

START_TEST(the_output_of_two_computers_is_one_servers) {
  static const char *const texts[] = {"[EX01]: PS C:\\>certutil -store My\r\n" STORE
                                      "[EX02]: PS C:\\>certutil -store My\r\n" STORE,
                                      "C:\\>certutil -store \\\\10.1.2.3\\My\r\n" STORE};
  for (size_t i = 0; i < 2; i++) {
    struct reading *reading = read_text(texts[i]);
    ck_assert_uint_eq(run_count(reading, "store"), 0);
    ck_assert(!reading->complete);
    run_end(&run);
  }
}
END_TEST

CHECK_MAIN("readers/remote_command", {
  tcase_add_test(tests, the_output_of_another_computer_is_this_ones);
  tcase_add_test(tests, the_output_of_two_computers_is_one_servers);
})
