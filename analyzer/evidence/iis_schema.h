/* Facts of the IIS configuration schema that rules may ask for: iis_schema.tsv. */
#ifndef SITEGLASS_EVIDENCE_IIS_SCHEMA_H
#define SITEGLASS_EVIDENCE_IIS_SCHEMA_H

#include "base/text.h"

#include <stdbool.h>

/* A row; the spans point into the embedded text and live for ever. */
struct iis_fact {
  struct span section;   /* "system.webServer/security/access" */
  struct span element;   /* "" for the section itself, else "extendedProtection" */
  struct span attribute; /* "" for a row that only names a section or element */
  struct span type;      /* string, bool, uint, int, int64, enum, flags, timeSpan */
  struct span value;     /* the schema default, "" when it has none */
  struct span names;     /* of an enum or flags: "None,Allow,Require" */
};

/* Walks the rows in order: `*position` starts at 0. False at the end. */
bool iis_schema_row(size_t *position, struct iis_fact *fact);

/* The text of a file of this module that was compiled in; "" when unknown. */
const char *evidence_file(const char *path, size_t *size);

#endif
