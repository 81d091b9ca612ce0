/* Listings of folders, as people paste them:
 *
 *  dir /s        a group for each folder, in any language of Windows:
 *
 *                     Directory of C:\inetpub\wwwroot
 *
 *                    11/29/2026  04:40 PM    <DIR>          .
 *                    11/29/2026  04:40 PM               703 iisstart.htm
 *                                   1 File(s)            703 bytes
 *
 *  dir /s /b     a full path on each line
 *  Get-ChildItem -Recurse, on the console: "    Directory: C:\inetpub", a head of columns,
 *                then lines that begin with a mode (d-----, -a----)
 *
 * Facts: folder(@path @listing) with file(@name @size) children; the folders that a group
 * names are folders of their own. listing="complete" only where the text itself proves it:
 * a group of dir with "." and ".." (or of a drive's root, which has none: never with a
 * filter like *.config, which would drop them) whose files are as many as its last line
 * counts (hidden files are told only with /a, which no server needs for what siteglass
 * asks). All else is "partial". Dates are local times of an unknown zone: they are not kept.
 *
 * Public source: Microsoft Learn, "dir" and "Get-ChildItem"; the layouts are those of
 * public captures. */
#include "readers/lines.h"
#include "readers/readers.h"

#include <stdio.h>
#include <string.h>

enum { FILES_MOST = 500000, LOOKED_AT = 200, PATH_LONGEST = 2000 };

struct listing {
  struct reading *reading;
  struct lines lines;
  uint32_t source;
  xmlNode *folder; /* the group that is open; NULL: none */
  char *path;      /* of it */
  uint64_t files, total;
  bool dots[2]; /* "." and ".." were there */
  size_t name_column;
};

/* ---- Paths ----------------------------------------------------------------------------- */

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "C:\..." or "\\server\share...". */
static bool starts_path(struct span text) {
  if (text.size < 3 || text.size > PATH_LONGEST) return false;
  if (is_letter(text.start[0]) && text.start[1] == ':' && text.start[2] == '\\') return true;
  return text.start[0] == '\\' && text.start[1] == '\\' && text.start[2] != '\\';
}

static bool is_name(struct span name) {
  if (name.size == 0 || name.size > 255) return false;
  for (size_t i = 0; i < name.size; i++)
    if (strchr("\\/:*?\"<>|", name.start[i])) return false;
  return true;
}

/* Without a last backslash, but for that of a drive. */
static struct span without_end(struct span path) {
  while (path.size > 3 && path.start[path.size - 1] == '\\')
    path.size--;
  return path;
}

static bool is_root(const char *path) {
  return strlen(path) == 3 && path[1] == ':';
}

/* ---- Facts ------------------------------------------------------------------------------ */

static xmlNode *add_folder(struct listing *listing, const char *path, struct origin origin) {
  xmlNode *folder = node_add(listing->reading->facts, "folder", origin);
  node_set(folder, "path", path, origin);
  node_set(folder, "listing", "partial", origin);
  return folder;
}

static bool is_too_much(struct listing *listing, const struct line *line) {
  if (++listing->total <= FILES_MOST) return false;
  reading_breaks(listing->reading, UNKNOWN_LIMIT, line_origin(line, line->begin, listing->source),
                 "more than %d files", FILES_MOST);
  return true;
}

static void add_file(struct listing *listing, const struct line *line, struct span name,
                     struct span size) {
  if (!is_name(name) || is_too_much(listing, line)) return;
  struct origin origin = line_origin(line, name.start, listing->source);
  xmlNode *file = node_add(listing->folder, "file", origin);
  char *text = span_copy(name), digits[24] = "";
  node_set(file, "name", text, origin);
  alloc_free(text);
  size_t count = 0;
  for (size_t i = 0; i < size.size && count < sizeof digits - 1; i++)
    if (size.start[i] >= '0' && size.start[i] <= '9') digits[count++] = size.start[i];
  if (count) node_set(file, "size", digits, origin);
}

static void add_below(struct listing *listing, const struct line *line, struct span name) {
  if (!is_name(name) || is_too_much(listing, line)) return;
  char *own = span_copy(name);
  char *path = text_joined(listing->path, is_root(listing->path) ? "" : "\\", own);
  add_folder(listing, path, line_origin(line, name.start, listing->source));
  alloc_free(path);
  alloc_free(own);
}

static void close_group(struct listing *listing) {
  alloc_free(listing->path);
  listing->path = NULL;
  listing->folder = NULL;
}

static void open_group(struct listing *listing, const struct line *line, struct span path) {
  close_group(listing);
  path = without_end(path);
  listing->path = span_copy(path);
  listing->folder =
      add_folder(listing, listing->path, line_origin(line, path.start, listing->source));
  listing->files = 0;
  listing->dots[0] = listing->dots[1] = false;
}

/* ---- dir ---------------------------------------------------------------------------------- */

/* " Directory of C:\inetpub"; some languages put their words behind the path. */
static bool is_head(const struct line *line, struct span *path) {
  if (line_indent(line) != 1 || line->text.size < 4) return false;
  struct span rest = span_trim(line->text);
  bool first = starts_path(rest);
  for (; !starts_path(rest); rest.start++, rest.size--)
    if (rest.size < 4) return false;
  *path = rest;
  if (!first) return rest.start[-1] == ' ';
  for (size_t i = rest.size; i-- > 3;)
    if (rest.start[i] == ' ' && (rest.start[i + 1] & 0x80)) path->size = i;
  return path->size < rest.size;
}

static size_t digits_at(struct span text, size_t at) {
  size_t count = 0;
  while (at + count < text.size && text.start[at + count] >= '0' && text.start[at + count] <= '9')
    count++;
  return count;
}

/* A date, then hh:mm and what tells the half of the day: then two blanks. What follows, or
 * nothing. */
static struct span after_moment(struct span text) {
  static const struct span none = {"", 0};
  if (text.size < 20 || !digits_at(text, 0)) return none;
  for (size_t i = 6; i < 30 && i + 5 < text.size; i++) {
    if (text.start[i] != ':' || !digits_at(text, i - 1) || digits_at(text, i + 1) != 2) continue;
    for (size_t end = i + 3; end + 1 < text.size && end < i + 16; end++)
      if (text.start[end] == ' ' && text.start[end + 1] == ' ')
        return (struct span){text.start + end, text.size - end};
    return none;
  }
  return none;
}

static struct span skip_blanks(struct span text) {
  while (text.size && text.start[0] == ' ')
    text.start++, text.size--;
  return text;
}

/* "<DIR>          name", "<SYMLINKD>     name [target]". */
static bool split_kind(struct span rest, struct span *kind, struct span *name) {
  const char *end = rest.size && rest.start[0] == '<' ? memchr(rest.start, '>', rest.size) : NULL;
  if (!end) return false;
  *kind = (struct span){rest.start, (size_t)(end - rest.start) + 1};
  *name = skip_blanks((struct span){end + 1, rest.size - kind->size});
  if (span_equal(*kind, "<DIR>") || !name->size || name->start[name->size - 1] != ']') return true;
  for (size_t i = name->size; i-- > 1;)
    if (name->start[i] == '[' && name->start[i - 1] == ' ') {
      name->size = i - 1;
      break;
    }
  return true;
}

/* "1,234 name": digits with what separates thousands, but no blank. */
static bool split_size(struct span rest, struct span *size, struct span *name) {
  if (!digits_at(rest, 0)) return false;
  const char *end = memchr(rest.start, ' ', rest.size);
  if (!end) return false;
  *size = (struct span){rest.start, (size_t)(end - rest.start)};
  for (size_t i = 0; i < size->size; i++)
    if (!(size->start[i] & 0x80) && !digits_at(*size, i) && !strchr(",.'", size->start[i]))
      return false;
  *name = (struct span){end + 1, rest.size - size->size - 1};
  return true;
}

static void take_folder(struct listing *listing, const struct line *line, struct span name) {
  if (span_equal(name, "."))
    listing->dots[0] = true;
  else if (span_equal(name, ".."))
    listing->dots[1] = true;
  else
    add_below(listing, line, name);
}

static bool take_entry(struct listing *listing, const struct line *line) {
  struct span rest = skip_blanks(after_moment(line->text)), first, name;
  if (rest.size == 0 || !line->ended) return false;
  if (split_kind(rest, &first, &name)) {
    if (span_equal(first, "<SYMLINK>"))
      listing->files++, add_file(listing, line, name, (struct span){"", 0});
    else
      take_folder(listing, line, name);
    return true;
  }
  if (!split_size(rest, &first, &name)) return false;
  listing->files++;
  add_file(listing, line, name, first);
  return true;
}

/* "               1 File(s)          1,234 bytes" */
static bool is_count(const struct line *line, uint64_t *count) {
  if (line_indent(line) < 8 || !line->ended) return false;
  struct span text = span_trim(line->text), number = text;
  number.size = 0;
  while (number.size < text.size && text.start[number.size] != ' ')
    number.size++;
  char digits[24] = "";
  for (size_t i = 0, to = 0; i < number.size && to < sizeof digits - 1; i++)
    if (digits_at(number, i)) digits[to++] = number.start[i];
  return number.size < text.size && text_unsigned(span_of(digits), count);
}

static void settle_group(struct listing *listing, uint64_t count) {
  bool all = (listing->dots[0] && listing->dots[1]) || is_root(listing->path);
  if (all && count == listing->files && listing->total <= FILES_MOST) {
    struct origin origin = origin_of(listing->folder);
    node_set(listing->folder, "listing", "complete", origin);
  }
  close_group(listing);
}

static void read_dir(struct listing *listing) {
  struct line line, last = {.number = 0};
  struct span path;
  uint64_t count;
  while (lines_next(&listing->lines, &line)) {
    if (is_head(&line, &path)) {
      open_group(listing, &line, path);
    } else if (listing->folder && is_count(&line, &count)) {
      settle_group(listing, count);
    } else if (listing->folder) {
      take_entry(listing, &line);
    }
    last = line;
  }
  if (listing->folder)
    reading_breaks(listing->reading, UNKNOWN_TRUNCATED,
                   line_origin(&last, last.begin, listing->source),
                   "the listing ends inside a folder");
}

static bool looks_like_dir(struct lines lines) {
  struct line line;
  struct span path;
  bool head = false;
  for (size_t i = 0; i < LOOKED_AT && lines_next(&lines, &line); i++) {
    if (is_head(&line, &path)) head = true;
    if (head && skip_blanks(after_moment(line.text)).size) return true;
  }
  return false;
}

/* ---- dir /b ---------------------------------------------------------------------------------- */

static bool is_full_path(const struct line *line, struct span *path) {
  *path = line->text;
  while (path->size && (path->start[path->size - 1] == ' ' || path->start[path->size - 1] == '\t'))
    path->size--;
  if (!starts_path(*path)) return false;
  for (size_t i = 2; i < path->size; i++)
    if (strchr("/:*?\"<>|", path->start[i])) return false;
  return true;
}

static bool looks_bare(struct lines lines) {
  struct line line;
  struct span path;
  size_t paths = 0;
  unsigned blanks;
  for (; paths < LOOKED_AT && lines_next_full(&lines, &line, &blanks); paths++)
    if (!is_full_path(&line, &path) && line.ended) return false;
  return paths >= 3;
}

/* Folders and files look alike: each counts as a file, until it has a group of its own
 * (the evidence drops the file then). */
static void take_path(struct listing *listing, const struct line *line, struct span path) {
  const char *slash = path.start + path.size;
  while (slash > path.start && slash[-1] != '\\')
    slash--;
  struct span folder = without_end((struct span){path.start, (size_t)(slash - path.start)});
  struct span name = {slash, path.size - (size_t)(slash - path.start)};
  if (!listing->path || !span_equal(folder, listing->path)) open_group(listing, line, folder);
  add_file(listing, line, name, (struct span){"", 0});
}

static void read_bare(struct listing *listing) {
  struct line line;
  struct span path;
  unsigned blanks;
  while (lines_next_full(&listing->lines, &line, &blanks))
    if (line.ended && is_full_path(&line, &path)) take_path(listing, &line, path);
  close_group(listing);
}

/* ---- Get-ChildItem ------------------------------------------------------------------------------
 */

/* "    Directory: C:\inetpub\wwwroot" */
static bool is_shell_head(const struct line *line, struct span *path) {
  if (line_indent(line) != 4) return false;
  struct span label;
  return span_split_first(line->text, &label, path) && label.size < 40 && starts_path(*path);
}

/* Below the names of the columns; what stands under the last one begins there. */
static bool is_rule(const struct line *line, size_t *column) {
  struct span text = line->text;
  while (text.size && text.start[text.size - 1] == ' ')
    text.size--;
  if (!text.size || text.start[0] != '-') return false;
  for (size_t i = 0; i < text.size; i++)
    if (text.start[i] != '-' && text.start[i] != ' ') return false;
  *column = text.size;
  while (*column && text.start[*column - 1] != ' ')
    --*column;
  return *column > 10;
}

static bool is_mode(struct span text) {
  if (text.size < 6) return false;
  for (size_t i = 0; i < 5; i++)
    if (!strchr("-darhslA", text.start[i])) return false;
  return true;
}

static void take_shell_entry(struct listing *listing, const struct line *line) {
  struct span text = line->text, name, size;
  if (!line->ended || text.size <= listing->name_column || !is_mode(text)) return;
  name =
      span_trim((struct span){text.start + listing->name_column, text.size - listing->name_column});
  bool cut = name.size > 3 && (memcmp(name.start + name.size - 3, "...", 3) == 0 ||
                               memcmp(name.start + name.size - 3, "\xE2\x80\xA6", 3) == 0);
  if (cut) return;
  if (text.start[0] == 'd') {
    add_below(listing, line, name);
    return;
  }
  size = span_trim((struct span){text.start, listing->name_column});
  size_t digits = 0;
  while (digits < size.size && digits_at(size, size.size - 1 - digits))
    digits++;
  add_file(listing, line, name, (struct span){size.start + size.size - digits, digits});
}

static void read_shell(struct listing *listing) {
  struct line line;
  struct span path;
  while (lines_next(&listing->lines, &line)) {
    if (is_shell_head(&line, &path)) {
      open_group(listing, &line, path);
      listing->name_column = SIZE_MAX;
    } else if (listing->folder && !is_rule(&line, &listing->name_column)) {
      take_shell_entry(listing, &line);
    }
  }
  close_group(listing);
}

static bool looks_like_shell(struct lines lines) {
  struct line line;
  struct span path;
  size_t column;
  bool head = false;
  for (size_t i = 0; i < LOOKED_AT && lines_next(&lines, &line); i++) {
    if (is_shell_head(&line, &path)) head = true;
    if (head && is_rule(&line, &column)) return true;
  }
  return false;
}

/* ---- The reader
 * ------------------------------------------------------------------------------------ */

static bool recognise(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact;
  if (!text || *root || !memchr(text, '\\', size)) return false;
  struct lines lines = lines_of(text, size);
  return looks_like_dir(lines) || looks_bare(lines) || looks_like_shell(lines);
}

static void read(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct listing listing = {
      .reading = reading, .lines = lines_of(text, size), .source = reading->artifact->number + 1};
  reading_start(reading, readings);
  if (looks_like_dir(listing.lines))
    read_dir(&listing);
  else if (looks_bare(listing.lines))
    read_bare(&listing);
  else
    read_shell(&listing);
  close_group(&listing);
}

const struct reader folder_listing_reader = {
    .kind = "folder-listing", .recognise = recognise, .read = read};
