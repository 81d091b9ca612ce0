/* The inventory as a colleague's note: of each server what it is, what it serves with
 * which certificate and how that is known, what is missing; then every file. */
#include "report/inventory.h"
#include "report/paper.h"
#include "report/words.h"

#include "base/moment.h"
#include "base/text.h"

#include <string.h>

static bool given(const char *text) {
  return text && text[0];
}

static char *place_text(const struct inventory_place *place) {
  return words_position(place->path ? place->path : "", place->line, 0);
}

/* "not in the bundle; GetX.xml:12: cut off" */
static char *gap_text(const struct inventory_gap *gap) {
  char *reason = words_reason(gap->reason ? gap->reason : "");
  char *text = given(gap->note) ? alloc_format("%s (%s)", reason, gap->note) : alloc_text(reason);
  alloc_free(reason);
  return text;
}

static void gap(struct paper *paper, unsigned indent, const struct inventory_gap *gap) {
  if (!gap->what) return;
  if (text_equal(gap->reason, "not-in-bundle") && !given(gap->note)) {
    paper_say(paper, indent, indent + 2, "There may be more: what lists %s is not in the bundle.",
              gap->what);
    return;
  }
  char *why = gap_text(gap);
  paper_say(paper, indent, indent + 2, "There may be more %s than these: %.600s%s", gap->what, why,
            strlen(why) > 600 ? "... (see --format json)" : "");
  alloc_free(why);
}

/* ---- The server ------------------------------------------------------------------------ */

static void products(struct paper *paper, const struct inventory_host *host) {
  struct buffer out = buffer_make(10000);
  for (size_t i = 0; i < host->product_count; i++)
    buffer_add_format(&out, "%s%s", i ? ", " : "", host->products[i]);
  paper_columns(paper, 2, "products", 10,
                host->product_count ? buffer_text(&out) : "nothing tells which");
  buffer_dispose(&out);
}

static void collected(struct paper *paper, const struct inventory_host *host) {
  char moment[21];
  if (!host->has_as_of) {
    paper_columns(paper, 2, "collected", 10, "not known when: nothing in the bundle states a time");
    return;
  }
  moment_format(host->as_of, moment);
  bool stated = !text_equal(host->as_of_reason, "--as-of");
  char *text = alloc_format("%s%.10s %.5s UTC: %s", stated ? "not before " : "", moment,
                            moment + 11, host->as_of_reason);
  paper_columns(paper, 2, "collected", 10, text);
  alloc_free(text);
}

/* ---- Sites ---------------------------------------------------------------------------- */

static void served(struct paper *paper, const struct inventory_served *one) {
  if (one->conflict) {
    char *text = alloc_format("artifacts disagree: %s", one->note ? one->note : "");
    paper_columns(paper, 6, "serves", 6, text);
    alloc_free(text);
    return;
  }
  char *what = one->hash && *one->hash
                   ? alloc_format("%s%s%s", one->hash, one->store ? ", store " : "",
                                  one->store ? one->store : "")
               : one->hash ? alloc_text("no certificate: the record names none")
                           : alloc_format("not known which: %s", one->note ? one->note : "");
  paper_columns(paper, 6, "serves", 6, what);
  alloc_free(what);
  if (given(one->subject)) {
    char *line = alloc_format("%s, %s", one->subject, one->expiry ? one->expiry : "");
    paper_columns(paper, 6, "", 6, line);
    alloc_free(line);
  }
  if (text_equal(one->usable, "false"))
    paper_columns(paper, 6, "", 6, "NOT USABLE: it is not in that store with its private key");
  else if (one->hash && *one->hash && !one->usable)
    paper_columns(paper, 6, "", 6, "whether it is there with its private key is not known");
}

static void found_by(struct paper *paper, const struct inventory_served *one) {
  if (!one->place.path) return;
  char *place = place_text(&one->place);
  char *text = one->record
                   ? alloc_format("HTTP.SYS record %s, %s", one->record, place)
                   : alloc_format("%s, %s", one->source_name ? one->source_name : "", place);
  paper_columns(paper, 6, "as in", 6, text);
  alloc_free(place);
  alloc_free(text);
}

static void binding(struct paper *paper, const struct inventory_binding *one) {
  char *left = alloc_format("%s %s", one->protocol, one->information);
  char *place = place_text(&one->place);
  char *right = given(one->ssl_flags) && !text_equal(one->ssl_flags, "0")
                    ? alloc_format("%s, sslFlags %s", place, one->ssl_flags)
                    : alloc_text(place);
  paper_columns(paper, 4, left, 28, right);
  for (size_t i = 0; i < one->served_count; i++) {
    served(paper, &one->served[i]);
    found_by(paper, &one->served[i]);
  }
  if (one->gap.what) {
    char *why = gap_text(&one->gap), *text = alloc_format("not known which: %s", why);
    paper_columns(paper, 6, "serves", 6, text);
    alloc_free(why);
    alloc_free(text);
  } else if (one->secure && one->served_count == 0) {
    paper_columns(paper, 6, "serves", 6, "nothing: HTTP.SYS has no record for it");
  }
  alloc_free(left);
  alloc_free(place);
  alloc_free(right);
}

static void site(struct paper *paper, const struct inventory_site *one) {
  char *count = words_count(one->application_count, "application", "applications");
  char *place = place_text(&one->place);
  paper_say(paper, 2, 4, "%s   id %s, %s%s%s   %s", one->name, one->id ? one->id : "?", count,
            given(one->state) ? ", " : "", one->state, place);
  alloc_free(count);
  alloc_free(place);
  for (size_t i = 0; i < one->binding_count; i++)
    binding(paper, &one->bindings[i]);
}

static void sites(struct paper *paper, const struct inventory_host *host) {
  size_t count = 0;
  for (size_t i = 0; i < host->site_count; i++)
    count += host->sites[i].binding_count;
  char *first = words_count(host->site_count, "site", "sites");
  char *second = words_count(count, "binding", "bindings");
  char *text = alloc_format("%s, %s", first, second);
  paper_blank(paper);
  paper_heading(paper, 0, -1, "SITES", text);
  alloc_free(first);
  alloc_free(second);
  alloc_free(text);
  gap(paper, 2, &host->sites_gap);
  for (size_t i = 0; i < host->site_count; i++)
    site(paper, &host->sites[i]);
}

/* ---- Application pools ------------------------------------------------------------------ */

static void add_fact(struct buffer *out, const char *fact) {
  if (given(fact)) buffer_add_format(out, "%s%s", out->size ? ", " : "", fact);
}

static void pool(struct paper *paper, const struct inventory_pool *one) {
  struct buffer out = buffer_make(5000);
  char *count = words_count(one->applications, "app", "apps");
  buffer_add_text(&out, count);
  add_fact(&out, one->runtime);
  add_fact(&out, one->pipeline);
  add_fact(&out, one->identity);
  paper_columns(paper, 2, one->name, 35, buffer_text(&out));
  alloc_free(count);
  buffer_dispose(&out);
}

static void pools(struct paper *paper, const struct inventory_host *host) {
  char *count = words_count(host->pool_count, "application pool", "application pools");
  char *text = alloc_format("%s; what a pool leaves to the defaults is not shown", count);
  paper_blank(paper);
  paper_heading(paper, 0, -1, "POOLS", host->pool_count ? text : count);
  alloc_free(count);
  alloc_free(text);
  if (host->pools_gap.what && text_equal(host->pools_gap.note, host->sites_gap.note))
    paper_say(paper, 2, 4, "There may be more, for the same reason as of the sites.");
  else
    gap(paper, 2, &host->pools_gap);
  for (size_t i = 0; i < host->pool_count; i++)
    pool(paper, &host->pools[i]);
}

/* ---- Certificates ------------------------------------------------------------------------- */

static void certificate(struct paper *paper, const struct inventory_certificate *one) {
  char *line = alloc_format("%s   %s", one->thumbprint, one->expiry);
  paper_paragraph(paper, 2, 4, line);
  alloc_free(line);
  struct buffer facts = buffer_make(5000);
  add_fact(&facts, given(one->subject) ? one->subject : one->subject ? "no subject" : NULL);
  if (given(one->friendly_name)) {
    char *name = alloc_format("\"%s\"", one->friendly_name);
    add_fact(&facts, name);
    alloc_free(name);
  }
  if (given(one->key_algorithm)) {
    char *key = alloc_format("%s %s", one->key_algorithm, one->key_size ? one->key_size : "");
    add_fact(&facts, key);
    alloc_free(key);
  }
  if (text_equal(one->self_signed, "true")) add_fact(&facts, "self-signed");
  paper_columns(paper, 4, "is", 2,
                facts.size ? buffer_text(&facts)
                           : "not described by anything in the bundle; it is only named");
  buffer_dispose(&facts);
  for (size_t i = 0; i < one->store_count; i++)
    paper_columns(paper, 4, "in", 2, one->stores[i]);
  for (size_t i = 0; i < one->use_count; i++)
    paper_columns(paper, 4, i ? "" : "at", 2, one->uses[i]);
}

static void certificates(struct paper *paper, const struct inventory_host *host) {
  size_t shown = 0, expired = 0;
  for (size_t i = 0; i < host->certificate_count; i++) {
    shown += host->certificates[i].servers_own;
    expired += host->certificates[i].servers_own && host->certificates[i].expired;
  }
  char *count = words_count(shown, "certificate", "certificates");
  char *text = alloc_format("%s in My, WebHosting or in use%s", count,
                            expired ? "; EXPIRED ones among them" : "");
  paper_blank(paper);
  paper_heading(paper, 0, -1, "CERTS", text);
  alloc_free(count);
  alloc_free(text);
  gap(paper, 2, &host->certificates_gap);
  for (size_t i = 0; i < host->certificate_count; i++)
    if (host->certificates[i].servers_own) certificate(paper, &host->certificates[i]);
  if (shown < host->certificate_count) {
    char *rest = words_count(host->certificate_count - shown, "certificate", "certificates");
    paper_say(paper, 2, 4, "%s more in other stores and files (see --format json)", rest);
    alloc_free(rest);
  }
}

/* ---- The rest -------------------------------------------------------------------------------- */

static void span_of_time(struct buffer *out, const char *first, const char *last) {
  if (first && last && text_equal(first, last))
    buffer_add_format(out, ", %.10s %.5s UTC", first, first + 11);
  else if (first && last)
    buffer_add_format(out, ", %.10s %.5s to %.10s %.5s UTC", first, first + 11, last, last + 11);
}

static void logs(struct paper *paper, const struct inventory_host *host) {
  if (host->log_count == 0) return;
  paper_blank(paper);
  paper_heading(paper, 0, -1, "LOGS", "what is most frequent: status and substatus, or reason");
  for (size_t i = 0; i < host->log_count; i++) {
    const struct inventory_log *one = &host->logs[i];
    struct buffer out = buffer_make(1000);
    char *place = place_text(&one->place);
    bool of_site = !text_equal(one->kind, "httperr");
    buffer_add_format(&out, "%s%s: %s lines",
                      of_site ? text_equal(one->kind, "ftp") ? "FTP site " : "site "
                              : "HTTP.SYS errors",
                      !of_site       ? ""
                      : one->site_id ? one->site_id
                                     : "not named",
                      one->count);
    span_of_time(&out, one->first, one->last);
    paper_paragraph(paper, 2, 4, buffer_text(&out));
    paper_paragraph(paper, 4, 6, place);
    if (given(one->most)) paper_paragraph(paper, 4, 6, one->most);
    alloc_free(place);
    buffer_dispose(&out);
  }
}

static void events(struct paper *paper, const struct inventory_host *host) {
  if (host->event_count == 0) return;
  paper_blank(paper);
  paper_heading(paper, 0, -1, "EVENTS", "of HTTP, TLS, IIS, ASP.NET and Exchange");
  for (size_t i = 0; i < host->event_count; i++) {
    const struct inventory_event *one = &host->events[i];
    struct buffer out = buffer_make(1000);
    buffer_add_format(&out, "%s %s: %s", one->provider, one->id, one->count);
    span_of_time(&out, one->first, one->last);
    paper_paragraph(paper, 2, 4, buffer_text(&out));
    buffer_dispose(&out);
  }
}

static void others(struct paper *paper, const struct inventory_host *host) {
  if (host->other_count == 0) return;
  paper_blank(paper);
  paper_heading(paper, 0, -1, "ALSO", "what else is known, by its name in siteglass evidence");
  for (size_t i = 0; i < host->other_count; i++) {
    char *count = alloc_format("%zu", host->others[i].count);
    paper_columns(paper, 2, host->others[i].name, 36, count);
    alloc_free(count);
  }
}

static void missing_of(struct paper *paper, const struct inventory_host *host, const char *shell,
                       const char *title, bool needed) {
  bool first = true;
  for (size_t i = 0; i < host->missing_count; i++) {
    const struct inventory_missing *one = &host->missing[i];
    if (!text_equal(one->shell, shell) || (one->marks > 0) != needed) continue;
    if (first) paper_say(paper, 2, 2, "%s", title);
    first = false;
    paper_say(paper, 4, 6, "%s%s%s", one->name, one->why ? ": " : "", one->why ? one->why : "");
    paper_commands(paper, 8, one->command ? one->command : one->file);
  }
}

static void missing_all(struct paper *paper, const struct inventory_host *host, bool needed) {
  missing_of(paper, host, "cmd", "in cmd.exe, as administrator:", needed);
  missing_of(paper, host, "powershell", "in PowerShell, as administrator:", needed);
  missing_of(paper, host, "exchange", "in the Exchange Management Shell:", needed);
  missing_of(paper, host, "", "files to copy:", needed);
}

static void missing(struct paper *paper, const struct inventory_host *host) {
  size_t needed = 0;
  for (size_t i = 0; i < host->missing_count; i++)
    needed += host->missing[i].marks > 0;
  size_t wished = host->missing_count - needed;
  if (needed) {
    char *count = words_count(needed, "kind", "kinds");
    char *text = alloc_format("%s of evidence would tell what is not known", count);
    paper_blank(paper);
    paper_heading(paper, 0, -1, "MISSING", text);
    missing_all(paper, host, true);
    alloc_free(count);
    alloc_free(text);
  }
  if (wished) {
    char *count = words_count(wished, "kind", "kinds");
    char *text = alloc_format("%s of evidence the bundle has none of", count);
    paper_blank(paper);
    paper_heading(paper, 0, -1, needed ? "AND" : "MISSING", text);
    missing_all(paper, host, false);
    alloc_free(count);
    alloc_free(text);
  }
  if (host->missing_count)
    paper_say(paper, 2, 4, "siteglass collect --missing BUNDLE writes a script of them.");
}

static void server(struct paper *paper, const struct inventory_host *host) {
  paper_blank(paper);
  paper_say(paper, 0, 2, "%s", given(host->name) ? host->name : "Server (name not known)");
  paper_columns(paper, 2, "name from", 10, host->name_reason);
  products(paper, host);
  collected(paper, host);
  sites(paper, host);
  pools(paper, host);
  certificates(paper, host);
  logs(paper, host);
  events(paper, host);
  others(paper, host);
  missing(paper, host);
}

char *inventory_text(const struct inventory *inventory, const struct report_style *style) {
  struct paper paper = paper_make(style);
  char *hosts = words_count(inventory->host_count, "host", "hosts");
  char *files = words_count(inventory->file_count, "artifact", "artifacts");
  char *name = text_printable(inventory->bundle_name, 200);
  char *first = alloc_format("siteglass %s   %s", inventory->version, name);
  char *second = alloc_format("%s, %s", hosts, files);
  char *both = alloc_format("%s   %s", first, second);
  if (paper_columns_of(both) <= paper.width)
    paper_paragraph(&paper, 0, 2, both);
  else
    paper_one_or_two(&paper, first, second);
  for (size_t i = 0; i < inventory->host_count; i++)
    server(&paper, &inventory->hosts[i]);
  inventory_text_files(&paper, inventory);
  alloc_free(hosts);
  alloc_free(files);
  alloc_free(name);
  alloc_free(first);
  alloc_free(second);
  alloc_free(both);
  if (paper.out.overflowed) {
    char *text = alloc_format("%s\nTHE INVENTORY IS CUT HERE: it is too long as text; use --format "
                              "json or csv.\n",
                              buffer_text(&paper.out));
    buffer_dispose(&paper.out);
    return text;
  }
  return buffer_take(&paper.out);
}
