/* SARIF 2.1.0. Columns: ours count bytes of UTF-8, and SARIF knows only UTF-16
 * code units and code points. "unicodeCodePoints" is said; the columns are
 * exact up to the first character of a line that is not ASCII. */
#include "report/formats.h"
#include "report/sarif_parts.h"
#include "report/words.h"

#include "base/buffer.h"
#include "base/moment.h"
#include "base/text.h"

#include <string.h>

const char *sarif_level(enum severity severity) {
  static const char *const levels[] = {"note", "note", "warning", "error", "error"};
  return levels[severity];
}

void sarif_message(struct json_t *object, const char *key, const char *text) {
  struct buffer out = buffer_make(2 * strlen(text) + 1);
  for (const char *c = text; *c; c++) {
    buffer_add_char(&out, *c);
    if (*c == '{' || *c == '}') buffer_add_char(&out, *c);
    if (*c == ']' && c[1] == '(') buffer_add_char(&out, ' ');
  }
  value_text(value_object(object, key), "text", buffer_text(&out));
  buffer_dispose(&out);
}

static bool is_plain_in_uri(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (c != '\0' && strchr("-_~!$&'()*+,;=@/.", c) != NULL);
}

/* Is this part of the path "." or ".."? */
static bool is_dots(const char *part) {
  size_t size = strcspn(part, "/");
  return (size == 1 && part[0] == '.') || (size == 2 && part[0] == '.' && part[1] == '.');
}

char *sarif_uri(const char *path) {
  struct buffer out = buffer_make(3 * strlen(path) + 1);
  bool dots = false;
  for (const char *c = path; *c; c++) {
    bool begins = c == path || c[-1] == '/';
    if (begins) dots = is_dots(c);
    bool rooted = *c == '/' && begins; /* at the start or doubled: not a separator */
    if (is_plain_in_uri(*c) && !rooted && !(dots && *c == '.'))
      buffer_add_char(&out, *c);
    else
      buffer_add_format(&out, "%%%02X", (unsigned)(unsigned char)*c);
  }
  return buffer_take(&out);
}

void sarif_artifact_location(struct json_t *object, const char *key,
                             const struct verdicts *verdicts, size_t artifact) {
  struct json_t *location = value_object(object, key);
  char *uri = sarif_uri(verdicts->artifacts[artifact].path);
  value_text(location, "uri", uri);
  value_text(location, "uriBaseId", SARIF_BUNDLE_BASE);
  value_number(location, "index", artifact);
  alloc_free(uri);
}

void sarif_host(struct json_t *properties, const struct verdicts *verdicts, int host) {
  if (host < 0 || (size_t)host >= verdicts->host_count)
    value_null(properties, "host");
  else
    value_text(properties, "host", verdicts->hosts[host].name);
}

/* IANA names only, as 3.24.9 wants; others stand in the property bag. */
static const char *iana_encoding(const char *encoding) {
  static const struct {
    const char *ours, *iana;
  } names[] = {{"ASCII", "US-ASCII"},
               {"UTF-8", "UTF-8"},
               {"UTF-8 with BOM", "UTF-8"},
               {"UTF-16LE", "UTF-16LE"},
               {"UTF-16BE", "UTF-16BE"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (text_equal(encoding, names[i].ours)) return names[i].iana;
  return NULL;
}

static void put_artifact(struct json_t *array, const struct verdicts *verdicts, size_t number) {
  const struct artifact_facts *facts = &verdicts->artifacts[number];
  struct json_t *artifact = value_item(array);
  sarif_artifact_location(artifact, "location", verdicts, number);
  value_number(artifact, "length", facts->size);
  if (iana_encoding(facts->encoding))
    value_text(artifact, "encoding", iana_encoding(facts->encoding));
  if (facts->sha256 && facts->sha256[0])
    value_text(value_object(artifact, "hashes"), "sha-256", facts->sha256);
  if (facts->has_modified) {
    char moment[21];
    moment_format(facts->modified, moment);
    value_text(artifact, "lastModifiedTimeUtc", moment);
  }
  struct json_t *properties = value_object(artifact, "properties");
  value_text(properties, "outcome", facts->outcome);
  value_text(properties, "reason", facts->reason);
  value_text(properties, "kind", facts->kind);
  value_text(properties, "role", facts->role);
  value_text(properties, "encoding", facts->encoding);
  value_text(properties, "host", facts->host);
}

static void put_tool(struct json_t *run, const struct verdicts *verdicts) {
  struct json_t *driver = value_object(value_object(run, "tool"), "driver");
  value_text(driver, "name", "siteglass");
  value_text(driver, "version", verdicts->version);
  value_text(driver, "semanticVersion", verdicts->version);
  sarif_rules(driver, verdicts);
}

static void put_bundle(struct json_t *run, const struct verdicts *verdicts) {
  struct json_t *base = value_object(value_object(run, "originalUriBaseIds"), SARIF_BUNDLE_BASE);
  char *text = alloc_format("The bundle that was read: %s", verdicts->bundle_name);
  sarif_message(base, "description", text);
  alloc_free(text);
  struct json_t *artifacts = value_array(run, "artifacts");
  for (size_t i = 0; i < verdicts->artifact_count; i++)
    put_artifact(artifacts, verdicts, i);
}

/* What is counted and not listed, and the moments at which the hosts were judged. */
static void put_run_properties(struct json_t *run, const struct verdicts *verdicts) {
  struct json_t *properties = value_object(run, "properties");
  struct json_t *as_of = value_array(properties, "asOf");
  for (size_t i = 0; i < verdicts->host_count; i++) {
    const struct host_facts *host = &verdicts->hosts[i];
    struct json_t *item = value_item(as_of);
    char moment[21];
    value_text(item, "host", host->name);
    if (host->has_as_of) {
      moment_format(host->as_of, moment);
      value_text(item, "asOf", moment);
    } else {
      value_null(item, "asOf");
    }
    value_text(item, "reason", host->as_of_reason);
  }
  struct json_t *settings = verdicts->setting_count ? value_array(properties, "settings") : NULL;
  for (size_t i = 0; i < verdicts->setting_count; i++) {
    const struct setting_facts *setting = &verdicts->settings[i];
    struct json_t *item = value_item(settings);
    value_text(item, "name", setting->name);
    value_text(item, "value", setting->value);
    value_text(item, "standard", setting->standard);
  }
  struct json_t *checks = value_object(properties, "checks");
  value_number(checks, "fail", verdicts->rules_failed);
  value_number(checks, "pass", verdicts->rules_passed);
  value_number(checks, "notApplicable", verdicts->rules_not_applicable);
  value_number(checks, "open", verdicts->rules_unknown);
  value_number(checks, "error", verdicts->rules_error);
  value_number(checks, "partlyOpen", words_partly_unknown(verdicts));
}

char *sarif_report(const struct verdicts *verdicts, const struct report_style *style) {
  (void)style;
  struct json_t *root = value_root();
  value_text(root, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  value_text(root, "version", "2.1.0");
  struct json_t *run = value_item(value_array(root, "runs"));
  put_tool(run, verdicts);
  sarif_invocations(run, verdicts);
  put_bundle(run, verdicts);
  sarif_results(run, verdicts);
  value_text(run, "columnKind", "unicodeCodePoints");
  put_run_properties(run, verdicts);
  return value_print(root);
}
