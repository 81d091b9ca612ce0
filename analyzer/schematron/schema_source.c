/* The files of a schema: reading them, and finding the line and column of a byte
 * of an attribute's value again. */
#include "schematron/schema_plan.h"

#include "base/origin.h"
#include "base/text.h"
#include "base/xml_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Small questions about nodes ------------------------------------------- */

bool schema_is_any(const xmlNode *node) {
  return node != NULL && node->type == XML_ELEMENT_NODE && node->ns != NULL &&
         text_equal((const char *)node->ns->href, SCHEMATRON_NAMESPACE);
}

bool schema_is(const xmlNode *node, const char *name) {
  return schema_is_any(node) && text_equal((const char *)node->name, name);
}

bool schema_is_pattern(const xmlNode *node) {
  return schema_is(node, "pattern") || schema_is(node, "group");
}

xmlAttr *schema_find_attribute(const xmlNode *element, const char *name) {
  for (xmlAttr *each = element->properties; each != NULL; each = each->next)
    if (each->ns == NULL && text_equal((const char *)each->name, name)) return each;
  return NULL;
}

char *schema_attribute_text(const xmlAttr *attribute) {
  xmlChar *text = xmlNodeListGetString(attribute->doc, attribute->children, 1);
  char *copy = alloc_text(text == NULL ? "" : (const char *)text);
  xmlFree(text);
  return copy;
}

char *schema_value(const xmlNode *element, const char *name) {
  const xmlAttr *attribute = schema_find_attribute(element, name);
  return attribute == NULL ? NULL : schema_attribute_text(attribute);
}

static struct schema_file *file_of(const struct schema *schema, const xmlNode *node) {
  size_t number = origin_of(node).source;
  return &schema->files[number == 0 || number > schema->file_count ? 0 : number - 1];
}

const char *schema_path_of(const struct schema *schema, const xmlNode *node) {
  return file_of(schema, node)->path;
}

/* ---- Positions ------------------------------------------------------------- */

static void find_lines(struct schema_file *file) {
  size_t capacity = 0;
  ARRAY_PUSH(file->lines, file->line_count, capacity) = 0;
  for (size_t i = 0; i < file->size; i++)
    if (file->text[i] == '\n') ARRAY_PUSH(file->lines, file->line_count, capacity) = i + 1;
}

/* Bytes that one character of a value takes in the file: 1, or a reference. A
 * line break of two bytes is one blank of the value. */
static size_t raw_size(const char *raw, const char *end) {
  if (*raw == '\r' && raw + 1 < end && raw[1] == '\n') return 2;
  if (*raw != '&') return 1;
  const char *semicolon = memchr(raw, ';', (size_t)(end - raw));
  return semicolon == NULL ? 1 : (size_t)(semicolon - raw) + 1;
}

/* Bytes of the value that come of it. */
static size_t value_size(const char *raw) {
  if (*raw != '&' || raw[1] != '#') return 1;
  int base = raw[2] == 'x' ? 16 : 10;
  unsigned long code = strtoul(raw + (base == 16 ? 3 : 2), NULL, base);
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/* Where the value of the attribute whose name begins at `raw` begins. */
static const char *value_start(const char *raw, const char *end) {
  while (raw < end && *raw != '=')
    raw++;
  while (raw < end && *raw != '"' && *raw != '\'')
    raw++;
  return raw < end ? raw + 1 : NULL;
}

/* A value that was changed after it was read (a pattern's parameters) is not
 * that of the file: then its beginning is as near as one can point. */
static bool still_as_read(const char *raw, const char *end, const char *value) {
  char quote = raw[-1];
  while (raw < end && *raw != quote && *value != '\0') {
    size_t taken = raw_size(raw, end), given = value_size(raw);
    bool blank = *raw == '\r' || *raw == '\n' || *raw == '\t';
    if (*raw != '&' && *raw != *value && !(blank && *value == ' ')) return false;
    for (size_t i = 0; i < given && *value != '\0'; i++)
      value++;
    raw += taken;
  }
  return raw < end && *raw == quote && *value == '\0';
}

static const char *advance(const char *raw, const char *end, size_t offset) {
  while (offset > 0 && raw < end) {
    size_t taken = raw_size(raw, end), given = value_size(raw);
    offset -= given < offset ? given : offset;
    raw += taken;
  }
  return raw;
}

static void locate_value(struct schema_file *file, const xmlAttr *attribute, size_t offset,
                         struct origin *origin) {
  if (file->lines == NULL) find_lines(file);
  if (origin->line == 0 || origin->line > file->line_count) return;
  size_t at = file->lines[origin->line - 1] + origin->column - 1;
  if (at >= file->size) return;
  const char *end = file->text + file->size;
  const char *raw = value_start(file->text + at, end);
  if (raw == NULL) return;
  char *value = schema_attribute_text(attribute);
  const char *place = still_as_read(raw, end, value) ? advance(raw, end, offset) : raw;
  alloc_free(value);
  size_t byte = (size_t)(place - file->text);
  size_t line = origin->line;
  while (line < file->line_count && file->lines[line] <= byte)
    line++;
  origin->line = (uint32_t)line;
  origin->column = (uint32_t)(byte - file->lines[line - 1] + 1);
}

void schema_locate(const struct schema *schema, const xmlNode *node, size_t offset,
                   const char **path, unsigned *line, unsigned *column) {
  struct origin origin = origin_of(node);
  struct schema_file *file = file_of(schema, node);
  if (offset != AT_NAME && node->type == XML_ATTRIBUTE_NODE)
    locate_value(file, (const xmlAttr *)node, offset, &origin);
  *path = file->path;
  *line = origin.line;
  *column = origin.column;
}

void schema_error(struct schema *schema, const xmlNode *node, size_t offset, const char *format,
                  ...) {
  char message[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  const char *path;
  unsigned line, column;
  schema_locate(schema, node, offset, &path, &line, &column);
  char *printable = text_printable(message, sizeof message);
  diags_add(schema->diags, DIAG_ERROR, path, line, column, "%s", printable);
  alloc_free(printable);
  schema->errors++;
}

/* ---- Reading --------------------------------------------------------------- */

bool schema_read_file(struct schema *schema, const char *path, char *text, size_t size) {
  if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
    memmove(text, text + 3, size - 2); /* with the NUL */
    size -= 3;
  }
  struct schema_file file = {.path = alloc_text(path), .text = text, .size = size};
  ARRAY_PUSH(schema->files, schema->file_count, schema->file_capacity) = file;
  struct xml_source_options options = {.dict = schema->dict,
                                       .source = (uint32_t)schema->file_count,
                                       .keep_blanks = true,
                                       .keep_comments = false,
                                       .edited = true};
  struct xml_failure failure = {.message = ""};
  xmlDoc *document = xml_source_parse(text, size, &options, &failure);
  schema->files[schema->file_count - 1].document = document;
  if (document != NULL) return true;
  diags_add(schema->diags, DIAG_ERROR, path, failure.line, failure.column, "%s", failure.message);
  schema->errors++;
  return false;
}
