/* appcmd list site | app | vdir | apppool | config, in every form of its output (Microsoft
 * Learn, "Getting Started with AppCmd.exe"):
 *
 *     SITE "Default Web Site" (id:1,bindings:http/:80:,https/:443:,state:Started)
 *     SITE / SITE.NAME:"Default Web Site" ...   /text, also as SITE.NAME: Default Web Site
 *     <appcmd><SITE SITE.NAME="..." bindings="..." state="..."/></appcmd>          /xml
 *     the same with <site>...</site> inside, or <site> elements alone     /config [/xml]
 *
 * Facts as Get-Website's (reading.h): site, with applications, and applicationPool. A line is
 * read from the right, since names may hold quotes and brackets. In one line bindings are
 * divided by commas, so they are known to be all only when each part has the form of one.
 * Attributes of <site> stand as the file has them; of the short forms sslFlags is not known. */
#include "readers/appcmd.h"
#include "base/text.h"
#include "readers/lines.h"
#include "readers/readers.h"

#include <string.h>

struct appcmd {
  struct reading *reading;
  uint32_t source;
};

/* ---- Bindings of one line -------------------------------------------------------------- */

static bool is_protocol(struct span text) {
  for (size_t i = 0; i < text.size; i++) {
    char c = text.start[i];
    bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '.' || c == '-' || c == '_';
    if (!fits) return false;
  }
  return text.size > 0;
}

/* "https/ip:port:host" */
static bool add_binding(xmlNode *site, struct span text, struct origin origin) {
  const char *slash = text.size ? memchr(text.start, '/', text.size) : NULL;
  if (!slash) return false;
  struct span protocol = {text.start, (size_t)(slash - text.start)};
  struct span rest = {slash + 1, text.size - protocol.size - 1};
  if (!is_protocol(protocol)) return false;
  xmlNode *binding = node_add(site, "binding", origin);
  char *name = span_copy(protocol), *information = span_copy(rest);
  node_set(binding, "protocol", name, origin);
  node_set(binding, "bindingInformation", information, origin);
  alloc_free(name);
  alloc_free(information);
  return true;
}

void appcmd_add_bindings(xmlNode *site, struct span text, struct origin origin) {
  bool all = true;
  while (text.size > 0) {
    const char *comma = memchr(text.start, ',', text.size);
    struct span one = {text.start, comma ? (size_t)(comma - text.start) : text.size};
    all = add_binding(site, one, origin) && all;
    size_t used = one.size + (comma ? 1 : 0);
    text = (struct span){text.start + used, text.size - used};
  }
  if (all) node_set(site, "bindings", "all", origin);
}

/* ---- Objects ----------------------------------------------------------------------------- */

static void set_span(xmlNode *element, const char *name, struct span text, struct origin origin) {
  char *value = span_copy(text);
  node_set(element, name, value, origin);
  alloc_free(value);
}

/* "Default Web Site/owa" or "Default Web Site/": the site of that name, its path. */
static xmlNode *site_of_path(struct appcmd *appcmd, struct span path, struct span *rest,
                             struct origin origin) {
  const char *slash = path.size ? memchr(path.start, '/', path.size) : NULL;
  if (!slash) return NULL;
  struct span name = {path.start, (size_t)(slash - path.start)};
  *rest = (struct span){slash, path.size - name.size};
  xmlNode *site = node_add(appcmd->reading->facts, "site", origin);
  set_span(site, "name", name, origin);
  return site;
}

/* ---- Lines ------------------------------------------------------------------------------- */

/* The value of `label` in "(id:1,bindings:...,state:Started)", up to `end`. */
static bool field(struct span *rest, const char *label, struct span *value) {
  size_t size = strlen(label);
  for (size_t i = rest->size; i-- > 0;) {
    bool starts = i == 0 || rest->start[i - 1] == ',' || rest->start[i - 1] == '(';
    if (!starts || rest->size - i < size || memcmp(rest->start + i, label, size) != 0) continue;
    *value = (struct span){rest->start + i + size, rest->size - i - size};
    rest->size = i > 0 ? i - 1 : 0;
    return true;
  }
  return false;
}

/* SITE "name" (fields): the name ends before the last `" (`. */
static bool split_line(const struct line *line, const char *word, struct span *name,
                       struct span *fields) {
  struct span text = span_trim(line->text);
  size_t size = strlen(word);
  if (text.size < size + 5 || memcmp(text.start, word, size) != 0 ||
      memcmp(text.start + size, " \"", 2) != 0 || text.start[text.size - 1] != ')')
    return false;
  for (size_t i = text.size - 3; i > size + 1; i--) {
    if (memcmp(text.start + i, "\" (", 3) != 0) continue;
    *name = (struct span){text.start + size + 2, i - size - 2};
    *fields = (struct span){text.start + i + 3, text.size - i - 4};
    return true;
  }
  return false;
}

static bool site_line(struct appcmd *appcmd, const struct line *line) {
  struct span name, fields, state, bindings, id;
  if (!split_line(line, "SITE", &name, &fields)) return false;
  if (!field(&fields, "state:", &state) || !field(&fields, "bindings:", &bindings) ||
      !field(&fields, "id:", &id))
    return false;
  struct origin origin = line_origin(line, line->text.start, appcmd->source);
  xmlNode *site = node_add(appcmd->reading->facts, "site", origin);
  set_span(site, "name", name, origin);
  set_span(site, "id", id, origin);
  set_span(site, "state", state, origin);
  appcmd_add_bindings(site, bindings, origin);
  return true;
}

static bool pool_line(struct appcmd *appcmd, const struct line *line) {
  struct span name, fields, state;
  if (!split_line(line, "APPPOOL", &name, &fields) || !field(&fields, "state:", &state))
    return false;
  struct origin origin = line_origin(line, line->text.start, appcmd->source);
  xmlNode *pool = node_add(appcmd->reading->facts, "applicationPool", origin);
  set_span(pool, "name", name, origin);
  set_span(pool, "state", state, origin);
  return true;
}

static bool application_line(struct appcmd *appcmd, const struct line *line) {
  struct span name, fields, pool, path;
  if (!split_line(line, "APP", &name, &fields) || !field(&fields, "applicationPool:", &pool))
    return false;
  struct origin origin = line_origin(line, line->text.start, appcmd->source);
  xmlNode *site = site_of_path(appcmd, name, &path, origin);
  if (!site) return false;
  xmlNode *application = node_add(site, "application", origin);
  set_span(application, "path", path, origin);
  set_span(application, "applicationPool", pool, origin);
  return true;
}

/* VDIR "Default Web Site/owa/" (physicalPath:C:\x): which part is the application's it does
 * not say, so it tells no more than that it is there. */
static bool directory_line(const struct line *line) {
  struct span name, fields, path;
  return split_line(line, "VDIR", &name, &fields) && field(&fields, "physicalPath:", &path);
}

static bool any_line(struct appcmd *appcmd, const struct line *line) {
  return site_line(appcmd, line) || pool_line(appcmd, line) || application_line(appcmd, line) ||
         directory_line(line);
}

/* ---- /text:* ------------------------------------------------------------------------------- */

/* `  SITE.NAME:"x"`, or `  SITE.NAME: x` as the documentation shows it. */
static bool text_field(const struct line *line, struct span *label, struct span *value) {
  if (!line_indent(line) || !span_split_first(line->text, label, value)) return false;
  if (value->size >= 2 && value->start[0] == '"' && value->start[value->size - 1] == '"')
    *value = (struct span){value->start + 1, value->size - 2};
  return true;
}

struct text_object {
  xmlNode *element; /* NULL: none that is known is open */
  bool site;
  size_t depth; /* indent of its own fields */
};

static void open_object(struct appcmd *appcmd, const struct line *line,
                        struct text_object *object) {
  struct span word = span_trim(line->text);
  struct origin origin = line_origin(line, line->text.start, appcmd->source);
  *object = (struct text_object){0};
  object->site = span_equal(word, "SITE");
  if (object->site) object->element = node_add(appcmd->reading->facts, "site", origin);
  if (span_equal(word, "APPPOOL"))
    object->element = node_add(appcmd->reading->facts, "applicationPool", origin);
}

static void take_field(struct text_object *object, const struct line *line, uint32_t source) {
  struct span label, value;
  if (!object->element || !text_field(line, &label, &value)) return;
  size_t indent = line_indent(line);
  if (!object->depth) object->depth = indent;
  if (indent != object->depth) return; /* of an element inside */
  struct origin origin = line_origin(line, label.start, source);
  static const char *const names[][2] = {
      {"SITE.NAME", "name"}, {"APPPOOL.NAME", "name"}, {"SITE.ID", "id"}, {"state", "state"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (span_equal(label, names[i][0])) set_span(object->element, names[i][1], value, origin);
  if (object->site && span_equal(label, "bindings"))
    appcmd_add_bindings(object->element, value, origin);
}

static bool is_object_word(const struct line *line) {
  static const char *const words[] = {"SITE", "APP", "VDIR", "APPPOOL", "WP", "CONFIG"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (!line_indent(line) && span_equal(span_trim(line->text), words[i])) return true;
  return false;
}

/* ---- The text reader ------------------------------------------------------------------------ */

static void read_text(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct appcmd appcmd = {reading, reading->artifact->number + 1};
  struct text_object object = {0};
  struct lines lines = lines_of(text, size);
  reading_start(reading, readings);
  for (struct line line; lines_next(&lines, &line);) {
    if (is_object_word(&line))
      open_object(&appcmd, &line, &object);
    else if (!any_line(&appcmd, &line))
      take_field(&object, &line, appcmd.source);
  }
}

static bool is_text(const struct artifact *artifact, const char *text, size_t size,
                    const char *root) {
  (void)artifact;
  if (!text || *root) return false;
  struct lines lines = lines_of(text, size < 65536 ? size : 65536);
  bool word = false;
  for (struct line line; lines_next(&lines, &line);) {
    struct span label, value, name, fields;
    if (split_line(&line, "SITE", &name, &fields) || split_line(&line, "APP", &name, &fields) ||
        split_line(&line, "APPPOOL", &name, &fields) || split_line(&line, "VDIR", &name, &fields))
      return true;
    if (word && text_field(&line, &label, &value) &&
        (span_holds(label, "SITE.") || span_holds(label, "APPPOOL.") || span_holds(label, "APP.") ||
         span_holds(label, "VDIR.")))
      return true;
    word = is_object_word(&line);
  }
  return false;
}

const struct reader appcmd_text_reader = {"appcmd", is_text, read_text};
