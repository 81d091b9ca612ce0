/* What PowerShell shows with Format-List: the text of `Get-X | fl`.
 *
 *     [PS] C:\>Get-ExchangeCertificate | fl        maybe: the command as it was typed
 *
 *     CertificateDomains : {EX01, EX01.contoso.com}
 *     Services           : IMAP, POP, IIS, SMTP
 *
 * A property a line, padded to the longest; an empty line between objects; what is too wide
 * goes on in the next line, below the value. Where a line was broken inside a word nobody
 * knows whether a blank stood there, so such a value is not used; a list in braces breaks
 * after commas. A list that ends in "..." (of more than $FormatEnumerationLimit members) is cut.
 *
 * No type stands there: the properties tell what an object is. A command that asks for some
 * objects only makes the reading incomplete; the server that it names is whose objects they are. */
#include "readers/lines.h"
#include "readers/powershell.h"
#include "readers/shown_command.h"
#include "readers/told_objects.h"

#include "base/buffer.h"

#include <string.h>

enum { LABEL_MOST = 64, VALUE_MOST = 1 << 20 };

static bool is_word(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* "Services           : IMAP": the column of the colon, and the label. 0: no such line. */
static size_t label_end(struct span line, struct span *label) {
  size_t size = 0;
  while (size < line.size && is_word(line.start[size]))
    size++;
  size_t colon = size;
  while (colon < line.size && line.start[colon] == ' ')
    colon++;
  bool is = size > 0 && size <= LABEL_MOST && colon > size && colon < line.size &&
            line.start[colon] == ':' && (colon + 1 == line.size || line.start[colon + 1] == ' ');
  *label = (struct span){line.start, size};
  return is ? colon : 0;
}

/* ---- Values --------------------------------------------------------------------------- */

struct value {
  struct buffer text;
  size_t width; /* of its last line */
  bool broken;  /* inside a word, or it may be */
  struct origin at;
  char label[LABEL_MOST + 1];
  bool open;
};

struct listing {
  xmlNode *root, *object; /* object NULL: the next property begins one */
  struct value value;
  size_t column, width; /* of the colon; of the widest line */
  uint32_t source;
  char *server;   /* that the command above named; NULL: none */
  bool some_only; /* a command asked for some objects only */
};

static bool ends_cut(const char *text) {
  size_t size = strlen(text);
  return (size >= 3 && strcmp(text + size - 3, "...") == 0) ||
         (size >= 3 && strcmp(text + size - 3, "\xE2\x80\xA6") == 0);
}

/* "{a, b...}" */
static void add_members(const struct listing *listing, char *inside) {
  const struct value *value = &listing->value;
  xmlNode *list = told_list(listing->object, value->label, value->at);
  bool cut = ends_cut(inside) || value->broken;
  for (char *member = inside, *next; member && *member; member = next) {
    next = strstr(member, ", ");
    if (next) {
      *next = '\0';
      next += 2;
    }
    if (next || !cut) told_scalar(list, NULL, "S", member, value->at);
  }
  if (cut) told_scalar(list, NULL, TOLD_CUT, NULL, value->at);
}

static void close_value(struct listing *listing) {
  struct value *value = &listing->value;
  if (!value->open) return;
  value->open = false;
  char *text = buffer_take(&value->text);
  size_t size = strlen(text);
  if (size >= 2 && text[0] == '{' && text[size - 1] == '}') {
    text[size - 1] = '\0';
    add_members(listing, text + 1);
  } else if (size == 0) {
    told_scalar(listing->object, value->label, "Nil", NULL, value->at);
  } else if (value->broken || ends_cut(text)) {
    told_scalar(listing->object, value->label, TOLD_CUT, NULL, value->at);
  } else {
    told_scalar(listing->object, value->label, "S", text, value->at);
  }
  alloc_free(text);
}

static void open_object(struct listing *listing, struct origin at) {
  listing->object = told_object(listing->root, NULL, at);
  if (listing->server) told_scalar(listing->object, "PSComputerName", "S", listing->server, at);
}

static void open_value(struct listing *listing, const struct line *line, struct span label,
                       size_t colon) {
  struct span rest = {line->text.start + colon + 1, line->text.size - colon - 1};
  struct span text = span_trim(rest);
  struct origin at = line_origin(line, text.size ? text.start : line->text.start, listing->source);
  close_value(listing);
  if (!listing->object) open_object(listing, at);
  listing->value = (struct value){
      .text = buffer_make(VALUE_MOST), .width = line->text.size, .at = at, .open = true};
  memcpy(listing->value.label, label.start, label.size);
  buffer_add(&listing->value.text, text.start, text.size);
}

/* Further down, below the value. Only after a comma, or a line that plainly ended at a blank, is it
 * known what stood between. */
static void continue_value(struct listing *listing, const struct line *line) {
  struct value *value = &listing->value;
  struct span text = span_trim(line->text);
  if (!value->open || text.size == 0) return;
  char last = value->text.size ? value->text.data[value->text.size - 1] : ',';
  bool list = value->text.size && value->text.data[0] == '{';
  if (!list || last != ',') value->broken = true;
  if (last == ',') buffer_add_char(&value->text, ' ');
  buffer_add(&value->text, text.start, text.size);
  value->broken = value->broken || value->text.overflowed;
  value->width = line->text.size;
}

/* ---- The reader ----------------------------------------------------------------------- */

static void take_command(struct listing *listing, struct span command) {
  struct span server = shown_command_server(command);
  if (!shown_command_lists_all(command)) listing->some_only = true;
  alloc_free(listing->server);
  listing->server = server.size ? span_copy(server) : NULL;
}

static xmlDoc *read_lines(struct reading *reading, struct readings *readings, bool *some_only) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct listing listing = {.source = reading->artifact->number + 1};
  xmlDoc *document = told_document(readings, (struct origin){listing.source, 1, 1});
  listing.root = xmlDocGetRootElement(document);
  struct lines lines = lines_of(text, size);
  for (struct line line; lines_next(&lines, &line);) {
    struct span label, command;
    size_t colon = label_end(line.text, &label);
    if (line_is_blank(&line)) {
      close_value(&listing);
      listing.object = NULL;
    } else if (colon) {
      open_value(&listing, &line, label, colon);
    } else if (line_indent(&line) > 0) {
      continue_value(&listing, &line);
    } else {
      close_value(&listing);
      listing.object = NULL;
      if (shown_command(line.text, &command)) take_command(&listing, command);
    }
  }
  close_value(&listing);
  alloc_free(listing.server);
  *some_only = listing.some_only;
  return document;
}

static void read_list(struct reading *reading, struct readings *readings) {
  bool some_only = false;
  xmlDoc *document = read_lines(reading, readings, &some_only);
  powershell_read_told(reading, readings, document, "list");
  xmlFreeDoc(document);
  if (some_only && reading->facts)
    reading_breaks(reading, UNKNOWN_AMBIGUOUS, (struct origin){0},
                   "its command asks for some objects only");
}

/* Three lines one below the other, with their colons in one column, the labels padded. */
static bool is_list(const struct artifact *artifact, const char *text, size_t size,
                    const char *root) {
  (void)artifact;
  if (!text || *root) return false;
  struct lines lines = lines_of(text, size < 65536 ? size : 65536);
  size_t column = 0, count = 0;
  for (struct line line; lines_next(&lines, &line);) {
    struct span label;
    size_t colon = label_end(line.text, &label);
    count = colon && colon == column ? count + 1 : colon ? 1 : 0;
    column = colon;
    if (count >= 3) return true;
  }
  return false;
}

const struct reader format_list_reader = {"list", is_list, read_list};
