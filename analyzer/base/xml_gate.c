/* The byte-level gate in front of the XML parser. */
#include "base/xml_gate.h"

#include <stdio.h>
#include <string.h>

struct gate {
  const char *text, *end;
  size_t nodes;
  unsigned depth;
  struct xml_failure *failure;
};

void xml_gate_place(const char *text, size_t offset, unsigned *line, unsigned *column) {
  const char *at = text, *end = text + offset, *next;
  for (*line = 1; (next = memchr(at, '\n', (size_t)(end - at))); at = next + 1)
    (*line)++;
  *column = (unsigned)(end - at) + 1;
}

const char *xml_gate_find(const char *at, const char *end, const char *what) {
  size_t size = strlen(what);
  while ((size_t)(end - at) >= size && (at = memchr(at, what[0], (size_t)(end - at) - size + 1))) {
    if (memcmp(at, what, size) == 0) return at;
    at++;
  }
  return NULL;
}

static bool refuse(struct gate *gate, const char *at, const char *message) {
  struct xml_failure *failure = gate->failure;
  *failure = (struct xml_failure){.refused = true};
  snprintf(failure->message, sizeof failure->message, "%s", message);
  xml_gate_place(gate->text, (size_t)(at - gate->text), &failure->line, &failure->column);
  return false;
}

static bool starts(const char *at, const char *end, const char *what) {
  size_t size = strlen(what);
  return (size_t)(end - at) >= size && memcmp(at, what, size) == 0;
}

/* The `>` of the tag at `at`, values skipped; NULL when the text ends first. */
static const char *tag_end(const char *at, const char *end, size_t *attributes) {
  for (*attributes = 0; at < end; at++) {
    if (*at == '>') return at;
    if (*at == '=') (*attributes)++;
    if (*at == '"' || *at == '\'') {
      at = memchr(at + 1, *at, (size_t)(end - at) - 1);
      if (!at) return NULL;
    }
  }
  return NULL;
}

static bool check_tag(struct gate *gate, const char *tag, const char **next) {
  size_t attributes;
  const char *close = tag_end(tag + 1, gate->end, &attributes);
  if (attributes > XML_GATE_ATTRIBUTES)
    return refuse(gate, tag, "a tag has more than 1,000 attributes");
  if ((close ? close : gate->end) - tag > XML_GATE_TAG)
    return refuse(gate, tag, "a tag is longer than 1 MiB");
  *next = close ? close + 1 : gate->end;
  gate->nodes += 1 + attributes;
  if (gate->nodes > XML_GATE_NODES)
    return refuse(gate, tag, "it has more than 50 million elements and attributes");
  if (close && close[-1] == '/') return true;
  if (++gate->depth > XML_GATE_DEPTH)
    return refuse(gate, tag, "elements are nested more than 256 deep");
  return true;
}

/* What is not there (an end, a close) is the parser's to report. */
static const char *skip_to(const struct gate *gate, const char *from, const char *what) {
  const char *found = xml_gate_find(from, gate->end, what);
  return found ? found + strlen(what) : gate->end;
}

static bool check_markup(struct gate *gate, const char *at, const char **next) {
  const char *end = gate->end;
  if (starts(at, end, "<!--")) {
    *next = skip_to(gate, at + 4, "-->");
  } else if (starts(at, end, "<![CDATA[")) {
    *next = skip_to(gate, at + 9, "]]>");
  } else if (starts(at, end, "<!DOCTYPE")) {
    return refuse(gate, at, "it has a DOCTYPE, which files of this kind never have");
  } else if (starts(at, end, "<?")) {
    *next = skip_to(gate, at + 2, "?>");
  } else if (starts(at, end, "</")) {
    if (gate->depth) gate->depth--;
    *next = skip_to(gate, at + 2, ">");
  } else {
    return check_tag(gate, at, next);
  }
  return true;
}

bool xml_gate_passes(const char *text, size_t size, struct xml_failure *failure) {
  struct gate gate = {.text = text, .end = text + size, .failure = failure};
  if (size > 0x7fffffff) return refuse(&gate, text, "it is larger than 2 GiB");
  const char *nul = memchr(text, '\0', size);
  if (nul) return refuse(&gate, nul, "it has a NUL byte");
  const char *at = text;
  while ((at = memchr(at, '<', (size_t)(gate.end - at))))
    if (!check_markup(&gate, at, &at)) return false;
  return true;
}
