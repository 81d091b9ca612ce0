/* Get-AuthConfig (Exchange): which certificates sign OAuth tokens.
 *
 * Facts: authConfig with the thumbprints (upper case; "" when none is named) and
 * the date from which the next one is used. What the export does not say is
 * marked. WhenChangedUTC is a moment before which the export was not made. */
#include "readers/powershell.h"

#include "base/moment.h"
#include "base/text.h"

static void mark(xmlNode *config, const char *attribute, enum unknown_reason reason,
                 const char *note, struct origin origin) {
  node_mark(config, attribute, "authConfig", reason, "get-authconfig", note, origin);
}

static void copy_thumbprint(xmlNode *config, const struct clixml *clixml, const xmlNode *object,
                            const char *property, const char *name, const char *marked) {
  const xmlNode *value = clixml_property(clixml, object, property);
  if (!value) {
    mark(config, marked, UNKNOWN_NOT_IN_BUNDLE, "the export does not say it", origin_of(object));
    return;
  }
  char *text = clixml_is_nil(value) ? alloc_text("") : clixml_text(value);
  struct span trimmed = span_trim(span_of(text));
  char thumbprint[41] = "";
  if (text && (trimmed.size == 0 || text_thumbprint(trimmed, thumbprint)))
    node_set(config, name, thumbprint, origin_of(value));
  else
    mark(config, marked, UNKNOWN_DAMAGED, "it is no SHA-1 thumbprint", origin_of(value));
  alloc_free(text);
}

static bool moment_of(const xmlNode *value, int64_t *moment) {
  char *text = clixml_text(value);
  bool known = text && moment_parse(text, moment);
  alloc_free(text);
  return known;
}

static void copy_date(xmlNode *config, const struct clixml *clixml, const xmlNode *object) {
  const char *name = "nextCertificateEffectiveDate", *marked = "@nextCertificateEffectiveDate";
  const xmlNode *value = clixml_property(clixml, object, "NextCertificateEffectiveDate");
  int64_t moment;
  char text[21];
  if (!value) {
    mark(config, marked, UNKNOWN_NOT_IN_BUNDLE, "the export does not say it", origin_of(object));
  } else if (clixml_is_nil(value)) {
    return; /* none is set, and that is known */
  } else if (moment_of(value, &moment)) {
    moment_format(moment, text);
    node_set(config, name, text, origin_of(value));
  } else {
    mark(config, marked, UNKNOWN_DAMAGED, "it is no date", origin_of(value));
  }
}

static void note_change(struct reading *reading, const struct clixml *clixml,
                        const xmlNode *object) {
  static const char *const names[] = {"WhenChangedUTC", "WhenChanged"};
  for (size_t i = 0; i < 2; i++) {
    const xmlNode *value = clixml_property(clixml, object, names[i]);
    int64_t moment;
    if (!value || !moment_of(value, &moment)) continue;
    reading_saw_moment(reading, moment, names[i]);
    return;
  }
}

void get_authconfig_read(struct powershell_export *from, const xmlNode *object) {
  struct reading *reading = from->reading;
  const struct clixml *clixml = from->clixml;
  char *computer = powershell_computer_name(clixml, object);
  bool ours = powershell_computer(reading, computer, origin_of(object));
  alloc_free(computer);
  if (!ours) return;
  xmlNode *config = node_add(reading->facts, "authConfig", origin_of(object));
  copy_thumbprint(config, clixml, object, "CurrentCertificateThumbprint",
                  "currentCertificateThumbprint", "@currentCertificateThumbprint");
  copy_thumbprint(config, clixml, object, "PreviousCertificateThumbprint",
                  "previousCertificateThumbprint", "@previousCertificateThumbprint");
  copy_thumbprint(config, clixml, object, "NextCertificateThumbprint", "nextCertificateThumbprint",
                  "@nextCertificateThumbprint");
  copy_date(config, clixml, object);
  note_change(reading, clixml, object);
}
