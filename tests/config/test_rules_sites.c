/* Rules of iis-config.md, section 3: sites, paths, bindings, the syntax of values. */
#include "config/support_suite.h"

#include "base/alloc.h"

#include <stdbool.h>
#include <string.h>

#define SITE_OPEN                                                                                  \
  "{{host-with-sections}}<system.applicationHost>{{pools}}<sites><site name=\"Site\" id=\"1\">"    \
  "<application path=\"/\"><virtualDirectory path=\"/\" physicalPath=\"C:\\x\"/></application>"
#define SITE_CLOSE "</site></sites></system.applicationHost>{{foot}}"

/* ---- 3.3: bindingInformation; the endpoint as .NET's IPEndPoint writes it ---- */

static const struct {
  const char *protocol, *information, *endpoint;
} bindings[] = {
    {"http", "*:80:", "0.0.0.0:80"},
    {"http", ":8080:localhost", "0.0.0.0:8080"},
    {"http", "*:61902:localhost", "0.0.0.0:61902"},
    {"http", "10.0.0.1:80:www.contoso.com", "10.0.0.1:80"},
    {"https", "*:443:*.contoso.com", "0.0.0.0:443"},
    {"https", "127.0.0.1:443:", "127.0.0.1:443"},
    {"http", "[::1]:8080:", "[::1]:8080"},
    {"http", "*:65535:", "0.0.0.0:65535"},
    {"ftp", "*:21:", "0.0.0.0:21"},
    {"http", "1.1.1:61902:localhost", "1.1.0.1:61902"},
    {"http", "1.1.1.1.1:80:h", "null"},
    {"http", "*:161902:h", "null"},
    {"http", "*:65536:h", "null"},
    {"http", "*:localhost:h", "null"},
    {"http", ":", "null"},
    {"http", "::", "null"},
    {"net.tcp", "808:*", NULL}, /* what its endpoint is, the rules do not say */
    {"net.tcp", "*", "null"},
    {"net.pipe", "*", "null"},
    {"net.msmq", "localhost", "null"},
    {"msmq.formatname", "localhost", "null"},
    {"my.protocol", "anything at all", "null"},
};

static void make_binding(struct rule_cases *cases, size_t which) {
  const char *endpoint = bindings[which].endpoint;
  char *name = alloc_format("3.3-%s-%s", bindings[which].protocol, bindings[which].information);
  char *last = endpoint ? alloc_format(" | %s", endpoint)
                        : alloc_format("/@protocol | %s", bindings[which].protocol);
  rule_cases_add(cases, name,
                 "--- applicationHost.config\n" SITE_OPEN "<bindings><binding protocol=\"%s\" "
                 "bindingInformation=\"%s\"/></bindings>" SITE_CLOSE "\n--- expect\nsilent\n"
                 "%s . | system.applicationHost/sites | [name=Site]/bindings[0]%s\n"
                 "value . | system.applicationHost/sites | "
                 "[name=Site]/bindings[0]/@bindingInformation | %s\n",
                 bindings[which].protocol, bindings[which].information,
                 endpoint ? "endpoint" : "value", last, bindings[which].information);
  alloc_free(last);
  alloc_free(name);
}

static void make_binding_rules(struct rule_cases *cases) {
  rule_cases_add(cases, "3.3-empty-bindingInformation",
                 "--- applicationHost.config\n" SITE_OPEN "<bindings>\n@1@<binding "
                 "protocol=\"http\" bindingInformation=\"\"/>\n</bindings>" SITE_CLOSE
                 "\n--- expect\nerror 0x8007000d | applicationHost.config | @1 | "
                 "String must not be empty\n");
  rule_cases_add(cases, "3.3-duplicate-in-a-site-in-another-case",
                 "--- applicationHost.config\n" SITE_OPEN "<bindings><binding protocol=\"http\" "
                 "bindingInformation=\"*:80:www\"/>\n@1@<binding protocol=\"HTTP\" "
                 "bindingInformation=\"*:80:WWW\"/>\n</bindings>" SITE_CLOSE
                 "\n--- expect\nerror 0x800700b7 | applicationHost.config | @1\n");
  rule_cases_add(cases, "3.3-same-binding-at-two-sites-is-no-configuration-error",
                 "--- applicationHost.config\n" SITE_OPEN
                 "<bindings><binding protocol=\"http\" bindingInformation=\"*:80:\"/></bindings>"
                 "</site><site name=\"Two\" id=\"2\"><application path=\"/\"><virtualDirectory "
                 "path=\"/\" physicalPath=\"C:\\y\"/></application><bindings><binding "
                 "protocol=\"http\" bindingInformation=\"*:80:\"/></bindings>" SITE_CLOSE
                 "\n--- expect\nsilent\n");
  rule_cases_add(cases, "3.3-other-spellings-of-one-address-are-other-keys",
                 "--- applicationHost.config\n" SITE_OPEN
                 "<bindings><binding protocol=\"http\" bindingInformation=\"*:80:\"/><binding "
                 "protocol=\"http\" bindingInformation=\":80:\"/></bindings>" SITE_CLOSE
                 "\n--- expect\nsilent\n");
}

/* ---- 3.5: what a value must look like ---- */

static const struct {
  const char *what; /* of the case's name */
  const char *section;
  const char *open, *close; /* around the element that has the attribute */
  const char *element;      /* without '<' and '/>' */
  const char *message;      /* NULL: it is fine */
} values[] = {
    {"bool-yes", "directoryBrowse", "", "", "directoryBrowse enabled=\"yes\"",
     "The 'enabled' attribute is invalid."},
    {"bool-1", "directoryBrowse", "", "", "directoryBrowse enabled=\"1\"",
     "The 'enabled' attribute is invalid."},
    {"bool-empty", "directoryBrowse", "", "", "directoryBrowse enabled=\"\"",
     "The 'enabled' attribute is invalid."},
    {"uint-negative", "limits", "<security><requestFiltering>", "</requestFiltering></security>",
     "requestLimits maxUrl=\"-1\"",
     "The 'maxUrl' attribute is invalid.  Not a valid unsigned integer"},
    {"uint-word", "limits", "<security><requestFiltering>", "</requestFiltering></security>",
     "requestLimits maxUrl=\"many\"",
     "The 'maxUrl' attribute is invalid.  Not a valid unsigned integer"},
    {"uint-too-large", "limits", "<security><requestFiltering>", "</requestFiltering></security>",
     "requestLimits maxUrl=\"4294967296\"",
     "The 'maxUrl' attribute is invalid.  Not a valid unsigned integer"},
    {"uint-largest", "limits", "<security><requestFiltering>", "</requestFiltering></security>",
     "requestLimits maxUrl=\"4294967295\"", NULL},
    {"enum-unknown", "ep", "<security><authentication><windowsAuthentication>",
     "</windowsAuthentication></authentication></security>",
     "extendedProtection tokenChecking=\"Always\"",
     "The 'tokenChecking' attribute is invalid.  Enum must be one of None, Allow, Require"},
    {"enum-empty", "ep", "<security><authentication><windowsAuthentication>",
     "</windowsAuthentication></authentication></security>",
     "extendedProtection tokenChecking=\"\"", "Enum must be one of None, Allow, Require"},
    {"enum-two-names", "ep", "<security><authentication><windowsAuthentication>",
     "</windowsAuthentication></authentication></security>",
     "extendedProtection tokenChecking=\"Allow, Require\"",
     "Enum must be one of None, Allow, Require"},
    {"flags-unknown", "ep", "<security><authentication><windowsAuthentication>",
     "</windowsAuthentication></authentication></security>",
     "extendedProtection flags=\"Proxy, Magic\"",
     "Flags must be some combination of None, Proxy, NoServiceNameCheck, AllowDotlessSpn, "
     "ProxyCohosting"},
    {"flags-without-blanks", "ep", "<security><authentication><windowsAuthentication>",
     "</windowsAuthentication></authentication></security>",
     "extendedProtection flags=\"Proxy,ProxyCohosting\"", NULL},
    {"range-below", "pool", "", "", "error statusCode=\"399\" path=\"x\"",
     "Integer value must be between 400 and 999 inclusive"},
    {"range-above", "pool", "", "", "error statusCode=\"1000\" path=\"x\"",
     "Integer value must be between 400 and 999 inclusive"},
    {"range-lowest", "pool", "", "", "error statusCode=\"400\" path=\"x\"", NULL},
    {"range-highest", "pool", "", "", "error statusCode=\"999\" path=\"x\"", NULL},
    {"non-empty-string", "h", "<security><requestFiltering><hiddenSegments>",
     "</hiddenSegments></requestFiltering></security>", "add segment=\"\"",
     "The 'segment' attribute is invalid.  String must not be empty"},
    {"time-span-word", "cgi", "", "", "cgi timeout=\"soon\"",
     "The 'timeout' attribute is invalid."},
    {"time-span-fine", "cgi", "", "", "cgi timeout=\"00:10:00\"", NULL},
};

static void make_value(struct rule_cases *cases, size_t which) {
  bool error_item = strncmp(values[which].element, "error ", 6) == 0;
  char *name = alloc_format("3.5-%s", values[which].what);
  char *expected = values[which].message
                       ? alloc_format("error 0x8007000d | applicationHost.config | @1 | %s",
                                      values[which].message)
                       : alloc_text("silent");
  rule_cases_add(cases, name,
                 "--- applicationHost.config\n{{head}}<system.webServer>%s%s\n@1@<%s/>\n%s%s"
                 "</system.webServer>{{foot}}\n--- expect\n%s\n",
                 error_item ? "<httpErrors>" : "", values[which].open, values[which].element,
                 values[which].close, error_item ? "</httpErrors>" : "", expected);
  alloc_free(expected);
  alloc_free(name);
}

/* The same for pools: ranges with an excluded span, granularity of time spans. */
static const struct {
  const char *what, *inside, *message;
} pools[] = {
    {"queueLength-too-small", "<add name=\"A\" queueLength=\"9\"/>",
     "Integer value must be between 10 and 65535 inclusive"},
    {"queueLength-smallest", "<add name=\"A\" queueLength=\"10\"/>", NULL},
    {"enum-of-a-pool", "<add name=\"A\" managedPipelineMode=\"Both\"/>",
     "Enum must be one of Integrated, Classic"},
    {"time-span-out-of-range", "<add name=\"A\"><processModel idleTimeout=\"31.00:00:00\"/></add>",
     "Timespan value must be between 00:00:00 and 30.00:00:00 seconds inclusive, with a "
     "granularity of 60 seconds"},
    {"time-span-granularity", "<add name=\"A\"><processModel idleTimeout=\"00:00:30\"/></add>",
     "with a granularity of 60 seconds"},
    {"time-span-hours-over-23", "<add name=\"A\"><processModel idleTimeout=\"48:00:00\"/></add>",
     NULL},
};

static void make_pool(struct rule_cases *cases, size_t which) {
  char *name = alloc_format("3.5-%s", pools[which].what);
  char *expected = pools[which].message
                       ? alloc_format("error 0x8007000d | applicationHost.config | @1 | %s",
                                      pools[which].message)
                       : alloc_text("silent");
  rule_cases_add(cases, name,
                 "--- applicationHost.config\n{{host-with-sections}}<system.applicationHost>"
                 "<applicationPools>\n@1@%s\n</applicationPools></system.applicationHost>{{foot}}\n"
                 "--- expect\n%s\n",
                 pools[which].inside, expected);
  alloc_free(expected);
  alloc_free(name);
}

static void make(struct rule_cases *cases) {
  for (size_t i = 0; i < sizeof bindings / sizeof *bindings; i++)
    make_binding(cases, i);
  make_binding_rules(cases);
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    make_value(cases, i);
  for (size_t i = 0; i < sizeof pools / sizeof *pools; i++)
    make_pool(cases, i);
}

int main(void) {
  static const char *const files[] = {"3-sites.txt", NULL};
  return rule_suite("config/rules of section 3", files, make);
}
