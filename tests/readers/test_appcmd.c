/* appcmd list site, app, vdir, apppool in all forms of its output. */
#include "check_main.h"

#include "base/text.h"
#include "support_text.h"

#include <string.h>

static struct run run;

static struct reading *read_text(const char *text) {
  run = text_run("list.txt", text, strlen(text));
  return run_reading(&run, 0);
}

#define INFORMATION "https/[fe80::1]:443:a.b,http/*:80:"
#define CONFIG                                                                                     \
  "<site name='A \"b\"' id='7' serverAutoStart='false'><bindings>"                                 \
  "<binding protocol='https' bindingInformation='[fe80::1]:443:a.b' sslFlags='1'/>"                \
  "<binding protocol='http' bindingInformation='*:80:'/></bindings>"                               \
  "<application path='/' applicationPool='p'><virtualDirectory path='/' physicalPath='C:\\x'/>"    \
  "</application></site>"

static const struct {
  const char *text;
  const char *state, *flags;
  size_t applications;
} forms[] = {
    {"SITE \"A \"b\"\" (id:7,bindings:" INFORMATION ",state:Stopped)\r\n"
     "APP \"A \"b\"/\" (applicationPool:p)\r\nVDIR \"A \"b\"/\" (physicalPath:C:\\x)\r\n",
     "Stopped", NULL, 1},
    {"SITE\r\n  SITE.NAME:\"A \"b\"\"\r\n  SITE.ID:\"7\"\r\n  bindings:\"" INFORMATION
     "\"\r\n  state:\"Stopped\"\r\n  [site]\r\n    name:\"x\"\r\n    state:\"y\"\r\n",
     "Stopped", NULL, 0},
    {"SITE\r\n  SITE.NAME: A \"b\"\r\n  SITE.ID: 7\r\n  bindings: " INFORMATION
     "\r\n  state: Stopped\r\n",
     "Stopped", NULL, 0},
    {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<appcmd><SITE SITE.NAME='A \"b\"' SITE.ID='7' "
     "bindings='" INFORMATION "' state='Stopped'/></appcmd>",
     "Stopped", NULL, 0},
    {"<appcmd><SITE SITE.NAME='A \"b\"' SITE.ID='7' bindings='x' state='Stopped'>" CONFIG
     "</SITE></appcmd>",
     "Stopped", "1", 1},
    {CONFIG, NULL, "1", 1},
};

START_TEST(a_form_of_a_site_is_misread) {
  struct reading *reading = read_text(forms[_i].text);
  ck_assert_ptr_nonnull(reading);
  ck_assert_str_eq(reading->kind, "appcmd");
  ck_assert(reading->complete);
  const xmlNode *site = run_fact(reading, "site", 0), *binding = run_fact(reading, "binding", 0);
  text_is(site, "name", "A \"b\"");
  text_is(site, "id", "7");
  text_is(site, "state", forms[_i].state);
  text_is(site, "bindings", "all");
  ck_assert_uint_eq(run_count(reading, "binding"), 2);
  text_is(binding, "protocol", "https");
  text_is(binding, "bindingInformation", "[fe80::1]:443:a.b");
  text_is(binding, "sslFlags", forms[_i].flags);
  ck_assert_uint_eq(run_count(reading, "application"), forms[_i].applications);
  run_end(&run);
}
END_TEST

START_TEST(a_pool_is_misread) {
  static const char *const texts[] = {
      "APPPOOL \"P (1)\" (MgdVersion:v4.0,MgdMode:Integrated,state:Stopped)\n",
      "<appcmd><APPPOOL APPPOOL.NAME='P (1)' PipelineMode='Integrated' state='Stopped'/></appcmd>",
      "APPPOOL\n  APPPOOL.NAME:\"P (1)\"\n  PipelineMode:\"Integrated\"\n  state:\"Stopped\"\n"};
  for (size_t i = 0; i < 3; i++) {
    struct reading *reading = read_text(texts[i]);
    ck_assert_ptr_nonnull(reading);
    text_is(run_fact(reading, "applicationPool", 0), "name", "P (1)");
    text_is(run_fact(reading, "applicationPool", 0), "state", "Stopped");
    run_end(&run);
  }
}
END_TEST

START_TEST(bindings_with_a_comma_pass_for_all) {
  struct reading *reading = read_text("SITE \"A\" (id:1,bindings:http/*:80:a,b,state:Started)\n");
  text_is(run_fact(reading, "site", 0), "bindings", NULL);
  run_end(&run);
}
END_TEST

static const struct {
  const char *path;
  bool read, complete;
  size_t sites, bindings;
} real[] = {
    {"01.txt", true, true, 3, 3},   {"02.txt", true, true, 1, 1}, {"03.xml", true, false, 0, 0},
    {"04.txt", false, false, 0, 0}, {"05.xml", true, true, 2, 4}, {"06.xml", true, true, 1, 1},
};

START_TEST(a_real_listing_is_misread) {
  NEEDS_SHARED();
  char *path = alloc_format("formats/appcmd/%s", real[_i].path);
  run = text_run_shared(path);
  alloc_free(path);
  struct reading *reading = run_reading(&run, 0);
  ck_assert_int_eq(reading != NULL && text_equal(reading->kind, "appcmd"), real[_i].read);
  if (real[_i].read) {
    ck_assert_int_eq(reading->complete, real[_i].complete);
    ck_assert_uint_eq(reading->facts ? run_count(reading, "site") : 0, real[_i].sites);
    ck_assert_uint_eq(reading->facts ? run_count(reading, "binding") : 0, real[_i].bindings);
  }
  run_end(&run);
}
END_TEST

CHECK_MAIN("readers/appcmd", {
  tcase_add_loop_test(tests, a_form_of_a_site_is_misread, 0, (int)(sizeof forms / sizeof *forms));
  tcase_add_test(tests, a_pool_is_misread);
  tcase_add_test(tests, bindings_with_a_comma_pass_for_all);
  tcase_add_loop_test(tests, a_real_listing_is_misread, 0, (int)(sizeof real / sizeof *real));
})
