/* <configFiles>: configuration files that articles name and that IIS itself does not merge,
 * each flattened into settings. The list is closed, and each of its files has its element:
 * one that is not in the bundle is there with a mark, so that a rule about it asks for it. */
#include "base/buffer.h"
#include "base/text.h"
#include "evidence/host_build.h"
#include "evidence/path_names.h"
#include "evidence/secret.h"

#include <string.h>

/* Of hostile files: what is deeper, longer or more is not a setting that a rule asks for. */
enum { SETTINGS_MOST = 20000, DEPTH_MOST = 64, PATH_MOST = 1000 };

static const struct config_file_row {
  const char *name, *folder; /* below the installation folder of Exchange, or of Windows */
  const char *needs;
  bool exchange;
} files[] = {
    {"administration.config", "System32\\inetsrv\\config", "administration-config", false},
    {"redirection.config", "System32\\inetsrv\\config", "redirection-config", false},
    {"EdgeTransport.exe.config", "Bin", "exe-config", true},
    {"MSExchangeDelivery.exe.config", "Bin", "exe-config", true},
    {"MSExchangeFrontendTransport.exe.config", "Bin", "exe-config", true},
    {"MSExchangeMailboxReplication.exe.config", "Bin", "exe-config", true},
    {"MSExchangeMapiFrontEndAppPool_CLRConfig.config", "Bin", "exe-config", true},
    {"MSExchangeSubmission.exe.config", "Bin", "exe-config", true},
    {"noderunner.exe.config", "Bin\\Search\\Ceres\\Runtime\\1.0", "exe-config", true},
    {"AntiMalware.xml", "Bin\\Monitoring\\Config", "antimalware-config", true},
    {"SharedWebConfig.config", "ClientAccess", "shared-web-config", true},
    {"SharedWebConfig.config", "FrontEnd\\HttpProxy", "shared-web-config", true},
};
enum { FILES = sizeof files / sizeof *files };

/* ---- Which artifact it is ---------------------------------------------------------- */

/* "EdgeTransport.exe.config", "EX01_EdgeTransport.exe.config". */
static bool has_name(const struct reading *reading, const char *name) {
  const char *file = path_file(reading->artifact->path);
  size_t size = strlen(file), own = strlen(name);
  if (size < own || !text_equal_nocase(file + size - own, name)) return false;
  return size == own || file[size - own - 1] == '_';
}

/* Does it lie in ".../FrontEnd/HttpProxy"? */
static bool has_folder(const struct reading *reading, const char *folder) {
  struct span path = path_folder(reading->artifact->path);
  size_t size = strlen(folder);
  if (path.size < size) return false;
  const char *end = path.start + path.size - size;
  if (end > path.start && end[-1] != '/' && end[-1] != '!') return false;
  for (size_t i = 0; i < size; i++) {
    char a = folder[i] == '\\' ? '/' : folder[i], b = end[i];
    if (a != b && (a | 0x20) != (b | 0x20)) return false;
  }
  return true;
}

static bool shares_name(const struct config_file_row *row) {
  for (size_t i = 0; i < FILES; i++)
    if (&files[i] != row && text_equal(files[i].name, row->name)) return true;
  return false;
}

/* Does it lie where another file of that name belongs? */
static bool is_of_another(const struct reading *reading, const struct config_file_row *row) {
  for (size_t i = 0; i < FILES; i++)
    if (&files[i] != row && text_equal(files[i].name, row->name) &&
        has_folder(reading, files[i].folder))
      return true;
  return false;
}

struct candidates {
  const struct reading *first, *other; /* other: of different content */
  bool unsure;                         /* no folder tells which of several files it is */
};

static struct candidates find(const struct host_build *build, const struct config_file_row *row) {
  struct candidates found = {0};
  for (size_t i = 0; i < build->group->count; i++) {
    const struct reading *reading = build->group->readings[i];
    const char *role = reading->artifact->role;
    if (!has_name(reading, row->name) || text_equal(role, "older copy") ||
        path_is_backup(reading->artifact->path) || is_of_another(reading, row))
      continue;
    if (shares_name(row) && !has_folder(reading, row->folder)) {
      found.unsure = true;
      continue;
    }
    if (!found.first)
      found.first = reading;
    else if (strcmp(found.first->artifact->sha256, reading->artifact->sha256) != 0)
      found.other = reading;
  }
  return found;
}

/* ---- Settings ---------------------------------------------------------------------- */

struct flattening {
  xmlNode *file;
  struct buffer path;
  size_t count;
  bool cut;
};

static void add_setting(struct flattening *into, const xmlNode *element, const xmlAttr *attribute,
                        const char *value, struct origin origin) {
  if (into->count++ >= SETTINGS_MOST || into->path.overflowed) {
    into->cut = true;
    return;
  }
  xmlNode *setting = node_add(into->file, "setting", origin);
  char *key = text_lower(buffer_text(&into->path));
  node_set(setting, "path", buffer_text(&into->path), origin);
  node_set(setting, "key", key, origin);
  bool secret = attribute ? secret_attribute(element, attribute)
                          : secret_name((const char *)element->name) || secret_value(value);
  if (secret || secret_is("value", value, key, NULL))
    node_mark(setting, "@value", "setting", UNKNOWN_ENCRYPTED, "", "it is secret, and not kept",
              origin);
  else
    node_set(setting, "value", value, origin);
  alloc_free(key);
}

static bool is_told_by_name(const char *element) {
  static const char *const names[] = {"add", "section", "sectionGroup"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(element, names[i]) == 0) return true;
  return false;
}

/* "/add[TemporaryStoragePath]", "/section[MRSProxyConfiguration]", "/assemblyBinding" */
static void enter(struct flattening *into, const xmlNode *element) {
  const char *key = node_get(element, "key");
  if (!key && is_told_by_name((const char *)element->name)) key = node_get(element, "name");
  buffer_add_format(&into->path, "%s%s", into->path.size ? "/" : "", (const char *)element->name);
  if (key) buffer_add_format(&into->path, "[%s]", key);
}

static void leave(struct flattening *into, size_t size) {
  into->path.size = size;
  into->path.overflowed = false;
  if (into->path.data) into->path.data[size] = '\0';
}

static bool is_blank(const char *text) {
  return span_trim(span_of(text)).size == 0;
}

static void flatten(struct flattening *into, const xmlNode *element, unsigned depth) {
  size_t before = into->path.size;
  enter(into, element);
  size_t own = into->path.size;
  for (const xmlAttr *each = element->properties; each; each = each->next) {
    const xmlNode *text = each->children;
    if (each->ns) continue;
    buffer_add_format(&into->path, "/@%s", (const char *)each->name);
    add_setting(into, element, each, text && text->content ? (const char *)text->content : "",
                node_attribute_origin(element, (const char *)each->name));
    leave(into, own);
  }
  for (const xmlNode *each = element->children; each; each = each->next) {
    const char *content = (const char *)each->content;
    if (each->type == XML_ELEMENT_NODE && depth < DEPTH_MOST)
      flatten(into, each, depth + 1);
    else if (each->type == XML_TEXT_NODE && content && !is_blank(content))
      add_setting(into, element, NULL, content, origin_of(element));
  }
  leave(into, before);
}

static void add_settings(xmlNode *file, const struct reading *reading) {
  struct flattening into = {.file = file, .path = buffer_make(PATH_MOST)};
  const xmlNode *root = reading->facts ? reading->facts->children : NULL;
  while (root && root->type != XML_ELEMENT_NODE)
    root = root->next;
  if (root) flatten(&into, root, 0);
  buffer_dispose(&into.path);
  if (into.cut)
    node_mark(file, "setting", "configFile", UNKNOWN_LIMIT, "",
              "it has more settings, or longer names, than are kept", nowhere());
}

/* ---- Elements -------------------------------------------------------------------------- */

static void mark_absent(xmlNode *file, const struct config_file_row *row, bool unsure) {
  enum unknown_reason reason = unsure ? UNKNOWN_AMBIGUOUS : UNKNOWN_NOT_IN_BUNDLE;
  const char *note =
      unsure ? "there is one, but its folder does not tell which of several it is" : NULL;
  node_mark(file, "@present", "configFile", reason, row->needs, note, nowhere());
  node_mark(file, "setting", "configFile", reason, row->needs, note, nowhere());
}

static void add_file(struct host_build *build, const struct config_file_row *row) {
  struct candidates found = find(build, row);
  struct origin origin = {found.first ? found.first->artifact->number + 1 : 0, 0, 0};
  xmlNode *file = node_add(build->config_files, "configFile", origin);
  char *key = text_lower(row->name), *folder = text_lower(row->folder);
  node_set(file, "name", row->name, origin);
  node_set(file, "key", key, origin);
  node_set(file, "folder", folder, origin);
  alloc_free(key);
  alloc_free(folder);
  if (!found.first) {
    mark_absent(file, row, found.unsure);
    return;
  }
  node_set(file, "present", "true", origin);
  if (found.other) {
    node_mark(file, "setting", "configFile", UNKNOWN_CONFLICT, row->needs,
              "several copies of it differ", origin);
  } else if (!found.first->complete) {
    char *note = reading_break_note(found.first);
    node_mark(file, "setting", "configFile", found.first->incomplete_reason, row->needs, note,
              found.first->broken_at);
    alloc_free(note);
  } else {
    add_settings(file, found.first);
  }
}

void host_config_files_build(struct host_build *build) {
  bool exchange = !host_has_no_exchange(build);
  for (size_t i = 0; i < FILES; i++)
    if (exchange || !files[i].exchange) add_file(build, &files[i]);
}

/* ---- What listings tell ------------------------------------------------------------------ */

/* ".../V15/Bin" of Exchange, ".../Windows/System32/inetsrv/config": another folder of that
 * name proves nothing. */
static bool is_folder_of(const struct config_file_row *row, const char *key) {
  static const char *const above[] = {"v15\\", "v14\\"};
  for (size_t i = 0; i < (row->exchange ? 2 : 1); i++) {
    char *end = alloc_format("\\%s%s", row->exchange ? above[i] : "windows\\", row->folder);
    bool is = text_ends_nocase(key, end);
    alloc_free(end);
    if (is) return true;
  }
  return false;
}

static bool lists(const xmlNode *folder, const char *key) {
  for (const xmlNode *file = node_child(folder, "file"); file; file = node_next(file, "file"))
    if (text_equal(node_get(file, "key"), key)) return true;
  return false;
}

/* Is it listed? Is it known not to be there: every such folder is listed whole, without it? */
static void look_up(const struct host_build *build, const struct config_file_row *row,
                    const char *key, bool *listed, bool *missing) {
  bool whole = true, any = false;
  *listed = false;
  for (const xmlNode *folder = node_child(build->folders, "folder"); folder;
       folder = node_next(folder, "folder")) {
    if (!is_folder_of(row, node_get(folder, "key"))) continue;
    any = true;
    *listed = *listed || lists(folder, key);
    whole = whole && text_equal(node_get(folder, "listing"), "complete");
  }
  *missing = any && whole && !*listed;
}

static void drop_mark(xmlNode *file, const char *of) {
  for (xmlNode *mark = node_child(file, "unknown"), *next; mark; mark = next) {
    next = node_next(mark, "unknown");
    if (!text_equal(node_get(mark, "of"), of)) continue;
    xmlUnlinkNode(mark);
    xmlFreeNode(mark);
  }
}

void host_config_files_settle(struct host_build *build) {
  xmlNode *file = node_child(build->config_files, "configFile");
  for (; file; file = node_next(file, "configFile")) {
    const struct config_file_row *row = NULL;
    bool listed, missing;
    for (size_t i = 0; i < FILES && !row; i++)
      if (text_equal(node_get(file, "name"), files[i].name) &&
          text_equal_nocase(node_get(file, "folder"), files[i].folder))
        row = &files[i];
    if (!row || node_get(file, "present")) continue;
    look_up(build, row, node_get(file, "key"), &listed, &missing);
    if (!listed && !missing) continue;
    drop_mark(file, "@present");
    if (missing) drop_mark(file, "setting");
    node_set(file, "present", listed ? "true" : "false", origin_of(file));
  }
}
