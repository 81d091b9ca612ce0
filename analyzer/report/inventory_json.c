/* The inventory for programs: siteglass-inventory.schema.json. What is not known is null. */
#include "report/inventory.h"
#include "report/value.h"

#include "base/moment.h"
#include "base/text.h"

static void put(struct json_t *object, const char *key, const char *text) {
  if (text)
    value_text(object, key, text);
  else
    value_null(object, key);
}

/* "true", "false" -> boolean; NULL: null. */
static void put_truth(struct json_t *object, const char *key, const char *text) {
  if (text)
    value_bool(object, key, text_equal(text, "true"));
  else
    value_null(object, key);
}

static void put_moment(struct json_t *object, const char *key, bool known, int64_t moment) {
  char text[21];
  if (known) moment_format(moment, text);
  put(object, key, known ? text : NULL);
}

static void put_place(struct json_t *object, const char *key, const struct inventory_place *place) {
  if (!place->path) {
    value_null(object, key);
    return;
  }
  struct json_t *item = value_object(object, key);
  value_text(item, "artifact", place->path);
  if (place->line)
    value_number(item, "line", place->line);
  else
    value_null(item, "line");
  if (place->column)
    value_number(item, "column", place->column);
  else
    value_null(item, "column");
}

static void put_gap(struct json_t *object, const char *key, const struct inventory_gap *gap) {
  if (!gap->what) {
    value_null(object, key);
    return;
  }
  struct json_t *item = value_object(object, key);
  value_text(item, "reason", gap->reason);
  put(item, "note", gap->note);
  value_text(item, "needs", gap->needs);
}

static void put_file(struct json_t *item, const struct inventory_file *file) {
  value_text(item, "path", file->path);
  value_number(item, "size", file->size);
  put(item, "sha256", file->sha256[0] ? file->sha256 : NULL);
  put_moment(item, "modified", file->has_modified, file->modified);
  value_bool(item, "fromArchive", file->from_archive);
  put(item, "encoding", file->encoding[0] ? file->encoding : NULL);
  put(item, "encodingConfidence", file->confidence[0] ? file->confidence : NULL);
  put(item, "kind", file->kind[0] ? file->kind : NULL);
  value_text(item, "kindName", file->kind_name);
  value_text(item, "outcome", file->outcome);
  value_text(item, "reason", file->reason);
  value_text(item, "note", file->note);
  value_text(item, "role", file->role);
  value_text(item, "host", file->host);
  value_text(item, "hostReason", file->host_reason);
}

static void put_served(struct json_t *item, const struct inventory_served *served) {
  put(item, "certificate", served->hash);
  put(item, "store", served->store);
  put_truth(item, "usable", served->usable);
  put(item, "record", served->record);
  put(item, "source", served->source);
  value_bool(item, "conflict", served->conflict);
  put(item, "note", served->note);
  put_place(item, "place", &served->place);
}

static void put_binding(struct json_t *item, const struct inventory_binding *binding) {
  value_text(item, "protocol", binding->protocol);
  value_text(item, "bindingInformation", binding->information);
  put(item, "sslFlags", binding->ssl_flags);
  put_place(item, "place", &binding->place);
  struct json_t *served = value_array(item, "served");
  for (size_t i = 0; i < binding->served_count; i++)
    put_served(value_item(served), &binding->served[i]);
  put_gap(item, "unknown", &binding->gap);
}

static void put_site(struct json_t *item, const struct inventory_site *site) {
  value_text(item, "name", site->name);
  put(item, "id", site->id);
  value_bool(item, "startsByItself", site->state[0] == '\0');
  put_place(item, "place", &site->place);
  struct json_t *bindings = value_array(item, "bindings");
  for (size_t i = 0; i < site->binding_count; i++)
    put_binding(value_item(bindings), &site->bindings[i]);
  struct json_t *applications = value_array(item, "applications");
  for (size_t i = 0; i < site->application_count; i++) {
    struct json_t *one = value_item(applications);
    value_text(one, "path", site->applications[i].path);
    put(one, "pool", site->applications[i].pool);
    put(one, "folder", site->applications[i].folder);
    put_place(one, "place", &site->applications[i].place);
  }
}

static void put_pool(struct json_t *item, const struct inventory_pool *pool) {
  value_text(item, "name", pool->name);
  value_text(item, "managedRuntimeVersion", pool->runtime);
  value_text(item, "managedPipelineMode", pool->pipeline);
  value_text(item, "identity", pool->identity);
  value_number(item, "applications", pool->applications);
  put_place(item, "place", &pool->place);
}

static void put_texts(struct json_t *object, const char *key, const char *const *texts,
                      size_t count) {
  struct json_t *array = value_array(object, key);
  for (size_t i = 0; i < count; i++)
    value_item_text(array, texts[i]);
}

static void put_certificate(struct json_t *item, const struct inventory_certificate *one) {
  value_text(item, "thumbprint", one->thumbprint);
  put(item, "subject", one->subject);
  put(item, "issuer", one->issuer);
  put(item, "friendlyName", one->friendly_name);
  put(item, "notBefore", one->not_before);
  put(item, "notAfter", one->not_after);
  put(item, "notAfterLatest", one->not_after_latest);
  value_bool(item, "expired", one->expired);
  put(item, "keyAlgorithm", one->key_algorithm);
  put(item, "keySize", one->key_size);
  put(item, "signatureAlgorithm", one->signature);
  put_truth(item, "selfSigned", one->self_signed);
  put_texts(item, "stores", one->stores, one->store_count);
  put_texts(item, "uses", one->uses, one->use_count);
  put_place(item, "place", &one->place);
}

static void put_missing(struct json_t *item, const struct inventory_missing *one) {
  value_text(item, "kind", one->kind);
  value_text(item, "name", one->name);
  value_text(item, "shell", one->shell);
  put(item, "command", one->command);
  value_text(item, "file", one->file);
  value_number(item, "unknownFacts", one->marks);
  put(item, "note", one->why);
}

static void put_tally(struct json_t *item, const char *count, const char *first, const char *last,
                      const struct inventory_place *place) {
  value_text(item, "count", count);
  put(item, "first", first);
  put(item, "last", last);
  put_place(item, "place", place);
}

static void put_logs(struct json_t *object, const struct inventory_host *host) {
  struct json_t *logs = value_array(object, "logs");
  for (size_t i = 0; i < host->log_count; i++) {
    const struct inventory_log *one = &host->logs[i];
    struct json_t *item = value_item(logs);
    value_text(item, "kind", one->kind);
    put(item, "siteId", one->site_id);
    value_text(item, "software", one->software);
    value_text(item, "most", one->most);
    put_tally(item, one->count, one->first, one->last, &one->place);
  }
  struct json_t *events = value_array(object, "events");
  for (size_t i = 0; i < host->event_count; i++) {
    const struct inventory_event *one = &host->events[i];
    struct json_t *item = value_item(events);
    put(item, "log", one->log);
    value_text(item, "provider", one->provider);
    value_text(item, "id", one->id);
    put_tally(item, one->count, one->first, one->last, &one->place);
  }
}

static void put_lists(struct json_t *item, const struct inventory_host *host) {
  struct json_t *sites = value_array(item, "sites");
  for (size_t i = 0; i < host->site_count; i++)
    put_site(value_item(sites), &host->sites[i]);
  put_gap(item, "sitesUnknown", &host->sites_gap);
  struct json_t *pools = value_array(item, "applicationPools");
  for (size_t i = 0; i < host->pool_count; i++)
    put_pool(value_item(pools), &host->pools[i]);
  put_gap(item, "applicationPoolsUnknown", &host->pools_gap);
  struct json_t *certificates = value_array(item, "certificates");
  for (size_t i = 0; i < host->certificate_count; i++)
    put_certificate(value_item(certificates), &host->certificates[i]);
  put_gap(item, "certificatesUnknown", &host->certificates_gap);
  put_logs(item, host);
  struct json_t *others = value_array(item, "others");
  for (size_t i = 0; i < host->other_count; i++) {
    struct json_t *one = value_item(others);
    value_text(one, "name", host->others[i].name);
    value_number(one, "count", host->others[i].count);
  }
  struct json_t *missing = value_array(item, "missing");
  for (size_t i = 0; i < host->missing_count; i++)
    put_missing(value_item(missing), &host->missing[i]);
}

static void put_host(struct json_t *item, const struct inventory_host *host) {
  value_text(item, "name", host->name);
  value_text(item, "nameReason", host->name_reason);
  put_texts(item, "products", host->products, host->product_count);
  put_moment(item, "asOf", host->has_as_of, host->as_of);
  value_text(item, "asOfReason", host->as_of_reason);
  put_lists(item, host);
}

static void put_notes(struct json_t *root, const struct diags *diags) {
  struct json_t *notes = value_array(root, "notes");
  for (size_t i = 0; diags && i < diags->count; i++) {
    struct json_t *one = value_item(notes);
    value_text(one, "level", diag_level_word(diags->items[i].level));
    value_text(one, "artifact", diags->items[i].file);
    value_number(one, "line", diags->items[i].line);
    value_text(one, "message", diags->items[i].message);
  }
}

char *inventory_json(const struct inventory *inventory, const struct report_style *style) {
  (void)style;
  struct json_t *root = value_root();
  value_text(root, "format", "siteglass-inventory");
  value_number(root, "version", 1);
  value_text(root, "siteglass", inventory->version);
  value_text(root, "bundle", inventory->bundle_name);
  struct json_t *files = value_array(root, "artifacts");
  for (size_t i = 0; i < inventory->file_count; i++)
    put_file(value_item(files), &inventory->files[i]);
  struct json_t *hosts = value_array(root, "hosts");
  for (size_t i = 0; i < inventory->host_count; i++)
    put_host(value_item(hosts), &inventory->hosts[i]);
  put_notes(root, inventory->diags);
  return value_print(root);
}
