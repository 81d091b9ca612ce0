/* What `siteglass evidence` shows: places, no secrets, nothing that a terminal obeys. */
#include "check_main.h"

#include "support_world.h"

#include <string.h>

static char *print(const char *sites, const char *locations) {
  struct world world;
  world_start(&world);
  char *xml = server_xml(sites, locations);
  world_add(&world, "IIS/applicationHost.config", "application-host", xml);
  alloc_free(xml);
  world_build(&world);
  char *text = host_print(&world.hosts->items[0], world.bundle);
  char *again = host_print(&world.hosts->items[0], world.bundle);
  ck_assert_str_eq(text, again);
  alloc_free(again);
  world_end(&world);
  return text;
}

START_TEST(an_element_is_printed_without_its_place) {
  char *text = print("<site name='A &amp; &lt;B&gt;' id='1'>\n<application path='/'/></site>", "");
  ck_assert_ptr_nonnull(strstr(text, "<site name=\"A &amp; &lt;B&gt;\" id=\"1\""));
  ck_assert_ptr_nonnull(strstr(text, "ev:at=\"IIS/applicationHost.config:9:1\""));
  ck_assert_ptr_nonnull(strstr(text, "\n  </host>\n</evidence>\n"));
  alloc_free(text);
}
END_TEST

START_TEST(a_secret_is_printed) {
  char *text = print(
      "<site name='A' id='1'><application path='/'><virtualDirectory path='/' physicalPath='c:\\' "
      "userName='u' password='hunter2a'/></application></site>",
      "<location path='A'><system.web><machineKey validationKey='hunter2b' "
      "decryptionKey='hunter2c'/>"
      "<add name='DbPassword' value='hunter2d'/><add connectionString='x;hunter2e'/>"
      "<add value='Server=x;Password=hunter2f'/><x y='[enc:P:hunter2g:enc]'/>"
      "<add pwd='hunter2i' token='hunter2j' accountKey='hunter2k' passphrase='hunter2l' "
      "sasToken='hunter2m' authKey='hunter2n' apiKey='hunter2o' clientSecret='hunter2p' "
      "sessionKey='hunter2v' "
      "encryptionKey='hunter2w'/>"
      "<environmentVariable name='x' value='hunter2q'/><add key='GitToken' value='hunter2r'/>"
      "<add key='MainConnection' value='hunter2s'/>"
      "<add key='url' value='see https://u:hunter2t@a.example/p and ftp://hunter2u@b'/>"
      "<add key='mail' value='https://c.example/x@y'/>"
      "<EncryptedData><CipherValue>hunter2h</CipherValue></EncryptedData>"
      "<add key='c' value='Endpoint=sb://x/;SharedAccessKey=hunter2x='/>"
      "<aspNetCore arguments='app.dll --password hunter2y'/>"
      "<x arguments='-d mysqli.default_pw=hunter2z'/><x y='a &quot;client_secret&quot;: hunter2A'/>"
      "<add name='Authorization' value='Basic hunter2B'/>"
      "<add name='X-Api-Key' value='hunter2C'/>"
      "<environmentVariables><add name='x' value='hunter2D'/></environmentVariables>"
      "<x type='A.B, C, PublicKeyToken=b03f5f7f11d50a3a'/><x path='/password/reset.aspx?a=b'/>"
      "<add key='ok' value='shown'/></system.web></location>");
  ck_assert_ptr_nonnull(strstr(text, "b03f5f7f11d50a3a"));
  ck_assert_ptr_nonnull(strstr(text, "/password/reset.aspx?a=b"));
  ck_assert_ptr_null(strstr(text, "hunter2"));
  ck_assert_ptr_nonnull(strstr(text, "(not shown)"));
  ck_assert_ptr_nonnull(
      strstr(text, "see https://(not shown)@a.example/p and ftp://(not shown)@b\""));
  ck_assert_ptr_nonnull(strstr(text, "https://c.example/x@y"));
  ck_assert_ptr_nonnull(strstr(text, "userName=\"u\""));
  ck_assert_ptr_nonnull(strstr(text, "value=\"shown\""));
  alloc_free(text);
}
END_TEST

START_TEST(a_terminal_obeys_a_value) {
  char *text = print("<site name='a\xC2\x9B"
                     "31m\xE2\x80\xAE z&#9;&#10;' id='1'/>",
                     "");
  ck_assert_ptr_nonnull(strstr(text, "a&#x9B;31m&#x202E; z&#x9;&#xA;"));
  ck_assert_ptr_null(strstr(text, "\xC2\x9B"));
  alloc_free(text);
}
END_TEST

START_TEST(a_prefix_of_the_customer_breaks_the_places) {
  char *text = print("<site name='a' id='1'><limits xmlns:ev='urn:other' ev:at='theirs'>"
                     "<x ev:y='1'/></limits></site>",
                     "");
  ck_assert_ptr_nonnull(strstr(text, "<limits xmlns:ev=\"urn:other\" ev:at=\"theirs\">"));
  ck_assert_ptr_nonnull(strstr(text, "<x ev:y=\"1\"/>"));
  alloc_free(text);
}
END_TEST

CHECK_MAIN("evidence/print", {
  tcase_add_test(tests, an_element_is_printed_without_its_place);
  tcase_add_test(tests, a_secret_is_printed);
  tcase_add_test(tests, a_terminal_obeys_a_value);
  tcase_add_test(tests, a_prefix_of_the_customer_breaks_the_places);
})
