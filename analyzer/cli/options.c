/* Reads arguments by the tables of options.h. */
#include "cli/options.h"

#include "base/text.h"
#include "cli/nearest.h"

#include <string.h>

static const struct option *find_name(const struct option *const *tables, struct span name) {
  for (; *tables; tables++)
    for (const struct option *option = *tables; option->name; option++)
      if (span_equal(name, option->name)) return option;
  return NULL;
}

static const struct option *find_letter(const struct option *const *tables, char letter) {
  for (; *tables; tables++)
    for (const struct option *option = *tables; option->name; option++)
      if (letter && option->letter == letter) return option;
  return NULL;
}

static void say_unknown(const struct option *const *tables, const char *typed, struct span name,
                        FILE *errors) {
  char *wanted = span_copy(name);
  struct nearest nearest = nearest_to(wanted);
  for (; *tables; tables++)
    for (const struct option *option = *tables; option->name; option++)
      nearest_try(&nearest, option->name);
  char *shown = text_printable(typed, 200);
  fprintf(errors, "siteglass: error: unknown option %s", shown);
  if (nearest.best) fprintf(errors, "; did you mean --%s?", nearest.best);
  fputc('\n', errors);
  alloc_free(shown);
  alloc_free(wanted);
}

static bool add_use(struct arguments *arguments, const struct option *option, const char *value,
                    FILE *errors) {
  if (!option->repeatable && arguments_have(arguments, option->name)) {
    fprintf(errors, "siteglass: error: --%s is given twice\n", option->name);
    return false;
  }
  ARRAY_PUSH(arguments->uses, arguments->use_count, arguments->use_capacity) =
      (struct option_use){option, value};
  return true;
}

/* One option, at argv[*at]; moves `*at` past its value. */
static bool parse_option(const struct option *const *tables, char **argv, size_t *at,
                         struct arguments *arguments, FILE *errors) {
  const char *typed = argv[(*at)++];
  const struct option *option;
  const char *value = NULL;
  if (typed[1] == '-') {
    const char *equals = strchr(typed, '=');
    struct span name = {typed + 2, equals ? (size_t)(equals - typed) - 2 : strlen(typed + 2)};
    option = find_name(tables, name);
    if (!option) {
      say_unknown(tables, typed, name, errors);
      return false;
    }
    if (equals) value = equals + 1;
  } else {
    option = find_letter(tables, typed[1]);
    if (!option || (!option->argument && typed[2])) {
      say_unknown(tables, typed, span_of(typed + 1), errors);
      return false;
    }
    if (typed[2]) value = typed + 2;
  }
  if (!option->argument && value) {
    fprintf(errors, "siteglass: error: --%s takes no value\n", option->name);
    return false;
  }
  if (option->argument && !value) value = argv[*at] ? argv[(*at)++] : NULL;
  if (option->argument && !value) {
    fprintf(errors, "siteglass: error: --%s needs %s\n", option->name, option->argument);
    return false;
  }
  return add_use(arguments, option, value, errors);
}

bool arguments_parse(const struct option *const *tables, char **argv, struct arguments *arguments,
                     FILE *errors) {
  bool only_operands = false;
  for (size_t at = 0; argv[at];) {
    const char *typed = argv[at];
    if (only_operands || typed[0] != '-' || typed[1] == '\0') {
      ARRAY_PUSH(arguments->operands, arguments->operand_count, arguments->operand_capacity) =
          typed;
      at++;
    } else if (strcmp(typed, "--") == 0) {
      only_operands = true;
      at++;
    } else if (!parse_option(tables, argv, &at, arguments, errors)) {
      return false;
    }
  }
  return true;
}

void arguments_dispose(struct arguments *arguments) {
  alloc_free(arguments->uses);
  alloc_free(arguments->operands);
  *arguments = (struct arguments){0};
}

static const struct option_use *find_use(const struct arguments *arguments, const char *name) {
  for (size_t i = 0; i < arguments->use_count; i++)
    if (text_equal(arguments->uses[i].option->name, name)) return &arguments->uses[i];
  return NULL;
}

bool arguments_have(const struct arguments *arguments, const char *name) {
  return find_use(arguments, name) != NULL;
}

const char *arguments_value(const struct arguments *arguments, const char *name) {
  const struct option_use *use = find_use(arguments, name);
  return use ? use->value : NULL;
}

enum { SUMMARY_COLUMN = 26 };

static void print_option(const struct option *option, FILE *out) {
  char letter[8] = "    ";
  if (option->letter) snprintf(letter, sizeof letter, "-%c, ", option->letter);
  int used = fprintf(out, "  %s--%s%s%s", letter, option->name, option->argument ? " " : "",
                     option->argument ? option->argument : "");
  if (used + 2 > SUMMARY_COLUMN) {
    fputc('\n', out);
    used = 0;
  }
  fprintf(out, "%*s", SUMMARY_COLUMN - used, "");
  for (const char *c = option->summary; *c; c++) {
    fputc(*c, out);
    if (*c == '\n') fprintf(out, "%*s", SUMMARY_COLUMN, "");
  }
  fputc('\n', out);
}

void options_print(const struct option *const *tables, FILE *out) {
  for (; *tables; tables++)
    for (const struct option *option = *tables; option->name; option++)
      print_option(option, out);
}
