/* What each rule says of itself. */
#include "rulebook/catalogue.h"

#include "base/buffer.h"
#include "base/text.h"
#include "rulebook/own_names.h"
#include "rulebook/rule_text.h"
#include "rulebook/rulebook.h"

#include <stdio.h>
#include <string.h>

char **word_list(const char *text, size_t *count) {
  char **list = NULL;
  size_t capacity = 0;
  *count = 0;
  while (text && *text) {
    text += strspn(text, " \t\r\n");
    size_t size = strcspn(text, " \t\r\n");
    if (size) ARRAY_PUSH(list, *count, capacity) = alloc_text_n(text, size);
    text += size;
  }
  return list;
}

void word_list_free(char **list, size_t count) {
  for (size_t i = 0; i < count; i++)
    alloc_free(list[i]);
  alloc_free(list);
}

/* ---- Help, without values ---- */

static void add_step(struct buffer *out, const xmlNode *step, const char *lead) {
  const xmlNode *text = own_element(step->children, "text");
  const xmlNode *run = own_element(step->children, "run");
  buffer_add_text(out, lead);
  if (text) rule_text_add(out, text);
  if (run) {
    buffer_add_text(out, "\n\n```\n");
    rule_text_add(out, run);
    buffer_add_text(out, "\n```");
  }
  buffer_add_text(out, "\n");
}

static void add_diagnostic(struct buffer *out, const xmlNode *diagnostic) {
  const xmlNode *effect = own_element(diagnostic->children, "effect");
  if (effect) {
    buffer_add_text(out, "**What users see:** ");
    rule_text_add(out, effect);
    buffer_add_text(out, "\n\n");
  }
  unsigned number = 0;
  for (const xmlNode *s = own_element(diagnostic->children, "step"); s;
       s = own_element(s->next, "step")) {
    char lead[16];
    snprintf(lead, sizeof lead, "%u. ", ++number);
    add_step(out, s, lead);
  }
  const xmlNode *verify = own_element(diagnostic->children, "verify");
  if (verify) add_step(out, verify, "\nCheck: ");
  const xmlNode *undo = own_element(diagnostic->children, "undo");
  if (undo) add_step(out, undo, "\nUndo: ");
}

static char *help_of(const struct schema_pattern *pattern) {
  struct buffer out = buffer_make(1 << 20);
  const struct schema_diagnostic *seen[32];
  size_t seen_count = 0;
  for (size_t r = 0; r < pattern->rule_count; r++) {
    for (size_t a = 0; a < pattern->rules[r].assertion_count; a++) {
      const struct schema_assertion *assertion = &pattern->rules[r].assertions[a];
      for (size_t d = 0; d < assertion->diagnostic_count; d++) {
        bool known = false;
        for (size_t i = 0; i < seen_count; i++)
          known = known || seen[i] == assertion->diagnostics[d];
        if (known || seen_count == 32) continue;
        seen[seen_count++] = assertion->diagnostics[d];
        if (out.size) buffer_add_text(&out, "\n");
        add_diagnostic(&out, assertion->diagnostics[d]->element);
      }
    }
  }
  return buffer_take(&out);
}

/* ---- Metadata ---- */

bool rule_id_is_good(const char *id) {
  size_t size = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");
  return size > 0 && id[size] == '\0' && size <= 80 && id[0] >= 'a' && id[0] <= 'z';
}

/* The highest role of its assertions, and the first reference. */
static void read_assertions(const struct schema *schema, struct rule_entry *entry,
                            struct diags *diags) {
  const struct schema_pattern *pattern = entry->pattern;
  const char *see = "";
  for (size_t r = 0; r < pattern->rule_count; r++) {
    for (size_t a = 0; a < pattern->rules[r].assertion_count; a++) {
      const struct schema_assertion *assertion = &pattern->rules[r].assertions[a];
      enum severity severity;
      if (!severity_from_word(assertion->role, &severity))
        rule_error(diags, schema, pattern, assertion->element,
                   "has an assertion whose role is not critical, high, medium, low or info");
      else if (severity > entry->facts.severity)
        entry->facts.severity = severity;
      if (!*see) see = assertion->see;
    }
  }
  entry->facts.see = alloc_text(see);
}

static void check_entry(const struct schema *schema, const struct rule_entry *entry,
                        const char *none, struct diags *diags) {
  const struct schema_pattern *pattern = entry->pattern;
  if (!*pattern->id)
    rule_error(diags, schema, pattern, pattern->element, "has no id");
  else if (!rule_id_is_good(pattern->id))
    rule_error(diags, schema, pattern, pattern->element,
               "has an id that is not lower-case words with hyphens between");
  if (!*pattern->title) rule_error(diags, schema, pattern, pattern->element, "has no title");
  if (none && !entry->none_means_pass)
    rule_error(diags, schema, pattern, pattern->element, "has sg:none other than \"pass\"");
  own_names_check(schema, pattern, diags);
}

static struct rule_entry read_entry(const struct schema *schema,
                                    const struct schema_pattern *pattern, struct diags *diags) {
  struct rule_entry entry = {.pattern = pattern};
  const char *kb = own_attribute(pattern->element, "kb");
  entry.facts.id = alloc_text(pattern->id);
  entry.facts.title = alloc_text(pattern->title);
  entry.facts.kb = alloc_text(kb ? kb : "");
  entry.facts.tags = word_list(own_attribute(pattern->element, "tags"), &entry.facts.tag_count);
  entry.facts.healthchecker =
      word_list(own_attribute(pattern->element, "healthchecker"), &entry.facts.healthchecker_count);
  entry.facts.stig = word_list(own_attribute(pattern->element, "stig"), &entry.facts.stig_count);
  entry.superseded_by =
      word_list(own_attribute(pattern->element, "superseded-by"), &entry.superseded_by_count);
  const char *none = own_attribute(pattern->element, "none");
  entry.none_means_pass = none && text_equal(none, "pass");
  read_assertions(schema, &entry, diags);
  check_entry(schema, &entry, none, diags);
  entry.facts.help = help_of(pattern);
  return entry;
}

struct rule_entry *catalogue_new(const struct schema *schema, struct diags *diags) {
  size_t count = schema_pattern_count(schema);
  struct rule_entry *entries = alloc_array(count, sizeof *entries);
  for (size_t i = 0; i < count; i++)
    entries[i] = read_entry(schema, schema_pattern(schema, i), diags);
  return entries;
}

static char **copy_list(char *const *list, size_t count) {
  char **copy = alloc_array(count, sizeof *copy);
  for (size_t i = 0; i < count; i++)
    copy[i] = alloc_text(list[i]);
  return copy;
}

struct rule_facts rule_facts_copy(const struct rule_facts *facts) {
  return (struct rule_facts){.id = alloc_text(facts->id),
                             .title = alloc_text(facts->title),
                             .severity = facts->severity,
                             .see = alloc_text(facts->see),
                             .kb = alloc_text(facts->kb),
                             .tags = copy_list(facts->tags, facts->tag_count),
                             .tag_count = facts->tag_count,
                             .healthchecker =
                                 copy_list(facts->healthchecker, facts->healthchecker_count),
                             .healthchecker_count = facts->healthchecker_count,
                             .stig = copy_list(facts->stig, facts->stig_count),
                             .stig_count = facts->stig_count,
                             .help = alloc_text(facts->help)};
}

void catalogue_free(struct rule_entry *entries, size_t count) {
  for (size_t i = 0; entries && i < count; i++) {
    struct rule_facts *facts = &entries[i].facts;
    alloc_free(facts->id);
    alloc_free(facts->title);
    alloc_free(facts->see);
    alloc_free(facts->kb);
    alloc_free(facts->help);
    word_list_free(facts->tags, facts->tag_count);
    word_list_free(facts->healthchecker, facts->healthchecker_count);
    word_list_free(facts->stig, facts->stig_count);
    word_list_free(entries[i].superseded_by, entries[i].superseded_by_count);
  }
  alloc_free(entries);
}
