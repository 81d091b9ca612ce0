/* Reads the case files and puts fragments and line marks into the bundle's files. */
#define _XOPEN_SOURCE 700
#include "config/support_cases.h"

#include "check_main.h"
#include "cli/support_program.h"
#include "config/support_expect.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

#define CASES SITEGLASS_SOURCE_DIR "/tests/config/cases/"
#ifdef __SANITIZE_ADDRESS__
enum { STRIDE = 3 };
#else
enum { STRIDE = 1 };
#endif
enum { MOST_TEXT = 1 << 22, DEEPEST_FRAGMENT = 8, LONGEST_NAME = 200 };

static bool wanted(const char *name) {
  const char *only = getenv("SITEGLASS_CASE");
  return only == NULL || strstr(name, only) != NULL;
}

/* Reading goes on before Check runs, where its assertions cannot be used. */
static void stop(const char *what, const char *where) {
  fprintf(stderr, "%s: %s\n", where, what);
  exit(EXIT_FAILURE);
}

static char *read_cases(const char *file) {
  char *path = alloc_format(CASES "%s", file), piece[4096];
  FILE *stream = fopen(path, "rb");
  if (stream == NULL) stop("cannot be read", path);
  struct buffer text = buffer_make(MOST_TEXT);
  for (size_t got; (got = fread(piece, 1, sizeof piece, stream)) > 0;)
    buffer_add(&text, piece, got);
  fclose(stream);
  alloc_free(path);
  return buffer_take(&text);
}

static void keep_case(struct rule_cases *cases, const char *name, char *text) {
  if (!wanted(name)) {
    alloc_free(text);
    return;
  }
  ARRAY_PUSH(cases->items, cases->count, cases->capacity) =
      (struct rule_case){.name = alloc_text(name), .text = text};
}

/* "=== NAME" begins a block; gives the block's text and moves on. False at the end. */
static bool next_block(char **rest, char **name, char **text) {
  char *start = strncmp(*rest, "=== ", 4) == 0 ? *rest : strstr(*rest, "\n=== ");
  if (start == NULL) return false;
  start += *start == '\n';
  char *end = strchr(start, '\n');
  if (end == NULL) return false;
  char *next = strstr(end, "\n=== ");
  size_t size = next ? (size_t)(next - end) : strlen(end + 1);
  *name = alloc_text_n(start + 4, (size_t)(end - start - 4));
  *text = alloc_text_n(end + 1, size);
  *rest = next ? next : end + strlen(end);
  return true;
}

void rule_cases_read(struct rule_cases *cases, const char *file) {
  char *whole = read_cases(file), *rest = whole, *name, *text;
  while (next_block(&rest, &name, &text)) {
    keep_case(cases, name, text);
    alloc_free(name);
  }
  alloc_free(whole);
}

void rule_cases_add(struct rule_cases *cases, const char *name, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *text = alloc_bytes(MOST_TEXT);
  int size = vsnprintf(text, MOST_TEXT, format, arguments);
  va_end(arguments);
  if (size < 0 || size >= MOST_TEXT) stop("too long", name);
  char *fitting = alloc_text_n(text, (size_t)size);
  alloc_free(text);
  keep_case(cases, name, fitting);
}

void rule_cases_dispose(struct rule_cases *cases) {
  for (size_t i = 0; i < cases->count; i++) {
    alloc_free(cases->items[i].name);
    alloc_free(cases->items[i].text);
  }
  alloc_free(cases->items);
  *cases = (struct rule_cases){0};
}

/* One case alone is always looked for among all. */
static size_t stride_now(void) {
  const char *one = getenv("SITEGLASS_CASE");
  return one ? 1 : STRIDE;
}

int rule_cases_steps(const struct rule_cases *cases) {
  size_t stride = stride_now();
  return (int)((cases->count + stride - 1) / stride);
}

const struct rule_case *rule_cases_step(const struct rule_cases *cases, int step) {
  size_t stride = stride_now();
  return &cases->items[(size_t)step * stride];
}

/* ---- fragments ---- */

static char *fragment(const char *wanted_name) {
  char *whole = read_cases("fragments.txt"), *rest = whole, *name, *text;
  char *found = NULL;
  while (found == NULL && next_block(&rest, &name, &text)) {
    if (text_equal(name, wanted_name))
      found = text;
    else
      alloc_free(text);
    alloc_free(name);
  }
  alloc_free(whole);
  ck_assert_msg(found != NULL, "no fragment '%s'", wanted_name);
  for (char *at = found; (at = strchr(at, '\n')); at++)
    *at = ' ';
  return found;
}

static void expand(struct buffer *out, const char *text, int depth);

static void expand_name(struct buffer *out, const char *name, int depth) {
  ck_assert_int_lt(depth, DEEPEST_FRAGMENT);
  if (text_starts(name, "at ")) {
    buffer_add_format(out, "<location path=\"%s\"><system.webServer>", name + 3);
  } else if (text_equal(name, "/at")) {
    buffer_add_text(out, "</system.webServer></location>");
  } else if (text_starts(name, "pad ")) {
    buffer_add_text(out, "<!--");
    for (long left = strtol(name + 4, NULL, 10); left > 0; left--)
      buffer_add_char(out, ' ');
    buffer_add_text(out, "-->");
  } else {
    char *text = fragment(name);
    expand(out, text, depth + 1);
    alloc_free(text);
  }
}

static void expand(struct buffer *out, const char *text, int depth) {
  for (const char *open; (open = strstr(text, "{{"));) {
    const char *close = strstr(open, "}}");
    ck_assert_ptr_nonnull(close);
    buffer_add(out, text, (size_t)(open - text));
    char *name = alloc_text_n(open + 2, (size_t)(close - open - 2));
    expand_name(out, name, depth);
    alloc_free(name);
    text = close + 2;
  }
  buffer_add_text(out, text);
}

/* ---- a case's files ---- */

/* Takes @1@ ... @9@ out of the text and notes their lines. */
static void take_marks(char *text, int lines[10]) {
  char *to = text;
  int line = 1;
  for (const char *from = text; *from;) {
    if (from[0] == '@' && from[1] >= '1' && from[1] <= '9' && from[2] == '@') {
      lines[from[1] - '0'] = line;
      from += 3;
      continue;
    }
    line += *from == '\n';
    *to++ = *from++;
  }
  *to = '\0';
}

static void make_folders(const char *folder, const char *name) {
  for (const char *slash = name; (slash = strchr(slash, '/')); slash++) {
    char *above = alloc_text_n(name, (size_t)(slash - name));
    char *path = path_of(folder, above);
    struct stat status;
    if (stat(path, &status) != 0) folder_make(folder, above);
    alloc_free(path);
    alloc_free(above);
  }
}

static void write_part(struct case_bundle *bundle, const char *name, const char *text) {
  struct buffer out = buffer_make(MOST_TEXT);
  expand(&out, text, 0);
  char *whole = buffer_take(&out);
  take_marks(whole, bundle->lines);
  make_folders(bundle->folder, name);
  if (name[strlen(name) - 1] != '/') folder_write_text(bundle->folder, name, whole);
  alloc_free(whole);
}

static void add_argument(struct case_bundle *bundle, const char *argument) {
  ck_assert_uint_lt(bundle->argument_count + 1, CASE_ARGUMENTS);
  bundle->arguments[bundle->argument_count++] = alloc_text(argument);
}

static void add_arguments(struct case_bundle *bundle, char *text) {
  char *rest = NULL;
  for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
    add_argument(bundle, line);
}

static void add_map(struct case_bundle *bundle, const char *name) {
  if (!text_equal(name, "machine.config") && !text_equal(name, "root-web.config")) return;
  add_argument(bundle, "--map");
  add_argument(bundle, text_equal(name, "machine.config") ? "MACHINE=machine.config"
                                                          : "MACHINE/WEBROOT=root-web.config");
}

/* One "--- NAME" part; the expectations are handed back instead. */
static void take_part(struct case_bundle *bundle, const char *name, char *text, char **expected) {
  if (text_equal(name, "expect")) {
    *expected = alloc_text(text);
  } else if (text_equal(name, "options")) {
    add_arguments(bundle, text);
  } else if (!text_starts(name, "no ")) {
    write_part(bundle, name, text);
    add_map(bundle, name);
  }
}

/* A case that says nothing of it has the stock file with one site. */
static void write_stock_host(struct case_bundle *bundle, const char *text) {
  for (const char *at = text; (at = strstr(at, "--- ")); at++) {
    size_t length = strcspn(at, "\n");
    char *name = alloc_text_n(at + 4, length - 4);
    bool there = text_ends_nocase(name, "applicationHost.config");
    alloc_free(name);
    if (there) return;
  }
  write_part(bundle, "applicationHost.config", "{{plain}}\n");
}

static char *write_files(struct case_bundle *bundle, const char *text) {
  char *copy = alloc_text(text), *part = copy, *expected = NULL;
  while (part && strncmp(part, "--- ", 4) == 0) {
    char *name = part + 4, *end = strchr(part, '\n');
    ck_assert_msg(end != NULL, "a part of the case has no line");
    char *next = strncmp(end + 1, "--- ", 4) == 0 ? end : strstr(end + 1, "\n--- ");
    *end = '\0';
    char *body = next == end ? alloc_text("")
                 : next      ? alloc_text_n(end + 1, (size_t)(next - end))
                             : alloc_text(end + 1);
    take_part(bundle, name, body, &expected);
    alloc_free(body);
    part = next ? next + 1 : NULL;
  }
  alloc_free(copy);
  ck_assert_msg(expected != NULL, "the case expects nothing");
  return expected;
}

char *rule_case_run(const struct rule_case *rule_case) {
  struct case_bundle bundle = {.folder = folder_new()};
  write_stock_host(&bundle, rule_case->text);
  char *expected = write_files(&bundle, rule_case->text);
  struct buffer failures = buffer_make(MOST_TEXT);
  expect_all(&bundle, expected, &failures);
  alloc_free(expected);
  for (size_t i = 0; i < bundle.argument_count; i++)
    alloc_free(bundle.arguments[i]);
  if (getenv("SITEGLASS_KEEP")) {
    printf("%s: %s\n", rule_case->name, bundle.folder);
    alloc_free(bundle.folder);
  } else {
    folder_remove(bundle.folder);
  }
  return buffer_take(&failures);
}
