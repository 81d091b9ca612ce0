/* `siteglass config --format text`: each value, and beside it who set it. */
#include "cli/config_show.h"

#include "base/buffer.h"
#include "base/text.h"
#include "cli/config_tree.h"
#include "evidence/secret.h"

#include <stdint.h>
#include <string.h>

enum { NAME_WIDTH = 32, VALUE_WIDTH = 28, LONGEST_VALUE = 2000, LONGEST_LINE_OF_ITEM = 4000 };

struct page {
  struct buffer out;
  const struct config_question *question;
  const struct effective_section *section;
  struct effective_levels levels; /* down to the path that was asked */
  bool brief;                     /* of many sections: only what somebody set */
};

/* Everything that comes out of a file passes here. */
static void add_printable(struct buffer *out, const char *text) {
  char *printable = text_printable(text, LONGEST_VALUE);
  buffer_add_text(out, printable);
  alloc_free(printable);
}

static void indent(struct page *page, unsigned depth) {
  buffer_add_format(&page->out, "%*s", (int)(2 * depth), "");
}

static const char *path_shown(const char *path) {
  return *path ? path : "server";
}

/* The key of a level above, as people write it. */
static const char *level_shown(const struct page *page, const char *key) {
  for (size_t i = 0; i < page->levels.count && *key; i++)
    if (text_equal(page->levels.items[i].key, key)) return page->levels.items[i].path;
  return path_shown(key);
}

/* ---- Attributes ---------------------------------------------------------------------- */

/* `text`, then blanks up to `width`, at least two. */
static void add_column(struct page *page, const char *text, size_t width) {
  char *printable = text_printable(text, LONGEST_VALUE);
  size_t used = strlen(printable);
  buffer_add_format(&page->out, "%s%*s", printable, (int)(used + 2 > width ? 2 : width - used), "");
  alloc_free(printable);
}

static void add_place(struct page *page, struct origin origin) {
  char *place = config_place(page->question->bundle, origin);
  buffer_add_text(&page->out, place);
  alloc_free(place);
}

/* One line of the chain: where, what, who. */
static void add_setter(struct page *page, unsigned depth, size_t number,
                       const struct effective_element *element,
                       const struct effective_attribute *attribute,
                       const struct effective_setter *setter, bool wins) {
  indent(page, depth + 1);
  buffer_add_format(&page->out, "%zu. ", number);
  add_column(page, level_shown(page, setter->key), NAME_WIDTH - 3 - 2);
  add_column(page, config_shown_setter(element, attribute, setter), VALUE_WIDTH);
  add_place(page, setter->origin);
  if (text_equal(setter->what, "defaults")) buffer_add_text(&page->out, "  (defaults element)");
  if (wins) buffer_add_text(&page->out, "  wins");
  buffer_add_char(&page->out, '\n');
}

static void add_chain(struct page *page, unsigned depth, const struct effective_element *element,
                      const struct effective_attribute *attribute) {
  for (size_t i = 0; i < attribute->set_by_count; i++)
    add_setter(page, depth, i + 1, element, attribute, &attribute->set_by[i],
               i + 1 == attribute->set_by_count);
  if (attribute->locked) {
    indent(page, depth + 1);
    buffer_add_text(&page->out, "locked: files below may not set it\n");
  }
}

static void add_attribute(struct page *page, unsigned depth,
                          const struct effective_element *element,
                          const struct effective_attribute *attribute) {
  const struct effective_setter *winner = config_winner(attribute);
  const char *value = config_shown_value(element, attribute);
  indent(page, depth);
  add_column(page, attribute->name, NAME_WIDTH - 2 * depth);
  add_column(page, *value ? value : attribute->has_value ? "\"\"" : "(not set)", VALUE_WIDTH);
  add_place(page, winner ? winner->origin : (struct origin){0, 0, 0});
  if (attribute->uncertain) buffer_add_text(&page->out, "  uncertain");
  buffer_add_char(&page->out, '\n');
  if (attribute->expanded && !text_equal(value, SECRET_SHOWN) &&
      !text_equal(attribute->expanded, value)) {
    indent(page, depth + 1);
    buffer_add_text(&page->out, "= ");
    add_printable(&page->out, attribute->expanded);
    buffer_add_char(&page->out, '\n');
  }
  if (page->question->why) add_chain(page, depth, element, attribute);
}

/* ---- Elements and collections ------------------------------------------------------------ */

static void add_body(struct page *page, unsigned depth, const struct effective_element *element,
                     bool only_set);

static bool is_set(const struct effective_attribute *attribute) {
  return config_winner(attribute) != NULL;
}

/* add name="x" path="*"    applicationHost.config:400 */
static void add_item(struct page *page, unsigned depth, const struct effective_element *item) {
  struct buffer line = buffer_make(LONGEST_LINE_OF_ITEM);
  buffer_add_text(&line, item->name);
  for (size_t i = 0; i < item->attribute_count; i++) {
    if (!is_set(&item->attributes[i])) continue;
    buffer_add_format(&line, " %s=\"%s\"", item->attributes[i].name,
                      config_shown_value(item, &item->attributes[i]));
  }
  indent(page, depth);
  add_column(page, buffer_text(&line), NAME_WIDTH + VALUE_WIDTH - 2 * depth);
  add_place(page, item->source);
  if (item->locked_item) buffer_add_text(&page->out, "  locked");
  char endpoint[64];
  if (config_is_binding(item) && config_endpoint(item, endpoint))
    buffer_add_format(&page->out, "  = %s", endpoint);
  buffer_add_char(&page->out, '\n');
  buffer_dispose(&line);
  for (size_t i = 0; page->question->why && i < item->attribute_count; i++)
    if (item->attributes[i].set_by_count > 1) {
      indent(page, depth + 1);
      buffer_add_format(&page->out, "%s\n", item->attributes[i].name);
      add_chain(page, depth + 1, item, &item->attributes[i]);
    }
  add_body(page, depth + 1, item, true);
}

static void add_gone(struct page *page, unsigned depth, const struct effective_element *element) {
  for (size_t i = 0; i < element->gone_count; i++) {
    const struct effective_setter *gone = &element->gone[i];
    indent(page, depth);
    buffer_add_format(&page->out, "(%s) ", gone->what);
    add_column(page, gone->value && *gone->value ? gone->value : level_shown(page, gone->key),
               NAME_WIDTH + VALUE_WIDTH - 2 * depth - strlen(gone->what) - 3);
    add_place(page, gone->origin);
    buffer_add_char(&page->out, '\n');
  }
}

static void add_items(struct page *page, unsigned depth, const struct effective_element *element) {
  if (!element->is_collection) return;
  if (element->item_count == 0 && element->gone_count == 0) return;
  indent(page, depth);
  buffer_add_format(&page->out, "%zu %s, in this order:\n", element->item_count,
                    element->item_count == 1 ? "item" : "items");
  for (size_t i = 0; i < element->item_count; i++)
    add_item(page, depth + 1, element->items[i]);
  if (page->question->why) add_gone(page, depth + 1, element);
}

/* `only_set`: of an item, whose attributes stand in its line. Elements that are all
 * default are shown at the top of a section, not further down. */
static void add_body(struct page *page, unsigned depth, const struct effective_element *element,
                     bool only_set) {
  for (size_t i = 0; !only_set && i < element->attribute_count; i++)
    if (!page->brief || is_set(&element->attributes[i]))
      add_attribute(page, depth, element, &element->attributes[i]);
  for (size_t i = 0; i < element->element_count; i++) {
    const struct effective_element *child = element->elements[i];
    bool whole = !only_set && !page->brief && depth == 1;
    if (!whole && !config_element_is_set(child)) continue;
    indent(page, depth);
    buffer_add_format(&page->out, "%s\n", child->name);
    add_body(page, depth + 1, child, false);
  }
  add_items(page, depth, element);
}

/* ---- Errors -------------------------------------------------------------------------------- */

enum { MOST_AFFECTED = 8 };

static void add_affected(struct page *page, const struct config_error *error) {
  if (error->affects_count == 0) return;
  buffer_add_format(&page->out,
                    "    fails %s of: ", error->whole ? "every request" : "what reads the section");
  for (size_t i = 0; i < error->affects_count && i < MOST_AFFECTED; i++) {
    if (i) buffer_add_text(&page->out, ", ");
    add_printable(&page->out, path_shown(error->affects[i]));
  }
  size_t more = error->affects_more;
  if (error->affects_count > MOST_AFFECTED) more += error->affects_count - MOST_AFFECTED;
  if (more) buffer_add_format(&page->out, " and %zu more", more);
  buffer_add_char(&page->out, '\n');
}

static void add_error(struct page *page, const struct config_error *error) {
  buffer_add_format(&page->out, "  %s  ", error->hresult);
  if (error->origin.source) {
    add_place(page, error->origin);
    buffer_add_text(&page->out, ": ");
  } else if (error->file && *error->file) {
    add_printable(&page->out, error->file);
    buffer_add_text(&page->out, ": ");
  }
  add_printable(&page->out, *error->message ? error->message : "(IIS gives no text)");
  buffer_add_char(&page->out, '\n');
  if (error->section && *error->section) {
    buffer_add_text(&page->out, "    section ");
    add_printable(&page->out, error->section);
    buffer_add_char(&page->out, '\n');
  }
  if (error->note && *error->note) {
    buffer_add_text(&page->out, "    ");
    add_printable(&page->out, error->note);
    buffer_add_char(&page->out, '\n');
  }
  add_affected(page, error);
}

static void add_errors(struct page *page, const struct config_errors *errors) {
  for (size_t i = 0; i < errors->count; i++)
    add_error(page, &errors->items[i]);
}

/* ---- A section --------------------------------------------------------------------------------
 */

static const char *lock_in_words(const char *how) {
  if (text_equal(how, "allowDefinition")) return "may not be set at this kind of level";
  if (text_equal(how, "overrideModeDefault")) return "locked where it is declared";
  return "locked by a location";
}

static void add_lock(struct page *page) {
  const struct effective_section *section = page->section;
  if (!section->locked) {
    if (page->question->why)
      buffer_add_format(&page->out, "  not locked (overrideMode %s, in force %s)\n",
                        section->override_mode, section->override_mode_effective);
    return;
  }
  buffer_add_format(&page->out, "  locked for files at this level: %s (%s), ",
                    lock_in_words(section->locked_how), section->locked_how);
  add_place(page, section->locked_by);
  buffer_add_char(&page->out, '\n');
}

/* The file that decides most here: of the first attribute that somebody set. */
static const struct effective_setter *any_winner(const struct effective_element *element) {
  for (size_t i = 0; i < element->attribute_count; i++) {
    const struct effective_setter *winner = config_winner(&element->attributes[i]);
    if (winner) return winner;
  }
  const struct effective_setter *winner = NULL;
  for (size_t i = 0; i < element->element_count && !winner; i++)
    winner = any_winner(element->elements[i]);
  return winner;
}

static void add_location(struct page *page) {
  buffer_add_text(&page->out, "<location path=\"");
  add_printable(&page->out, page->section->path);
  buffer_add_text(&page->out, "\"> of applicationHost.config");
}

/* What would have to change. */
static void add_advice(struct page *page) {
  const struct effective_section *section = page->section;
  const struct effective_setter *winner = any_winner(section->root);
  bool server = !*section->path;
  buffer_add_text(&page->out, "  to change it ");
  if (server)
    buffer_add_text(&page->out, "for all sites: applicationHost.config, at its top level");
  else
    buffer_add_text(&page->out, "here alone: ");
  if (!server && !section->locked) {
    buffer_add_text(&page->out, "the web.config of this path (it may set the section), or ");
    add_location(page);
    buffer_add_text(&page->out, ", which that web.config overrides");
  } else if (!server) {
    add_location(page);
    buffer_add_text(&page->out, "; a web.config may not until the section is unlocked");
  }
  buffer_add_char(&page->out, '\n');
  if (!winner) return;
  buffer_add_text(&page->out, "  to change it where it is set: ");
  add_place(page, winner->origin);
  buffer_add_text(&page->out, ", for ");
  add_printable(&page->out, level_shown(page, winner->key));
  buffer_add_text(&page->out, " and what is below\n");
}

static void add_section(struct page *page, const struct effective_section *section) {
  page->section = section;
  add_printable(&page->out, section->section);
  buffer_add_text(&page->out, "  at ");
  add_printable(&page->out, path_shown(section->path));
  buffer_add_char(&page->out, '\n');
  if (!section->root) {
    add_errors(page, &section->errors);
    return;
  }
  add_lock(page);
  for (size_t i = 0; i < section->uncertain_count; i++) {
    buffer_add_text(&page->out, "  uncertain: ");
    add_printable(&page->out, section->uncertain[i]);
    buffer_add_char(&page->out, '\n');
  }
  add_body(page, 1, section->root, false);
  if (page->question->why) add_advice(page);
  if (section->errors.count)
    buffer_add_text(&page->out, "  errors that IIS answers with 500.19:\n");
  add_errors(page, &section->errors);
}

static struct page new_page(const struct config_question *question) {
  return (struct page){.out = buffer_make(SIZE_MAX / 2),
                       .question = question,
                       .levels = effective_levels_of(question->configuration, question->at)};
}

static char *take(struct page *page) {
  effective_levels_dispose(&page->levels);
  return buffer_take(&page->out);
}

static char *print_section(const struct config_question *question,
                           const struct effective_section *section) {
  struct page page = new_page(question);
  add_section(&page, section);
  return take(&page);
}

static void add_levels(struct page *page) {
  for (size_t i = 0; i < page->levels.count; i++) {
    const struct effective_level *level = &page->levels.items[i];
    buffer_add_text(&page->out, "  ");
    add_column(page,
               level->kind == LEVEL_MACHINE    ? "machine.config"
               : level->kind == LEVEL_ROOT_WEB ? "root web.config"
               : level->kind == LEVEL_SERVER   ? "server"
                                               : level->path,
               NAME_WIDTH);
    add_column(page, config_file_state_word(level->state), VALUE_WIDTH - 10);
    if (level->artifact) add_printable(&page->out, level->artifact->path);
    if (level->ignored) buffer_add_format(&page->out, "  ignored: %s", level->ignored);
    buffer_add_char(&page->out, '\n');
  }
}

static void add_version(struct page *page) {
  const char *why = NULL, *version = effective_iis_version(page->question->configuration, &why);
  buffer_add_format(&page->out, "  defaults of IIS %s", version);
  if (why && *why) {
    buffer_add_text(&page->out, " (");
    add_printable(&page->out, why);
    buffer_add_text(&page->out, ")");
  }
  buffer_add_text(&page->out, "; what is set follows, the rest is default\n");
}

static char *print_sections(const struct config_question *question,
                            struct effective_section *const *sections, size_t count) {
  struct page page = new_page(question);
  page.brief = true;
  buffer_add_text(&page.out, "Configuration at ");
  add_printable(&page.out, path_shown(question->at));
  buffer_add_text(&page.out, ", from\n");
  add_levels(&page);
  add_version(&page);
  size_t left_out = 0;
  for (size_t i = 0; i < count; i++) {
    if (*question->at && text_starts(sections[i]->section, "system.applicationHost/")) {
      left_out++;
      continue;
    }
    buffer_add_char(&page.out, '\n');
    add_section(&page, sections[i]);
  }
  if (left_out)
    buffer_add_text(&page.out, "\nSections of system.applicationHost hold for the server; "
                               "they are shown without --at.\n");
  return take(&page);
}

static char *print_errors(const struct config_question *question,
                          const struct config_errors *errors) {
  struct page page = new_page(question);
  if (errors->count == 0) buffer_add_text(&page.out, "No configuration error was found.\n");
  add_errors(&page, errors);
  return take(&page);
}

/* ---- The tree -----------------------------------------------------------------------------------
 */

static unsigned depth_of(const char *key) {
  unsigned depth = *key ? 1 : 0;
  for (; *key; key++)
    depth += *key == '/';
  return depth;
}

static void add_level(struct page *page, const struct tree_level *level) {
  unsigned depth = depth_of(level->key);
  indent(page, depth);
  add_column(page, path_shown(level->path), 44 > 2 * depth ? 44 - 2 * depth : 4);
  buffer_add_text(&page->out,
                  text_equal(level->kind, "virtualDirectory") ? "virtual directory" : level->kind);
  if (*level->pool) {
    buffer_add_text(&page->out, ", pool ");
    add_printable(&page->out, level->pool);
  }
  if (*level->folder) {
    buffer_add_text(&page->out, ", ");
    add_printable(&page->out, level->folder);
  }
  buffer_add_char(&page->out, '\n');
  if (*level->state) {
    indent(page, depth + 2);
    buffer_add_format(&page->out, "web.config: %s", level->state);
    if (level->artifact) {
      buffer_add_text(&page->out, ", ");
      add_printable(&page->out, level->artifact->path);
    }
    buffer_add_char(&page->out, '\n');
  }
  for (size_t i = 0; i < level->set_count; i++) {
    indent(page, depth + 2);
    add_column(page, level->sets[i].section, 56);
    add_place(page, level->sets[i].origin);
    buffer_add_char(&page->out, '\n');
  }
}

static char *print_tree(const struct config_question *question) {
  struct page page = new_page(question);
  struct tree tree = tree_make(question);
  for (size_t i = 0; i < tree.count; i++)
    add_level(&page, &tree.levels[i]);
  buffer_add_text(&page.out, "Application pools\n");
  for (size_t i = 0; i < tree.pool_count; i++) {
    buffer_add_text(&page.out, "  ");
    add_column(&page, tree.pools[i].name, 42);
    add_column(&page, tree.pools[i].applications ? "" : "unused  ", 10);
    add_place(&page, tree.pools[i].origin);
    buffer_add_char(&page.out, '\n');
  }
  tree_dispose(&tree);
  return take(&page);
}

const struct config_format config_text = {"text", print_section, print_sections, print_errors,
                                          print_tree};
