/* Reads exchange-server.txt and writes the files of the server. */
#define _POSIX_C_SOURCE 200809L
#include "cli/support_server.h"

#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/system.h"
#include "base/text.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INSTALLED "C/Program Files/Microsoft/Exchange Server/V15"
enum { FILE_MOST = 1 << 22, NAMES_MOST = 40 };

/* ---- CLIXML -------------------------------------------------------------------------- */

static void add_escaped(struct buffer *out, const char *text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (text[i] == '<' || text[i] == '&')
      buffer_add_text(out, text[i] == '<' ? "&lt;" : "&amp;");
    else
      buffer_add_char(out, text[i]);
  }
}

static void add_tagged(struct buffer *out, const char *tag, const char *name, const char *value) {
  buffer_add_format(out, "      <%s N=\"%s\">", tag, name);
  add_escaped(out, value, strlen(value));
  buffer_add_format(out, "</%s>\n", tag);
}

/* "[a|b]" */
static void add_list(struct buffer *out, const char *name, const char *value, int *id) {
  buffer_add_format(out,
                    "      <Obj N=\"%s\" RefId=\"%d\"><TN RefId=\"%d\"><T>System.Collections."
                    "ArrayList</T><T>System.Object</T></TN><LST>",
                    name, *id, *id);
  (*id)++;
  size_t left = strlen(value) - 2;
  for (const char *item = value + 1; left > 0;) {
    size_t size = 0;
    while (size < left && item[size] != '|')
      size++;
    buffer_add_text(out, "<S>");
    add_escaped(out, item, size);
    buffer_add_text(out, "</S>");
    size_t step = size < left ? size + 1 : size;
    item += step;
    left -= step;
  }
  buffer_add_text(out, "</LST></Obj>\n");
}

static void add_property(struct buffer *out, char *line, int *id) {
  char *value = strchr(line, ' ');
  ck_assert_msg(value != NULL, "a property without a value: %s", line);
  *value++ = '\0';
  size_t size = strlen(value);
  if (text_equal(value, "-"))
    buffer_add_format(out, "      <Nil N=\"%s\" />\n", line);
  else if (value[0] == '[' && value[size - 1] == ']')
    add_list(out, line, value, id);
  else if (text_equal(value, "true") || text_equal(value, "false"))
    add_tagged(out, "B", line, value);
  else if (strspn(value, "0123456789") == size)
    add_tagged(out, "I32", line, value);
  else
    add_tagged(out, "S", line, value);
}

static void start_object(struct buffer *out, const char *type, int *id) {
  buffer_add_format(out,
                    "  <Obj RefId=\"%d\"><TN RefId=\"%d\"><T>%s</T><T>System.Object</T></TN>\n"
                    "    <Props>\n",
                    *id, *id, type);
  (*id)++;
}

static void end_object(struct buffer *out) {
  buffer_add_text(out, "    </Props><MS><S N=\"PSComputerName\">ex01.contoso.com</S></MS></Obj>\n");
}

static void add_objects(struct buffer *out, const char *type, char *lines) {
  int id = 0;
  char *rest = NULL;
  buffer_add_text(out, "\xef\xbb\xbf<Objs Version=\"1.1.0.1\" "
                       "xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n");
  start_object(out, type, &id);
  for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
    if (!text_equal(line, "--")) {
      add_property(out, line, &id);
      continue;
    }
    end_object(out);
    start_object(out, type, &id);
  }
  end_object(out);
  buffer_add_text(out, "</Objs>\n");
}

/* ---- The files ------------------------------------------------------------------------ */

/* "V15/Bin/x" and "applicationHost.config" in full. */
static char *full_name(const char *name) {
  if (text_equal(name, "applicationHost.config"))
    return alloc_text("C/Windows/System32/inetsrv/config/applicationHost.config");
  return text_starts(name, "V15/") ? alloc_format(INSTALLED "%s", name + 3) : alloc_text(name);
}

static void make_folders(const char *folder, const char *name) {
  char *path = path_of(folder, name);
  for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash;
       slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
  }
  alloc_free(path);
}

static void write_text(const char *folder, const char *name, const char *text) {
  char *full = full_name(name);
  make_folders(folder, full);
  folder_write_text(folder, full, text);
  alloc_free(full);
}

static void copy_sample(const char *folder, char *name) {
  char *from = strrchr(name, ' ');
  ck_assert_ptr_nonnull(from);
  *from++ = '\0';
  make_folders(folder, name);
  folder_copy(folder, name, sample(from));
}

static void write_objects(const char *folder, char *name, char *lines) {
  char *type = strrchr(name, ' ');
  ck_assert_ptr_nonnull(type);
  *type++ = '\0';
  struct buffer out = buffer_make(FILE_MOST);
  add_objects(&out, type, lines);
  write_text(folder, name, buffer_text(&out));
  buffer_dispose(&out);
}

/* `heads`: what stands behind "#### " above the text. */
static void write_part(const char *folder, char *const *heads, size_t count, char *text) {
  for (size_t i = 0; i < count; i++) {
    char *head = heads[i];
    if (text_starts(head, "sample "))
      copy_sample(folder, head + strlen("sample "));
    else if (text_starts(head, "clixml "))
      write_objects(folder, head + strlen("clixml "), text);
    else
      write_text(folder, head + strlen("file "), text);
  }
}

char *server_new(void) {
  char *folder = folder_new();
  size_t size, count = 0;
  char *all = file_read(SITEGLASS_SOURCE_DIR "/tests/cli/exchange-server.txt", &size);
  char *heads[NAMES_MOST];
  for (char *at = strstr(all, "\n#### "); at;) {
    char *head = at + strlen("\n#### "), *end = strchr(head, '\n');
    ck_assert(end && count < NAMES_MOST);
    char *next = strstr(end, "\n#### ");
    heads[count++] = head;
    *end = '\0';
    if (next == end || text_starts(head, "sample ")) { /* no text of its own */
      if (text_starts(head, "sample ")) copy_sample(folder, heads[--count] + strlen("sample "));
      at = next;
      continue;
    }
    char *text = end + 1;
    if (next) next[1] = '\0'; /* the text keeps its last line end */
    write_part(folder, heads, count, text);
    count = 0;
    at = next;
    if (next) next[1] = '#';
  }
  alloc_free(all);
  return folder;
}

/* The place of the old text; " ... " in it is whatever stands there. NULL when it is not there. */
static char *find_old(char *text, const char *old, char **end) {
  const char *dots = strstr(old, " ... ");
  if (!dots) {
    char *at = strstr(text, old);
    *end = at ? at + strlen(old) : NULL;
    return at;
  }
  char *first = alloc_text_n(old, (size_t)(dots - old)), *at = strstr(text, first);
  *end = at ? strstr(at + strlen(first), dots + strlen(" ... ")) : NULL;
  alloc_free(first);
  return *end ? at : NULL;
}

static bool edit_text(const char *folder, const char *name, const char *path, const char *from,
                      const char *to) {
  size_t size;
  char *text = file_read(path, &size), *end, *at = find_old(text, from, &end);
  if (at) {
    struct buffer out = buffer_make(FILE_MOST);
    buffer_add(&out, text, (size_t)(at - text));
    buffer_add_text(&out, to);
    buffer_add_text(&out, end);
    folder_write(folder, name, buffer_text(&out), out.size);
    buffer_dispose(&out);
  }
  alloc_free(text);
  return at != NULL;
}

bool server_edit(const char *folder, const char *file, const char *from, const char *to) {
  char *name = full_name(file), *path = path_of(folder, name);
  struct system_status status;
  system_status(path, false, &status);
  bool done = status.kind == SYSTEM_FILE;
  if (done && !text_equal(from, "(file)"))
    done = edit_text(folder, name, path, from, to);
  else if (done && text_equal(to, "(gone)"))
    done = unlink(path) == 0;
  else if (done && text_starts(to, "sample:"))
    folder_copy(folder, name, sample(to + strlen("sample:")));
  else if (done)
    folder_write_text(folder, name, to);
  alloc_free(path);
  alloc_free(name);
  return done;
}

/* ---- All its files --------------------------------------------------------------------- */

struct names {
  char **items;
  size_t count, capacity;
};

static void collect(struct names *names, const char *folder, const char *below) {
  char **entries, error[128], *path = below[0] ? path_of(folder, below) : alloc_text(folder);
  size_t count;
  ck_assert_msg(system_list(path, &entries, &count, error), "%s: %s", path, error);
  for (size_t i = 0; i < count; i++) {
    char *name = below[0] ? path_of(below, entries[i]) : alloc_text(entries[i]);
    char *full = path_of(folder, name);
    struct system_status status;
    system_status(full, false, &status);
    alloc_free(full);
    if (status.kind == SYSTEM_FOLDER)
      collect(names, folder, name);
    else
      ARRAY_PUSH(names->items, names->count, names->capacity) = alloc_text(name);
    alloc_free(name);
  }
  system_list_free(entries, count);
  alloc_free(path);
}

char **server_files(const char *folder, size_t *count) {
  struct names names = {0};
  collect(&names, folder, "");
  *count = names.count;
  return names.items;
}

void server_files_free(char **files, size_t count) {
  for (size_t i = 0; i < count; i++)
    alloc_free(files[i]);
  alloc_free(files);
}

/* ---- dir /s /a --------------------------------------------------------------------------- */

static void add_windows_path(struct buffer *out, const char *name) {
  buffer_add_text(out, "C:");
  for (const char *c = name + 1; *c; c++)
    buffer_add_char(out, *c == '/' ? '\\' : *c);
}

static void list_folder(struct buffer *out, const char *folder, const char *name) {
  char **entries, error[128], *path = path_of(folder, name);
  size_t count, files = 0, bytes = 0;
  ck_assert_msg(system_list(path, &entries, &count, error), "%s: %s", path, error);
  buffer_add_text(out, " Directory of ");
  add_windows_path(out, name);
  buffer_add_text(out, "\n\n03/02/2026  04:00 AM    <DIR>          .\n"
                       "03/02/2026  04:00 AM    <DIR>          ..\n");
  for (size_t i = 0; i < count; i++) {
    char *full = path_of(path, entries[i]);
    struct system_status status;
    system_status(full, false, &status);
    alloc_free(full);
    if (status.kind == SYSTEM_FOLDER) {
      buffer_add_format(out, "03/02/2026  04:00 AM    <DIR>          %s\n", entries[i]);
      continue;
    }
    buffer_add_format(out, "03/02/2026  04:00 AM %17zu %s\n", (size_t)status.size, entries[i]);
    files++;
    bytes += status.size;
  }
  buffer_add_format(out, "%16zu File(s) %14zu bytes\n\n", files, bytes);
  for (size_t i = 0; i < count; i++) {
    char *below = path_of(name, entries[i]), *full = path_of(path, entries[i]);
    struct system_status status;
    system_status(full, false, &status);
    if (status.kind == SYSTEM_FOLDER) list_folder(out, folder, below);
    alloc_free(full);
    alloc_free(below);
  }
  system_list_free(entries, count);
  alloc_free(path);
}

void server_list(const char *folder) {
  struct buffer out = buffer_make(FILE_MOST);
  buffer_add_text(&out, " Volume in drive C has no label.\n Volume Serial Number is 1234-ABCD\n\n");
  list_folder(&out, folder, INSTALLED);
  list_folder(&out, folder, "C/Windows");
  list_folder(&out, folder, "C/inetpub");
  buffer_add_text(&out, "     Total Files Listed:\n");
  folder_write_text(folder, "folders.txt", buffer_text(&out));
  buffer_dispose(&out);
}
