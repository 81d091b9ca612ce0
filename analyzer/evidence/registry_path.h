/* Paths of registry keys: one spelling for all, and which kind of evidence tells of a key. */
#ifndef SITEGLASS_EVIDENCE_REGISTRY_PATH_H
#define SITEGLASS_EVIDENCE_REGISTRY_PATH_H

#include "base/text.h"

/* The usual spelling of a path, allocated: HKLM, HKU, HKCU, HKCR and HKCC in full, a
 * "Computer\" or "\\SERVER\" in front and a "\" at the end dropped, ControlSet00n as
 * CurrentControlSet. The case of the names stays. NULL when no hive is named. */
char *registry_path(struct span text) MUST_USE;
/* 0 for a path below SYSTEM\CurrentControlSet, n for one below ControlSet00n, else -1. */
int registry_control_set(struct span text);
/* For comparing: registry_path in lower case. */
char *registry_path_key(const char *path) MUST_USE;

/* Is `key` the key `above`, or below it? Both as registry_path_key makes them. */
bool registry_key_within(const char *key, const char *above);
/* Size of the parent's key; 0 when `key` is a hive. */
size_t registry_key_parent(const char *key);

/* The kind of evidence (kinds.h) whose command collects that key; never NULL. */
const char *registry_key_kind(const char *key);

/* The keys that rules ask for, each collected by a kind of its own; the last has a NULL key. */
struct registry_collected {
  const char *key, *kind;
  bool alone; /* only the key itself: the tree below it is large, and nobody asks for it */
};
extern const struct registry_collected registry_collected[];
/* Is it one of them, or (unless that one is meant alone) below one? */
bool registry_key_collected(const char *key);

#endif
