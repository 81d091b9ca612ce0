/* Private to cli/: the bundle and its evidence -> an inventory. */
#ifndef SITEGLASS_CLI_INVENTORY_FACTS_H
#define SITEGLASS_CLI_INVENTORY_FACTS_H

#include "base/map.h"
#include "cli/intake.h"
#include "report/inventory.h"

/* Everything that was read; of the host called `only` alone unless that is NULL (the
 * ledger is always whole). What it refers to belongs to `intake`. */
void inventory_make(struct inventory *inventory, const struct intake *intake, const char *only);

/* ---- Between the files that make it ------------------------------------------ */

struct inventory_work {
  struct inventory *inventory;
  struct inventory_host *host;
  const struct bundle *bundle;
  const struct host *source;
  const xmlNode *node;      /* <host> */
  const xmlNode *unserved;  /* the mark of all certificateBindings; NULL */
  struct map *certificates; /* thumbprint -> number in host->certificates, plus 1 */
};

/* Owns `text` from now on. */
const char *inventory_keep(struct inventory *inventory, char *text);
struct inventory_place inventory_place(const struct inventory_work *work, struct origin origin);
/* The mark of `of` in `scope`; NULL when there is none. */
const xmlNode *inventory_mark(const xmlNode *scope, const char *of);
struct inventory_gap inventory_gap(const xmlNode *mark, const char *what);
const struct inventory_certificate *inventory_certificate(const struct inventory_work *work,
                                                          const char *thumbprint);
void inventory_use(struct inventory_work *work, const char *thumbprint, const char *use);

void inventory_add_certificates(struct inventory_work *work); /* inventory_certificates.c */
void inventory_add_records(struct inventory_work *work);      /* after the sites */
void inventory_add_logs(struct inventory_work *work);         /* inventory_logs.c */
void inventory_add_missing(struct inventory_work *work);      /* inventory_missing.c */

#endif
