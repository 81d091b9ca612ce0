/* Why each value is what it is, on a real Exchange server: what --why prints for
 * (path, section, attribute), compared with config-why.txt, which was checked by hand
 * against the files. A question there is a line "== PATH | SECTION | ATTRIBUTE". */
#include "check_main.h"
#include "support_program.h"

#include "base/buffer.h"
#include "base/text.h"

#include <string.h>

static size_t indent_of(const char *line) {
  return strspn(line, " ");
}

static const char *next_line(const char *line) {
  line += strcspn(line, "\n");
  return *line ? line + 1 : line;
}

/* The line in [text, end) whose first word is `name`, at that indentation or any (0). */
static const char *line_named(const char *text, const char *end, struct span name) {
  for (const char *line = text; line < end && *line; line = next_line(line)) {
    const char *word = line + indent_of(line);
    size_t size = strcspn(word, " \n");
    if (indent_of(line) > 0 && size == name.size && strncmp(word, name.start, size) == 0)
      return line;
  }
  return NULL;
}

/* Where the lines that are indented more than this one end. */
static const char *block_end(const char *line) {
  size_t indent = indent_of(line);
  for (line = next_line(line); *line && indent_of(line) > indent; line = next_line(line))
    continue;
  return line;
}

/* "extendedProtection/tokenChecking": its line and what is indented below it. */
static void add_attribute(struct buffer *out, const char *text, const char *attribute) {
  const char *end = text + strlen(text), *slash = strchr(attribute, '/');
  while (slash) {
    text = line_named(text, end, (struct span){attribute, (size_t)(slash - attribute)});
    ck_assert_msg(text != NULL, "no %s", attribute);
    end = block_end(text);
    text = next_line(text);
    attribute = slash + 1;
    slash = strchr(attribute, '/');
  }
  const char *line = line_named(text, end, span_of(attribute));
  ck_assert_msg(line != NULL, "no %s in\n%s", attribute, text);
  buffer_add(out, line, (size_t)(block_end(line) - line));
}

static void add_answer(struct buffer *out, char *question) {
  char *section = strstr(question, " | "), *attribute = section ? strstr(section + 3, " | ") : NULL;
  ck_assert_ptr_nonnull(attribute);
  *section = *attribute = '\0';
  section += 3;
  attribute += 3;
  const char *at = strcmp(question, "server") ? question : "";
  struct run run = RUN("config", shared("exchange/E19"), "--at", at, "--section", section, "--why");
  ck_assert_msg(run.status == 0, "%s %s: %s", at, section, run.err);
  add_attribute(out, run.out, attribute);
  run_dispose(&run);
}

START_TEST(the_reason_of_a_value_is_another) {
  NEEDS_SHARED();
  size_t size;
  char *golden = file_read(SITEGLASS_SOURCE_DIR "/tests/cli/config-why.txt", &size);
  struct buffer got = buffer_make(1 << 20);
  size_t questions = 0;
  for (const char *line = golden; *line; line = next_line(line)) {
    if (!text_starts(line, "== ")) continue;
    char *question = alloc_text_n(line + 3, strcspn(line, "\n") - 3);
    buffer_add_format(&got, "== %s\n", question);
    add_answer(&got, question);
    questions++;
    alloc_free(question);
  }
  ck_assert_uint_ge(questions, 30);
  const char *a = golden, *b = buffer_text(&got);
  while (*a && strcspn(a, "\n") == strcspn(b, "\n") && !strncmp(a, b, strcspn(a, "\n")))
    a = next_line(a), b = next_line(b);
  ck_assert_msg(!*a && !*b, "wanted: %.200s\ngot: %.200s", a, b);
  buffer_dispose(&got);
  alloc_free(golden);
}
END_TEST

CHECK_MAIN("cli/config_why", { tcase_add_test(tests, the_reason_of_a_value_is_another); })
