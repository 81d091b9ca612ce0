/* Which kind an exported object is of. */
#include "readers/powershell_kind.h"

#include "base/text.h"
#include "evidence/kinds.h"
#include "readers/exchange_object.h"
#include "readers/told_certificate.h"

#include <string.h>

struct own_kind {
  const char *type;
  const char *shape[5]; /* as in exchange_objects.tsv */
  struct powershell_kind kind;
};

static const struct own_kind own_kinds[] = {
    {"Microsoft.Exchange.Management.SystemConfigurationTasks.ExchangeCertificate",
     {"Thumbprint", "Services", "Status", NULL},
     {"get-exchangecertificate", get_exchangecertificate_read, told_certificate_settle, NULL}},
    {"Microsoft.IIs.PowerShell.Framework.ConfigurationElement#bindings#binding",
     {"protocol", "bindingInformation", "ItemXPath", NULL},
     {"get-webbinding", get_webbinding_read, NULL, NULL}},
    {"Microsoft.Exchange.Data.Directory.SystemConfiguration.AuthConfig",
     {"CurrentCertificateThumbprint", "NextCertificateThumbprint", NULL},
     {"get-authconfig", get_authconfig_read, NULL, NULL}},
    {"Microsoft.IIs.PowerShell.Framework.ConfigurationElement#site",
     {"name", "id", "state", "physicalPath", NULL},
     {"get-website", get_website_read, NULL, NULL}},
    {"Microsoft.IIs.PowerShell.Framework.ConfigurationElement#site#application",
     {"applicationPool", "path", "ItemXPath", NULL},
     {"get-website", get_webapplication_read, NULL, NULL}},
    {"Microsoft.IIs.PowerShell.Framework.ConfigurationElement#applicationPools#add",
     {"managedPipelineMode", "startMode", "state", NULL},
     {"get-website", application_pool_read, NULL, NULL}},
    {"System.Security.Cryptography.X509Certificates.X509Certificate2",
     {"Thumbprint", "Subject", "PSParentPath", NULL},
     {"cert-drive", cert_drive_read, told_certificate_settle, NULL}},
    {"HealthChecker.HealthCheckerExchangeServer",
     {"HealthCheckerVersion", "GenerationTime", NULL},
     {"healthchecker", healthchecker_read, NULL, NULL}},
    {"",
     {"ModuleList", "AllModulesSigned", NULL},
     {"get-iismodules", healthchecker_read, NULL, NULL}},
    {"",
     {"Registry", "SecurityProtocol", NULL},
     {"get-alltlssettings", healthchecker_read, NULL, NULL}},
    {"System.Diagnostics.Eventing.Reader.EventLogRecord",
     {NULL},
     {"event-log", get_winevent_read, get_winevent_settle, NULL}},
};
enum { OWN_KINDS = sizeof own_kinds / sizeof *own_kinds };

struct powershell_kinds {
  struct exchange_objects *objects;
  struct powershell_kind *of_rows; /* one for each of the objects */
};

struct powershell_kinds *powershell_kinds_new(void) {
  struct powershell_kinds *kinds = alloc_bytes(sizeof *kinds);
  kinds->objects = exchange_objects_new();
  kinds->of_rows = alloc_array(kinds->objects->count, sizeof *kinds->of_rows);
  for (size_t i = 0; i < kinds->objects->count; i++) {
    const struct exchange_object *row = &kinds->objects->items[i];
    const struct evidence_kind *kind = evidence_kind_find(row->kind); /* lives for ever */
    kinds->of_rows[i] = (struct powershell_kind){kind ? kind->id : "clixml", exchange_object_read,
                                                 exchange_object_settle, row};
  }
  return kinds;
}

void powershell_kinds_free(struct powershell_kinds *kinds) {
  if (!kinds) return;
  exchange_objects_free(kinds->objects);
  alloc_free(kinds->of_rows);
  alloc_free(kinds);
}

/* ---- By type ------------------------------------------------------------------ */

static bool is_type_of(const struct exchange_object *row, const char *type) {
  for (size_t i = 0; row->types[i]; i++)
    if (text_glob(row->types[i], type)) return true;
  return false;
}

static const struct powershell_kind *kind_of_type(const struct powershell_kinds *kinds,
                                                  const char *type) {
  for (size_t i = 0; i < OWN_KINDS; i++)
    if (type[0] && text_equal(own_kinds[i].type, type)) return &own_kinds[i].kind;
  for (size_t i = 0; i < kinds->objects->count; i++)
    if (is_type_of(&kinds->objects->items[i], type)) return &kinds->of_rows[i];
  return NULL;
}

/* Every program and library has a version; this is the one that Exchange is known by. */
static bool is_exchange_program(const struct clixml *clixml, const xmlNode *object) {
  const xmlNode *name = clixml_property(clixml, object, "FileName");
  char *text = name ? clixml_text(name) : NULL;
  bool is = text && text_ends_nocase(text, "\\ExSetup.exe");
  alloc_free(text);
  return is;
}

static const struct powershell_kind *kind_of_shape(const struct powershell_kinds *kinds,
                                                   const struct clixml *clixml,
                                                   const xmlNode *object) {
  for (size_t i = 0; i < OWN_KINDS; i++)
    if (exchange_object_has(clixml, object, own_kinds[i].shape)) return &own_kinds[i].kind;
  for (size_t i = 0; i < kinds->objects->count; i++)
    if (exchange_object_has(clixml, object, (const char *const *)kinds->objects->items[i].shape))
      return &kinds->of_rows[i];
  return NULL;
}

const struct powershell_kind *powershell_kind_of(const struct powershell_kinds *kinds,
                                                 const struct clixml *clixml,
                                                 const xmlNode *object) {
  const char *type = clixml_type(clixml, object);
  const struct powershell_kind *kind = kind_of_type(kinds, type);
  for (size_t i = 0; i < OWN_KINDS && !kind; i++)
    if (own_kinds[i].type[0] && clixml_type_is(clixml, object, own_kinds[i].type))
      kind = &own_kinds[i].kind;
  if (!kind && (!type[0] || text_equal(type, "System.Management.Automation.PSCustomObject")))
    kind = kind_of_shape(kinds, clixml, object);
  bool version = kind && text_equal(kind->id, "exsetup");
  return version && !is_exchange_program(clixml, object) ? NULL : kind;
}

const struct powershell_kind *powershell_kind_of_damaged(const struct powershell_kinds *kinds,
                                                         const char *text) {
  const char *start = text ? strstr(text, "<T>") : NULL;
  if (!start) return NULL;
  start += 3;
  if (text_starts(start, "Deserialized.")) start += strlen("Deserialized.");
  size_t size = strcspn(start, "<\n");
  if (size > 300) return NULL;
  char *type = alloc_text_n(start, size);
  const struct powershell_kind *kind = kind_of_type(kinds, type);
  alloc_free(type);
  return kind;
}

/* ---- By name ------------------------------------------------------------------- */

/* Letters and digits of `text`, lower case. Caller frees. */
static char *bare(const char *text) {
  char *lower = text_lower(text);
  size_t used = 0;
  for (const char *at = lower; *at; at++)
    if ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9')) lower[used++] = *at;
  lower[used] = '\0';
  return lower;
}

static bool is_named_after(const char *bare_name, const char *kind) {
  char *cmdlet = bare(kind);
  const char *found = strstr(bare_name, cmdlet);
  size_t size = strlen(cmdlet);
  /* "getreceiveconnector", then "xml": not the start of a longer cmdlet's name. */
  static const char *const ends[] = {"xml", "json", "csv", "txt", "log"};
  bool is = false;
  for (size_t i = 0; i < sizeof ends / sizeof *ends && found; i++)
    is = is || text_equal(found + size, ends[i]);
  alloc_free(cmdlet);
  return is;
}

const struct powershell_kind *powershell_kind_of_name(const struct powershell_kinds *kinds,
                                                      const char *path) {
  const char *slash = strrchr(path, '/');
  char *name = bare(slash ? slash + 1 : path);
  const struct powershell_kind *kind = NULL;
  for (size_t i = 0; i < OWN_KINDS && !kind; i++)
    if (is_named_after(name, own_kinds[i].kind.id)) kind = &own_kinds[i].kind;
  for (size_t i = 0; i < kinds->objects->count && !kind; i++)
    if (is_named_after(name, kinds->of_rows[i].id)) kind = &kinds->of_rows[i];
  alloc_free(name);
  return kind;
}
