/* The sg: functions; the iis: ones are in iis_functions.c. */
#include "rulebook/functions.h"

#include "base/moment.h"
#include "base/regex.h"
#include "base/text.h"
#include "rulebook/iis_functions.h"
#include "rulebook/registry_functions.h"

#include <libxml/xpathInternals.h>
#include <math.h>
#include <string.h>

static const struct host *host_of(xmlXPathParserContextPtr ctxt) {
  return evaluation_data(evaluation_of(ctxt));
}

static void no_as_of(xmlXPathParserContextPtr ctxt) {
  evaluation_unknown(evaluation_of(ctxt), "not-in-bundle", "",
                     "nothing in the bundle says when it was collected; give --as-of");
}

static void as_of(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  const struct host *host = host_of(ctxt);
  if (!host->has_as_of) no_as_of(ctxt);
  xmlXPathReturnNumber(ctxt, host->has_as_of ? (double)host->as_of : 0);
}

static void as_of_text(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  const struct host *host = host_of(ctxt);
  char text[21] = "an unknown moment";
  if (host->has_as_of)
    moment_format(host->as_of, text);
  else
    no_as_of(ctxt);
  xmlXPathReturnString(ctxt, xmlStrdup((const xmlChar *)text));
}

/* Pops a moment; an error result when it is none. */
static double pop_moment(xmlXPathParserContextPtr ctxt) {
  xmlChar *text = xmlXPathPopString(ctxt);
  int64_t seconds = 0;
  if (!text || !moment_parse((const char *)text, &seconds)) {
    char *shown = text_printable(text ? (const char *)text : "", 40);
    evaluation_error(evaluation_of(ctxt), "\"%s\" is not an ISO 8601 moment", shown);
    alloc_free(shown);
  }
  xmlFree(text);
  return (double)seconds;
}

static void time_of(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  double seconds = pop_moment(ctxt);
  xmlXPathReturnNumber(ctxt, seconds);
}

/* The three arguments of sg:after and sg:before. False when one is missing: then the
 * result does not matter, since the missing attribute is marked or an error was said. */
static bool pop_range(xmlXPathParserContextPtr ctxt, double *moment, double *low, double *high) {
  *high = pop_moment(ctxt);
  *low = pop_moment(ctxt);
  *moment = xmlXPathPopNumber(ctxt);
  if (isnan(*moment)) evaluation_error(evaluation_of(ctxt), "the moment is not a number");
  return !isnan(*moment);
}

static void between(xmlXPathParserContextPtr ctxt) {
  evaluation_unknown(evaluation_of(ctxt), "ambiguous", "get-exchangecertificate",
                     "the date is local time of an unknown zone, too near to the moment judged at");
}

static void after(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  double moment, low, high;
  bool usable = pop_range(ctxt, &moment, &low, &high);
  if (usable && moment > low && moment <= high) between(ctxt);
  xmlXPathReturnBoolean(ctxt, usable && moment > high);
}

static void before(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  double moment, low, high;
  bool usable = pop_range(ctxt, &moment, &low, &high);
  if (usable && moment >= low && moment < high) between(ctxt);
  xmlXPathReturnBoolean(ctxt, usable && moment < low);
}

static void flag(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  xmlChar *name = xmlXPathPopString(ctxt), *list = xmlXPathPopString(ctxt);
  bool found = false;
  for (const char *at = (const char *)list; at && name && *at && !found;) {
    size_t size = strcspn(at, ", ");
    found = size && span_equal_nocase((struct span){at, size}, (const char *)name);
    at += size;
    at += strspn(at, ", ");
  }
  xmlFree(name);
  xmlFree(list);
  xmlXPathReturnBoolean(ctxt, found);
}

/* The next dotted part, 0 past the end; false when it is no number. */
static bool version_part(const char **at, uint64_t *part) {
  *part = 0;
  if (!**at) return true;
  size_t size = strcspn(*at, ".");
  if (!text_unsigned((struct span){*at, size}, part)) return false;
  *at += size;
  if (**at == '.' && *++*at == '\0') return false;
  return true;
}

static void compare_version(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  xmlChar *right = xmlXPathPopString(ctxt), *left = xmlXPathPopString(ctxt);
  const char *a = left ? (const char *)left : "", *b = right ? (const char *)right : "";
  double order = 0;
  bool valid = *a && *b;
  while (valid && order == 0 && (*a || *b)) {
    uint64_t x, y;
    valid = version_part(&a, &x) && version_part(&b, &y);
    if (valid) order = x < y ? -1 : x > y ? 1 : 0;
  }
  if (!valid) evaluation_error(evaluation_of(ctxt), "sg:compare-version: not a dotted version");
  xmlFree(left);
  xmlFree(right);
  xmlXPathReturnNumber(ctxt, order);
}

static void matches(xmlXPathParserContextPtr ctxt, int count) {
  xmlChar *options = count == 3 ? xmlXPathPopString(ctxt) : NULL;
  xmlChar *pattern = xmlXPathPopString(ctxt), *text = xmlXPathPopString(ctxt);
  bool ignore_case = options && strchr((const char *)options, 'i') != NULL;
  struct evaluation *evaluation = evaluation_of(ctxt);
  const struct regex *regex =
      pattern ? evaluation_regex(evaluation, (const char *)pattern, ignore_case) : NULL;
  enum regex_answer answer = REGEX_NO_MATCH;
  if (regex && text)
    answer = regex_match(regex, (const char *)text, strlen((const char *)text), NULL);
  if (answer == REGEX_LIMIT)
    evaluation_unknown(evaluation, "limit", "", "a regular expression took too many steps");
  xmlFree(options);
  xmlFree(pattern);
  xmlFree(text);
  xmlXPathReturnBoolean(ctxt, answer == REGEX_MATCH);
}

/* For what a rule knows that it cannot tell. */
static void undecided(xmlXPathParserContextPtr ctxt, int count) {
  xmlChar *needs = count > 1 ? xmlXPathPopString(ctxt) : NULL, *note = xmlXPathPopString(ctxt);
  bool tellable = needs && *needs;
  evaluation_unknown(evaluation_of(ctxt), tellable ? "not-in-bundle" : "ambiguous",
                     tellable ? (const char *)needs : "", note ? (const char *)note : "");
  xmlFree(needs);
  xmlFree(note);
  xmlXPathReturnBoolean(ctxt, false);
}

static bool check_pattern(void *data, const char *const *arguments, int count, char error[256],
                          int *argument) {
  (void)data, (void)count;
  char why[128];
  size_t offset;
  if (!arguments[1]) return true;
  struct regex *regex = regex_new(arguments[1], false, why, &offset);
  if (!regex) {
    snprintf(error, 256, "not a regular expression: %s at offset %zu", why, offset);
    *argument = 1;
    return false;
  }
  regex_free(regex);
  return true;
}

const struct engine_function rule_functions[] = {
    {RULES_NAMESPACE, "as-of", 0, 0, as_of, NULL},
    {RULES_NAMESPACE, "as-of-text", 0, 0, as_of_text, NULL},
    {RULES_NAMESPACE, "time", 1, 1, time_of, NULL},
    {RULES_NAMESPACE, "after", 3, 3, after, NULL},
    {RULES_NAMESPACE, "before", 3, 3, before, NULL},
    {RULES_NAMESPACE, "flag", 2, 2, flag, NULL},
    {RULES_NAMESPACE, "compare-version", 2, 2, compare_version, NULL},
    {RULES_NAMESPACE, "matches", 2, 3, matches, check_pattern},
    {RULES_NAMESPACE, "undecided", 1, 2, undecided, NULL},
    {RULES_NAMESPACE, "registry", 2, 2, rule_registry, rule_registry_check},
    {RULES_NAMESPACE, "registry-type", 2, 2, rule_registry_type, rule_registry_check},
    {RULES_NAMESPACE, "registry-key", 1, 1, rule_registry_key, rule_registry_check},
    {RULES_NAMESPACE, "registry-values", 1, 1, rule_registry_values, rule_registry_check},
    {RULES_NAMESPACE, "registry-keys", 1, 1, rule_registry_keys, rule_registry_check},
    {RULES_NAMESPACE, "registry-source", 1, 2, rule_registry_source, rule_registry_check},
    {IIS_NAMESPACE, "value", 1, 2, iis_value, iis_check_path},
    {IIS_NAMESPACE, "source", 1, 2, iis_source, iis_check_path},
    {IIS_NAMESPACE, "section", 1, 2, iis_section, iis_check_section},
    {IIS_NAMESPACE, "items", 1, 2, iis_items, iis_check_items},
    {IIS_NAMESPACE, "item", 2, 3, iis_item, iis_check_items},
    {IIS_NAMESPACE, "web-config", 0, 1, iis_web_config, NULL},
    {IIS_NAMESPACE, "added", 1, 2, iis_added, iis_check_items},
    {IIS_NAMESPACE, "position", 2, 3, iis_position, iis_check_items},
    {IIS_NAMESPACE, "first", 3, 4, iis_first, iis_check_items},
    {IIS_NAMESPACE, "locked", 1, 2, iis_locked, iis_check_section},
    {IIS_NAMESPACE, "at", 1, 1, iis_at, NULL},
    {NULL, NULL, 0, 0, NULL, NULL},
};
