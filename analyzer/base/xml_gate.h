/* The byte-level gate in front of the XML parser: refuses what libxml2 would
 * choke on, in one pass at memory speed. Up to the first place where a document
 * is not well-formed the gate sees the same tags as the parser; the parser stops
 * there, so nothing reaches it unchecked. */
#ifndef SITEGLASS_BASE_XML_GATE_H
#define SITEGLASS_BASE_XML_GATE_H

#include "base/alloc.h"
#include "base/xml_source.h"

#include <stdbool.h>
#include <stddef.h>

enum {
  XML_GATE_DEPTH = 256,          /* nested elements */
  XML_GATE_ATTRIBUTES = 1000,    /* of one tag, namespace declarations included */
  XML_GATE_TAG = 1 << 20,        /* bytes from < to > */
  XML_GATE_NODES = 50 * 1000000, /* elements and attributes of a document */
};

/* False when refused, with `failure` filled. True says nothing about
 * well-formedness: that is the parser's. */
bool xml_gate_passes(const char *text, size_t size, struct xml_failure *failure) MUST_USE;

/* Line and column (both from 1, column in bytes) of an offset. */
void xml_gate_place(const char *text, size_t offset, unsigned *line, unsigned *column);

/* First occurrence of `what` in [at, end); NULL when there is none. */
const char *xml_gate_find(const char *at, const char *end, const char *what);

#endif
