/* The kinds of evidence, and how a customer collects each: one table. The ids
 * stand in `needs` of marks, on the ledger and in reports. */
#ifndef SITEGLASS_EVIDENCE_KINDS_H
#define SITEGLASS_EVIDENCE_KINDS_H

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

#endif
