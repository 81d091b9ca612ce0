/* Option tables: what a command accepts. Parsing and --help come from the same
 * rows, so neither can promise what the other does not keep. */
#ifndef SITEGLASS_CLI_OPTIONS_H
#define SITEGLASS_CLI_OPTIONS_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct option {
  const char *name;     /* without the dashes: "format" */
  char letter;          /* the short form: 'f'; 0 when there is none */
  const char *argument; /* what it takes, for --help: "FILE"; NULL when it takes nothing */
  bool repeatable;
  const char *summary; /* for --help; '\n' breaks the line */
};

struct option_use {
  const struct option *option;
  const char *value; /* NULL when the option takes nothing */
};

/* What was typed after the command's name. Texts are those of argv. */
struct arguments {
  struct option_use *uses;
  size_t use_count, use_capacity;
  const char **operands;
  size_t operand_count, operand_capacity;
};

/* `tables`: option tables, each ending with a NULL name, ended by NULL. Accepts
 * --name VALUE, --name=VALUE, -x VALUE, -xVALUE, and `--` before operands. False
 * when it is wrong: one line on `errors` says what, and what was probably meant. */
bool arguments_parse(const struct option *const *tables, char **argv, struct arguments *arguments,
                     FILE *errors) MUST_USE;
void arguments_dispose(struct arguments *arguments);

bool arguments_have(const struct arguments *arguments, const char *name);
const char *arguments_value(const struct arguments *arguments, const char *name); /* or NULL */

/* The options as --help shows them, summaries in one column. */
void options_print(const struct option *const *tables, FILE *out);

#endif
