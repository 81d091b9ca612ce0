/* Chain links, by name and key identifier. */
#include "evidence/certificate_chain.h"

#include "base/text.h"

#include <string.h>

/* Certificates of one subject, or of one subject and key identifier. */
struct same {
  const xmlNode *first;
  size_t count;
};

struct chain {
  struct map *subjects; /* subject -> struct same */
  struct map *keys;     /* subject, identifier ("?" when it is not told) -> struct same */
};

static void count(struct map *map, const char *key, const xmlNode *certificate) {
  void **place = map_at(map, key);
  struct same *same = *place;
  if (!same) same = *place = alloc_bytes(sizeof *same);
  if (!same->first) same->first = certificate;
  same->count++;
}

static char *key_of(const char *subject, const char *identifier) {
  return alloc_format("%s\n%s", identifier && *identifier ? identifier : "?", subject);
}

static void enter(struct chain *chain, const xmlNode *certificate) {
  const char *subject = node_get(certificate, "subject");
  if (!subject) return;
  char *key = key_of(subject, node_get(certificate, "subjectKeyIdentifier"));
  count(chain->subjects, subject, certificate);
  count(chain->keys, key, certificate);
  alloc_free(key);
}

/* The certificates that may have issued it: those of the key that it names, else those that
 * do not tell theirs. NULL: none at hand. */
static const struct same *issuers_of(const struct chain *chain, const xmlNode *certificate) {
  const char *issuer = node_get(certificate, "issuer");
  const char *identifier = node_get(certificate, "authorityKeyIdentifier");
  if (!issuer) return NULL;
  if (!identifier || !*identifier) return map_get(chain->subjects, issuer);
  char *exact = key_of(issuer, identifier), *any = key_of(issuer, NULL);
  const struct same *found = map_get(chain->keys, exact);
  if (!found) found = map_get(chain->keys, any);
  alloc_free(exact);
  alloc_free(any);
  return found;
}

/* False: no issuer is at hand. */
static bool link_one(const struct chain *chain, xmlNode *certificate) {
  if (text_equal(node_get(certificate, "selfSigned"), "true")) {
    node_set(certificate, "issuerThumbprint", node_get(certificate, "thumbprint"),
             origin_of(certificate));
    return true;
  }
  const struct same *issuers = issuers_of(chain, certificate);
  if (!issuers) return false;
  if (issuers->count == 1) {
    node_set(certificate, "issuerThumbprint", node_get(issuers->first, "thumbprint"),
             origin_of(issuers->first));
  } else {
    node_mark(certificate, "@issuerThumbprint", "certificate", UNKNOWN_AMBIGUOUS, "",
              "several certificates at hand may have issued it", origin_of(certificate));
    host_marks_first(certificate);
  }
  return true;
}

static void free_all(struct map *map) {
  for (size_t i = 0; i < map_count(map); i++)
    alloc_free(map_value(map, i));
  map_free(map);
}

void certificate_chain(struct host_build *build) {
  struct chain chain = {map_new(), map_new()};
  xmlNode *first = node_child(build->certificates, "certificate");
  for (xmlNode *each = first; each; each = node_next(each, "certificate"))
    enter(&chain, each);
  bool all = true;
  for (xmlNode *each = first; each; each = node_next(each, "certificate"))
    if (!link_one(&chain, each)) all = false;
  if (!all)
    node_mark(build->certificates, "@issuerThumbprint", "certificate", UNKNOWN_NOT_IN_BUNDLE,
              "certificate-file", "its issuer's certificate is not at hand", nowhere());
  free_all(chain.subjects);
  free_all(chain.keys);
}
