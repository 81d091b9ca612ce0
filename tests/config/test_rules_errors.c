/* Rules of iis-config.md, section 5: what IIS answers, and to what. */
#include "config/support_suite.h"

#include "base/alloc.h"

/* ---- an attribute that the schema does not have, in every section ---- */

static const char *const sections[] = {"applicationInitialization",
                                       "asp",
                                       "caching",
                                       "cgi",
                                       "defaultDocument",
                                       "directoryBrowse",
                                       "fastCgi",
                                       "globalModules",
                                       "handlers",
                                       "httpCompression",
                                       "httpErrors",
                                       "httpLogging",
                                       "httpProtocol",
                                       "httpRedirect",
                                       "httpTracing",
                                       "isapiFilters",
                                       "modules",
                                       "odbcLogging",
                                       "serverRuntime",
                                       "serverSideInclude",
                                       "staticContent",
                                       "urlCompression",
                                       "validation",
                                       "webSocket"};

static void make(struct rule_cases *cases) {
  for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
    char *name = alloc_format("5-0x8007000d-unrecognized-attribute-of-%s", sections[i]);
    rule_cases_add(cases, name,
                   "--- applicationHost.config\n{{head}}<system.webServer>\n"
                   "@1@<%s noSuchAttribute=\"1\"/>\n</system.webServer>{{foot}}\n--- expect\n"
                   "error 0x8007000d | applicationHost.config | @1 | "
                   "Unrecognized attribute 'noSuchAttribute'\n",
                   sections[i]);
    alloc_free(name);
  }
}

int main(void) {
  static const char *const files[] = {"5-errors.txt", NULL};
  return rule_suite("config/rules of section 5", files, make);
}
