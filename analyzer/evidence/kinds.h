/* The kinds of evidence, and how a customer collects each: one table. The ids
 * stand in `needs` of marks, on the ledger and in reports. Commands also stand in the
 * scripts of siteglass collect: all are ASCII on one line; those of PowerShell quote with
 * single quotes alone, those of cmd have no FOR variables. A file to copy that a script
 * can copy begins with '%'; '*' may stand in its name and folders. */
#ifndef SITEGLASS_EVIDENCE_KINDS_H
#define SITEGLASS_EVIDENCE_KINDS_H

#include <stdbool.h>
#include <stddef.h>

struct evidence_kind {
  const char *id;      /* "netsh-sslcert" */
  const char *name;    /* "HTTP.SYS certificate bindings" */
  const char *shell;   /* "cmd", "powershell", "exchange" (Exchange Management Shell), "" */
  const char *command; /* what to run, or NULL when it is a file to copy */
  const char *file;    /* what to copy, or what the command writes */
};

/* Ends with a row whose id is NULL. Order is the order of inventory. */
extern const struct evidence_kind evidence_kinds[];

const struct evidence_kind *evidence_kind_find(const char *id); /* NULL when unknown */
/* Is it collected where Exchange is installed, and only there? */
bool evidence_kind_is_of_exchange(const struct evidence_kind *kind);
/* Is it a whole of which other kinds are parts, too large to be asked for unasked? */
bool evidence_kind_is_bulky(const char *id);

#endif
