/* The schema's facts as a tree: types, keys, collections, and what an older IIS had. */
#include "check_main.h"

#include "evidence/config_value.h"
#include "evidence/iis_schema.h"

#include <string.h>

static const struct schema_attribute *attribute_of(const struct iis_schema *schema,
                                                   const char *path, const char *child,
                                                   const char *name) {
  const struct schema_section *section = iis_schema_section(schema, path);
  ck_assert_ptr_nonnull(section);
  const struct schema_element *element = section->root;
  if (child) element = schema_child(element, child);
  ck_assert_ptr_nonnull(element);
  return schema_attribute(element, name);
}

START_TEST(a_default_of_an_older_version_is_the_newest_one) {
  static const struct {
    const char *version, *path, *child, *name, *value;
  } rows[] = {
      {NULL, "system.webServer/urlCompression", NULL, "doDynamicCompression", "true"},
      {"10.0", "system.webServer/httpCompression", NULL, "minFileSizeForComp", "2700"},
      {"7.0", "system.webServer/httpCompression", NULL, "minFileSizeForComp", "256"},
      {"7.5", "system.applicationHost/applicationPools", "applicationPoolDefaults",
       "managedRuntimeVersion", "v2.0"},
      {"8.0", "system.applicationHost/applicationPools", "applicationPoolDefaults",
       "managedRuntimeVersion", ""},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct iis_schema *schema = iis_schema_new(rows[i].version);
    const struct schema_attribute *attribute =
        attribute_of(schema, rows[i].path, rows[i].child, rows[i].name);
    ck_assert_ptr_nonnull(attribute);
    ck_assert_str_eq(attribute->value, rows[i].value);
    iis_schema_free(schema);
  }
}
END_TEST

START_TEST(a_collection_has_another_shape) {
  struct iis_schema *schema = iis_schema_new(NULL);
  size_t before = 0;
  for (size_t i = 0; i < iis_schema_section_count(schema); i++)
    ck_assert_ptr_nonnull(iis_schema_section_at(schema, i)->path);
  static const char *const firsts[][2] = {{"system.webServer/handlers", NULL},
                                          {"system.webServer/defaultDocument", "files"},
                                          {"system.webServer/caching", "profiles"},
                                          {"system.web/authorization", NULL},
                                          {"system.web/httpHandlers", NULL}};
  for (size_t i = 0; i < 5; i++) {
    const struct schema_element *element = iis_schema_section(schema, firsts[i][0])->root;
    if (firsts[i][1]) element = schema_child(element, firsts[i][1]);
    before += element->collection->before;
  }
  ck_assert_uint_eq(before, 5);
  const struct schema_element *modules =
      iis_schema_section(schema, "system.webServer/modules")->root;
  ck_assert(!modules->collection->before);
  const struct schema_element *windows =
      iis_schema_section(schema, "system.webServer/security/authentication/windowsAuthentication")
          ->root;
  const struct schema_collection *spns = schema_child(windows, "extendedProtection")->collection;
  ck_assert_str_eq(spns->adds[0], "spn");
  ck_assert_str_eq(spns->remove, "removeSpn");
  ck_assert_str_eq(spns->clear, "clearSpns");
  const struct schema_collection *rules =
      iis_schema_section(schema, "system.web/authorization")->root->collection;
  ck_assert(schema_adds(rules, "allow") && schema_adds(rules, "deny") &&
            !schema_adds(rules, "add"));
  ck_assert(rules->duplicates && !rules->remove);
  const struct schema_collection *sites =
      iis_schema_section(schema, "system.applicationHost/sites")->root->collection;
  ck_assert_str_eq(sites->defaults, "siteDefaults");
  ck_assert_str_eq(sites->item->collection->item->collection->adds[0], "virtualDirectory");
  ck_assert(iis_schema_group(schema, "system.webServer/security"));
  ck_assert(!iis_schema_group(schema, "system.webServer/security/access"));
  iis_schema_free(schema);
}
END_TEST

static const struct {
  const char *section, *child, *name, *value, *why; /* why NULL: IIS takes it */
} values[] = {
    {"system.webServer/httpErrors", NULL, "errorMode", "custom", NULL},
    {"system.webServer/httpErrors", NULL, "errorMode", "Loud",
     "Enum must be one of DetailedLocalOnly, Custom, Detailed"},
    {"system.webServer/security/access", NULL, "sslFlags", "Ssl,SslNegotiateCert", NULL},
    {"system.webServer/security/access", NULL, "sslFlags", "", NULL},
    {"system.webServer/security/access", NULL, "sslFlags", "Tls",
     "Flags must be some combination of None, Ssl, SslNegotiateCert, SslRequireCert, Ssl128"},
    {"system.webServer/validation", NULL, "validateIntegratedModeConfiguration", "False", NULL},
    {"system.webServer/validation", NULL, "validateIntegratedModeConfiguration", "yes",
     "Not a valid boolean"},
    {"system.webServer/serverRuntime", NULL, "frequentHitThreshold", "0",
     "Integer value must be between 1 and 2147483647 inclusive"},
    {"system.webServer/serverRuntime", NULL, "frequentHitThreshold", "-1",
     "Not a valid unsigned integer"},
    {"system.webServer/cgi", NULL, "timeout", "00:15:00", NULL},
    {"system.webServer/cgi", NULL, "timeout", "quarter", "Not a valid time span"},
    {"system.applicationHost/applicationPools", "applicationPoolDefaults", "name", "a/b",
     "Invalid application pool name"},
    {"system.applicationHost/sites", "applicationDefaults", "path", "/a/../b",
     "Invalid application path"},
    {"system.applicationHost/sites", "applicationDefaults", "path", "/", NULL},
    {"system.applicationHost/sites", "siteDefaults", "name", "a?b", "Invalid site name"},
};

START_TEST(a_value_is_taken_or_refused_otherwise) {
  struct iis_schema *schema = iis_schema_new(NULL);
  const struct schema_attribute *attribute =
      attribute_of(schema, values[_i].section, values[_i].child, values[_i].name);
  ck_assert_ptr_nonnull(attribute);
  char *why = config_value_refused(attribute, values[_i].value);
  if (values[_i].why) {
    ck_assert_ptr_nonnull(why);
    ck_assert_str_eq(why, values[_i].why);
  } else {
    ck_assert_msg(!why, "%s", why);
  }
  alloc_free(why);
  iis_schema_free(schema);
}
END_TEST

START_TEST(a_value_is_written_otherwise) {
  struct iis_schema *schema = iis_schema_new(NULL);
  const struct schema_attribute *flags =
      attribute_of(schema, "system.webServer/security/access", NULL, "sslFlags");
  const struct schema_attribute *span =
      attribute_of(schema, "system.webServer/cgi", NULL, "timeout");
  static const char *const pairs[][2] = {{"ssl128,SSL", "Ssl, Ssl128"},
                                         {"None", "None"},
                                         {"", ""},
                                         {"Tls", "Tls"},
                                         {"[enc:P:eA==:enc]", "[enc:P:...:enc]"},
                                         {"[enc:P::enc]", ""},
                                         {"[enc:P:enc]", "[enc:P:enc]"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    char *written = config_value_written(flags, pairs[i][0]);
    ck_assert_str_eq(written, pairs[i][1]);
    alloc_free(written);
  }
  char *written = config_value_written(span, "29:00:00");
  ck_assert_str_eq(written, "1.05:00:00");
  alloc_free(written);
  iis_schema_free(schema);
}
END_TEST

CHECK_MAIN("evidence/iis_schema", {
  tcase_add_test(tests, a_default_of_an_older_version_is_the_newest_one);
  tcase_add_test(tests, a_collection_has_another_shape);
  tcase_add_loop_test(tests, a_value_is_taken_or_refused_otherwise, 0,
                      sizeof values / sizeof *values);
  tcase_add_test(tests, a_value_is_written_otherwise);
})
