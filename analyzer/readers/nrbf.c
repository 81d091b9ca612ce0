/* A BinaryFormatter stream of one class, read by pattern. */
#include "readers/nrbf.h"

#include <string.h>

enum record_type {
  RECORD_HEADER = 0,
  RECORD_CLASS_WITH_ID = 1,
  RECORD_CLASS = 5,
  RECORD_STRING = 6,
  RECORD_REFERENCE = 9,
  RECORD_NULL = 10,
  RECORD_LIBRARY = 12,
  RECORD_PRIMITIVE_ARRAY = 15,
};

enum { TYPE_PRIMITIVE = 0, TYPE_SYSTEM_CLASS = 3, TYPE_CLASS = 4, TYPE_PRIMITIVE_ARRAY = 7 };
enum { PRIMITIVE_BOOLEAN = 1, PRIMITIVE_BYTE = 2, PRIMITIVE_INT32 = 8 };
enum { MEMBERS_MOST = 32 };

/* Reads forward; once it has failed it stays so, and hands out zeros. */
struct cursor {
  const uint8_t *at, *end;
  bool failed;
};

struct member {
  struct span name;
  uint8_t type, primitive;
};

struct class {
  struct member members[MEMBERS_MOST];
  uint32_t count;
};

static const uint8_t *take(struct cursor *cursor, size_t size) {
  if (cursor->failed || (size_t)(cursor->end - cursor->at) < size) {
    cursor->failed = true;
    return NULL;
  }
  cursor->at += size;
  return cursor->at - size;
}

static uint8_t take_byte(struct cursor *cursor) {
  const uint8_t *byte = take(cursor, 1);
  return byte ? *byte : 0;
}

static uint32_t take_32(struct cursor *cursor) {
  const uint8_t *b = take(cursor, 4);
  return b ? b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24 : 0;
}

static struct span take_span(struct cursor *cursor, size_t size) {
  const uint8_t *bytes = take(cursor, size);
  return (struct span){(const char *)bytes, bytes ? size : 0};
}

/* Length in groups of seven bits, low ones first, then UTF-8. */
static struct span take_string(struct cursor *cursor) {
  uint32_t size = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    uint8_t byte = take_byte(cursor);
    size |= (uint32_t)(byte & 0x7F) << shift;
    if (!(byte & 0x80)) return take_span(cursor, size);
  }
  cursor->failed = true;
  return (struct span){0};
}

static void expect(struct cursor *cursor, bool held) {
  if (!held) cursor->failed = true;
}

/* ---- Class records --------------------------------------------------------- */

static void take_member_type(struct cursor *cursor, struct member *member) {
  switch (member->type) {
  case TYPE_PRIMITIVE:
  case TYPE_PRIMITIVE_ARRAY:
    member->primitive = take_byte(cursor);
    break;
  case TYPE_SYSTEM_CLASS:
    take_string(cursor);
    break;
  case TYPE_CLASS:
    take_string(cursor);
    take_32(cursor);
    break;
  default: /* string, object, arrays of those: no more is said */
    expect(cursor, member->type <= TYPE_PRIMITIVE_ARRAY);
  }
}

/* Behind the record's type byte: the class and its members, not their values. */
static void take_class(struct cursor *cursor, struct class *class) {
  take_32(cursor); /* object id */
  take_string(cursor);
  class->count = take_32(cursor);
  expect(cursor, class->count <= MEMBERS_MOST);
  if (cursor->failed) class->count = 0;
  for (uint32_t i = 0; i < class->count; i++)
    class->members[i].name = take_string(cursor);
  for (uint32_t i = 0; i < class->count; i++)
    class->members[i].type = take_byte(cursor);
  for (uint32_t i = 0; i < class->count; i++)
    take_member_type(cursor, &class->members[i]);
  take_32(cursor); /* library id */
}

/* ---- Values ---------------------------------------------------------------- */

struct value {
  uint8_t record;
  int32_t number;   /* of an enumeration, or the id of a reference */
  struct span text; /* of a string or byte array */
};

static struct span take_byte_array(struct cursor *cursor) {
  uint32_t size = take_32(cursor);
  expect(cursor, take_byte(cursor) == PRIMITIVE_BYTE);
  return take_span(cursor, size);
}

/* An enumeration: a class of one 32-bit member, value__. */
static int32_t take_enumeration(struct cursor *cursor) {
  struct class class = {.count = 0};
  take_class(cursor, &class);
  expect(cursor, class.count == 1 && class.members[0].type == TYPE_PRIMITIVE &&
                     class.members[0].primitive == PRIMITIVE_INT32);
  return (int32_t)take_32(cursor);
}

static struct value take_value(struct cursor *cursor) {
  struct value value = {.record = take_byte(cursor)};
  switch (value.record) {
  case RECORD_NULL:
    break;
  case RECORD_REFERENCE:
    value.number = (int32_t)take_32(cursor);
    break;
  case RECORD_STRING:
    take_32(cursor);
    value.text = take_string(cursor);
    break;
  case RECORD_CLASS:
    value.number = take_enumeration(cursor);
    break;
  case RECORD_CLASS_WITH_ID: /* of an enumeration that was described above */
    take_32(cursor), take_32(cursor);
    value.number = (int32_t)take_32(cursor);
    break;
  case RECORD_PRIMITIVE_ARRAY:
    take_32(cursor);
    value.text = take_byte_array(cursor);
    break;
  default:
    cursor->failed = true;
  }
  return value;
}

static struct value take_member(struct cursor *cursor, const struct member *member) {
  if (member->type != TYPE_PRIMITIVE) return take_value(cursor);
  struct value value = {.record = RECORD_HEADER};
  if (member->primitive == PRIMITIVE_INT32)
    value.number = (int32_t)take_32(cursor);
  else if (member->primitive == PRIMITIVE_BOOLEAN || member->primitive == PRIMITIVE_BYTE)
    value.number = take_byte(cursor);
  else
    cursor->failed = true;
  return value;
}

/* Is it a number that stands there, not a null or a reference? */
static bool is_number(const struct value *value) {
  return value->record == RECORD_HEADER || value->record == RECORD_CLASS ||
         value->record == RECORD_CLASS_WITH_ID;
}

/* ---- The stream ------------------------------------------------------------ */

static void take_header(struct cursor *cursor) {
  expect(cursor, take_byte(cursor) == RECORD_HEADER);
  take(cursor, 8);                      /* ids of the root and of a header */
  expect(cursor, take_32(cursor) == 1); /* version 1.0 */
  expect(cursor, take_32(cursor) == 0);
}

static void take_libraries(struct cursor *cursor) {
  while (!cursor->failed && cursor->at < cursor->end && *cursor->at == RECORD_LIBRARY) {
    take(cursor, 5);
    take_string(cursor);
  }
}

/* The bytes that CertData refers to are the first record behind the class. */
static void take_referenced(struct cursor *cursor, struct value *data) {
  if (data->record != RECORD_REFERENCE) return;
  expect(cursor, take_byte(cursor) == RECORD_PRIMITIVE_ARRAY);
  expect(cursor, (int32_t)take_32(cursor) == data->number);
  data->text = take_byte_array(cursor);
}

static bool take_certificate(struct cursor *cursor, struct nrbf_certificate *out) {
  struct class class = {.count = 0};
  struct value data = {.record = RECORD_NULL};
  bool status = false, services = false, identity = false;
  take_header(cursor);
  take_libraries(cursor);
  expect(cursor, take_byte(cursor) == RECORD_CLASS);
  take_class(cursor, &class);
  for (uint32_t i = 0; i < class.count && !cursor->failed; i++) {
    struct span name = class.members[i].name;
    struct value value = take_member(cursor, &class.members[i]);
    if (span_equal(name, "CertData")) data = value;
    if (span_equal(name, "Status")) out->status = value.number, status = is_number(&value);
    if (span_equal(name, "Services")) out->services = value.number, services = is_number(&value);
    if (span_equal(name, "Identity")) out->identity = value.text, identity = true;
  }
  take_referenced(cursor, &data);
  out->cert_data = data.text;
  return !cursor->failed && status && services && identity && data.text.size > 0;
}

bool nrbf_read_certificate(const uint8_t *bytes, size_t size,
                           struct nrbf_certificate *certificate) {
  enum { MARK = 5, SIGNATURE = 32 };
  struct cursor cursor = {bytes, bytes + size, false};
  *certificate = (struct nrbf_certificate){0};
  if (size >= MARK && memcmp(bytes, "#sig#", MARK) == 0) {
    take(&cursor, MARK);
    uint32_t length = take_32(&cursor);
    expect(&cursor, (size_t)(cursor.end - cursor.at) == (size_t)length + SIGNATURE);
    if (!cursor.failed) cursor.end = cursor.at + length;
  }
  if (take_certificate(&cursor, certificate)) return true;
  *certificate = (struct nrbf_certificate){0};
  return false;
}
