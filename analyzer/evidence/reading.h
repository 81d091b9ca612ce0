/* What a reader hands over: one artifact, transcribed. A reader never judges
 * and never joins; it keeps where each fact stood. */
#ifndef SITEGLASS_EVIDENCE_READING_H
#define SITEGLASS_EVIDENCE_READING_H

#include "base/diag.h"
#include "bundle/bundle.h"
#include "evidence/node.h"

#include <libxml/dict.h>
#include <libxml/tree.h>

/* `facts` is the root element <facts> of `document`, whose dictionary is the
 * run's. Its children are evidence elements as evidence.rng names them; which,
 * depends on the kind (see the head of each reader). hosts_build moves them out.
 * Certificates may carry @hasPrivateKey and @keyProvider besides, which belong to the store's
 * entry, and @namesKnown="true": they have no alternative names but their <name> children.
 *
 *  kind                     children of <facts>
 *  application-host         the parsed <configuration> element itself, untouched
 *  web-config               the same
 *  machine-config           the same
 *  config-section           the section's element (configSource)
 *  netsh-sslcert            sslCertificate*
 *  netsh-iplisten           ipListen* with address*, one per list
 *  netsh-urlacl             urlReservation*
 *  netsh-servicestate       requestQueue* with process*, registeredUrl*
 *  certutil-store           store (@location @name @key, @complete="true" when it is wholly
 *                           listed) with certificate* children, a store per heading
 *  get-webbinding           site (@name @id) with binding* (@protocol @bindingInformation
 *                           @sslFlags @certificateHash @certificateStoreName)
 *  get-website, appcmd      site (@name @id @state @serverAutoStart; @bindings="all",
 *                           @applications="all" when all of them are there) with binding* as
 *                           above and application* (@path @applicationPool @enabledProtocols) with
 *                           virtualDirectory* (@path @physicalPath); applicationPool* (@name @state)
 *  those of exchange_objects.tsv
 *                           elements as evidence.rng has them
 *  get-exchangecertificate  certificate*, exchangeCertificate*
 *  get-authconfig           authConfig*
 *  certificate-file         certificate*
 *  iis-schema               the parsed <configSchema>
 *  exe-config, administration-config, shared-web-config, antimalware-config
 *                           the parsed document element
 *  w3c-log, httperr-log     log*
 *  event-log                event*
 *  registry                 export*, key* (see registry_facts.h), several of one path perhaps
 *  registry-http            as netsh-sslcert, of an artifact of kind registry
 *  registry-iplisten        as netsh-iplisten, of such an artifact
 *  registry-urlacl          as netsh-urlacl, without user; where there is none of that
 *  registry-certificates    as certutil-store, of such an artifact
 *  folder-listing           folder (@path @listing) with file* (@name @size)
 */
struct reading {
  struct artifact *artifact; /* several readings may share one: a text of several commands */
  const char *role; /* as the artifact's, for this kind of what it holds; NULL: the artifact's */
  const char *kind; /* id of evidence/kinds.h */
  xmlDoc *document; /* NULL when nothing could be read */
  xmlNode *facts;
  bool complete; /* the artifact was read to its end and its end is where it should be */
  enum unknown_reason incomplete_reason; /* DAMAGED or TRUNCATED; when !complete */
  struct origin broken_at;               /* where it breaks; when !complete */
  char *broken_why;                      /* a sentence; NULL when complete */
  const char *problem; /* of a broken IIS configuration, as configurationError/@problem has it:
                          not-well-formed, refused, not-configuration; NULL: not told */
  char *computer;      /* the computer name the artifact itself states; NULL when none */
  bool only_mentioned; /* that name: it need not come from there. Names of other kinds go first */
  char *organization;  /* of the Exchange organization that its objects are of; NULL: not told */
  bool lent;           /* other hosts take copies of its facts, so they stay */
  int64_t newest;      /* newest trustworthy moment in it: when it was certainly not
                          yet collected (a WhenChanged, the time an export was made) */
  bool has_newest;
  bool newest_is_hint;     /* no more than the NotBefore of a certificate: see host_build.h */
  const char *newest_what; /* "WhenChangedUTC", "NotBefore of a certificate" */
};

struct readings {
  xmlDict *dict; /* one for the run: nodes can move between its documents */
  struct reading *items;
  size_t count, capacity;
  struct diags *diags;   /* the bundle's */
  struct bundle *bundle; /* to add inner artifacts to; NULL: they are left out */
  /* To open PKCS #12 files with, besides the empty one; the caller's. Never printed. */
  const char *const *passwords;
  size_t password_count;
};

void readings_dispose(struct readings *readings);

#endif
