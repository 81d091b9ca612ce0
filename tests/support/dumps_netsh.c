/* `netsh http show ...` as captures have it: an empty line in front, one behind each entry,
 * and the one that netsh ends with. */
#include "support/dumps_words.h"

#include "base/text.h"

#include <string.h>

#define IIS_APPLICATION "{4dc3e181-e14b-4a21-b022-59fc669b0914}"
enum { LABEL_WIDTH = 29, FIELDS_MOST = 21, FIELDS_USUAL = 19 };

/* ---- titles ---- */

static size_t width_of(const char *text) {
  size_t width = 0;
  for (; *text; text++)
    width += ((unsigned char)*text & 0xC0) != 0x80;
  return width;
}

static void command(struct buffer *out, const struct dump_style *style, const char *what) {
  if (style->prompt) buffer_add_format(out, "%snetsh http show %s\n", style->prompt, what);
}

static void title(struct buffer *out, const char *text) {
  buffer_add_format(out, "\n%s: \n", text);
  for (size_t i = 0; i <= width_of(text); i++)
    buffer_add_char(out, '-');
  for (size_t i = width_of(text); i < 24; i++)
    buffer_add_char(out, '-');
  buffer_add_text(out, " \n\n");
}

static void end(struct buffer *out, const struct dump_style *style) {
  buffer_add_text(out, "\n");
  if (style->prompt) buffer_add_text(out, style->prompt);
}

static const char *title_of(const struct dump_style *style, const char *english, unsigned filler) {
  return style->language == DUMP_ENGLISH ? english : dump_filler(style->language, filler);
}

/* ---- sslcert ---- */

static void field(struct buffer *out, const char *label, const char *value) {
  buffer_add_format(out, "    %s", label);
  for (size_t width = width_of(label); width < LABEL_WIDTH; width++)
    buffer_add_char(out, ' ');
  buffer_add_format(out, ": %s\n", value);
}

/* Which of the newest version's fields the n-th is in one with fewer. */
static unsigned field_number(unsigned n, unsigned count) {
  static const unsigned char of_2019 = 17, of_newest[] = {15, 16, 17, 18, 20};
  if (n < 15) return n;
  if (count == 16) return of_2019;
  return count == 20 ? of_newest[n - 15] : n;
}

static const char *flag(bool on) {
  return on ? "Enabled" : "Disabled";
}

static const char *value_of(const struct dump_record *record, unsigned number) {
  switch (number) {
  case 0:
    return flag(!(record->set & DUMP_NO_REVOCATION));
  case 2:
    return "Enabled";
  case 3:
  case 4:
    return "0";
  case 5:
    return "(null)";
  case 6:
    return record->ctl_store ? record->ctl_store : "(null)";
  case 8:
    return flag(record->set & DUMP_NEGOTIATE);
  case 9:
    return flag(record->set & DUMP_REJECT);
  case 10:
    return record->set & DUMP_NO_HTTP2 ? "Set" : "Not Set";
  case 17:
    return record->set & DUMP_NO_LEGACY_TLS ? "Set" : "Not Set";
  default:
    return number < 10 ? "Disabled" : "Not Set";
  }
}

static enum word key_word(const char *key) {
  const char *colon = strrchr(key, ':');
  if (!colon) return WORD_CENTRAL_STORE;
  bool address = key[0] == '[' || strspn(key, "0123456789.") == (size_t)(colon - key);
  return address ? WORD_IP_PORT : WORD_HOST_PORT;
}

static void extended(struct buffer *out, const struct dump_style *style) {
  const char *label = dump_word(style->language, WORD_EXTENDED);
  buffer_add_format(out, " %s:\n", label);
  field(out, "PropertyId", "0");
  field(out, title_of(style, "Receive Window", 130), "1048576");
  buffer_add_format(out, " %s:\n", label);
  field(out, "PropertyId", "1");
  field(out, title_of(style, "Max Settings Per Frame", 131), "2796202");
}

static void add_record(struct buffer *out, const struct dump_record *record,
                       const struct dump_style *style) {
  enum dump_language language = style->language;
  unsigned count = style->fields ? style->fields : FIELDS_USUAL;
  char *hash = record->thumbprint ? text_lower(record->thumbprint) : alloc_text("(null)");
  field(out, dump_word(language, key_word(record->key)), record->key);
  field(out, dump_word(language, WORD_HASH), hash);
  field(out, dump_word(language, WORD_APP_ID), record->app_id ? record->app_id : IIS_APPLICATION);
  field(out, dump_word(language, WORD_STORE_NAME), record->store ? record->store : "(null)");
  for (unsigned i = 0; i < count && i < FIELDS_MOST; i++) {
    unsigned number = field_number(i, count);
    field(out, dump_field_label(language, number), value_of(record, number));
  }
  if (count >= FIELDS_USUAL) extended(out, style);
  buffer_add_text(out, "\n");
  alloc_free(hash);
}

void dump_sslcert(struct buffer *out, const struct dump_record *records, size_t count,
                  const struct dump_style *style) {
  command(out, style, "sslcert");
  title(out, dump_word(style->language, WORD_SSL_TITLE));
  for (size_t i = 0; i < count; i++)
    add_record(out, &records[i], style);
  if (count == 0) buffer_add_text(out, "\n");
  end(out, style);
}

/* ---- the others ---- */

void dump_iplisten(struct buffer *out, const char *const *addresses, size_t count,
                   const struct dump_style *style) {
  command(out, style, "iplisten");
  title(out,
        style->language == DUMP_ENGLISH ? "IP addresses present in the IP listen list" : "IP ...");
  for (size_t i = 0; i < count; i++)
    buffer_add_format(out, "    %s\n", addresses[i]);
  buffer_add_text(out, "\n");
  end(out, style);
}

void dump_urlacl(struct buffer *out, const struct dump_reservation *reservations, size_t count,
                 const struct dump_style *style) {
  command(out, style, "urlacl");
  title(out, title_of(style, "URL Reservations", 140));
  for (size_t i = 0; i < count; i++) {
    buffer_add_format(out, "    %-24s: %s \n", title_of(style, "Reserved URL", 141),
                      reservations[i].url);
    buffer_add_format(out, "        %s: %s\n", title_of(style, "User", 142), reservations[i].user);
    buffer_add_format(out, "            %s: Yes\n", title_of(style, "Listen", 143));
    buffer_add_format(out, "            %s: No\n", title_of(style, "Delegate", 144));
    buffer_add_format(out, "            SDDL: %s \n\n", reservations[i].sddl);
  }
  if (count == 0) buffer_add_text(out, "\n");
  end(out, style);
}

static void add_queue(struct buffer *out, const struct dump_queue *queue,
                      const struct dump_style *style) {
  const char *unnamed = title_of(style, "Request queue is unnamed.", 150);
  const char *name = queue->name ? queue->name : unnamed;
  size_t urls = 0;
  while (queue->urls[urls])
    urls++;
  buffer_add_format(out, "%s: %s\n", title_of(style, "Request queue name", 151), name);
  buffer_add_format(out, "    %s: 2.0\n", title_of(style, "Version", 152));
  buffer_add_format(out, "    %s: %s\n", title_of(style, "State", 153),
                    title_of(style, "Active", 154));
  buffer_add_format(out, "    %s: 1\n",
                    title_of(style, "Number of active processes attached", 155));
  buffer_add_format(out, "    %s:\n        %u\n", title_of(style, "Process IDs", 156),
                    queue->process);
  buffer_add_format(out, "    %s:\n", title_of(style, "URL groups", 157));
  buffer_add_format(out, "    %s: FE00000040000001\n", title_of(style, "URL group ID", 158));
  buffer_add_format(out, "        %s: %s\n", title_of(style, "State", 153),
                    title_of(style, "Active", 154));
  buffer_add_format(out, "        %s: %s\n", title_of(style, "Request queue name", 151), name);
  buffer_add_format(out, "        %s: %zu\n", title_of(style, "Number of registered URLs", 159),
                    urls);
  buffer_add_format(out, "        %s:\n", title_of(style, "Registered URLs", 160));
  for (size_t i = 0; i < urls; i++)
    buffer_add_format(out, "            %s\n", queue->urls[i]);
  buffer_add_format(out, "        %s: FF00000020000001\n",
                    title_of(style, "Server session ID", 161));
  buffer_add_format(out, "            %s: 2.0\n\n", title_of(style, "Version", 152));
}

void dump_servicestate(struct buffer *out, const struct dump_queue *queues, size_t count,
                       const struct dump_style *style) {
  command(out, style, "servicestate view=requestq");
  title(out, title_of(style, "Snapshot of HTTP service state (Request Queue View)", 162));
  buffer_add_format(out, "%s: FF00000020000001\n    %s: 2.0\n\n",
                    title_of(style, "Server session ID", 161), title_of(style, "Version", 152));
  for (size_t i = 0; i < count; i++)
    add_queue(out, &queues[i], style);
  end(out, style);
}
