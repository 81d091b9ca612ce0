/* PowerShell's four ways to write objects down. */
#include "support/objects.h"

#include "base/moment.h"

#include <stdbool.h>
#include <string.h>

/* ---- Values ------------------------------------------------------------------------- */

static void add_escaped(struct buffer *out, const char *text, bool xml) {
  for (; *text; text++) {
    if (xml && *text == '&')
      buffer_add_text(out, "&amp;");
    else if (xml && *text == '<')
      buffer_add_text(out, "&lt;");
    else if (!xml && (*text == '"' || *text == '\\'))
      buffer_add_format(out, "\\%c", *text);
    else
      buffer_add_char(out, *text);
  }
}

/* "2025-04-14T11:20:09-04:00" */
static void add_iso_date(struct buffer *out, const struct object_value *value) {
  char text[21];
  int zone = value->zone < 0 ? -value->zone : value->zone;
  moment_format(value->moment + value->zone * 60, text);
  buffer_add_format(out, "%.19s%c%02d:%02d", text, value->zone < 0 ? '-' : '+', zone / 60,
                    zone % 60);
}

/* "4/14/2025 11:20:09 AM" */
static void add_american_date(struct buffer *out, const struct object_value *value) {
  char text[21];
  moment_format(value->moment + value->zone * 60, text);
  int month = (text[5] - '0') * 10 + text[6] - '0', day = (text[8] - '0') * 10 + text[9] - '0';
  int hour = (text[11] - '0') * 10 + text[12] - '0';
  buffer_add_format(out, "%d/%d/%.4s %d:%.5s %s", month, day, text, hour % 12 ? hour % 12 : 12,
                    text + 14, hour < 12 ? "AM" : "PM");
}

/* One member of "a, b" at a time. */
static bool next_member(const char **at, char member[100]) {
  size_t size = strcspn(*at, ",");
  if (!**at || size >= 100) return false;
  memcpy(member, *at, size);
  member[size] = '\0';
  *at += size + strspn(*at + size, ", ");
  return true;
}

/* ---- CLIXML -------------------------------------------------------------------------- */

static void clixml_object(struct buffer *out, const char *name, const struct object *object,
                          unsigned *id);

static void clixml_scalar(struct buffer *out, const char *tag, const struct object_value *value) {
  buffer_add_format(out, "<%s N=\"%s\">", tag, value->name);
  if (value->kind == VALUE_DATE)
    add_iso_date(out, value);
  else if (value->kind == VALUE_FLAG)
    buffer_add_text(out, value->text[0] == 'T' ? "true" : "false");
  else
    add_escaped(out, value->text, true);
  buffer_add_format(out, "</%s>", tag);
}

static void clixml_list(struct buffer *out, const struct object_value *value, unsigned *id) {
  buffer_add_format(out, "<Obj N=\"%s\" RefId=\"%u\"><LST>", value->name, (*id)++);
  char member[100];
  for (const char *at = value->text; next_member(&at, member);)
    buffer_add_format(out, "<S>%s</S>", member);
  buffer_add_text(out, "</LST></Obj>");
}

static void clixml_collection(struct buffer *out, const struct object_value *value, unsigned *id) {
  buffer_add_format(out, "<Obj N=\"%s\" RefId=\"%u\"><MS>", value->name, (*id)++);
  buffer_add_format(out, "<Obj N=\"Collection\" RefId=\"%u\"><LST>", (*id)++);
  for (size_t i = 0; i < value->count; i++)
    clixml_object(out, NULL, &value->objects[i], id);
  buffer_add_text(out, "</LST></Obj></MS></Obj>");
}

static void clixml_object(struct buffer *out, const char *name, const struct object *object,
                          unsigned *id) {
  static const char *const tags[] = {"S", "I64", "B", "DT", "BA"};
  buffer_add_text(out, "<Obj");
  if (name) buffer_add_format(out, " N=\"%s\"", name);
  buffer_add_format(out, " RefId=\"%u\"><TN RefId=\"%u\"><T>%s</T><T>System.Object</T></TN><MS>",
                    *id, *id, object->type);
  ++*id;
  for (size_t i = 0; i < object->count; i++) {
    const struct object_value *value = &object->values[i];
    if (value->kind == VALUE_OBJECTS)
      clixml_collection(out, value, id);
    else if (value->kind == VALUE_LIST)
      clixml_list(out, value, id);
    else
      clixml_scalar(out, tags[value->kind], value);
  }
  buffer_add_text(out, "</MS></Obj>\n");
}

static void write_clixml(struct buffer *out, const struct object *objects, size_t count) {
  unsigned id = 0;
  buffer_add_text(out, "<Objs Version=\"1.1.0.1\" "
                       "xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n");
  for (size_t i = 0; i < count; i++)
    clixml_object(out, NULL, &objects[i], &id);
  buffer_add_text(out, "</Objs>\n");
}

/* ---- JSON ------------------------------------------------------------------------------ */

static void json_objects(struct buffer *out, const struct object *objects, size_t count);

static void json_text(struct buffer *out, const char *text) {
  buffer_add_char(out, '"');
  add_escaped(out, text, false);
  buffer_add_char(out, '"');
}

static void json_list(struct buffer *out, const char *at) {
  char member[100];
  buffer_add_char(out, '[');
  for (bool first = true; next_member(&at, member); first = false) {
    buffer_add_text(out, first ? "" : ", ");
    json_text(out, member);
  }
  buffer_add_char(out, ']');
}

static void json_value(struct buffer *out, const struct object_value *value) {
  switch (value->kind) {
  case VALUE_NUMBER:
    buffer_add_text(out, value->text);
    break;
  case VALUE_FLAG:
    buffer_add_text(out, value->text[0] == 'T' ? "true" : "false");
    break;
  case VALUE_DATE:
    buffer_add_format(out, "\"\\/Date(%lld000)\\/\"", (long long)value->moment);
    break;
  case VALUE_LIST:
    json_list(out, value->text);
    break;
  case VALUE_OBJECTS:
    buffer_add_text(out, "{\"Collection\": ");
    json_objects(out, value->objects, value->count);
    buffer_add_char(out, '}');
    break;
  default:
    json_text(out, value->text);
  }
}

static void json_objects(struct buffer *out, const struct object *objects, size_t count) {
  buffer_add_text(out, "[");
  for (size_t i = 0; i < count; i++) {
    buffer_add_text(out, i ? ",\n  {" : "\n  {");
    bool first = true;
    for (size_t v = 0; v < objects[i].count; v++) {
      if (objects[i].values[v].kind == VALUE_BYTES) continue;
      buffer_add_format(out, "%s\n    \"%s\": ", first ? "" : ",", objects[i].values[v].name);
      json_value(out, &objects[i].values[v]);
      first = false;
    }
    buffer_add_text(out, "\n  }");
  }
  buffer_add_text(out, "\n]\n");
}

/* ---- CSV --------------------------------------------------------------------------------- */

static void csv_cell(struct buffer *out, const struct object_value *value) {
  buffer_add_char(out, '"');
  if (value->kind == VALUE_DATE)
    add_american_date(out, value);
  else if (value->kind == VALUE_LIST || value->kind == VALUE_OBJECTS)
    buffer_add_text(out, "System.Collections.ArrayList");
  else if (value->kind == VALUE_BYTES)
    buffer_add_text(out, "System.Byte[]");
  else
    buffer_add_text(out, value->text); /* none of ours has a quote */
  buffer_add_char(out, '"');
}

static void write_csv(struct buffer *out, const struct object *objects, size_t count) {
  if (count) buffer_add_format(out, "#TYPE %s\n", objects[0].type);
  for (size_t v = 0; count && v < objects[0].count; v++)
    buffer_add_format(out, "%s\"%s\"", v ? "," : "", objects[0].values[v].name);
  buffer_add_char(out, '\n');
  for (size_t i = 0; i < count; i++) {
    for (size_t v = 0; v < objects[i].count; v++) {
      if (v) buffer_add_char(out, ',');
      csv_cell(out, &objects[i].values[v]);
    }
    buffer_add_char(out, '\n');
  }
}

/* ---- Format-List ------------------------------------------------------------------------- */

static void list_value(struct buffer *out, const struct object_value *value) {
  switch (value->kind) {
  case VALUE_DATE:
    add_american_date(out, value);
    break;
  case VALUE_LIST:
    buffer_add_format(out, "{%s}", value->text);
    break;
  case VALUE_BYTES:
    buffer_add_text(out, "{48, 130, 3, 20...}");
    break;
  case VALUE_OBJECTS:
    buffer_add_text(out, "Microsoft.IIs.PowerShell.Framework.ConfigurationElement");
    break;
  default:
    buffer_add_text(out, value->text);
  }
}

static void write_list(struct buffer *out, const struct object *objects, size_t count) {
  buffer_add_text(out, "\n\n");
  for (size_t i = 0; i < count; i++) {
    size_t width = 0;
    for (size_t v = 0; v < objects[i].count; v++)
      if (strlen(objects[i].values[v].name) > width) width = strlen(objects[i].values[v].name);
    for (size_t v = 0; v < objects[i].count; v++) {
      buffer_add_format(out, "%-*s : ", (int)width, objects[i].values[v].name);
      list_value(out, &objects[i].values[v]);
      buffer_add_char(out, '\n');
    }
    buffer_add_char(out, '\n');
  }
  buffer_add_text(out, "\n\n");
}

void objects_write(struct buffer *out, enum object_form form, const struct object *objects,
                   size_t count) {
  switch (form) {
  case OBJECTS_CLIXML:
    write_clixml(out, objects, count);
    break;
  case OBJECTS_JSON:
    json_objects(out, objects, count);
    break;
  case OBJECTS_CSV:
    write_csv(out, objects, count);
    break;
  default:
    write_list(out, objects, count);
  }
}
