/* HealthChecker's own export (HealthChecker-SERVER-TIME.xml), and the parts of it that
 * keep other objects inside (GetAllTlsSettings, GetIISModules): CSS-Exchange, HealthChecker.
 *
 * It is one object of objects. Those of a known kind, at any depth, become a reading of that
 * kind each, as if they had been exported by themselves; texts of configuration files become
 * inner artifacts, read as the files that they are. The reading of the kind itself has
 * no facts. What lay too deep for the export stands there as a text and is not used. */
#include "readers/powershell_kind.h"

#include "base/buffer.h"
#include "base/moment.h"
#include "base/text.h"

#include <string.h>

enum { KINDS_MOST = 128, INNER_MOST = 500 };

struct part {
  const struct powershell_kind *kind;
  struct reading reading;
  struct powershell_export from;
};

struct parts {
  struct powershell_export *whole;
  const xmlNode *root;
  struct part items[KINDS_MOST];
  size_t count, inner, inner_size;
};

/* ---- Objects of other kinds ------------------------------------------------------- */

static struct part *part_of(struct parts *parts, const struct powershell_kind *kind) {
  for (size_t i = 0; i < parts->count; i++)
    if (parts->items[i].kind == kind) return &parts->items[i];
  if (parts->count == KINDS_MOST) return NULL;
  struct part *part = &parts->items[parts->count++];
  part->kind = kind;
  part->reading = (struct reading){
      .artifact = parts->whole->reading->artifact, .kind = kind->id, .complete = true};
  reading_start(&part->reading, parts->whole->readings);
  part->from = (struct powershell_export){.reading = &part->reading,
                                          .clixml = parts->whole->clixml,
                                          .row = kind->row,
                                          .readings = parts->whole->readings,
                                          .kinds = parts->whole->kinds,
                                          .made = map_new()};
  return part;
}

static bool take_object(struct parts *parts, const xmlNode *object) {
  const struct powershell_kind *kind =
      powershell_kind_of(parts->whole->kinds, parts->whole->clixml, object);
  if (!kind || kind->read == healthchecker_read) return false;
  struct part *part = part_of(parts, kind);
  if (part) kind->read(&part->from, object);
  return true;
}

/* ---- Configuration files ------------------------------------------------------------- */

static char *text_of(const struct parts *parts, const xmlNode *object, const char *name) {
  const xmlNode *value = clixml_property(parts->whole->clixml, object, name);
  return value ? clixml_text(value) : NULL;
}

static bool is_document(const char *text) {
  return text && *text && text[strspn(text, " \t\r\n\xEF\xBB\xBF")] == '<';
}

static void add_inner(struct parts *parts, const char *path, const char *text) {
  struct reading *reading = parts->whole->reading;
  struct bundle *bundle = parts->whole->readings->bundle;
  if (!bundle) return;
  size_t size = strlen(text);
  parts->inner_size += size;
  /* Together they are a part of it; more come only of references to one text. */
  if (parts->inner++ < INNER_MOST && parts->inner_size <= reading->artifact->size)
    (void)!bundle_add_inner(bundle, reading->artifact, path, text, size);
  else
    reading_breaks(reading, UNKNOWN_LIMIT, (struct origin){0},
                   "it holds more configuration files than are taken out of it");
}

/* "C:\inetpub\wwwroot\web.config" -> "C/inetpub/wwwroot/web.config", as a copied disk has it. */
static char *disk_path(const char *location) {
  struct buffer path = buffer_make(4096);
  for (const char *at = location; *at; at++) {
    if (*at == '\\' || *at == '/')
      buffer_add_char(&path, '/');
    else if (*at != ':' && (unsigned char)*at >= ' ')
      buffer_add_char(&path, *at);
  }
  return buffer_take(&path);
}

static bool is_absolute(const char *location) {
  return location && location[0] && location[1] == ':' && location[2] == '\\' &&
         !strstr(location, "..") && strlen(location) < 1024;
}

static void take_files(struct parts *parts, const xmlNode *object) {
  char *host = text_of(parts, object, "ApplicationHostConfig");
  if (is_document(host)) add_inner(parts, "applicationHost.config", host);
  alloc_free(host);
  char *location = text_of(parts, object, "Location");
  char *content = location ? text_of(parts, object, "Content") : NULL;
  if (is_absolute(location) && is_document(content)) {
    char *path = disk_path(location);
    add_inner(parts, path, content);
    alloc_free(path);
  }
  alloc_free(content);
  alloc_free(location);
}

/* ---- The walk --------------------------------------------------------------------------- */

static const xmlNode *next_outside(const xmlNode *node, const xmlNode *root) {
  while (node != root && !node->next)
    node = node->parent;
  return node == root ? NULL : node->next;
}

static void walk(struct parts *parts) {
  for (const xmlNode *node = parts->root->children; node;) {
    bool object = node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, "Obj") == 0;
    bool taken = object && take_object(parts, node);
    if (object && !taken) take_files(parts, node);
    node = !taken && node->children ? node->children : next_outside(node, parts->root);
  }
}

static void hand_over(struct parts *parts) {
  struct readings *readings = parts->whole->readings;
  const char *computer = parts->whole->reading->computer;
  for (size_t i = 0; i < parts->count; i++) {
    struct part *part = &parts->items[i];
    if (part->kind->settle) part->kind->settle(&part->from);
    map_free(part->from.made);
    if (computer) {
      alloc_free(part->reading.computer);
      part->reading.computer = alloc_text(computer);
      part->reading.only_mentioned = false;
    }
    ARRAY_PUSH(readings->items, readings->count, readings->capacity) = part->reading;
  }
}

static void note_whole(struct powershell_export *whole, const xmlNode *object) {
  const xmlNode *name = clixml_property(whole->clixml, object, "ServerName");
  const xmlNode *made = clixml_property(whole->clixml, object, "GenerationTime");
  char *computer = name ? clixml_text(name) : NULL, *time = made ? clixml_text(made) : NULL;
  int64_t moment;
  if (computer && !powershell_computer(whole->reading, computer, origin_of(name))) {
    alloc_free(computer);
    computer = NULL;
  }
  if (time && moment_parse(time, &moment))
    reading_saw_moment(whole->reading, moment, "GenerationTime");
  alloc_free(computer);
  alloc_free(time);
}

void healthchecker_read(struct powershell_export *from, const xmlNode *object) {
  struct parts *parts = alloc_bytes(sizeof *parts);
  parts->whole = from;
  parts->root = object;
  note_whole(from, object);
  take_files(parts, object);
  walk(parts);
  hand_over(parts);
  alloc_free(parts);
}
