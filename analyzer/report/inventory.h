/* What is in a bundle, as plain values, and the formats that print it. cli/ fills it;
 * the formats compute nothing and escape everything: values come from hostile files.
 * Texts belong to the bundle and the evidence it was made of, or to `texts`; NULL where
 * something is not known. */
#ifndef SITEGLASS_REPORT_INVENTORY_H
#define SITEGLASS_REPORT_INVENTORY_H

#include "base/diag.h"
#include "report/report.h"

#include <stdbool.h>
#include <stdint.h>

struct inventory_place {
  const char *path; /* NULL: nowhere */
  unsigned line, column;
};

/* A line of the ledger. */
struct inventory_file {
  const char *path, *sha256, *kind, *kind_name, *role, *outcome, *reason, *note, *host,
      *host_reason;
  const char *encoding, *confidence; /* "" of what was never opened */
  uint64_t size;
  bool has_modified, from_archive;
  int64_t modified; /* of an archive: as it states it, without a zone */
};

/* Something that is not known here: of what, why, and which commands would tell. */
struct inventory_gap {
  const char *what, *reason, *note, *needs;
};

/* The certificate that answers a binding, or some of its clients. */
struct inventory_served {
  const char *hash, *store; /* NULL: not known */
  const char *usable;       /* "true": it is in that store with its key; "false"; NULL */
  const char *subject;      /* of that certificate; NULL */
  const char *expiry;       /* words, as of the certificate's own line */
  const char *source, *source_name, *record;
  bool conflict; /* artifacts disagree; `note` says who claims what */
  const char *note;
  struct inventory_place place;
};

struct inventory_binding {
  const char *protocol, *information, *ssl_flags;
  bool secure; /* https: it has a certificate, or should have one */
  struct inventory_place place;
  struct inventory_served *served;
  size_t served_count, served_capacity;
  struct inventory_gap gap; /* of its certificate; what NULL: nothing is missing */
};

struct inventory_application {
  const char *path, *pool, *folder;
  struct inventory_place place;
};

struct inventory_site {
  const char *name, *id, *state; /* state: serverAutoStart in words; "" */
  struct inventory_place place;
  struct inventory_binding *bindings;
  size_t binding_count, binding_capacity;
  struct inventory_application *applications;
  size_t application_count, application_capacity;
};

struct inventory_pool {
  const char *name, *runtime, *pipeline, *identity; /* "" where the file leaves it to defaults */
  size_t applications;
  struct inventory_place place;
};

struct inventory_certificate {
  const char *thumbprint, *subject, *issuer, *not_before, *not_after, *not_after_latest;
  const char *expiry; /* "until 2028-04-01", "EXPIRED 2025-01-01", "end not known" */
  bool expired;
  const char *key_algorithm, *key_size, *signature, *self_signed, *friendly_name;
  const char **stores; /* "my, with its private key" */
  size_t store_count, store_capacity;
  const char **uses; /* "https *:444: of Exchange Back End" */
  size_t use_count, use_capacity;
  bool servers_own; /* in my or webhosting, or in use */
  struct inventory_place place;
};

/* A log of requests, of one site or of HTTP.SYS. */
struct inventory_log {
  const char *kind, *site_id, *software, *count, *first, *last; /* moments: NULL: not known */
  const char *most; /* "200 0 (1204), 404 11 (2)": what is most frequent in it */
  struct inventory_place place;
};

/* Events of one kind. */
struct inventory_event {
  const char *log, *provider, *id, *count, *first, *last;
  struct inventory_place place;
};

/* A kind of evidence that the bundle lacks, and how it is collected. */
struct inventory_missing {
  const char *kind, *name, *shell, *command, *file;
  size_t marks;    /* how many facts are unknown and would be told by it */
  const char *why; /* of the first of them, when it is more than "not in the bundle" */
};

struct inventory_count {
  const char *name;
  size_t count;
};

struct inventory_host {
  const char *name, *name_reason, *as_of_reason;
  bool has_as_of;
  int64_t as_of;
  const char **products; /* "Exchange 15.2.1118 (Get-ExchangeServer)" */
  size_t product_count, product_capacity;
  struct inventory_site *sites;
  size_t site_count, site_capacity;
  struct inventory_pool *pools;
  size_t pool_count, pool_capacity;
  struct inventory_certificate *certificates;
  size_t certificate_count, certificate_capacity;
  struct inventory_log *logs;
  size_t log_count, log_capacity;
  struct inventory_event *events;
  size_t event_count, event_capacity;
  struct inventory_count *others; /* what else is known, by its name in the evidence document */
  size_t other_count, other_capacity;
  struct inventory_gap sites_gap, pools_gap, certificates_gap; /* what NULL: none */
  struct inventory_missing *missing;
  size_t missing_count, missing_capacity;
};

struct inventory {
  const char *version, *bundle_name;
  struct inventory_file *files;
  size_t file_count, file_capacity;
  struct inventory_host *hosts;
  size_t host_count, host_capacity;
  const struct diags *diags;
  char **texts; /* what was composed */
  size_t text_count, text_capacity;
};

void inventory_dispose(struct inventory *inventory);

/* All are freed with alloc_free. `style` may be NULL. */
char *inventory_text(const struct inventory *inventory, const struct report_style *style) MUST_USE;
/* See siteglass-inventory.schema.json. */
char *inventory_json(const struct inventory *inventory, const struct report_style *style) MUST_USE;
/* The ledger, one artifact a line (RFC 4180). A cell that a spreadsheet would take for a
 * formula gets an apostrophe in front. */
char *inventory_csv(const struct inventory *inventory, const struct report_style *style) MUST_USE;

/* The ledger in text, after the hosts. */
struct paper;
void inventory_text_files(struct paper *paper, const struct inventory *inventory);

#endif
