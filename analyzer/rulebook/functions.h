/* The functions that rules may call, beyond XPath 1.0 and EXSLT.
 *
 * urn:siteglass:rules (sg:)
 *   sg:as-of()                  seconds since 1970 of the moment that "expired" is judged at;
 *                               unknown when the bundle states none
 *   sg:as-of-text()             the same as ISO 8601
 *   sg:time(text)               seconds since 1970 of an ISO 8601 moment; an error otherwise
 *   sg:after(t, low, high)      is t after a moment that lies between low and high? unknown
 *                               when that depends on where it lies
 *   sg:before(t, low, high)     the same for before
 *   sg:flag(list, name)         is name in a list that commas or blanks separate? any case
 *   sg:compare-version(a, b)    -1, 0 or 1: dotted numbers, part by part; an error otherwise
 *   sg:matches(text, pattern [, 'i'])  PCRE2; unknown when its limit is hit
 *   sg:undecided(note [, needs])  always unknown, for what a rule knows that it cannot tell: "A and
 *                               sg:undecided('...')" is false where A is, and unknown where A
 *                               holds; needs: evidence kinds that would tell
 *
 * Of the registry, as the exports of the bundle show it. A path is written HKLM\SYSTEM\... (or
 * HKEY_LOCAL_MACHINE\...) with CurrentControlSet; case does not matter. All but the last are
 * unknown when no export covers the key, when the export breaks off or two disagree; the verdict
 * then names the command that exports that key.
 *   sg:registry(path, name)     the data of a value, as evidence.rng writes it (numbers in decimal);
 *                               "" when the key or the value does not exist, which must be asked
 *                               before it is compared by size; name '' is the default value
 *   sg:registry-type(path, name)  REG_DWORD, REG_SZ ...; "" when it does not exist
 *   sg:registry-key(path)       'true' or 'false': does the key exist?
 *   sg:registry-values(path)    the <value> elements of a key
 *   sg:registry-keys(path)      the <key> elements of its subkeys (@path has their names)
 *   sg:registry-source(path [, name])  the element that shows it: value, key or export; for
 *                               subject and sg:evidence
 *
 * urn:siteglass:iis (iis:)
 *   iis:value('group/section/@attribute' [, node])   what is in force at the node (the context
 *                               node when left out; a site, application, virtual directory or
 *                               level; or a text: the configuration path 'Site/app/folder'),
 *                               schema default if unset; unknown where something that the
 *                               bundle lacks could change it
 *   iis:source('...' [, node])  the element that sets it; empty when it is the default
 *   iis:section('group/section' [, node])  the element of the last file that says anything of
 *                               it, else one with the schema's defaults: always exactly one
 *   iis:items('group/section[/element]' [, node])   the items of a collection in force
 *   iis:item('...', key [, node])  the one with that key; of combined keys the first counts
 *   iis:added('...' [, node])   of these, those that web.config files add: known without
 *                               machine.config
 *   iis:position('...', key [, node])  which of them in the order of IIS that item is; 0: none
 *   iis:first('...', attribute, value [, node])  the first in the order of IIS whose attribute
 *                               (schema default when unset) has the value, in any case
 *   iis:web-config([node])      the <level> that the web.config of this very path is, with its
 *                               sections as they stand there; empty when it is known that there is
 *                               none, unknown when it is not in the bundle
 *   iis:locked('group/section' [, node])   is it locked for files below?
 *   iis:at('Site/app')          the site, application or virtual directory of that path
 */
#ifndef SITEGLASS_RULEBOOK_FUNCTIONS_H
#define SITEGLASS_RULEBOOK_FUNCTIONS_H

#include "evidence/hosts.h"
#include "schematron/engine.h"

#define RULES_NAMESPACE "urn:siteglass:rules"
#define IIS_NAMESPACE "urn:siteglass:iis"

/* Ends with a row whose name is NULL. What they see as evaluation_data is a struct host. */
extern const struct engine_function rule_functions[];

#endif
