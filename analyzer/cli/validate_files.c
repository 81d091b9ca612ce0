/* Reading schemas and documents, and the fence around what a schema may read. */
#include "cli/validate_files.h"

#include "base/buffer.h"
#include "base/digest.h"
#include "base/map.h"
#include "base/system.h"
#include "base/text.h"
#include "bundle/encoding.h"

#include <stdio.h>
#include <string.h>

enum { BYTES_MOST = 2000 * 1000 * 1000, KEPT_MOST = 16 * 1024 * 1024 };

struct validate_files {
  struct diags *diags;
  char **folders; /* full paths, ending in '/' */
  size_t folder_count, folder_capacity;
  struct map *texts; /* path -> text */
  bool remembers;
  struct bundle known; /* digests of what was read */
};

struct validate_files *validate_files_new(struct diags *diags) {
  struct validate_files *files = alloc_bytes(sizeof *files);
  *files = (struct validate_files){.diags = diags, .texts = map_new()};
  return files;
}

void validate_files_free(struct validate_files *files) {
  if (files == NULL) return;
  for (size_t i = 0; i < map_count(files->texts); i++)
    alloc_free(map_value(files->texts, i));
  map_free(files->texts);
  for (size_t i = 0; i < files->folder_count; i++)
    alloc_free(files->folders[i]);
  alloc_free(files->folders);
  for (size_t i = 0; i < files->known.count; i++)
    alloc_free(files->known.artifacts[i]);
  alloc_free(files->known.artifacts);
  alloc_free(files);
}

void validate_files_remember(struct validate_files *files) {
  files->remembers = true;
}

const struct bundle *validate_files_known(const struct validate_files *files) {
  return &files->known;
}

/* ---- The fence ------------------------------------------------------------- */

/* "a/b.sch" -> 2, "b.sch" -> 0: what is in front of the last name. */
static size_t folder_size(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

void validate_files_allow(struct validate_files *files, const char *path) {
  size_t size = folder_size(path);
  char *folder = size == 0 ? alloc_text(".") : alloc_text_n(path, size);
  char *full = system_resolve(folder);
  alloc_free(folder);
  if (full == NULL) return;
  bool ends = full[0] != '\0' && full[strlen(full) - 1] == '/';
  ARRAY_PUSH(files->folders, files->folder_count, files->folder_capacity) =
      ends ? alloc_text(full) : alloc_format("%s/", full);
  alloc_free(full);
}

static bool is_allowed(const struct validate_files *files, const char *full) {
  for (size_t i = 0; i < files->folder_count; i++)
    if (text_starts(full, files->folders[i])) return true;
  return false;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if ((c | 32) >= 'a' && (c | 32) <= 'f') return (c | 32) - 'a' + 10;
  return -1;
}

/* A relative reference (RFC 3986) as a path; NULL when it is another. */
static char *path_of_reference(const char *href) {
  if (href[0] == '\0' || href[0] == '/' || strchr(href, '\\') != NULL) return NULL;
  if (strcspn(href, ":") < strcspn(href, "/")) return NULL;
  struct buffer path = buffer_make(4096);
  bool good = true;
  for (const char *c = href; *c != '\0' && good; c++) {
    int high = *c == '%' ? hex_digit(c[1]) : -1, low = high < 0 ? -1 : hex_digit(c[2]);
    int value = low < 0 ? (unsigned char)*c : high * 16 + low;
    good = value != 0 && value != '\\' && (value != '/' || low < 0) && *c != '?';
    buffer_add_char(&path, (char)value);
    if (low >= 0) c += 2;
  }
  char *text = buffer_take(&path);
  if (good) return text;
  alloc_free(text);
  return NULL;
}

/* Without "." and, as far as there is something in front of them, "..". */
static char *tidied(const char *path) {
  size_t size = strlen(path), end = 0;
  char *out = alloc_bytes(size + 2);
  bool rooted = path[0] == '/';
  if (rooted) out[end++] = '/';
  size_t first = end; /* what may be taken back begins here */
  while (*path != '\0') {
    size_t part = strcspn(path, "/");
    bool up = part == 2 && path[0] == '.' && path[1] == '.';
    if (up && end > first) {
      for (end--; end > first && out[end - 1] != '/';)
        end--;
    } else if (!(up && rooted) && part > 0 && !(part == 1 && path[0] == '.')) {
      memcpy(out + end, path, part);
      end += part;
      out[end++] = '/';
      if (up) first = end;
    }
    path += part;
    if (*path == '/') path++;
  }
  if (end > (rooted ? 1u : 0u)) end--;
  out[end] = '\0';
  return out;
}

static bool resolve(const char *base, const char *href, char resolved[512]) {
  char *relative = path_of_reference(href);
  if (relative == NULL) return false;
  char *joined = alloc_format("%.*s%s", (int)folder_size(base), base, relative);
  char *short_path = tidied(joined);
  int size = snprintf(resolved, 512, "%s", short_path);
  alloc_free(short_path);
  alloc_free(joined);
  alloc_free(relative);
  return size > 0 && size < 512;
}

/* ---- Bytes to text --------------------------------------------------------- */

static char *text_of_bytes(struct validate_files *files, const char *path, uint8_t *bytes,
                           size_t *size) {
  struct artifact artifact = {.bytes = bytes, .size = *size};
  encoding_detect(&artifact);
  const char *text = artifact_text(&artifact, size);
  bool good = text != NULL && !artifact.encoding_mixed && artifact.undecodable == 0;
  if (!good)
    diags_add(files->diags, DIAG_ERROR, path, 0, 0, "it is not text in an encoding that is known");
  char *copy = NULL;
  if (good && text == (const char *)bytes) { /* then it is a view of them */
    copy = (char *)bytes;
    artifact.bytes = NULL;
    artifact.text = NULL;
  } else if (good) {
    copy = alloc_text_n(text, *size);
  }
  artifact_release(&artifact);
  return copy;
}

static void remember(struct validate_files *files, const uint8_t *bytes, size_t size) {
  struct artifact *artifact = alloc_bytes(sizeof *artifact);
  *artifact = (struct artifact){.size = size};
  digest_sha256(bytes, size, artifact->sha256);
  ARRAY_PUSH(files->known.artifacts, files->known.count, files->known.capacity) = artifact;
}

static char *read_full(struct validate_files *files, const char *path, const char *full,
                       size_t *size) {
  uint8_t *bytes;
  char error[128];
  if (!system_read(full, BYTES_MOST, &bytes, size, error)) {
    diags_add(files->diags, DIAG_ERROR, path, 0, 0, "cannot be read: %s", error);
    return NULL;
  }
  if (files->remembers) remember(files, bytes, *size);
  return text_of_bytes(files, path, bytes, size);
}

char *validate_files_read(struct validate_files *files, const char *path, size_t *size) {
  struct system_status status;
  system_status(path, true, &status);
  char *full = status.kind == SYSTEM_FILE ? system_resolve(path) : NULL;
  if (full == NULL) {
    const char *why = status.error[0] != '\0'        ? status.error
                      : status.kind == SYSTEM_FOLDER ? "it is a folder"
                                                     : "it is not a regular file";
    diags_add(files->diags, DIAG_ERROR, path, 0, 0, "cannot be read: %s", why);
    return NULL;
  }
  char *text = read_full(files, path, full, size);
  alloc_free(full);
  return text;
}

void validate_files_keep(struct validate_files *files, const char *path, const char *text,
                         size_t size) {
  if (size > KEPT_MOST) return;
  void **place = map_at(files->texts, path);
  if (*place == NULL) *place = alloc_text_n(text, size);
}

const char *validate_files_text(void *files, const char *path) {
  return map_get(((struct validate_files *)files)->texts, path);
}

char *validate_files_reader(void *data, const char *base, const char *href, size_t *size,
                            char resolved[512]) {
  struct validate_files *files = data;
  if (!resolve(base, href, resolved)) {
    diags_add(files->diags, DIAG_NOTE, base, 0, 0,
              "'%s' is not followed: only relative references to files are", href);
    return NULL;
  }
  char *full = system_resolve(resolved), *text = NULL;
  if (full != NULL && !is_allowed(files, full))
    diags_add(files->diags, DIAG_NOTE, base, 0, 0,
              "'%s' is not followed: it leads out of the folders of the schema and the documents",
              href);
  else if (full != NULL)
    text = read_full(files, resolved, full, size);
  if (text != NULL) validate_files_keep(files, resolved, text, *size);
  alloc_free(full);
  return text;
}
