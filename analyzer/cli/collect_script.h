/* Private to cli/: the script that an administrator runs on the server. It reads, and
 * writes one folder and a zip of it; its text is ASCII with CRLF, which cmd.exe needs to
 * find labels. */
#ifndef SITEGLASS_CLI_COLLECT_SCRIPT_H
#define SITEGLASS_CLI_COLLECT_SCRIPT_H

#include "base/buffer.h"
#include "evidence/kinds.h"

#include <stdbool.h>

struct collect_step {
  const struct evidence_kind *kind;
  const char *hosts; /* "missing of EX01, EX02"; "" when all are wanted. Nothing in it
                        means anything to a shell */
};

struct collect_plan {
  struct collect_step *steps; /* in the order of kinds.c; no command twice */
  size_t count, capacity;
  bool exchange; /* with the part for the Exchange Management Shell */
  const char *version;
};

/* What a step is. */
enum collect_way {
  COLLECT_CMD,        /* a command of cmd.exe */
  COLLECT_POWERSHELL, /* one of PowerShell */
  COLLECT_EXCHANGE,   /* one of the Exchange Management Shell */
  COLLECT_FILE,       /* a file to copy: %windir%\...\machine.config */
  COLLECT_FILES,      /* files to copy: a path with a wildcard */
  COLLECT_WEB_CONFIG, /* the configuration files of all sites */
  COLLECT_NOTHING,    /* no script can */
};
enum collect_way collect_way_of(const struct evidence_kind *kind);
/* "%windir%\a\b*.log" -> its folder "%windir%\a", its pattern "b*.log". A wildcard in a
 * folder, too: then the folder above and everything below it. Both are freed. */
void collect_split(const char *path, char **folder, char **pattern);

char *collect_cmd(const struct collect_plan *plan) MUST_USE;
char *collect_powershell(const struct collect_plan *plan) MUST_USE;

#endif
