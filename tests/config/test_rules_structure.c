/* Rules of iis-config.md, section 1: files, sections, location tags, order, locks. */
#include "config/support_suite.h"

#include "base/alloc.h"

#include <string.h>

#define SITE_WEB "C/inetpub/wwwroot/web.config"

/* The section inside its groups, "system.webServer" left out; `mark` before it. */
static char *in_groups(const char *section, const char *mark, const char *attributes) {
  const char *slash = strrchr(section, '/');
  if (slash == NULL) return alloc_format("\n%s<%s%s/>\n", mark, section, attributes);
  char *groups = alloc_text_n(section, (size_t)(slash - section));
  char *open = alloc_format("\n%s<%s%s/>\n", mark, slash + 1, attributes);
  for (char *name; (name = groups) && name[0];) {
    char *last = strrchr(name, '/');
    const char *group = last ? last + 1 : name;
    char *wrapped = alloc_format("<%s>%s</%s>", group, open, group);
    alloc_free(open);
    open = wrapped;
    *(last ? last : name) = '\0';
  }
  alloc_free(groups);
  return open;
}

/* ---- 4.1: how the stock file declares ---- */

static const char *const denied[] = {"asp",
                                     "cgi",
                                     "handlers",
                                     "modules",
                                     "httpLogging",
                                     "httpTracing",
                                     "odbcLogging",
                                     "serverRuntime",
                                     "serverSideInclude",
                                     "webSocket",
                                     "isapiFilters",
                                     "globalModules",
                                     "fastCgi",
                                     "security/access",
                                     "security/applicationDependencies",
                                     "security/ipSecurity",
                                     "security/dynamicIpSecurity",
                                     "security/isapiCgiRestriction",
                                     "security/authentication/anonymousAuthentication",
                                     "security/authentication/basicAuthentication",
                                     "security/authentication/digestAuthentication",
                                     "security/authentication/windowsAuthentication",
                                     "tracing/traceProviderDefinitions",
                                     "webdav/authoring",
                                     "webdav/authoringRules",
                                     "rewrite/allowedServerVariables",
                                     "rewrite/globalRules"};
static const char *const allowed[] = {"applicationInitialization",
                                      "caching",
                                      "defaultDocument",
                                      "directoryBrowse",
                                      "httpErrors",
                                      "httpProtocol",
                                      "httpRedirect",
                                      "staticContent",
                                      "urlCompression",
                                      "validation",
                                      "security/authorization",
                                      "security/requestFiltering",
                                      "tracing/traceFailedRequests",
                                      "rewrite/rules",
                                      "rewrite/outboundRules",
                                      "rewrite/rewriteMaps"};
enum {
  DENIED = sizeof denied / sizeof *denied,
  ALLOWED = sizeof allowed / sizeof *allowed,
};

static void make_locked(struct rule_cases *cases, const char *section) {
  char *name = alloc_format("1.5.1-locked-by-default-%s", section);
  char *body = in_groups(section, "@1@", "");
  rule_cases_add(cases, name,
                 "--- " SITE_WEB "\n{{web}}%s{{/web}}\n--- expect\n"
                 "error 0x80070021 | " SITE_WEB " | @1\n"
                 "state Site | system.webServer/%s | locked | true\n"
                 "state Site | system.webServer/%s | overrideModeEffective | Deny\n",
                 body, section, section);
  alloc_free(body);
  alloc_free(name);
}

static void make_open(struct rule_cases *cases, const char *section) {
  char *name = alloc_format("1.5.1-delegated-by-default-%s", section);
  char *body = in_groups(section, "", "");
  rule_cases_add(cases, name,
                 "--- " SITE_WEB "\n{{web}}%s{{/web}}\n--- expect\nsilent\n"
                 "state Site | system.webServer/%s | locked | false\n"
                 "state Site | system.webServer/%s | overrideModeEffective | Allow\n",
                 body, section, section);
  alloc_free(body);
  alloc_free(name);
}

/* ---- 1.3.5: the syntax of location paths ---- */

static const char *const bad_paths[] = {"/Site",   "\\Site", "Site\\", " Site",     "Site ",
                                        "Site?x",  "Site*",  "Si:te",  "Si|te",     "./Site",
                                        "../Site", "Site.",  "Si&gt;", "Si&quot;te"};

static void make_paths(struct rule_cases *cases) {
  for (size_t i = 0; i < sizeof bad_paths / sizeof *bad_paths; i++) {
    char *name = alloc_format("1.3.5-location-path-%s", bad_paths[i]);
    rule_cases_add(cases, name,
                   "--- applicationHost.config\n{{head}}\n@1@{{at %s}}<directoryBrowse/>{{/at}}\n"
                   "{{foot}}\n--- expect\nerror - | applicationHost.config | @1\n",
                   bad_paths[i]);
    alloc_free(name);
  }
}

/* ---- 1.7.4: what is encrypted ---- */

static const struct {
  const char *written, *shown;
} passwords[] = {{"[enc:AesProvider::enc]", ""},
                 {"[enc:IISCngProvider::enc]", ""},
                 {"[enc:AesProvider:enc]", "[enc:AesProvider:enc]"},
                 {"[enc::enc]", "[enc::enc]"},
                 {"[enc:enc]", "[enc:enc]"},
                 {"[encenc]", "[encenc]"},
                 {"[]", "[]"}};

static void make_passwords(struct rule_cases *cases) {
  for (size_t i = 0; i < sizeof passwords / sizeof *passwords; i++) {
    char *name = alloc_format("1.7.4-password-%s", passwords[i].written);
    rule_cases_add(cases, name,
                   "--- applicationHost.config\n{{head}}{{at Site}}<security><authentication>"
                   "<anonymousAuthentication password=\"%s\"/></authentication></security>{{/at}}"
                   "{{foot}}\n--- expect\nsilent\nvalue Site | "
                   "system.webServer/security/authentication/anonymousAuthentication | "
                   "@password | %s\n",
                   passwords[i].written, passwords[i].shown);
    alloc_free(name);
  }
}

/* ---- 1.6: each lock, on the element of a location tag and at top level ---- */

static const struct {
  const char *lock, *below;
  int violates;
} locks[] = {
    {"lockAttributes=\"allowDoubleEscaping\"", "<requestFiltering allowDoubleEscaping=\"true\"/>",
     1},
    {"lockAttributes=\"allowDoubleEscaping\"", "<requestFiltering removeServerHeader=\"true\"/>",
     0},
    {"lockAttributes=\"*\"", "<requestFiltering removeServerHeader=\"true\"/>", 1},
    {"lockAttributes=\"*\"", "<requestFiltering/>", 0},
    {"lockAllAttributesExcept=\"removeServerHeader\"",
     "<requestFiltering removeServerHeader=\"true\"/>", 0},
    {"lockAllAttributesExcept=\"removeServerHeader\"",
     "<requestFiltering allowDoubleEscaping=\"true\"/>", 1},
};

static void make_locks(struct rule_cases *cases) {
  for (size_t i = 0; i < sizeof locks / sizeof *locks; i++)
    for (int in_tag = 0; in_tag < 2; in_tag++) {
      char *name = alloc_format("1.6-%s-%s-%zu", in_tag ? "tag" : "top", locks[i].lock, i);
      rule_cases_add(cases, name,
                     "--- applicationHost.config\n{{head}}%s<security><requestFiltering %s/>"
                     "</security>%s{{foot}}\n--- " SITE_WEB "\n{{web}}<security>\n@1@%s\n"
                     "</security>{{/web}}\n--- expect\n%s\n",
                     in_tag ? "{{at Site}}" : "<system.webServer>", locks[i].lock,
                     in_tag ? "{{/at}}" : "</system.webServer>", locks[i].below,
                     locks[i].violates ? "error 0x80070021 | " SITE_WEB " | @1 | Lock violation"
                                       : "silent");
      alloc_free(name);
    }
}

static void make(struct rule_cases *cases) {
  for (int i = 0; i < DENIED; i++)
    make_locked(cases, denied[i]);
  for (int i = 0; i < ALLOWED; i++)
    make_open(cases, allowed[i]);
  make_paths(cases);
  make_passwords(cases);
  make_locks(cases);
}

int main(void) {
  static const char *const files[] = {"1-structure.txt", "1-locks.txt", NULL};
  return rule_suite("config/rules of section 1", files, make);
}
