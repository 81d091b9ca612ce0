/* Reading a case file and cutting the embedded files out of it, in place. */
#include "support_conformance.h"

#include "base/origin.h"
#include "base/system.h"
#include "base/text.h"
#include "base/xml_source.h"

#include <stdlib.h>
#include <string.h>

#define FOLDER SITEGLASS_SOURCE_DIR "/tests/conformance"

enum { CASE_SIZE_MOST = 1024 * 1024 };

/* ---- The list ---------------------------------------------------------------------- */

struct conformance_list conformance_list(void) {
  char **names = NULL, error[128];
  size_t count = 0;
  if (!system_list(FOLDER, &names, &count, error)) {
    fprintf(stderr, "%s: %s\n", FOLDER, error);
    exit(EXIT_FAILURE);
  }
  struct conformance_list list = {.names = alloc_array(count + 1, sizeof *list.names)};
  for (size_t i = 0; i < count; i++)
    if (text_ends_nocase(names[i], ".xml"))
      list.names[list.count++] = alloc_text_n(names[i], strlen(names[i]) - 4);
  system_list_free(names, count);
  return list;
}

void conformance_list_free(struct conformance_list *list) {
  for (size_t i = 0; i < list->count; i++)
    alloc_free(list->names[i]);
  alloc_free(list->names);
}

/* ---- Where an element ends ------------------------------------------------------------ */

/* Behind the tag, comment, CDATA section or instruction that begins at `at`. */
static const char *past_markup(const char *at) {
  const char *end = NULL;
  if (text_starts(at, "<!--")) end = strstr(at, "-->");
  if (text_starts(at, "<![CDATA[")) end = strstr(at, "]]>");
  if (end != NULL) return end + 3;
  if (text_starts(at, "<?")) return strstr(at, "?>") + 2;
  char quote = '\0';
  for (; *at != '>' || quote != '\0'; at++) {
    if (quote == '\0' && (*at == '"' || *at == '\''))
      quote = *at;
    else if (*at == quote)
      quote = '\0';
  }
  return at + 1;
}

static int depth_of(const char *tag, const char *behind) {
  if (tag[1] == '!' || tag[1] == '?' || behind[-2] == '/') return 0;
  return tag[1] == '/' ? -1 : 1;
}

/* Behind the element whose start tag begins at `at`; the case file is well-formed. */
static const char *past_element(const char *at) {
  int depth = 0;
  do {
    const char *behind = past_markup(at);
    depth += depth_of(at, behind);
    at = depth == 0 ? behind : strchr(behind, '<');
  } while (depth > 0);
  return at;
}

static const char *place_of(const struct conformance_case *of, const xmlNode *element) {
  struct origin origin = origin_of(element);
  const char *at = of->text;
  for (uint32_t line = 1; line < origin.line; line++)
    at = strchr(at, '\n') + 1;
  return at + origin.column - 1;
}

/* ---- Cutting out ------------------------------------------------------------------------ */

static char *blanked(const struct conformance_case *of, size_t start, size_t end) {
  char *text = alloc_text_n(of->text, end);
  for (size_t i = 0; i < start; i++)
    if (text[i] != '\n') text[i] = ' ';
  return text;
}

static void add_file(struct conformance_case *of, char *name, const char *start, const char *end) {
  struct conformance_file file = {
      .name = name, .start = (size_t)(start - of->text), .end = (size_t)(end - of->text)};
  file.text = blanked(of, file.start, file.end);
  ARRAY_PUSH(of->files, of->file_count, of->file_capacity) = file;
}

/* What stands between the tags of an element; of a CDATA section there, its text. */
static void add_content(struct conformance_case *of, const xmlNode *element, char *name) {
  const char *tag = place_of(of, element), *start = past_markup(tag), *end = past_element(tag);
  if (end == start) end = start = tag; /* an empty element, an empty file */
  while (end > start && *end != '<')
    end--;
  const char *cdata = start + strspn(start, " \n");
  if (text_starts(cdata, "<![CDATA[")) {
    start = cdata + strlen("<![CDATA[");
    end = strstr(start, "]]>");
  }
  add_file(of, name, start, end);
}

static bool add_document(struct conformance_case *of, const xmlNode *element, struct buffer *out) {
  char *name = conformance_value(element, "name");
  if (name == NULL)
    name = of->document_count == 0 ? alloc_text("document.xml")
                                   : alloc_format("document%zu.xml", of->document_count + 1);
  add_content(of, element, name);
  const struct conformance_file *file = &of->files[of->file_count - 1];
  struct xml_source_options options = {.keep_blanks = true, .keep_comments = true};
  struct xml_failure failure = {.message = ""};
  xmlDoc *document = xml_source_parse(file->text, file->end, &options, &failure);
  if (document == NULL) {
    buffer_add_format(out, "%s of the case: line %u: %s\n", name, failure.line, failure.message);
    return false;
  }
  xmlFree((void *)document->URL);
  document->URL = xmlStrdup(BAD_CAST name);
  ARRAY_PUSH(of->documents, of->document_count, of->document_capacity) = document;
  return true;
}

static bool add_parts(struct conformance_case *of, struct buffer *out) {
  for (xmlNode *each = of->root->children; each != NULL; each = each->next) {
    if (each->type != XML_ELEMENT_NODE) continue;
    const char *kind = (const char *)each->name, *at = place_of(of, each);
    bool in_case = each->ns == NULL;
    if (of->file_count == 0 && (!in_case || text_equal(kind, "schema")))
      add_file(of, alloc_text("main.sch"), at, past_element(at));
    else if (of->file_count == 0 && text_equal(kind, "schema-text"))
      add_content(of, each, alloc_text("main.sch"));
    else if (in_case && text_equal(kind, "file"))
      add_content(of, each, conformance_value(each, "name"));
    else if (in_case && text_equal(kind, "document") && !add_document(of, each, out))
      return false;
  }
  if (of->file_count > 0) return true;
  buffer_add_text(out, "the case has no schema\n");
  return false;
}

/* ---- Open and close ----------------------------------------------------------------------- */

bool conformance_open(struct conformance_case *of, const char *name, struct buffer *out) {
  *of = (struct conformance_case){.name = name};
  char *path = alloc_format(FOLDER "/%s.xml", name), error[128];
  uint8_t *bytes = NULL;
  bool read = system_read(path, CASE_SIZE_MOST, &bytes, &of->size, error);
  alloc_free(path);
  of->text = (char *)bytes;
  if (!read) {
    buffer_add_format(out, "the case cannot be read: %s\n", error);
    return false;
  }
  struct xml_source_options options = {.keep_blanks = true};
  struct xml_failure failure = {.message = ""};
  of->tree = xml_source_parse(of->text, of->size, &options, &failure);
  if (of->tree == NULL) {
    buffer_add_format(out, "the case: line %u: %s\n", failure.line, failure.message);
    return false;
  }
  of->root = xmlDocGetRootElement(of->tree);
  return add_parts(of, out);
}

void conformance_close(struct conformance_case *of) {
  for (size_t i = 0; i < of->file_count; i++) {
    alloc_free(of->files[i].name);
    alloc_free(of->files[i].text);
  }
  for (size_t i = 0; i < of->document_count; i++)
    xmlFreeDoc(of->documents[i]);
  alloc_free(of->files);
  alloc_free(of->documents);
  if (of->tree != NULL) xmlFreeDoc(of->tree);
  alloc_free(of->text);
}

char *conformance_value(const xmlNode *element, const char *attribute) {
  xmlChar *value = xmlGetNoNsProp(element, BAD_CAST attribute);
  char *copy = value == NULL ? NULL : alloc_text((const char *)value);
  xmlFree(value);
  return copy;
}

const struct conformance_file *conformance_file(const struct conformance_case *of,
                                                const char *name) {
  for (size_t i = 0; i < of->file_count; i++)
    if (text_equal(of->files[i].name, name)) return &of->files[i];
  return NULL;
}
