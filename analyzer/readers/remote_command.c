/* Which computer the commands of a text asked. */
#include "readers/remote_command.h"

#include "base/alloc.h"
#include "base/text.h"
#include "readers/lines.h"
#include "readers/readers.h"

#include <string.h>

enum { NAME_MOST = 255 };

static bool is_name_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         (c && strchr("-._", c));
}

static struct span name_at(const char *start, const char *end) {
  size_t size = 0;
  while (start + size < end && is_name_char(start[size]))
    size++;
  return (struct span){start, size <= NAME_MOST ? size : 0};
}

/* The place behind `what` (lower case), NULL when the line does not hold it. */
static const char *behind(struct span line, const char *what) {
  size_t size = strlen(what);
  for (size_t i = 0; i + size <= line.size; i++)
    if (span_equal_nocase((struct span){line.start + i, size}, what)) return line.start + i + size;
  return NULL;
}

/* "[EX02]: PS C:\>" */
static struct span of_prompt(struct span line) {
  if (line.size < 8 || line.start[0] != '[') return (struct span){line.start, 0};
  const char *end = line.start + line.size;
  struct span name = name_at(line.start + 1, end);
  const char *after = name.start + name.size;
  bool is = end - after > 5 && memcmp(after, "]: PS", 5) == 0;
  return is ? name : (struct span){line.start, 0};
}

/* The next of these bytes, in a text that may be large. */
static const char *find(struct span text, const char *what) {
  size_t size = strlen(what);
  const char *end = text.start + text.size, *at = text.start;
  while (at && (size_t)(end - at) >= size) {
    at = memchr(at, what[0], (size_t)(end - at) - size + 1);
    if (at && memcmp(at, what, size) == 0) return at;
    if (at) at++;
  }
  return NULL;
}

/* "reg query \\EX02\HKLM", "certutil -store \\EX02\My" */
static struct span of_path(struct span line) {
  static const char *const commands[] = {"certutil", "reg query"};
  const char *end = line.start + line.size, *at = find(line, "\\\\");
  struct span none = {line.start, 0}, before = {line.start, at ? (size_t)(at - line.start) : 0};
  if (before.size == 0 || !strchr(" \t\"", at[-1])) return none;
  struct span name = name_at(at + 2, end);
  if (name.size == 0 || name.start + name.size >= end || name.start[name.size] != '\\') return none;
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (behind(before, commands[i])) return name;
  return none;
}

/* "\\\\EX02:", as PsExec has it above what it ran there. */
static struct span of_psexec(struct span line) {
  struct span name = {line.start, 0};
  if (line.size < 4 || memcmp(line.start, "\\\\", 2) != 0) return name;
  name = name_at(line.start + 2, line.start + line.size);
  bool is = name.size + 3 == line.size && line.start[line.size - 1] == ':';
  return is ? name : (struct span){line.start, 0};
}

static struct span of_netsh(struct span line) {
  const char *option = find(line, " -r "), *at = option ? option + 4 : NULL;
  struct span before = {line.start, option ? (size_t)(option - line.start) : 0};
  if (!option || !behind(before, "netsh")) return (struct span){line.start, 0};
  while (at && at < line.start + line.size && *at == ' ')
    at++;
  return at ? name_at(at, line.start + line.size) : (struct span){line.start, 0};
}

static struct span computer_of(struct span line) {
  struct span name = of_prompt(line);
  if (name.size == 0) name = of_psexec(line);
  if (name.size == 0) name = of_path(line);
  if (name.size == 0) name = of_netsh(line);
  bool here = span_equal_nocase(name, "localhost") || span_equal(name, ".");
  return here ? (struct span){line.start, 0} : name;
}

static bool is_address(const char *name) {
  return strspn(name, "0123456789.") == strlen(name);
}

static void drop_facts(struct reading *reading, struct origin origin, const char *name) {
  if (reading->facts) {
    xmlNode *facts = reading->facts->children;
    reading->facts->children = reading->facts->last = NULL;
    xmlFreeNodeList(facts);
  }
  reading_breaks(reading, UNKNOWN_AMBIGUOUS, origin,
                 "its commands asked %.100s, and it is not known what is of which computer", name);
}

static bool may_ask(struct span all) {
  if (all.size > 2 && memcmp(all.start, "\\\\", 2) == 0) return true;
  return find(all, "\n\\\\") || find(all, "]: PS") || find(all, " -r ") || find(all, " \\\\") ||
         find(all, "\"\\\\");
}

void remote_command_apply(struct reading *reading, const char *text, size_t size) {
  if (!may_ask((struct span){text, size})) return;
  struct lines lines = lines_of(text, size);
  for (struct line line; lines_next(&lines, &line);) {
    struct span found = computer_of(span_trim(line.text));
    if (found.size == 0) continue;
    char *name = span_copy(found);
    struct origin origin = line_origin(&line, found.start, reading->artifact->number + 1);
    bool address = is_address(name);
    bool other = reading->computer && !text_same_computer(reading->computer, name);
    if (address || other)
      drop_facts(reading, origin, name);
    else if (!reading->computer)
      reading->computer = alloc_text(name);
    alloc_free(name);
    if (address || other) return;
  }
}
