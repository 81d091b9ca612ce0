/* Loading rules for a command, and telling what is wrong with them. */
#include "cli/rule_loading.h"

#include "base/text.h"
#include "cli/diagnostics.h"

const struct option rule_options[] = {
    {.name = "rules",
     .argument = "DIR|FILE",
     .repeatable = true,
     .summary = "add these rules; one with the id of another replaces\n"
                "it (may be given several times; the last one wins)"},
    {.name = "no-builtin", .summary = "leave out the rules that are compiled in"},
    {.name = NULL},
};

static bool tell(struct rule_loading *loading, const char *end, FILE *errors) {
  diagnostics_print(&loading->diags, loading->files, errors);
  size_t count = diags_count(&loading->diags, DIAG_ERROR);
  fprintf(errors, "siteglass: error: %zu %s in %s\n", count, count == 1 ? "error" : "errors", end);
  return false;
}

bool rule_loading_open(struct rule_loading *loading, const struct arguments *arguments,
                       const char *const *more, size_t more_count, FILE *errors) {
  loading->files = rule_files_new();
  for (size_t i = 0; i < arguments->use_count; i++)
    if (text_equal(arguments->uses[i].option->name, "rules"))
      ARRAY_PUSH(loading->paths, loading->path_count, loading->path_capacity) =
          arguments->uses[i].value;
  for (size_t i = 0; i < more_count; i++)
    ARRAY_PUSH(loading->paths, loading->path_count, loading->path_capacity) = more[i];
  struct rulebook_options options = {.no_builtin = arguments_have(arguments, "no-builtin"),
                                     .paths = loading->paths,
                                     .path_count = loading->path_count,
                                     .settings = arguments_value(arguments, "settings"),
                                     .whole = more_count > 0};
  loading->rulebook = rulebook_open(&options, loading->files, &loading->diags);
  if (!loading->rulebook) return tell(loading, "the rules; nothing was run", errors);
  return true;
}

static void add_cases(struct rule_loading *loading, const char *path) {
  struct rule_paths found = {0};
  rule_files_find_cases(path, &found);
  for (size_t i = 0; i < found.count; i++)
    case_set_add(loading->cases, loading->files, found.items[i], &loading->diags);
  rule_paths_dispose(&found);
}

bool rule_loading_cases(struct rule_loading *loading, bool builtin, FILE *errors) {
  loading->cases = case_set_new();
  if (builtin) case_set_add_builtin(loading->cases, loading->files, &loading->diags);
  for (size_t i = 0; i < loading->path_count; i++)
    add_cases(loading, loading->paths[i]);
  if (diags_count(&loading->diags, DIAG_ERROR) == 0) return true;
  return tell(loading, "the cases; nothing was run", errors);
}

void rule_loading_dispose(struct rule_loading *loading) {
  case_set_free(loading->cases);
  rulebook_free(loading->rulebook);
  rule_files_free(loading->files);
  diags_dispose(&loading->diags);
  alloc_free(loading->paths);
}

long rule_loading_find(const struct rule_loading *loading, const char *id, FILE *errors) {
  const char *near = NULL;
  long number = rulebook_find(loading->rulebook, id, &near);
  if (number >= 0) return number;
  char *shown = text_printable(id, 200);
  fprintf(errors, "siteglass: error: unknown rule %s", shown);
  if (near) {
    fprintf(errors, "; did you mean %s?\n", near);
  } else {
    fprintf(errors, "; there are\n");
    for (size_t i = 0; i < rulebook_count(loading->rulebook); i++)
      fprintf(errors, "  %s\n", rulebook_id(loading->rulebook, i));
  }
  alloc_free(shown);
  return -1;
}
