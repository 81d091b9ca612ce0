/* Rules of iis-config.md, section 2: collections, their order, defaults elements. */
#include "config/support_suite.h"

#include "base/alloc.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

/* A collection: the elements around its items, and four items as written. */
struct collection {
  const char *section, *place; /* of the answer; "" the section itself */
  const char *open, *close;    /* around the items, groups and all */
  const char *item;            /* format: one letter for the key */
  const char *key;             /* the attribute that the letter is the value of */
};

/* ---- 2.2.4: exactly six prepend ---- */

#define SERVER "<system.webServer>"
#define SERVER_END "</system.webServer>"
#define WEB "<system.web>"
#define WEB_END "</system.web>"

static const struct collection prepending[] = {
    {"system.webServer/handlers", "", SERVER "<handlers>", "</handlers>" SERVER_END,
     "<add name=\"%c\" path=\"*.x\" verb=\"*\"/>", "name"},
    {"system.webServer/defaultDocument", "files", SERVER "<defaultDocument><files>",
     "</files></defaultDocument>" SERVER_END, "<add value=\"%c\"/>", "value"},
    {"system.webServer/caching", "profiles", SERVER "<caching><profiles>",
     "</profiles></caching>" SERVER_END, "<add extension=\"%c\"/>", "extension"},
    {"system.web/authorization", "", WEB "<authorization>", "</authorization>" WEB_END,
     "<allow users=\"%c\"/>", "users"},
    {"system.web/httpHandlers", "", WEB "<httpHandlers>", "</httpHandlers>" WEB_END,
     "<add verb=\"*\" path=\"%c\" type=\"T\"/>", "path"},
    {"system.web/webParts", "personalization/authorization",
     WEB "<webParts><personalization><authorization>",
     "</authorization></personalization></webParts>" WEB_END, "<deny users=\"%c\"/>", "users"},
};
static const struct collection appending[] = {
    {"system.webServer/modules", "", SERVER "<modules>", "</modules>" SERVER_END,
     "<add name=\"%c\"/>", "name"},
    {"system.webServer/httpProtocol", "customHeaders", SERVER "<httpProtocol><customHeaders>",
     "</customHeaders></httpProtocol>" SERVER_END, "<add name=\"%c\" value=\"v\"/>", "name"},
    {"system.webServer/staticContent", "", SERVER "<staticContent>", "</staticContent>" SERVER_END,
     "<mimeMap fileExtension=\"%c\" mimeType=\"a/b\"/>", "fileExtension"},
    {"system.webServer/security/requestFiltering", "hiddenSegments",
     SERVER "<security><requestFiltering><hiddenSegments>",
     "</hiddenSegments></requestFiltering></security>" SERVER_END, "<add segment=\"%c\"/>",
     "segment"},
    {"system.webServer/security/requestFiltering", "filteringRules",
     SERVER "<security><requestFiltering><filteringRules>",
     "</filteringRules></requestFiltering></security>" SERVER_END, "<filteringRule name=\"%c\"/>",
     "name"},
    {"system.webServer/security/ipSecurity", "", SERVER "<security><ipSecurity>",
     "</ipSecurity></security>" SERVER_END, "<add ipAddress=\"%c\" allowed=\"true\"/>",
     "ipAddress"},
    {"system.webServer/security/authorization", "", SERVER "<security><authorization>",
     "</authorization></security>" SERVER_END, "<add accessType=\"Allow\" users=\"%c\"/>", "users"},
    {"system.webServer/rewrite/rules", "", SERVER "<rewrite><rules>",
     "</rules></rewrite>" SERVER_END,
     "<rule name=\"%c\"><match url=\".*\"/><action type=\"None\"/></rule>", "name"},
    {"system.webServer/rewrite/rewriteMaps", "", SERVER "<rewrite><rewriteMaps>",
     "</rewriteMaps></rewrite>" SERVER_END, "<rewriteMap name=\"%c\"/>", "name"},
    {"system.webServer/rewrite/allowedServerVariables", "",
     SERVER "<rewrite><allowedServerVariables>", "</allowedServerVariables></rewrite>" SERVER_END,
     "<add name=\"%c\"/>", "name"},
    {"system.webServer/security/authentication/windowsAuthentication", "providers",
     SERVER "<security><authentication><windowsAuthentication><providers>",
     "</providers></windowsAuthentication></authentication></security>" SERVER_END,
     "<add value=\"%c\"/>", "value"},
    {"system.webServer/security/authentication/windowsAuthentication", "extendedProtection",
     SERVER "<security><authentication><windowsAuthentication><extendedProtection>",
     "</extendedProtection></windowsAuthentication></authentication></security>" SERVER_END,
     "<spn name=\"%c\"/>", "name"},
    {"system.webServer/isapiFilters", "", SERVER "<isapiFilters>", "</isapiFilters>" SERVER_END,
     "<filter name=\"%c\" path=\"x.dll\"/>", "name"},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

static char *two_items(const struct collection *collection, char first, char second) {
  char *format = alloc_text(collection->item), *letter = strstr(format, "%c");
  *letter = first;
  memmove(letter + 1, letter + 2, strlen(letter + 2) + 1);
  char *one = alloc_text(format);
  *letter = second;
  char *both = alloc_format("%s%s", one, format);
  alloc_free(one);
  alloc_free(format);
  return both;
}

/* Server: A, B. Location tag of the site: C, D. */
static void make_merge(struct rule_cases *cases, const struct collection *collection,
                       bool prepends) {
  char *upper = two_items(collection, 'a', 'b'), *lower = two_items(collection, 'c', 'd');
  char *name = alloc_format("2.2.4-%s-%s-%s", prepends ? "prepended" : "appended",
                            collection->section, collection->place);
  rule_cases_add(cases, name,
                 "--- applicationHost.config\n{{head}}%s%s%s<location path=\"Site\">%s%s%s"
                 "</location>{{foot}}\n--- expect\n"
                 "items . | %s | %s | %s | a ; b\nitems Site | %s | %s | %s | %s\nsilent\n",
                 collection->open, upper, collection->close, collection->open, lower,
                 collection->close, collection->section, collection->place, collection->key,
                 collection->section, collection->place, collection->key,
                 prepends ? "c ; d ; a ; b" : "a ; b ; c ; d");
  alloc_free(name);
  alloc_free(upper);
  alloc_free(lower);
}

/* ---- 2.1: the names of the directives ---- */

static const struct {
  const char *section, *place, *open, *close, *remove, *clear;
  const char *item, *key;
} directives[] = {
    {"security/authentication/windowsAuthentication", "extendedProtection",
     "<security><authentication><windowsAuthentication><extendedProtection>",
     "</extendedProtection></windowsAuthentication></authentication></security>",
     "<removeSpn name=\"a\"/>", "<clearSpns/>", "<spn name=\"%c\"/>", "name"},
    {"httpErrors", "", "<httpErrors>", "</httpErrors>", "<remove statusCode=\"404\"/>", "<clear/>",
     "<error statusCode=\"40%c\" path=\"x\"/>", "statusCode"},
    {"staticContent", "", "<staticContent>", "</staticContent>", "<remove fileExtension=\"a\"/>",
     "<clear/>", "<mimeMap fileExtension=\"%c\" mimeType=\"a/b\"/>", "fileExtension"},
    {"httpCompression", "", "<httpCompression>", "</httpCompression>", "<remove name=\"a\"/>",
     "<clear/>", "<scheme name=\"%c\" dll=\"x.dll\"/>", "name"},
    {"isapiFilters", "", "<isapiFilters>", "</isapiFilters>", "<remove name=\"a\"/>", "<clear/>",
     "<filter name=\"%c\" path=\"x.dll\"/>", "name"},
    {"rewrite/rules", "", "<rewrite><rules>", "</rules></rewrite>", "<remove name=\"a\"/>",
     "<clear/>", "<rule name=\"%c\"><match url=\".*\"/><action type=\"None\"/></rule>", "name"},
    {"rewrite/rewriteMaps", "", "<rewrite><rewriteMaps>", "</rewriteMaps></rewrite>",
     "<remove name=\"a\"/>", "<clear/>", "<rewriteMap name=\"%c\"/>", "name"},
    {"security/requestFiltering", "filteringRules", "<security><requestFiltering><filteringRules>",
     "</filteringRules></requestFiltering></security>", "<remove name=\"a\"/>", "<clear/>",
     "<filteringRule name=\"%c\"/>", "name"},
};

static void make_directive(struct rule_cases *cases, size_t which, bool clears) {
  bool code = text_equal(directives[which].key, "statusCode");
  struct collection collection = {.item = directives[which].item};
  char *items = two_items(&collection, code ? '4' : 'a', code ? '5' : 'b');
  char *name = alloc_format("2.1-%s-of-%s-%s", clears ? "clear" : "remove",
                            directives[which].section, directives[which].place);
  const char *directive = clears ? directives[which].clear : directives[which].remove;
  rule_cases_add(cases, name,
                 "--- applicationHost.config\n{{head}}<system.webServer>%s%s%s</system.webServer>"
                 "{{at Site}}%s%s%s{{/at}}{{foot}}\n--- expect\n"
                 "items Site | system.webServer/%s | %s | %s | %s\nsilent\n",
                 directives[which].open, items, directives[which].close, directives[which].open,
                 directive, directives[which].close, directives[which].section,
                 directives[which].place, directives[which].key,
                 clears ? "" : (code ? "405" : "b"));
  alloc_free(name);
  alloc_free(items);
}

/* ---- 2.3: what a defaults element gives ---- */

enum scope { OF_SITE, OF_APPLICATION, OF_DIRECTORY, OF_POOL };

static const struct {
  enum scope scope;
  const char *defaults; /* what stands in the defaults element: attributes, then children */
  const char *children, *place, *value;
} given[] = {
    {OF_SITE, "serverAutoStart=\"false\"", "", "@serverAutoStart", "false"},
    {OF_SITE, "", "<logFile logFormat=\"IIS\"/>", "logFile/@logFormat", "IIS"},
    {OF_SITE, "", "<logFile directory=\"D:\\l\"/>", "logFile/@directory", "D:\\l"},
    {OF_SITE, "", "<logFile period=\"Hourly\"/>", "logFile/@period", "Hourly"},
    {OF_SITE, "", "<limits maxConnections=\"7\"/>", "limits/@maxConnections", "7"},
    {OF_SITE, "", "<limits connectionTimeout=\"00:03:00\"/>", "limits/@connectionTimeout",
     "00:03:00"},
    {OF_SITE, "", "<traceFailedRequestsLogging enabled=\"true\"/>",
     "traceFailedRequestsLogging/@enabled", "true"},
    {OF_SITE, "", "<hsts enabled=\"true\"/>", "hsts/@enabled", "true"},
    {OF_SITE, "", "<ftpServer allowUTF8=\"false\"/>", "ftpServer/@allowUTF8", "false"},
    {OF_SITE, "",
     "<ftpServer><security><ssl controlChannelPolicy=\"SslAllow\"/></security></ftpServer>",
     "ftpServer/security/ssl/@controlChannelPolicy", "SslAllow"},
    {OF_APPLICATION, "applicationPool=\"P\"", "", "@applicationPool", "P"},
    {OF_APPLICATION, "enabledProtocols=\"http,net.pipe\"", "", "@enabledProtocols",
     "http,net.pipe"},
    {OF_DIRECTORY, "userName=\"u\"", "", "@userName", "u"},
    {OF_DIRECTORY, "logonMethod=\"Batch\"", "", "@logonMethod", "Batch"},
    {OF_DIRECTORY, "allowSubDirConfig=\"false\"", "", "@allowSubDirConfig", "false"},
    {OF_POOL, "managedPipelineMode=\"Classic\"", "", "@managedPipelineMode", "Classic"},
    {OF_POOL, "enable32BitAppOnWin64=\"true\"", "", "@enable32BitAppOnWin64", "true"},
    {OF_POOL, "startMode=\"AlwaysRunning\"", "", "@startMode", "AlwaysRunning"},
    {OF_POOL, "queueLength=\"2000\"", "", "@queueLength", "2000"},
    {OF_POOL, "", "<processModel identityType=\"LocalSystem\"/>", "processModel/@identityType",
     "LocalSystem"},
    {OF_POOL, "", "<recycling><periodicRestart privateMemory=\"100\"/></recycling>",
     "recycling/periodicRestart/@privateMemory", "100"},
    {OF_POOL, "", "<failure rapidFailProtection=\"false\"/>", "failure/@rapidFailProtection",
     "false"},
    {OF_POOL, "", "<cpu limit=\"50000\"/>", "cpu/@limit", "50000"},
};
static const struct {
  const char *element, *section, *item, *fragment;
} scopes[] = {
    {"siteDefaults", "sites", "[name=Site]", "{{pools}}<sites>{{site}}%s</sites>"},
    {"applicationDefaults", "sites", "[name=Bare]/[path=/]",
     "{{pools}}<sites><site name=\"Bare\" id=\"9\"><application path=\"/\"><virtualDirectory "
     "path=\"/\" physicalPath=\"C:\\b\"/></application></site>%s</sites>"},
    {"virtualDirectoryDefaults", "sites", "[name=Site]/[path=/]/[path=/]",
     "{{pools}}<sites>{{site}}%s</sites>"},
    {"applicationPoolDefaults", "applicationPools", "[name=DefaultAppPool]",
     "<applicationPools><add "
     "name=\"DefaultAppPool\"/>%s</applicationPools><sites>{{site}}</sites>"},
};

static void make_defaults(struct rule_cases *cases, size_t which) {
  const char *element = scopes[given[which].scope].element;
  const char *fragment = scopes[given[which].scope].fragment;
  const char *hole = strstr(fragment, "%s");
  char *name = alloc_format("2.3-%s-gives-%s", element, given[which].place);
  rule_cases_add(cases, name,
                 "--- applicationHost.config\n{{host-with-sections}}<system.applicationHost>%.*s\n"
                 "@1@<%s %s>%s</%s>\n%s</system.applicationHost>{{foot}}\n--- expect\n"
                 "value . | system.applicationHost/%s | %s/%s | %s\n"
                 "source . | system.applicationHost/%s | %s/%s | applicationHost.config | @1\n"
                 "silent\n",
                 (int)(hole - fragment), fragment, element, given[which].defaults,
                 given[which].children, element, hole + 2, scopes[given[which].scope].section,
                 scopes[given[which].scope].item, given[which].place, given[which].value,
                 scopes[given[which].scope].section, scopes[given[which].scope].item,
                 given[which].place);
  alloc_free(name);
}

static void make(struct rule_cases *cases) {
  for (size_t i = 0; i < sizeof prepending / sizeof *prepending; i++)
    make_merge(cases, &prepending[i], true);
  for (size_t i = 0; appending[i].place; i++)
    make_merge(cases, &appending[i], false);
  for (size_t i = 0; i < 2 * sizeof directives / sizeof *directives; i++)
    make_directive(cases, i / 2, i % 2);
  for (size_t i = 0; i < sizeof given / sizeof *given; i++)
    make_defaults(cases, i);
}

int main(void) {
  static const char *const files[] = {"2-collections.txt", NULL};
  return rule_suite("config/rules of section 2", files, make);
}
