/* The command line. Only this folder prints. */
#ifndef SITEGLASS_CLI_CLI_H
#define SITEGLASS_CLI_CLI_H

/* The exit status, a contract that others build on. */
enum {
  CLI_CLEAN = 0,    /* everything applicable was decided, nothing at or above --fail-on found */
  CLI_FINDINGS = 1, /* findings */
  CLI_UNUSABLE = 2, /* wrong usage, or nothing readable at all */
  CLI_UNKNOWN = 3,  /* no such findings, but a rule of that severity stayed unknown */
};

/* Does what the arguments say and returns the exit status. */
int cli_main(int argc, char **argv, const char *version);

#endif
