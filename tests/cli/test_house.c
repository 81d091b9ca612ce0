/* The house: which folder may include which, which file may call which library,
 * and the calls that nobody may make. Reads the sources of analyzer/ as text. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/system.h"
#include "base/text.h"

#include <string.h>

/* ---- every source file, with comments and literals blanked out ---- */

struct source {
  char *path; /* below analyzer/: "cli/check.c" */
  char *text; /* as it is */
  char *code; /* without comments and without what stands in quotes */
};

struct sources {
  struct source *items;
  size_t count, capacity;
};

/* Blanks comments, strings and character literals, and keeps line ends. */
static char *code_of(const char *text) {
  char *code = alloc_text(text);
  char in = 0; /* what we stand in: '"', '\'', '*' or '/' comment, 0 */
  for (char *c = code; *c; c++) {
    char here = *c, next = c[1];
    if (!in && here == '/' && (next == '*' || next == '/')) {
      in = next;
    } else if (!in && (here == '"' || here == '\'')) {
      in = here;
      continue;
    } else if (in == '*' && here == '*' && next == '/') {
      *c++ = ' ';
      in = 0;
    } else if (in == '/' && here == '\n') {
      in = 0;
    } else if ((in == '"' || in == '\'') && here == '\\' && next) {
      *c++ = ' ';
    } else if (in && in == here && in != '*' && in != '/') {
      in = 0;
      continue;
    } else if (!in) {
      continue;
    }
    if (*c != '\n') *c = ' ';
  }
  return code;
}

static void add_file(struct sources *sources, const char *folder, const char *name) {
  char *full = alloc_format("%s/analyzer/%s%s", SITEGLASS_SOURCE_DIR, folder, name);
  uint8_t *bytes;
  size_t size;
  char error[128];
  ck_assert_msg(system_read(full, 1 << 24, &bytes, &size, error), "%s: %s", full, error);
  ARRAY_PUSH(sources->items, sources->count, sources->capacity) =
      (struct source){alloc_format("%s%s", folder, name), (char *)bytes, code_of((char *)bytes)};
  alloc_free(full);
}

static void add_folder(struct sources *sources, const char *folder) {
  char *full = alloc_format("%s/analyzer/%s", SITEGLASS_SOURCE_DIR, folder);
  char **names, error[128];
  size_t count;
  ck_assert_msg(system_list(full, &names, &count, error), "%s: %s", full, error);
  for (size_t i = 0; i < count; i++) {
    char *below = alloc_format("%s/%s", full, names[i]);
    struct system_status status;
    system_status(below, false, &status);
    char *inside = alloc_format("%s%s/", folder, names[i]);
    if (status.kind == SYSTEM_FOLDER)
      add_folder(sources, inside);
    else if (text_ends_nocase(names[i], ".c") || text_ends_nocase(names[i], ".h"))
      add_file(sources, folder, names[i]);
    alloc_free(inside);
    alloc_free(below);
  }
  system_list_free(names, count);
  alloc_free(full);
}

static struct sources sources_read(void) {
  struct sources sources = {0};
  add_folder(&sources, "");
  ck_assert_uint_gt(sources.count, 30);
  return sources;
}

static void sources_dispose(struct sources *sources) {
  for (size_t i = 0; i < sources->count; i++) {
    alloc_free(sources->items[i].path);
    alloc_free(sources->items[i].text);
    alloc_free(sources->items[i].code);
  }
  alloc_free(sources->items);
}

/* ---- includes ---- */

/* Calls `see` for every #include line: what stands between the quotes or brackets. */
static void each_include(const struct sources *sources,
                         void (*see)(const char *path, const char *included, bool own,
                                     struct buffer *wrong),
                         struct buffer *wrong) {
  for (size_t i = 0; i < sources->count; i++) {
    const char *line = sources->items[i].text;
    while (line) {
      struct span rest = span_trim((struct span){line, strcspn(line, "\n")});
      if (rest.size > 9 && strncmp(rest.start, "#include", 8) == 0) {
        struct span name = span_trim((struct span){rest.start + 8, rest.size - 8});
        size_t size = strcspn(name.start + 1, "\">\n");
        char *included = alloc_text_n(name.start + 1, size);
        see(sources->items[i].path, included, name.start[0] == '"', wrong);
        alloc_free(included);
      }
      line = strchr(line, '\n');
      if (line) line++;
    }
  }
}

/* An arrow may point to the same place or to the right. */
static const char *const house[] = {"main.c",  "cli",      "report", "rulebook", "schematron",
                                    "readers", "evidence", "bundle", "base"};

static int room_of(const char *path) {
  size_t size = strcspn(path, "/");
  for (size_t i = 0; i < sizeof house / sizeof *house; i++)
    if (strlen(house[i]) == size && strncmp(path, house[i], size) == 0) return (int)i;
  return -1;
}

static bool arrow_is_right(const char *path, const char *included) {
  int from = room_of(path), to = room_of(included);
  if (from < 0 || to < 0) return false;
  bool own_or_base = from == to || strcmp(house[to], "base") == 0;
  if (strcmp(house[from], "schematron") == 0) return own_or_base;
  if (strcmp(house[from], "report") == 0)
    return own_or_base || strcmp(included, "rulebook/verdicts.h") == 0 ||
           strcmp(included, "rulebook/pages.h") == 0 ||
           strcmp(included, "rulebook/peer_checks.h") == 0 ||
           strcmp(included, "rulebook/settings.h") == 0;
  if (strcmp(house[from], "main.c") == 0)
    return strcmp(house[to], "cli") == 0 || strcmp(house[to], "base") == 0;
  return from <= to;
}

static void see_arrow(const char *path, const char *included, bool own, struct buffer *wrong) {
  if (own && !arrow_is_right(path, included))
    buffer_add_format(wrong, "%s includes \"%s\"\n", path, included);
}

/* Which files may include which header of a library. */
static const struct {
  const char *header;     /* a glob */
  const char *allowed[5]; /* globs */
} libraries[] = {
    {"pcre2*", {"base/regex.c"}},
    {"archive*.h", {"bundle/archive*.c"}},
    {"openssl/*", {"base/alloc.c", "base/digest.c", "readers/x509.c", "readers/certificate_container.c"}},
    {"libxml/parser*.h", {"base/xml_source.c"}},
    {"libxml/SAX*.h", {"base/xml_source.c"}},
    {"libxml/xmlreader.h", {NULL}},
    {"libxml/xinclude.h", {NULL}},
    {"libxml/nano*.h", {NULL}},
    {"hivex.h", {"readers/registry_hive.c"}},
    {"jansson.h", {"report/*", "readers/json_objects.c"}},
    {"libevtx*", {"readers/event_evtx.c"}},
    {"libbfio*", {"readers/event_evtx.c"}},
    {"locale.h", {"base/system_*.c"}},
    {"sys/socket.h", {NULL}},
    {"netdb.h", {NULL}},
    {"netinet/*", {NULL}},
    {"arpa/*", {NULL}},
    {"dirent.h", {"base/system_*.c"}},
    {"unistd.h", {"base/system_*.c"}},
    {"sys/*", {"base/system_*.c"}},
    {"fcntl.h", {"base/system_*.c"}},
};

static void see_library(const char *path, const char *included, bool own, struct buffer *wrong) {
  if (own) return;
  for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
    if (!text_glob(libraries[i].header, included)) continue;
    bool allowed = false;
    for (size_t j = 0; j < 5 && libraries[i].allowed[j]; j++)
      allowed = allowed || text_glob(libraries[i].allowed[j], path);
    if (!allowed) buffer_add_format(wrong, "%s includes <%s>\n", path, included);
  }
}

START_TEST(an_include_arrow_points_the_wrong_way) {
  struct sources sources = sources_read();
  struct buffer wrong = buffer_make(3000);
  each_include(&sources, see_arrow, &wrong);
  ck_assert_str_eq(buffer_text(&wrong), "");
  buffer_dispose(&wrong);
  sources_dispose(&sources);
}
END_TEST

START_TEST(a_library_is_called_outside_its_file) {
  struct sources sources = sources_read();
  struct buffer wrong = buffer_make(3000);
  each_include(&sources, see_library, &wrong);
  ck_assert_str_eq(buffer_text(&wrong), "");
  buffer_dispose(&wrong);
  sources_dispose(&sources);
}
END_TEST

static size_t archive_files;
static void count_archive(const char *path, const char *included, bool own, struct buffer *wrong) {
  (void)wrong, (void)path;
  if (!own && strcmp(included, "archive.h") == 0) archive_files++;
}

START_TEST(the_archive_library_is_in_more_than_one_file) {
  struct sources sources = sources_read();
  struct buffer nothing = buffer_make(1);
  archive_files = 0;
  each_include(&sources, count_archive, &nothing);
  ck_assert_uint_eq(archive_files, 1);
  buffer_dispose(&nothing);
  sources_dispose(&sources);
}
END_TEST

/* ---- calls ---- */

static bool name_character(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Is `word` called in this code: the whole name, then an open bracket? With
 * `call` false, the name anywhere. */
static bool speaks(const char *code, const char *word, bool call) {
  size_t size = strlen(word);
  for (const char *at = strstr(code, word); at; at = strstr(at + 1, word)) {
    bool starts = at == code || (!name_character(at[-1]) && at[-1] != '.' && at[-1] != '>');
    const char *after = at + size;
    if (!starts || name_character(*after)) continue;
    if (!call || after[strspn(after, " ")] == '(') return true;
  }
  return false;
}

static const struct {
  const char *word;
  bool call;
  const char *allowed[4]; /* globs of files */
  const char *why;
} calls[] = {
    {"exit", true, {"main.c"}, "only main.c ends the program"},
    {"_Exit", true, {NULL}, "only main.c ends the program"},
    {"_exit", true, {NULL}, "only main.c ends the program"},
    {"quick_exit", true, {NULL}, "only main.c ends the program"},
    {"abort",
     true,
     {"base/alloc.c", "base/digest.c", "report/value.c"},
     "only main.c ends the program"},
    {"assert", true, {NULL}, "input is checked, not hoped about"},
    {"strcpy", true, {NULL}, "unbounded"},
    {"strcat", true, {NULL}, "unbounded"},
    {"sprintf", true, {NULL}, "unbounded"},
    {"vsprintf", true, {NULL}, "unbounded"},
    {"gets", true, {NULL}, "unbounded"},
    {"strtok", true, {NULL}, "hidden state"},
    {"atoi", true, {NULL}, "no errors"},
    {"atol", true, {NULL}, "no errors"},
    {"scanf", true, {NULL}, "unbounded"},
    {"sscanf", true, {NULL}, "unbounded"},
    {"setlocale", true, {NULL}, "output never depends on the locale"},
    {"localtime", true, {NULL}, "output never depends on the time zone"},
    {"localtime_r", true, {NULL}, "output never depends on the time zone"},
    {"mktime", true, {NULL}, "output never depends on the time zone"},
    {"time", true, {NULL}, "output never depends on the day"},
    {"gettimeofday", true, {NULL}, "output never depends on the day"},
    {"clock_gettime", true, {"base/system_*.c"}, "only --profile-rules measures time"},
    {"system_ticks", false, {"base/system*", "cli/check.c"}, "only --profile-rules measures time"},
    {"rand", true, {NULL}, "output never depends on chance"},
    {"system", true, {NULL}, "no other program is run"},
    {"popen", true, {NULL}, "no other program is run"},
    {"fork", true, {NULL}, "no other program is run"},
    {"execv", true, {NULL}, "no other program is run"},
    {"socket", true, {NULL}, "no network"},
    {"connect", true, {NULL}, "no network"},
    {"fopen", true, {"cli/output.c"}, "only --output writes a file"},
    {"tmpfile", true, {NULL}, "only --output writes a file"},
    {"mkstemp", true, {NULL}, "only --output writes a file"},
    {"open", true, {"base/system_*.c"}, "files are opened in one place"},
    {"malloc", true, {"base/alloc.c"}, "memory goes through base/alloc.h"},
    {"calloc", true, {"base/alloc.c"}, "memory goes through base/alloc.h"},
    {"realloc", true, {"base/alloc.c"}, "memory goes through base/alloc.h"},
    {"strdup", true, {NULL}, "memory goes through base/alloc.h"},
    {"stdout", false, {"cli/*", "main.c"}, "only cli/ prints"},
    {"stderr", false, {"cli/*", "main.c", "base/alloc.c"}, "only cli/ prints"},
    {"printf", true, {"cli/*", "main.c"}, "only cli/ prints"},
    {"xmlReadMemory", true, {NULL}, "the XML parser is called in base/xml_source.c"},
    {"xmlReadFile", true, {NULL}, "the XML parser is called in base/xml_source.c"},
    {"xmlParseMemory", true, {NULL}, "the XML parser is called in base/xml_source.c"},
    {"xmlParseFile", true, {NULL}, "the XML parser is called in base/xml_source.c"},
    {"xmlParseDoc", true, {NULL}, "the XML parser is called in base/xml_source.c"},
    {"xmlCtxtReadMemory", true, {NULL}, "the XML parser is called in base/xml_source.c"},
};

static bool may_call(const char *path, size_t row) {
  for (size_t i = 0; i < 4 && calls[row].allowed[i]; i++)
    if (text_glob(calls[row].allowed[i], path)) return true;
  return false;
}

START_TEST(a_call_stands_where_it_must_not) {
  struct sources sources = sources_read();
  struct buffer wrong = buffer_make(3000);
  for (size_t i = 0; i < sources.count; i++)
    for (size_t row = 0; row < sizeof calls / sizeof *calls; row++)
      if (!may_call(sources.items[i].path, row) &&
          speaks(sources.items[i].code, calls[row].word, calls[row].call))
        buffer_add_format(&wrong, "%s has %s: %s\n", sources.items[i].path, calls[row].word,
                          calls[row].why);
  ck_assert_str_eq(buffer_text(&wrong), "");
  buffer_dispose(&wrong);
  sources_dispose(&sources);
}
END_TEST

/* The checks above are worth what their reading of code is worth. */
START_TEST(the_reading_of_code_is_blind) {
  char *code = code_of("/* exit(1) */ x = \"exit(1)\"; // exit(1)\n my_exit(1); a.exit(2);");
  ck_assert(!speaks(code, "exit", true));
  ck_assert(speaks(code, "my_exit", true));
  alloc_free(code);
  code = code_of("if (c == '\"') exit (1); /* \" */");
  ck_assert(speaks(code, "exit", true));
  alloc_free(code);
  ck_assert(arrow_is_right("cli/check.c", "report/report.h"));
  ck_assert(!arrow_is_right("report/text.c", "rulebook/rulebook.h"));
  ck_assert(!arrow_is_right("schematron/engine.c", "evidence/node.h"));
  ck_assert(!arrow_is_right("base/text.c", "bundle/bundle.h"));
  ck_assert(!arrow_is_right("cli/check.c", "elsewhere/thing.h"));
}
END_TEST

CHECK_MAIN("cli/house", {
  tcase_add_test(tests, an_include_arrow_points_the_wrong_way);
  tcase_add_test(tests, a_library_is_called_outside_its_file);
  tcase_add_test(tests, the_archive_library_is_in_more_than_one_file);
  tcase_add_test(tests, a_call_stands_where_it_must_not);
  tcase_add_test(tests, the_reading_of_code_is_blind);
})
