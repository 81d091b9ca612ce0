/* The files of one server in every form. */
#include "support_forms.h"

#include "support/objects.h"
#include "support_program.h"

#include "base/base64.h"
#include "base/moment.h"
#include "base/text.h"

#include <check.h>
#include <string.h>

#define BACKEND "F6F4501B6059B0EFF5EF4D9F17E4144D21387C47"
#define OAUTH "7C9912EF4FB15AA8342C27F092DEC3A258284BF7"
#define MAIL "37A174A666F07B8BB332B7FE0C462776E46CEC82"
#define SERVICE "B38FB170012C9198E37B94D7EB5CF5FB8F88F20A"
enum { ZONE = -4 * 60, BACKEND_NUMBER = 0, CERTIFICATES = 4, TEXT_MOST = 1 << 20 };

/* ---- The server: EX01 of the samples ---------------------------------------------------- */

struct its_certificate {
  struct dump_certificate shown;
  const char *not_before, *not_after, *services;
  bool self_signed;
};

static struct its_certificate certificates[CERTIFICATES] = {
    {{.thumbprint = BACKEND,
      .serial = "3cd5771a8ec41e2df2aaccbc103d5ca5",
      .issuer = "CN=EX01",
      .subject = "CN=EX01",
      .key = DUMP_KEY_USABLE},
     "2025-04-14T15:02:41Z",
     "2030-04-14T15:02:41Z",
     "IIS, SMTP",
     true},
    {{.thumbprint = OAUTH,
      .serial = "16016ef99481b890d4097e1330257bd7",
      .issuer = "CN=Microsoft Exchange Server Auth Certificate",
      .subject = "CN=Microsoft Exchange Server Auth Certificate",
      .key = DUMP_KEY_USABLE},
     "2025-04-14T15:20:09Z",
     "2030-03-19T15:20:09Z",
     "SMTP",
     true},
    {{.thumbprint = MAIL,
      .serial = "1d8fa52a90756f499351890cf5fff1a6",
      .issuer = "CN=Contoso Issuing CA 1, DC=contoso, DC=com",
      .subject = "CN=mail.contoso.com, DC=contoso, DC=com",
      .key = DUMP_KEY_USABLE},
     "2025-09-08T08:11:30Z",
     "2027-09-08T08:11:30Z",
     "IMAP, POP, IIS, SMTP",
     false},
    {{.thumbprint = SERVICE,
      .serial = "1ffcf769c86f0baf1d26172ed0746440",
      .issuer = "CN=WMSvc-SHA2-EX01",
      .subject = "CN=WMSvc-SHA2-EX01",
      .key = DUMP_KEY_USABLE},
     "2025-04-14T13:44:12Z",
     "2035-04-12T13:44:12Z",
     "None",
     true}};

static const struct dump_record records[] = {
    {.key = "0.0.0.0:443", .thumbprint = MAIL, .store = "MY"},
    {.key = "127.0.0.1:443", .thumbprint = MAIL, .store = "MY"},
    {.key = "0.0.0.0:444", .thumbprint = BACKEND, .store = "MY"},
    {.key = "0.0.0.0:8172",
     .thumbprint = SERVICE,
     .store = "MY",
     .app_id = "{00000000-0000-0000-0000-000000000000}"},
};
enum { RECORDS = sizeof records / sizeof *records };

static const struct its_site {
  const char *name, *id;
  struct {
    const char *protocol, *information, *hash;
  } bindings[4];
  size_t count;
} sites[] = {{"Default Web Site",
              "1",
              {{"http", "*:80:", ""},
               {"https", ":443:", MAIL},
               {"http", "127.0.0.1:80:", ""},
               {"https", "127.0.0.1:443:", MAIL}},
              4},
             {"Exchange Back End", "2", {{"http", "*:81:", ""}, {"https", "*:444:", BACKEND}}, 2}};
enum { SITES = 2, BINDINGS = 6 };

static int64_t moment_of(const char *text) {
  int64_t moment = 0;
  ck_assert(moment_parse(text, &moment));
  return moment;
}

/* Its bytes in base64, as the sample's own export has them. Caller frees. */
static char *raw_of(const char *export, const char *thumbprint) {
  char *told = alloc_format("%s_x000D_", thumbprint);
  const char *object = strstr(export, told), *data = object ? strstr(object, "RawData\">") : NULL;
  ck_assert_ptr_nonnull(data);
  data += strlen("RawData\">");
  alloc_free(told);
  return span_copy((struct span){data, strcspn(data, "<")});
}

/* ---- Forms of the certificate store ------------------------------------------------------- */

static char *export_text; /* GetExchangeCertificate.xml of the healthy sample */

static void write_certutil(struct buffer *out, const struct form *form, bool broken) {
  const struct dump_certificate *shown[CERTIFICATES];
  size_t count = 0;
  for (size_t i = 0; i < CERTIFICATES; i++)
    if (!broken || i != BACKEND_NUMBER) shown[count++] = &certificates[i].shown;
  struct dump_store store = {.name = "My", .certificates = shown, .count = count};
  dump_certutil(out, &store, &form->style);
}

static void write_exported(struct buffer *out, const struct form *form, bool broken) {
  (void)form;
  size_t size;
  char *text = file_read(sample(broken ? "kb2779694-broken/GetExchangeCertificate.xml"
                                       : "kb2779694-healthy/GetExchangeCertificate.xml"),
                         &size);
  buffer_add(out, text, size);
  alloc_free(text);
}

enum { VALUES_MOST = 16 };

static void write_objects(struct buffer *out, const struct form *form, bool broken,
                          const char *type, bool drive) {
  struct object_value values[CERTIFICATES][VALUES_MOST];
  struct object objects[CERTIFICATES];
  char *raw[CERTIFICATES];
  size_t count = 0;
  for (size_t i = 0; i < CERTIFICATES; i++) {
    const struct its_certificate *c = &certificates[i];
    if (broken && i == BACKEND_NUMBER) continue;
    size_t n = 0;
    struct object_value *v = values[count];
    v[n++] = drive ? (struct object_value){.name = "PSParentPath",
                                           .text = "Microsoft.PowerShell.Security\\Certificate::"
                                                   "LocalMachine\\My"}
                   : (struct object_value){.name = "CertificateDomains",
                                           .kind = VALUE_LIST,
                                           .text = "mail.contoso.com, EX01"};
    v[n++] = (struct object_value){"HasPrivateKey", VALUE_FLAG, "True", 0, 0, NULL, 0};
    if (!drive)
      v[n++] = (struct object_value){
          "IsSelfSigned", VALUE_FLAG, c->self_signed ? "True" : "False", 0, 0, NULL, 0};
    v[n++] = (struct object_value){.name = "Issuer", .text = c->shown.issuer};
    v[n++] =
        (struct object_value){"NotAfter", VALUE_DATE, NULL, moment_of(c->not_after), ZONE, NULL, 0};
    v[n++] = (struct object_value){"NotBefore", VALUE_DATE, NULL, moment_of(c->not_before),
                                   ZONE,        NULL,       0};
    v[n++] = (struct object_value){.name = "SerialNumber", .text = c->shown.serial};
    if (!drive) v[n++] = (struct object_value){.name = "Services", .text = c->services};
    if (!drive) v[n++] = (struct object_value){.name = "Status", .text = "Valid"};
    v[n++] = (struct object_value){.name = "Subject", .text = c->shown.subject};
    v[n++] = (struct object_value){.name = "Thumbprint", .text = c->shown.thumbprint};
    raw[count] = raw_of(export_text, c->shown.thumbprint);
    if (drive && form->variant == OBJECTS_CLIXML)
      v[n++] = (struct object_value){.name = "RawData", .kind = VALUE_BYTES, .text = raw[count]};
    objects[count++] = (struct object){type, v, n};
  }
  objects_write(out, (enum object_form)form->variant, objects, count);
  while (count > 0)
    alloc_free(raw[--count]);
}

static void write_told(struct buffer *out, const struct form *form, bool broken) {
  write_objects(out, form, broken,
                "Microsoft.Exchange.Management.SystemConfigurationTasks.ExchangeCertificate",
                false);
}

static void write_drive(struct buffer *out, const struct form *form, bool broken) {
  write_objects(out, form, broken, "System.Security.Cryptography.X509Certificates.X509Certificate2",
                true);
}

/* A serialized element: the provider of its key, then the certificate. */
static void add_element(struct buffer *out, size_t number) {
  static const char provider[48] = {2,  0, 0, 0, 1, 0, 0, 0, 36,  0, 0, 0, 28,  0, 0, 0,
                                    32, 0, 0, 0, 0, 0, 0, 0, 0,   0, 0, 0, 0,   0, 0, 0,
                                    0,  0, 0, 0, 1, 0, 0, 0, 'c', 0, 0, 0, 'P', 0, 0, 0};
  char *text = raw_of(export_text, certificates[number].shown.thumbprint);
  uint8_t *der;
  size_t size;
  ck_assert(base64_decode(span_of(text), &der, &size));
  char head[12] = {32, 0, 0, 0, 1, 0, 0, 0, (char)size, (char)(size >> 8), 0, 0};
  buffer_add(out, provider, sizeof provider);
  buffer_add(out, head, sizeof head);
  buffer_add(out, (const char *)der, size);
  alloc_free(der);
  alloc_free(text);
}

static void write_registry(struct buffer *out, const struct form *form, bool broken) {
  static const char list[] =
      "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\MY\\Certificates";
  bool query = form->variant == 1;
  buffer_add_text(out, query ? "\n" : "Windows Registry Editor Version 5.00\n\n");
  buffer_add_format(out, query ? "%s\n\n" : "[%s]\n\n", list);
  for (size_t i = 0; i < CERTIFICATES; i++) {
    if (broken && i == BACKEND_NUMBER) continue;
    struct buffer element = buffer_make(1 << 16);
    add_element(&element, i);
    buffer_add_format(out, query ? "%s\\%s\n    Blob    REG_BINARY    " : "[%s\\%s]\n\"Blob\"=hex:",
                      list, certificates[i].shown.thumbprint);
    for (size_t b = 0; b < element.size; b++)
      buffer_add_format(out, !query && b ? ",%02x" : "%02x", (unsigned char)element.data[b]);
    buffer_add_text(out, "\n\n");
    buffer_dispose(&element);
  }
}

static void write_serialized(struct buffer *out, const struct form *form, bool broken) {
  (void)form;
  buffer_add(out, "\0\0\0\0CERT", 8);
  for (size_t i = 0; i < CERTIFICATES; i++)
    if (!broken || i != BACKEND_NUMBER) add_element(out, i);
  buffer_add(out, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
}

static void write_pem(struct buffer *out, const struct form *form, bool broken) {
  (void)form;
  for (size_t i = 0; i < CERTIFICATES; i++) {
    if (broken && i == BACKEND_NUMBER) continue;
    char *raw = raw_of(export_text, certificates[i].shown.thumbprint);
    buffer_add_text(out, "-----BEGIN CERTIFICATE-----\n");
    for (const char *at = raw; *at; at += strlen(at) < 64 ? strlen(at) : 64)
      buffer_add_format(out, "%.64s\n", at);
    buffer_add_text(out, "-----END CERTIFICATE-----\n");
    alloc_free(raw);
  }
}

/* ---- Forms of the bindings ------------------------------------------------------------------ */

static void write_netsh(struct buffer *out, const struct form *form, bool broken) {
  (void)broken; /* HTTP.SYS keeps what was deleted */
  dump_sslcert(out, records, RECORDS, &form->style);
}

static void write_http_registry(struct buffer *out, const struct form *form, bool broken) {
  (void)broken;
  dump_registry_http(out, records, RECORDS, form->variant == 1);
}

/* protocol, bindingInformation, sslFlags, certificateHash, certificateStoreName, ItemXPath */
enum { BINDING_VALUES = 6 };
static char *item_paths[SITES];

static void fill_binding(struct object_value values[BINDING_VALUES], size_t site, size_t number) {
  const char *hash = sites[site].bindings[number].hash;
  values[0] =
      (struct object_value){.name = "protocol", .text = sites[site].bindings[number].protocol};
  values[1] = (struct object_value){.name = "bindingInformation",
                                    .text = sites[site].bindings[number].information};
  values[2] = (struct object_value){.name = "sslFlags", .kind = VALUE_NUMBER, .text = "0"};
  values[3] = (struct object_value){.name = "certificateHash", .text = hash};
  values[4] = (struct object_value){.name = "certificateStoreName", .text = hash[0] ? "My" : ""};
  values[5] = (struct object_value){.name = "ItemXPath", .text = item_paths[site]};
}

static size_t fill_bindings(struct object *objects, struct object_value (*values)[BINDING_VALUES],
                            size_t site) {
  for (size_t i = 0; i < sites[site].count; i++) {
    fill_binding(values[i], site, i);
    objects[i] =
        (struct object){"Microsoft.IIs.PowerShell.Framework.ConfigurationElement#bindings#binding",
                        values[i], BINDING_VALUES};
  }
  return sites[site].count;
}

static void write_web_bindings(struct buffer *out, const struct form *form, bool broken) {
  (void)broken;
  struct object objects[BINDINGS];
  struct object_value values[BINDINGS][BINDING_VALUES];
  size_t count = 0;
  for (size_t s = 0; s < SITES; s++)
    count += fill_bindings(objects + count, values + count, s);
  objects_write(out, (enum object_form)form->variant, objects, count);
}

static void write_websites(struct buffer *out, const struct form *form, bool broken) {
  (void)broken;
  struct object bindings[BINDINGS], objects[SITES];
  struct object_value values[BINDINGS][BINDING_VALUES], own[SITES][6];
  size_t count = 0;
  for (size_t s = 0; s < SITES; s++) {
    size_t first = count;
    count += fill_bindings(bindings + first, values + first, s);
    own[s][0] = (struct object_value){.name = "name", .text = sites[s].name};
    own[s][1] = (struct object_value){.name = "id", .kind = VALUE_NUMBER, .text = sites[s].id};
    own[s][2] =
        (struct object_value){.name = "serverAutoStart", .kind = VALUE_FLAG, .text = "True"};
    own[s][3] = (struct object_value){.name = "state", .text = "Started"};
    own[s][4] = (struct object_value){"bindings", VALUE_OBJECTS,    NULL,         0,
                                      0,          bindings + first, count - first};
    own[s][5] = (struct object_value){.name = "physicalPath", .text = "C:\\inetpub\\wwwroot"};
    objects[s] =
        (struct object){"Microsoft.IIs.PowerShell.Framework.ConfigurationElement#site", own[s], 6};
  }
  objects_write(out, (enum object_form)form->variant, objects, SITES);
}

/* ---- Files ---- */

enum { DUMPED = DUMP_LANGUAGES * DUMP_ENCODINGS };

static struct form told_stores[] = {
    {.name = "get-exchangecertificate.xml", .write = write_exported, .proves = EXPORTED},
    {.name = "told.xml", .write = write_told, .variant = OBJECTS_CLIXML, .proves = EXPORTED},
    {.name = "told.json", .write = write_told, .variant = OBJECTS_JSON, .proves = EXPORTED},
    {.name = "told.csv", .write = write_told, .variant = OBJECTS_CSV, .proves = EXPORTED},
    {.name = "told.txt", .write = write_told, .variant = OBJECTS_LIST, .proves = EXPORTED},
    {.name = "store.reg", .write = write_registry, .proves = LISTED},
    {.name = "store-query.txt", .write = write_registry, .variant = 1, .proves = LISTED},
    {.name = "drive.xml", .write = write_drive, .variant = OBJECTS_CLIXML, .proves = SHOWN_WHOLE},
    {.name = "drive.json", .write = write_drive, .variant = OBJECTS_JSON, .proves = SHOWN},
    {.name = "drive.csv", .write = write_drive, .variant = OBJECTS_CSV, .proves = SHOWN},
    {.name = "drive.txt", .write = write_drive, .variant = OBJECTS_LIST, .proves = SHOWN},
    {.name = "store.sst", .write = write_serialized, .proves = FILED},
    {.name = "store.pem", .write = write_pem, .proves = FILED},
};
static struct form told_bindings[] = {
    {.name = "http.reg", .write = write_http_registry, .proves = RECORDED},
    {.name = "http-query.txt", .write = write_http_registry, .variant = 1, .proves = RECORDED},
    {.name = "bindings.xml",
     .write = write_web_bindings,
     .variant = OBJECTS_CLIXML,
     .proves = TOLD},
    {.name = "bindings.json", .write = write_web_bindings, .variant = OBJECTS_JSON, .proves = TOLD},
    {.name = "bindings.csv", .write = write_web_bindings, .variant = OBJECTS_CSV, .proves = TOLD},
    {.name = "bindings.txt", .write = write_web_bindings, .variant = OBJECTS_LIST, .proves = TOLD},
    {.name = "websites.xml", .write = write_websites, .variant = OBJECTS_CLIXML, .proves = TOLD},
    {.name = "websites.json", .write = write_websites, .variant = OBJECTS_JSON, .proves = TOLD},
};
enum {
  TOLD_STORES = sizeof told_stores / sizeof *told_stores,
  TOLD_BINDINGS = sizeof told_bindings / sizeof *told_bindings
};
static struct form certutil_forms[DUMPED], netsh_forms[DUMPED];

static char *folder;

static void write_form(struct form *form) {
  for (int broken = 0; broken < 2; broken++) {
    struct buffer text = buffer_make(TEXT_MOST);
    form->write(&text, form, broken == 1);
    char *name = alloc_format("%s-%s", broken ? "b" : "h", form->name);
    bool binary = form->write == write_serialized || form->write == write_exported;
    size_t size = text.size;
    char *bytes = binary ? NULL : dump_encode(&text, &form->style, &size);
    folder_write(folder, name, binary ? text.data : bytes, size);
    form->paths[broken] = path_of(folder, name);
    alloc_free(name);
    alloc_free(bytes);
    buffer_dispose(&text);
  }
}

/* Spaced hashes and -v of every second language; every generation of netsh. */
static void write_dumps(void) {
  static const unsigned generations[] = {9, 10, 11, 16, 19, 20, 21};
  for (int i = 0; i < DUMPED; i++) {
    struct dump_style style = {.language = (enum dump_language)(i / DUMP_ENCODINGS),
                               .encoding = (enum dump_encoding)(i % DUMP_ENCODINGS),
                               .spaced = i % 4 == 1,
                               .verbose = i % 4 == 2,
                               .prompt = i % 4 == 3 ? "C:\\>" : NULL,
                               .zone = ZONE,
                               .fields = generations[i % 7]};
    const char *language = dump_language_name(style.language);
    if (style.language == DUMP_UNKNOWN) language = "unknown";
    certutil_forms[i] = (struct form){.name = alloc_format("certutil-%s-%d.txt", language, i % 3),
                                      .write = write_certutil,
                                      .proves = LISTED,
                                      .style = style};
    netsh_forms[i] = (struct form){.name = alloc_format("netsh-%s-%d.txt", language, i % 3),
                                   .write = write_netsh,
                                   .proves = RECORDED,
                                   .style = style};
    write_form(&certutil_forms[i]);
    write_form(&netsh_forms[i]);
  }
}

struct forms *forms_write(void) {
  size_t size;
  folder = folder_new();
  export_text = file_read(sample("kb2779694-healthy/GetExchangeCertificate.xml"), &size);
  for (size_t i = 0; i < SITES; i++)
    item_paths[i] = alloc_format("/system.applicationHost/sites/site[@name='%s' and @id='%s']",
                                 sites[i].name, sites[i].id);
  for (size_t i = 0; i < CERTIFICATES; i++) {
    certificates[i].shown.not_before = moment_of(certificates[i].not_before);
    certificates[i].shown.not_after = moment_of(certificates[i].not_after);
  }
  for (size_t i = 0; i < TOLD_STORES; i++)
    write_form(&told_stores[i]);
  for (size_t i = 0; i < TOLD_BINDINGS; i++)
    write_form(&told_bindings[i]);
  write_dumps();
  struct forms *forms = alloc_bytes(sizeof *forms);
  *forms = (struct forms){folder,        told_stores,    told_bindings, TOLD_STORES,
                          TOLD_BINDINGS, certutil_forms, netsh_forms,   DUMPED};
  return forms;
}

static void free_forms(struct form *forms, size_t count, bool named) {
  for (size_t i = 0; i < count; i++) {
    alloc_free(forms[i].paths[0]);
    alloc_free(forms[i].paths[1]);
    if (named) alloc_free((char *)forms[i].name);
  }
}

void forms_remove(struct forms *forms) {
  free_forms(told_stores, TOLD_STORES, false);
  free_forms(told_bindings, TOLD_BINDINGS, false);
  free_forms(certutil_forms, DUMPED, true);
  free_forms(netsh_forms, DUMPED, true);
  for (size_t i = 0; i < SITES; i++)
    alloc_free(item_paths[i]);
  alloc_free(export_text);
  folder_remove(folder);
  alloc_free(forms);
}
