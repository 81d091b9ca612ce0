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
 *
 * urn:siteglass:iis (iis:)
 *   iis:value('group/section/@attribute' [, node])   what is in force at the node (the context
 *                               node when left out), schema default if unset; unknown where
 *                               something that the bundle lacks could change it
 *   iis:source('...' [, node])  the element that sets it; empty when it is the default
 *   iis:section('group/section' [, node])  the element of the last file that says anything of
 *                               it, else one with the schema's defaults: always exactly one
 *   iis:items('group/section[/element]' [, node])   the items of a collection in force
 *   iis:item('...', key [, node])  the one with that key; of combined keys the first counts
 *   iis:first('...', attribute, value [, node])  the first in the order of IIS whose attribute
 *                               (schema default when unset) has the value, in any case
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
