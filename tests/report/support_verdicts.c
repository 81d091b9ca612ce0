/* Verdicts made by hand; the main one is modelled on a real case (KB 2779694). */
#include "support_verdicts.h"

#include <string.h>

enum { BACKEND, EXPIRED, LISTEN, FLAGS, OAUTH, SHARED, ENCRYPTED, RULES };

void replace(char **text, const char *with) {
  alloc_free(*text);
  *text = alloc_text(with);
}

static void add_rule(struct verdicts *verdicts, const char *id, const char *title,
                     enum severity severity, const char *kb) {
  verdicts->rules =
      alloc_resize(verdicts->rules, verdicts->rule_count + 1, sizeof *verdicts->rules);
  struct rule_facts *rule = &verdicts->rules[verdicts->rule_count++];
  *rule = (struct rule_facts){.id = alloc_text(id), .title = alloc_text(title)};
  rule->severity = severity;
  rule->kb = alloc_text(kb);
  rule->see = kb[0] ? alloc_format("https://support.microsoft.com/kb/%s", kb) : alloc_text("");
  rule->tags = alloc_array(2, sizeof *rule->tags);
  rule->tags[rule->tag_count++] = alloc_text("certificate");
  rule->tags[rule->tag_count++] = alloc_text("binding");
  rule->help =
      alloc_text("**What to do**\n\n1. Run `Get-ExchangeCertificate | ForEach-Object { $_ }`.");
}

struct artifact_facts *add_artifact(struct verdicts *verdicts, const char *path,
                                    const char *outcome, const char *reason) {
  static const char *const outcomes[] = {"not read", "read", "partly read", "not recognised",
                                         "refused"};
  size_t count = verdicts->artifact_count++;
  verdicts->artifacts = alloc_resize(verdicts->artifacts, count + 1, sizeof *verdicts->artifacts);
  struct artifact_facts *artifact = &verdicts->artifacts[count];
  *artifact = (struct artifact_facts){.path = alloc_text(path), .outcome = alloc_text(outcome)};
  artifact->reason = alloc_text(reason);
  artifact->kind = alloc_text("");
  artifact->role = alloc_text("");
  artifact->encoding = alloc_text("UTF-16LE");
  artifact->sha256 = alloc_text("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  artifact->host = alloc_text("EX01");
  artifact->host_reason = alloc_text("named in certs.txt");
  artifact->size = 12345;
  artifact->has_modified = true;
  artifact->modified = 1791969120;
  for (size_t i = 0; i < 5; i++)
    if (strcmp(outcome, outcomes[i]) == 0) verdicts->artifacts_by_outcome[i]++;
  return artifact;
}

static void add_host(struct verdicts *verdicts, const char *name, int64_t as_of) {
  verdicts->hosts =
      alloc_resize(verdicts->hosts, verdicts->host_count + 1, sizeof *verdicts->hosts);
  struct host_facts *host = &verdicts->hosts[verdicts->host_count++];
  *host = (struct host_facts){.name = alloc_text(name), .has_as_of = true, .as_of = as_of};
  host->name_reason = alloc_text("named in certs.txt");
  host->products = alloc_text("Exchange 2019 CU14, IIS 10.0");
  host->as_of_reason = alloc_text("newest time in GetExchangeCertificate.xml");
}

struct place *add_place(struct finding *finding, int artifact, unsigned line, unsigned column,
                        const char *text) {
  struct place *place = &ARRAY_PUSH(finding->places, finding->place_count, finding->place_capacity);
  *place = (struct place){artifact, line, column, NULL, alloc_text(text)};
  place->element = alloc_text("/evidence/host/sites/site[2]/bindings/binding[1]");
  return place;
}

static void add_evidence(struct finding *finding, int artifact, unsigned line, unsigned column,
                         const char *text) {
  ARRAY_PUSH(finding->evidence, finding->evidence_count, finding->evidence_capacity) =
      (struct place){artifact, line, column, alloc_text(""), alloc_text(text)};
}

void add_step(struct steps *steps, const char *text, const char *shell, const char *command) {
  ARRAY_PUSH(steps->items, steps->count, steps->capacity) =
      (struct step){alloc_text(text), alloc_text(shell), alloc_text(command)};
}

struct finding *add_finding(struct verdicts *verdicts, size_t rule, int host) {
  struct finding *finding =
      &ARRAY_PUSH(verdicts->findings, verdicts->finding_count, verdicts->finding_capacity);
  *finding = (struct finding){.rule = rule, .host = host};
  finding->severity = verdicts->rules[rule].severity;
  finding->message = alloc_text("It is wrong.");
  finding->effect = alloc_text("");
  finding->actual = alloc_text("");
  finding->expected = alloc_text("");
  finding->fingerprint = alloc_format("%064zu", verdicts->finding_count);
  verdicts->by_severity[finding->severity]++;
  return finding;
}

struct unknown_item *add_unknown(struct unknown_group *group, size_t rule, int host,
                                 const char *reason, const char *note) {
  struct unknown_item *item = &ARRAY_PUSH(group->items, group->item_count, group->item_capacity);
  *item = (struct unknown_item){.rule = rule, .host = host, .severity = SEVERITY_HIGH};
  item->reason = alloc_text(reason);
  item->note = alloc_text(note);
  item->places = 1;
  group->rule_count++;
  return item;
}

struct unknown_group *add_group(struct verdicts *verdicts, const char *needs, const char *shell,
                                const char *command, const char *file) {
  struct unknown_group *group =
      &ARRAY_PUSH(verdicts->unknowns, verdicts->unknown_count, verdicts->unknown_capacity);
  *group = (struct unknown_group){.needs = alloc_text(needs), .shell = alloc_text(shell)};
  group->command = alloc_text(command);
  group->file = alloc_text(file);
  return group;
}

static struct verdicts *bare(void) {
  static const struct diags none;
  struct verdicts *verdicts = alloc_bytes(sizeof *verdicts);
  verdicts->version = alloc_text("0.1.0");
  verdicts->bundle_name = alloc_text("contoso-ex01.zip");
  verdicts->diags = &none;
  verdicts->fail_on = SEVERITY_LOW;
  return verdicts;
}

static void add_rules(struct verdicts *verdicts) {
  add_rule(verdicts, "exchange-backend-certificate-missing",
           "Exchange Back End serves a certificate that is not on this server", SEVERITY_CRITICAL,
           "2779694");
  add_rule(verdicts, "certificate-in-service-expired",
           "A certificate in use is outside its validity", SEVERITY_CRITICAL, "");
  add_rule(verdicts, "ip-listen-list-excludes-binding",
           "HTTP.SYS does not listen on an address that a binding names", SEVERITY_HIGH, "");
  add_rule(verdicts, "exchange-powershell-requires-ssl", "Front-end PowerShell requires SSL",
           SEVERITY_LOW, "2276957");
  add_rule(verdicts, "oauth-certificate-missing",
           "The OAuth signing certificate is not on this server", SEVERITY_CRITICAL, "2617816");
  add_rule(verdicts, "shared-web-config-missing", "SharedWebConfig.config is missing",
           SEVERITY_HIGH, "3099532");
  add_rule(verdicts, "application-pool-password-empty", "An application pool has no password",
           SEVERITY_MEDIUM, "");
}

static void add_artifacts(struct verdicts *verdicts) {
  static const char *const paths[] = {"IIS/applicationHost.config", "sslcert.txt", "certs.txt",
                                      "GetExchangeCertificate.xml"};
  for (size_t i = 0; i < 4; i++) {
    struct artifact_facts *artifact = add_artifact(verdicts, paths[i], "read", "");
    replace(&artifact->role, "live");
    replace(&artifact->kind, "application-host");
  }
}

/* One row for each rule and host, in that order; counts follow them. */
static void add_verdicts(struct verdicts *verdicts, const enum verdict *words) {
  size_t count = verdicts->rule_count * verdicts->host_count;
  verdicts->rule_verdicts = alloc_array(count, sizeof *verdicts->rule_verdicts);
  verdicts->rule_verdict_count = count;
  for (size_t i = 0; i < count; i++) {
    struct rule_verdict *verdict = &verdicts->rule_verdicts[i];
    enum verdict word = words[i / verdicts->host_count];
    *verdict = (struct rule_verdict){.rule = i / verdicts->host_count, .verdict = word};
    verdict->host = (int)(i % verdicts->host_count);
    verdict->failed = word == VERDICT_FAIL;
    verdict->passed = word == VERDICT_PASS;
    verdict->unknown = word == VERDICT_UNKNOWN;
    verdict->errors = word == VERDICT_ERROR;
    verdicts->rules_failed += verdict->failed;
    verdicts->rules_passed += verdict->passed;
    verdicts->rules_unknown += verdict->unknown;
    verdicts->rules_error += verdict->errors;
    verdicts->rules_not_applicable += word == VERDICT_NOT_APPLICABLE;
  }
}

static void add_backend_finding(struct verdicts *verdicts, int host) {
  struct finding *finding = add_finding(verdicts, BACKEND, host);
  replace(&finding->message,
          "The binding https *:444: of \"Exchange Back End\" is served with certificate "
          "12FD38FA0D5A8A1C3B0E4C1D2F6E7788AABBCCDD. No store in this bundle holds it.");
  replace(&finding->effect,
          "Outlook on the web and ECP show a blank page, ActiveSync stops, and the Exchange "
          "Management Shell cannot connect.");
  replace(&finding->actual, "12FD38FA0D5A8A1C3B0E4C1D2F6E7788AABBCCDD");
  replace(&finding->expected, "a certificate in LocalMachine\\My");
  add_place(finding, 0, 518, 21, "<binding protocol=\"https\" bindingInformation=\"*:444:\" />");
  add_place(finding, 0, 458, 21, "binding https *:443:");
  add_place(finding, 0, 460, 21, "binding https 127.0.0.1:443:");
  add_evidence(finding, 0, 518, 21, "<binding protocol=\"https\" bindingInformation=\"*:444:\" />");
  add_evidence(finding, 1, 19, 36,
               "0.0.0.0:444 -> 12fd38fa0d5a8a1c3b0e4c1d2f6e7788aabbccdd, store MY");
  add_evidence(finding, 2, 0, 0, "store My, 3 certificates, none of them");
  add_step(&finding->remediation, "See which certificates Exchange has:", "exchange",
           "Get-ExchangeCertificate | Format-List FriendlyName,Thumbprint,NotAfter");
  add_step(&finding->remediation, "If the shell does not open, use the local one.", "powershell",
           "Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn");
  add_step(&finding->remediation,
           "If \"Microsoft Exchange\" is gone, create it again, and answer No when asked to "
           "replace the default SMTP certificate:",
           "exchange", "New-ExchangeCertificate");
  add_step(&finding->remediation, "Bind it to port 444:", "cmd",
           "netsh http delete sslcert ipport=0.0.0.0:444\n"
           "netsh http add sslcert ipport=0.0.0.0:444 certhash=THUMBPRINT "
           "appid={4dc3e181-e14b-4a21-b022-59fc669b0914} certstorename=MY\n");
  add_step(&finding->remediation, "Restart IIS.", "", "");
  add_step(&finding->verify, "", "cmd", "netsh http show sslcert ipport=0.0.0.0:444");
  add_step(&finding->undo, "Bind the certificate that was there before.", "", "");
  finding->consequences = alloc_array(1, sizeof *finding->consequences);
  finding->consequences[finding->consequence_count++] = alloc_text("certificate-not-in-store");
}

static void add_flags_finding(struct verdicts *verdicts, int host) {
  struct finding *finding = add_finding(verdicts, FLAGS, host);
  replace(&finding->message, "The effective sslFlags of Default Web Site/PowerShell are Ssl.");
  replace(&finding->actual, "Ssl");
  replace(&finding->expected, "SslNegotiateCert");
  add_place(finding, 0, 912, 9, "<access sslFlags=\"Ssl\" />");
}

static void add_unknowns(struct verdicts *verdicts) {
  struct unknown_group *group = add_group(
      verdicts, "netsh-iplisten", "cmd", "netsh http show iplisten > iplisten.txt", "iplisten.txt");
  for (int host = 0; host < (int)verdicts->host_count; host++)
    add_unknown(group, LISTEN, host, "not-in-bundle", "");
  group = add_group(verdicts, "get-authconfig get-exchangecertificate", "exchange",
                    "Get-AuthConfig | Export-Clixml -Encoding UTF8 GetAuthConfig.xml",
                    "GetAuthConfig.xml");
  add_unknown(group, OAUTH, 0, "not-in-bundle", "")->severity = SEVERITY_CRITICAL;
  group = add_group(verdicts, "redirection-config", "", "",
                    "%windir%\\System32\\inetsrv\\config\\redirection.config");
  add_unknown(group, SHARED, 0, "damaged", "IIS/redirection.config:128: the element has no end");
  group = add_group(verdicts, "", "", "", "");
  add_unknown(group, ENCRYPTED, 0, "encrypted", "IIS/applicationHost.config:912: the password")
      ->severity = SEVERITY_MEDIUM;
}

struct verdicts *example_broken(void) {
  static const enum verdict words[RULES] = {VERDICT_FAIL,   VERDICT_PASS,    VERDICT_UNKNOWN,
                                            VERDICT_FAIL,   VERDICT_UNKNOWN, VERDICT_UNKNOWN,
                                            VERDICT_UNKNOWN};
  static struct diag items[] = {
      {DIAG_WARNING, (char *)"old/web.config", 3, 7, (char *)"has a DOCTYPE; it was not read"},
      {DIAG_NOTE, (char *)"", 0, 0, (char *)"a note that only the JSON has"}};
  static const struct diags diags = {items, 2, 2, 0};
  struct verdicts *verdicts = bare();
  verdicts->diags = &diags;
  add_rules(verdicts);
  add_artifacts(verdicts);
  add_artifact(verdicts, "IIS/redirection.config", "partly read",
               "the element at line 128 has no end; what follows it is not known");
  add_artifact(verdicts, "holiday.png", "not recognised", "");
  add_artifact(verdicts, "private.zip", "refused", "it is encrypted");
  replace(&verdicts->artifacts[6].sha256, "");
  add_host(verdicts, "EX01", 1791969120);
  add_verdicts(verdicts, words);
  verdicts->rule_verdicts[FLAGS].unknown = 1;
  add_backend_finding(verdicts, 0);
  add_flags_finding(verdicts, 0);
  add_unknowns(verdicts);
  ARRAY_PUSH(verdicts->errors, verdicts->error_count, verdicts->error_capacity) =
      (struct rule_error){EXPIRED, 0, alloc_text("not a number: sg:time(@notAfter)")};
  verdicts->exit_status = 1;
  return verdicts;
}

struct verdicts *example_fine(void) {
  static const enum verdict words[RULES] = {VERDICT_PASS,          VERDICT_PASS, VERDICT_PASS,
                                            VERDICT_PASS,          VERDICT_PASS, VERDICT_PASS,
                                            VERDICT_NOT_APPLICABLE};
  struct verdicts *verdicts = bare();
  add_rules(verdicts);
  add_artifacts(verdicts);
  add_host(verdicts, "EX01", 1791969120);
  add_verdicts(verdicts, words);
  return verdicts;
}

struct verdicts *example_unknown(void) {
  static const enum verdict words[RULES] = {VERDICT_PASS,   VERDICT_PASS,    VERDICT_UNKNOWN,
                                            VERDICT_PASS,   VERDICT_UNKNOWN, VERDICT_UNKNOWN,
                                            VERDICT_UNKNOWN};
  struct verdicts *verdicts = bare();
  add_rules(verdicts);
  add_artifacts(verdicts);
  add_host(verdicts, "", 1791969120);
  verdicts->hosts[0].has_as_of = false;
  verdicts->hosts[0].as_of = 0;
  replace(&verdicts->hosts[0].as_of_reason, "");
  replace(&verdicts->hosts[0].products, "");
  add_verdicts(verdicts, words);
  add_unknowns(verdicts);
  verdicts->exit_status = 3;
  return verdicts;
}

struct verdicts *example_inapplicable(void) {
  static const enum verdict words[RULES] = {VERDICT_NOT_APPLICABLE, VERDICT_NOT_APPLICABLE,
                                            VERDICT_NOT_APPLICABLE, VERDICT_NOT_APPLICABLE,
                                            VERDICT_NOT_APPLICABLE, VERDICT_NOT_APPLICABLE,
                                            VERDICT_NOT_APPLICABLE};
  struct verdicts *verdicts = bare();
  add_rules(verdicts);
  add_host(verdicts, "EX01", 1791969120);
  add_verdicts(verdicts, words);
  return verdicts;
}

struct verdicts *example_two_hosts(void) {
  static const enum verdict words[RULES] = {VERDICT_FAIL,   VERDICT_PASS,    VERDICT_UNKNOWN,
                                            VERDICT_PASS,   VERDICT_UNKNOWN, VERDICT_UNKNOWN,
                                            VERDICT_UNKNOWN};
  struct verdicts *verdicts = bare();
  add_rules(verdicts);
  add_artifacts(verdicts);
  add_host(verdicts, "EX01", 1791969120);
  add_host(verdicts, "EX02", 1791969999);
  add_verdicts(verdicts, words);
  add_backend_finding(verdicts, 0);
  add_backend_finding(verdicts, 1);
  add_unknowns(verdicts);
  verdicts->exit_status = 1;
  return verdicts;
}

struct verdicts *example_empty(void) {
  struct verdicts *verdicts = bare();
  verdicts->exit_status = 2;
  return verdicts;
}

static void poison_places(struct place *places, size_t count, const char *text) {
  for (size_t i = 0; i < count; i++) {
    replace(&places[i].element, text);
    replace(&places[i].text, text);
  }
}

static void poison_steps(struct steps *steps, const char *text) {
  for (size_t i = 0; i < steps->count; i++) {
    replace(&steps->items[i].text, text);
    if (steps->items[i].command[0]) replace(&steps->items[i].command, text);
  }
}

static void poison_finding(struct finding *finding, const char *text) {
  replace(&finding->message, text);
  replace(&finding->effect, text);
  replace(&finding->actual, text);
  replace(&finding->expected, text);
  poison_places(finding->places, finding->place_count, text);
  poison_places(finding->evidence, finding->evidence_count, text);
  poison_steps(&finding->remediation, text);
  poison_steps(&finding->verify, text);
  poison_steps(&finding->undo, text);
}

void poison(struct verdicts *verdicts, const char *text) {
  replace(&verdicts->bundle_name, text);
  for (size_t i = 0; i < verdicts->finding_count; i++)
    poison_finding(&verdicts->findings[i], text);
  for (size_t i = 0; i < verdicts->unknown_count; i++)
    for (size_t k = 0; k < verdicts->unknowns[i].item_count; k++)
      replace(&verdicts->unknowns[i].items[k].note, text);
  for (size_t i = 0; i < verdicts->error_count; i++)
    replace(&verdicts->errors[i].message, text);
  for (size_t i = 0; i < verdicts->artifact_count; i++) {
    char *path = alloc_format("%zu%s", i, text);
    replace(&verdicts->artifacts[i].path, path);
    replace(&verdicts->artifacts[i].reason, text);
    replace(&verdicts->artifacts[i].host, text);
    replace(&verdicts->artifacts[i].host_reason, text);
    alloc_free(path);
  }
  for (size_t i = 0; i < verdicts->host_count; i++) {
    replace(&verdicts->hosts[i].name, text);
    replace(&verdicts->hosts[i].name_reason, text);
    replace(&verdicts->hosts[i].products, text);
    replace(&verdicts->hosts[i].as_of_reason, text);
  }
}
