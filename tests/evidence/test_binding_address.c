/* bindingInformation, a row per form. */
#include "check_main.h"

#include "evidence/binding_address.h"

#include <string.h>

static const struct {
  const char *text, *ip, *port, *host;
} forms[] = {
    {"*:443:", "*", "443", ""},
    {":443:", "*", "443", ""},
    {"0.0.0.0:443:", "*", "443", ""},
    {"127.0.0.1:443:", "127.0.0.1", "443", ""},
    {"*:0443:", "*", "443", ""},
    {" *:80: ", "*", "80", ""},
    {"010.1.002.3:80:", "10.1.2.3", "80", ""},
    {"*:80:WWW.Contoso.com", "*", "80", "www.contoso.com"},
    {":8080:localhost", "*", "8080", "localhost"},
    {"*:80:*.contoso.com.", "*", "80", "*.contoso.com"},
    {"[::1]:443:", "[::1]", "443", ""},
    {"[::]:443:", "[::]", "443", ""},
    {"[FE80::1%14]:443:Mail", "[fe80::1]", "443", "mail"},
    {"[2001:0db8:0:0:0:0:0:1]:65535:", "[2001:db8::1]", "65535", ""},
    {"[1:0:0:2:0:0:0:3]:1:", "[1:0:0:2::3]", "1", ""},
    {"[1:2:3:4:5:6:7::]:1:", "[1:2:3:4:5:6:7:0]", "1", ""},
    {"[::ffff:10.0.0.1]:80:", "[::ffff:a00:1]", "80", ""},
};

static const char *const not_forms[] = {
    "",
    "443",
    "*:443",
    "*:0:",
    "*:65536:",
    "*:161902:h",
    "*:http:",
    ":",
    "::",
    "1.1.1:80:",
    "1.1.1.1.1:80:h",
    "256.1.1.1:80:",
    "*:-1:",
    "* :80:x",
    "[::1:443:",
    "::1:443:",
    "[]:443:",
    "[1::2::3]:443:",
    "[1:2]:80:",
    "[12345::]:80:",
    "[::g]:80:",
    "[1:2:3:4:5:6:7:8:9]:80:",
    "[:]:80:",
    "808:*",
};

START_TEST(a_form_is_read_wrongly) {
  struct binding_address address;
  ck_assert_msg(binding_address_parse(forms[_i].text, &address), "%s", forms[_i].text);
  ck_assert_str_eq(address.ip, forms[_i].ip);
  ck_assert_str_eq(address.port, forms[_i].port);
  ck_assert_str_eq(address.host, forms[_i].host);
}
END_TEST

START_TEST(something_else_is_taken_for_an_address) {
  struct binding_address address;
  ck_assert_msg(!binding_address_parse(not_forms[_i], &address), "%s", not_forms[_i]);
}
END_TEST

START_TEST(the_address_of_a_record_loses_its_zeros) {
  char ip[48];
  ck_assert(binding_ip_normalise(span_of("0.0.0.0"), true, ip));
  ck_assert_str_eq(ip, "0.0.0.0");
  ck_assert(binding_ip_normalise(span_of("[0:0::0]"), true, ip));
  ck_assert_str_eq(ip, "[::]");
}
END_TEST

START_TEST(a_host_of_256_bytes_is_cut) {
  char text[300] = "*:80:";
  memset(text + 5, 'a', 256);
  struct binding_address address;
  ck_assert(!binding_address_parse(text, &address));
  text[5 + 255] = '\0';
  ck_assert(binding_address_parse(text, &address));
}
END_TEST

CHECK_MAIN("evidence/binding_address", {
  tcase_add_loop_test(tests, a_form_is_read_wrongly, 0, sizeof forms / sizeof *forms);
  tcase_add_loop_test(tests, something_else_is_taken_for_an_address, 0,
                      sizeof not_forms / sizeof *not_forms);
  tcase_add_test(tests, the_address_of_a_record_loses_its_zeros);
  tcase_add_test(tests, a_host_of_256_bytes_is_cut);
})
