/* <configurationError>: written here, put in order here. */
#include "evidence/config_errors.h"

#include "evidence/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_number(xmlNode *node, const char *name, uint32_t number, struct origin origin) {
  char text[16];
  snprintf(text, sizeof text, "%u", (unsigned)number);
  node_set(node, name, text, origin);
}

/* Read on every request: what is wrong there strikes all of them. */
static bool is_always_read(const char *section) {
  static const char *const sections[] = {"system.webServer/handlers", "system.webServer/modules",
                                         "system.webServer/globalModules",
                                         "system.webServer/security/requestFiltering"};
  if (!section) return false;
  for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
    if (strcmp(sections[i], section) == 0) return true;
  return strncmp(section, "system.applicationHost/", 23) == 0 ||
         strncmp(section, "system.webServer/security/authentication/", 41) == 0;
}

void config_error_report(xmlNode *errors, const struct bundle *bundle,
                         const struct error_report *report) {
  struct origin origin = report->origin;
  const char *file = report->file;
  if (!file && origin.source && origin.source - 1 < bundle->count)
    file = bundle->artifacts[origin.source - 1]->path;
  xmlNode *error = node_add(errors, "configurationError", origin);
  node_set(error, "hresult", report->hresult, origin);
  node_set(error, "problem", report->problem, origin);
  node_set(error, "file", file ? file : "", origin);
  set_number(error, "line", origin.line, origin);
  set_number(error, "column", origin.column, origin);
  node_set(error, "message", report->message, origin);
  node_set(error, "section", report->section, origin);
  node_set(error, "key", report->key, origin);
  node_set(error, "scope", report->whole || is_always_read(report->section) ? "whole" : "section",
           origin);
  node_set(error, "note", report->note, origin);
}

/* ---- Order ---------------------------------------------------------------------- */

struct ranked {
  xmlNode *error;
  size_t rank; /* of its file in the hierarchy */
  struct origin origin;
  size_t number;
};

static int compare(const void *left, const void *right) {
  const struct ranked *a = left, *b = right;
  if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
  if (a->origin.line != b->origin.line) return a->origin.line < b->origin.line ? -1 : 1;
  if (a->origin.column != b->origin.column) return a->origin.column < b->origin.column ? -1 : 1;
  return a->number < b->number ? -1 : a->number > b->number;
}

/* Files stand in the container in the order of the hierarchy. */
static struct map *rank_files(const xmlNode *container) {
  struct map *ranks = map_new();
  size_t rank = 1;
  for (const xmlNode *level = node_child(container, "level"); level;
       level = node_next(level, "level"), rank++) {
    char source[16];
    snprintf(source, sizeof source, "%u", (unsigned)origin_of(level).source);
    void **place = map_at(ranks, source);
    if (!*place) *place = (void *)(uintptr_t)rank;
  }
  return ranks;
}

void config_errors_sort(xmlNode *errors, const xmlNode *container) {
  struct ranked *items = NULL;
  size_t count = 0, capacity = 0;
  struct map *ranks = rank_files(container);
  for (xmlNode *error = node_child(errors, "configurationError"); error;
       error = node_next(error, "configurationError")) {
    struct origin origin = origin_of(error);
    char source[16];
    snprintf(source, sizeof source, "%u", (unsigned)origin.source);
    size_t rank = (size_t)(uintptr_t)map_get(ranks, source);
    struct ranked one = {error, rank, origin, count};
    ARRAY_PUSH(items, count, capacity) = one;
  }
  if (count > 1) qsort(items, count, sizeof *items, compare);
  for (size_t i = 0; i < count; i++)
    node_move(items[i].error, errors);
  map_free(ranks);
  alloc_free(items);
}
