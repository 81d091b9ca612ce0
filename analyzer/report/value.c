/* The only file that knows jansson. */
#include "report/value.h"

#include "base/buffer.h"
#include "base/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* With valid texts and memory that never fails, jansson refuses nothing. Should
 * it do so all the same, no report is better than one that lacks something. */
static void must(int status) {
  if (status != 0) abort();
}

struct json_t *value_root(void) {
  json_set_alloc_funcs(alloc_bytes, alloc_free);
  return json_object();
}

static char *valid_utf8(const char *text) {
  size_t size = strlen(text);
  struct buffer out = buffer_make(3 * size + 1);
  for (size_t at = 0; at < size;) {
    size_t good = text_utf8_prefix(text + at, size - at);
    buffer_add(&out, text + at, good);
    at += good;
    if (at == size) break;
    buffer_add_text(&out, "\xEF\xBF\xBD");
    at++;
  }
  return buffer_take(&out);
}

static json_t *text_of(const char *text) {
  if (!text) text = "";
  size_t size = strlen(text);
  if (text_utf8_prefix(text, size) == size) return json_stringn_nocheck(text, size);
  char *valid = valid_utf8(text);
  json_t *value = json_string(valid);
  alloc_free(valid);
  return value;
}

void value_text(json_t *object, const char *key, const char *text) {
  must(json_object_set_new(object, key, text_of(text)));
}

void value_number(json_t *object, const char *key, uint64_t number) {
  json_int_t value = number > INT64_MAX ? INT64_MAX : (json_int_t)number;
  must(json_object_set_new(object, key, json_integer(value)));
}

void value_bool(json_t *object, const char *key, bool boolean) {
  must(json_object_set_new(object, key, json_boolean(boolean)));
}

void value_null(json_t *object, const char *key) {
  must(json_object_set_new(object, key, json_null()));
}

json_t *value_object(json_t *object, const char *key) {
  json_t *value = json_object();
  must(json_object_set_new(object, key, value));
  return value;
}

json_t *value_array(json_t *object, const char *key) {
  json_t *value = json_array();
  must(json_object_set_new(object, key, value));
  return value;
}

json_t *value_item(json_t *array) {
  json_t *value = json_object();
  must(json_array_append_new(array, value));
  return value;
}

void value_item_text(json_t *array, const char *text) {
  must(json_array_append_new(array, text_of(text)));
}

/* jansson leaves DEL as it is, which is ASCII but not for a terminal. */
static int add_piece(const char *piece, size_t size, void *data) {
  struct buffer *out = data;
  for (const char *del; size && (del = memchr(piece, 0x7F, size));) {
    size_t before = (size_t)(del - piece);
    buffer_add(out, piece, before);
    buffer_add_text(out, "\\u007f");
    piece += before + 1;
    size -= before + 1;
  }
  buffer_add(out, piece, size);
  return 0;
}

/* Piece by piece: json_dumps would hold a long text twice. */
char *value_print(json_t *root) {
  struct buffer out = buffer_make(SIZE_MAX / 2);
  must(json_dump_callback(root, add_piece, &out, JSON_INDENT(2) | JSON_ENSURE_ASCII));
  json_decref(root);
  buffer_add_char(&out, '\n');
  return buffer_take(&out);
}
