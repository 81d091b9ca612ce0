/* Effective values by a path-first walk: the server level, then every level from
 * the site down to the asked key, each through a hash. */
#include "evidence/configuration.h"

#include "base/map.h"
#include "base/text.h"
#include "evidence/iis_schema.h"
#include "evidence/node.h"
#include "evidence/text_near.h"

#include <stdio.h>
#include <string.h>

enum override_mode { MODE_INHERIT, MODE_ALLOW, MODE_DENY };

/* One place of applicationHost.config that sets a section at a level. */
struct input {
  xmlNode *element; /* the section's own element */
  enum override_mode mode;
  bool not_in_child_applications;
  const char *hidden_reason; /* its content is not readable here: encrypted, in another file */
  struct input *next;
};

struct inputs {
  struct input *first, *last; /* in document order */
};

struct section {
  enum override_mode default_mode;
  bool only_above;    /* allowDefinition keeps it out of every web.config */
  struct map *levels; /* key -> struct inputs */
};

enum { DEEPEST_ELEMENT = 6 };

/* "section/element/@attribute", taken apart once. */
struct question {
  struct section *section;
  char *elements[DEEPEST_ELEMENT];
  size_t element_count;
  char *attribute; /* NULL: the question is about an element */
  char *value;     /* schema default */
  char *names;     /* of an enum or bool: each ends with a NUL, the last with two */
};

struct configuration {
  struct map *sections;                       /* path -> struct section */
  struct map *questions;                      /* path -> struct question */
  const char *unknown_reason, *unknown_needs; /* all of it; NULL when known */
};

/* ---- Indexing --------------------------------------------------------------- */

static struct section *section_at(struct configuration *configuration, const char *path) {
  void **place = map_at(configuration->sections, path);
  if (!*place) {
    struct section *section = alloc_bytes(sizeof *section);
    section->default_mode = MODE_ALLOW;
    section->levels = map_new();
    *place = section;
  }
  return *place;
}

static enum override_mode mode_of(const char *word) {
  if (text_equal_nocase(word, "Allow")) return MODE_ALLOW;
  return text_equal_nocase(word, "Deny") ? MODE_DENY : MODE_INHERIT;
}

static const char *why_hidden(const xmlNode *element) {
  if (node_get(element, "configProtectionProvider") || node_child(element, "EncryptedData"))
    return unknown_reason_word(UNKNOWN_ENCRYPTED);
  return node_get(element, "configSource") ? unknown_reason_word(UNKNOWN_NOT_IN_BUNDLE) : NULL;
}

static void add_input(struct section *section, const xmlNode *level, xmlNode *element) {
  struct input *input = alloc_bytes(sizeof *input);
  input->element = element;
  input->mode = mode_of(node_get(level, "overrideMode"));
  input->not_in_child_applications =
      text_equal(node_get(level, "inheritInChildApplications"), "false");
  input->hidden_reason = why_hidden(element);
  const char *key = node_get(level, "key");
  void **place = map_at(section->levels, key ? key : "");
  if (!*place) *place = alloc_bytes(sizeof(struct inputs));
  struct inputs *inputs = *place;
  if (inputs->last)
    inputs->last->next = input;
  else
    inputs->first = input;
  inputs->last = input;
}

static void index_level(struct configuration *configuration, const xmlNode *level) {
  for (xmlNode *section = node_child(level, "section"); section;
       section = node_next(section, "section")) {
    const char *path = node_get(section, "path");
    for (xmlNode *element = section->children; element && path; element = element->next)
      if (element->type == XML_ELEMENT_NODE && !element->ns)
        add_input(section_at(configuration, path), level, element);
  }
}

static void index_definition(struct configuration *configuration, const xmlNode *definition) {
  const char *path = node_get(definition, "path");
  if (!path) return;
  struct section *section = section_at(configuration, path);
  if (mode_of(node_get(definition, "overrideModeDefault")) == MODE_DENY)
    section->default_mode = MODE_DENY;
  const char *allow = node_get(definition, "allowDefinition");
  section->only_above =
      text_equal_nocase(allow, "AppHostOnly") || text_equal_nocase(allow, "MachineOnly");
}

static bool is_mark(const xmlNode *node) {
  return node->type == XML_ELEMENT_NODE && node->ns && node->ns->href &&
         strcmp((const char *)node->ns->href, EVIDENCE_MARK_NAMESPACE) == 0;
}

static void index_container(struct configuration *configuration, const xmlNode *container) {
  for (const xmlNode *node = container->children; node; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    const char *name = (const char *)node->name;
    if (is_mark(node) && text_equal(node_get(node, "of"), "level")) {
      configuration->unknown_reason = node_get(node, "reason");
      configuration->unknown_needs = node_get(node, "needs");
    } else if (strcmp(name, "level") == 0) {
      index_level(configuration, node);
    } else if (strcmp(name, "sectionDefinition") == 0) {
      index_definition(configuration, node);
    }
  }
}

/* Paths name elements, never items of collections: those have no single value. */
static bool is_scalar(const struct iis_fact *fact) {
  return !memchr(fact->element.start, '[', fact->element.size);
}

static char *path_of(const struct iis_fact *fact) {
  return alloc_format("%.*s%s%.*s%s%.*s", (int)fact->section.size, fact->section.start,
                      fact->element.size ? "/" : "", (int)fact->element.size, fact->element.start,
                      fact->attribute.size ? "/@" : "", (int)fact->attribute.size,
                      fact->attribute.start);
}

static void split_elements(struct question *question, struct span path) {
  while (path.size > 0 && question->element_count < DEEPEST_ELEMENT) {
    const char *slash = memchr(path.start, '/', path.size);
    struct span part = {path.start, slash ? (size_t)(slash - path.start) : path.size};
    question->elements[question->element_count++] = span_copy(part);
    size_t used = part.size + (slash ? 1 : 0);
    path = (struct span){path.start + used, path.size - used};
  }
}

/* The names of an enum or bool, each with a NUL, and one more at the end. */
static char *spellings(const struct iis_fact *fact) {
  struct span names = {"", 0};
  if (span_equal(fact->type, "bool")) names = span_of("true,false");
  if (span_equal(fact->type, "enum")) names = fact->names;
  char *list = alloc_bytes(names.size + 2);
  for (size_t i = 0; i < names.size; i++)
    list[i] = names.start[i] == ',' ? '\0' : names.start[i];
  return list;
}

static void add_question(struct configuration *configuration, const struct iis_fact *fact) {
  if (!is_scalar(fact) || fact->attribute.size == 0) return;
  char *path = path_of(fact), *section = span_copy(fact->section);
  struct question *question = alloc_bytes(sizeof *question);
  question->section = section_at(configuration, section);
  split_elements(question, fact->element);
  question->attribute = span_copy(fact->attribute);
  question->value = span_copy(fact->value);
  question->names = spellings(fact);
  *map_at(configuration->questions, path) = question;
  alloc_free(path);
  alloc_free(section);
}

struct configuration *configuration_new(xmlNode *container) {
  struct configuration *configuration = alloc_bytes(sizeof *configuration);
  configuration->sections = map_new();
  configuration->questions = map_new();
  index_container(configuration, container);
  struct iis_fact fact;
  for (size_t position = 0; iis_schema_row(&position, &fact);)
    add_question(configuration, &fact);
  return configuration;
}

static void free_section(struct section *section) {
  for (size_t i = 0; i < map_count(section->levels); i++) {
    struct inputs *inputs = map_value(section->levels, i);
    for (struct input *input = inputs->first, *next; input; input = next) {
      next = input->next;
      alloc_free(input);
    }
    alloc_free(inputs);
  }
  map_free(section->levels);
  alloc_free(section);
}

static void free_question(struct question *question) {
  for (size_t i = 0; i < question->element_count; i++)
    alloc_free(question->elements[i]);
  alloc_free(question->attribute);
  alloc_free(question->value);
  alloc_free(question->names);
  alloc_free(question);
}

void configuration_free(struct configuration *configuration) {
  if (!configuration) return;
  for (size_t i = 0; i < map_count(configuration->sections); i++)
    free_section(map_value(configuration->sections, i));
  for (size_t i = 0; i < map_count(configuration->questions); i++)
    free_question(map_value(configuration->questions, i));
  map_free(configuration->sections);
  map_free(configuration->questions);
  alloc_free(configuration);
}

/* ---- Known paths ------------------------------------------------------------- */

bool configuration_path_known(const char *path, char near[160]) {
  struct text_near nearest = text_near_start(path);
  struct iis_fact fact;
  near[0] = '\0';
  for (size_t position = 0; iis_schema_row(&position, &fact);) {
    if (!is_scalar(&fact)) continue;
    char *known = path_of(&fact);
    bool same = strcmp(known, path) == 0;
    nearest.best = NULL;
    if (!same) text_near_try(&nearest, known);
    if (same || nearest.best) snprintf(near, 160, "%s", same ? "" : known);
    alloc_free(known);
    if (same) return true;
  }
  return false;
}

/* ---- Walking ------------------------------------------------------------------ */

struct walk {
  const struct section *section;
  const struct question *question; /* NULL: only the lock is wanted */
  enum override_mode mode;
  bool open; /* a web.config at or below the level of the value could set it */
  struct configuration_answer answer;
};

static xmlNode *descend(xmlNode *element, const struct question *question) {
  for (size_t i = 0; element && i < question->element_count; i++)
    element = node_child(element, question->elements[i]);
  return element;
}

static bool is_encrypted(const char *value) {
  size_t size = strlen(value);
  return size > 6 && strncmp(value, "[enc:", 5) == 0 && strcmp(value + size - 5, ":enc]") == 0;
}

static void answer_uncertain(struct configuration_answer *answer, const char *reason,
                             const char *needs) {
  answer->uncertain = true;
  answer->reason = reason;
  answer->needs = needs;
}

/* An enum or bool as the schema spells it: IIS compares them without case. */
static const char *spelled(const struct question *question, const char *value) {
  for (const char *name = question->names; *name; name += strlen(name) + 1)
    if (text_equal_nocase(name, value)) return name;
  return value;
}

static void apply(struct walk *walk, const struct input *input, bool deeper) {
  if (input->mode != MODE_INHERIT) walk->mode = input->mode;
  if (!walk->question) return;
  if (input->hidden_reason) answer_uncertain(&walk->answer, input->hidden_reason, "");
  xmlNode *element = descend(input->element, walk->question);
  const char *value = element ? node_get(element, walk->question->attribute) : NULL;
  if (!value) return;
  walk->answer =
      (struct configuration_answer){.value = spelled(walk->question, value), .element = element};
  walk->open = false;
  if (is_encrypted(value))
    answer_uncertain(&walk->answer, unknown_reason_word(UNKNOWN_ENCRYPTED), "");
  if (input->not_in_child_applications && deeper)
    answer_uncertain(&walk->answer, unknown_reason_word(UNKNOWN_AMBIGUOUS), "");
}

static void visit_level(struct walk *walk, const char *key, bool last) {
  const struct inputs *inputs = map_get(walk->section->levels, key);
  for (const struct input *input = inputs ? inputs->first : NULL; input; input = input->next)
    apply(walk, input, !last);
  if (*key && walk->mode != MODE_DENY && !walk->section->only_above) walk->open = true;
}

/* "", then "default web site", "default web site/owa" ... */
static void walk_levels(struct walk *walk, const char *key) {
  size_t size = strlen(key);
  char small[512];
  char *copy = size < sizeof small ? small : alloc_bytes(size + 1);
  memcpy(copy, key, size + 1);
  visit_level(walk, "", size == 0);
  for (size_t i = 1; i <= size; i++) {
    if (copy[i] != '/' && copy[i] != '\0') continue;
    char kept = copy[i];
    copy[i] = '\0';
    visit_level(walk, copy, i == size);
    copy[i] = kept;
  }
  if (copy != small) alloc_free(copy);
}

struct configuration_answer configuration_value(const struct configuration *configuration,
                                                const char *key, const char *path) {
  const struct question *question = map_get(configuration->questions, path);
  struct walk walk = {.answer = {.value = "", .reason = "", .needs = ""}};
  if (!question) {
    answer_uncertain(&walk.answer, unknown_reason_word(UNKNOWN_AMBIGUOUS), "");
    return walk.answer;
  }
  walk.section = question->section;
  walk.question = question;
  walk.mode = question->section->default_mode;
  walk.answer.value = question->value;
  walk_levels(&walk, key);
  if (walk.open)
    answer_uncertain(&walk.answer, unknown_reason_word(UNKNOWN_MAY_BE_OVERRIDDEN), "web-config");
  if (configuration->unknown_reason)
    answer_uncertain(&walk.answer, configuration->unknown_reason, configuration->unknown_needs);
  if (!walk.answer.reason) walk.answer.reason = walk.answer.needs = "";
  return walk.answer;
}

bool configuration_locked(const struct configuration *configuration, const char *key,
                          const char *section) {
  const struct section *found = map_get(configuration->sections, section);
  if (!found) return false;
  struct walk walk = {.section = found, .mode = found->default_mode};
  walk_levels(&walk, key);
  return walk.mode == MODE_DENY || found->only_above;
}

const char *configuration_key_of(const xmlNode *node) {
  static const char *const levels[] = {"site", "application", "virtualDirectory"};
  for (; node && node->type != XML_DOCUMENT_NODE; node = node->parent) {
    if (node->type != XML_ELEMENT_NODE) continue;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
      const char *key =
          strcmp((const char *)node->name, levels[i]) == 0 ? node_get(node, "key") : NULL;
      if (key) return key;
    }
  }
  return "";
}
