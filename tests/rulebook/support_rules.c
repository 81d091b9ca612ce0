/* Rules and cases out of strings. */
#define _POSIX_C_SOURCE 200809L
#include "support_rules.h"

#include "base/buffer.h"
#include "base/system.h"
#include "base/text.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *rules_folder_new(void) {
  char template[] = "/tmp/siteglass-rules-XXXXXX";
  ck_assert_ptr_nonnull(mkdtemp(template));
  return alloc_text(template);
}

static void remove_below(const char *folder) {
  char **names, error[128];
  size_t count;
  if (!system_list(folder, &names, &count, error)) return;
  for (size_t i = 0; i < count; i++) {
    char *path = alloc_format("%s/%s", folder, names[i]);
    struct system_status status;
    system_status(path, false, &status);
    if (status.kind == SYSTEM_FOLDER)
      remove_below(path);
    else
      unlink(path);
    alloc_free(path);
  }
  system_list_free(names, count);
  rmdir(folder);
}

void rules_folder_remove(char *folder) {
  remove_below(folder);
  alloc_free(folder);
}

void rules_write(const char *folder, const char *name, const char *text) {
  char *path = alloc_format("%s/%s", folder, name);
  for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash;
       slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
  }
  FILE *file = fopen(path, "wb");
  ck_assert_msg(file != NULL, "%s", path);
  fputs(text, file);
  ck_assert_int_eq(fclose(file), 0);
  alloc_free(path);
}

char *rules_schema(const char *patterns) {
  return alloc_format(
      "<schema xmlns=\"http://purl.oclc.org/dsdl/schematron\" queryBinding=\"xslt\"\n"
      "  xmlns:sg=\"urn:siteglass:rules\">\n"
      "<ns prefix=\"sg\" uri=\"urn:siteglass:rules\"/>\n"
      "<ns prefix=\"iis\" uri=\"urn:siteglass:iis\"/>\n"
      "%s\n</schema>\n",
      patterns);
}

struct rules_loaded rules_load(const char *path, bool no_builtin) {
  struct rules_loaded loaded = {.files = rule_files_new()};
  struct rulebook_options options = {
      .no_builtin = no_builtin, .paths = &path, .path_count = path ? 1 : 0};
  loaded.rulebook = rulebook_open(&options, loaded.files, &loaded.diags);
  return loaded;
}

void rules_unload(struct rules_loaded *loaded) {
  rulebook_free(loaded->rulebook);
  rule_files_free(loaded->files);
  diags_dispose(&loaded->diags);
}

int rules_said(const struct diags *diags, const char *words) {
  for (size_t i = 0; i < diags->count; i++)
    if (strstr(diags->items[i].message, words)) return (int)i;
  return -1;
}

char *rules_messages(const struct diags *diags) {
  struct buffer out = buffer_make(1 << 20);
  for (size_t i = 0; i < diags->count; i++)
    buffer_add_format(&out, "%s:%u:%u: %s\n", diags->items[i].file, diags->items[i].line,
                      diags->items[i].column, diags->items[i].message);
  return buffer_take(&out);
}
