/* Splits bindingInformation and writes addresses in one form. */
#include "evidence/binding_address.h"

#include <stdio.h>
#include <string.h>

static bool parse_ipv4(struct span text, uint8_t bytes[4]) {
  for (int i = 0; i < 4; i++) {
    const char *dot = i < 3 ? memchr(text.start, '.', text.size) : text.start + text.size;
    if (!dot) return false;
    struct span part = {text.start, (size_t)(dot - text.start)};
    uint64_t value;
    if (part.size > 3 || !text_unsigned(part, &value) || value > 255) return false;
    bytes[i] = (uint8_t)value;
    if (i == 3) return true;
    text = (struct span){dot + 1, text.size - part.size - 1};
  }
  return false;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* One group of up to four hex digits at the front; returns its width, 0 when none. */
static size_t take_group(struct span text, uint16_t *group) {
  unsigned value = 0;
  size_t width = 0;
  for (; width < text.size && width < 5; width++) {
    int digit = hex_digit(text.start[width]);
    if (digit < 0) break;
    value = value * 16 + (unsigned)digit;
  }
  *group = (uint16_t)value;
  return width <= 4 ? width : 0;
}

static struct span skip(struct span text, size_t size) {
  return (struct span){text.start + size, text.size - size};
}

/* Adds the two groups of a dotted tail (::ffff:10.0.0.1). */
static bool take_dotted_tail(struct span text, uint16_t groups[8], int *count) {
  uint8_t bytes[4];
  if (*count > 6 || !parse_ipv4(text, bytes)) return false;
  groups[(*count)++] = (uint16_t)(bytes[0] << 8 | bytes[1]);
  groups[(*count)++] = (uint16_t)(bytes[2] << 8 | bytes[3]);
  return true;
}

static bool spread(uint16_t groups[8], int count, int gap) {
  if (gap < 0) return count == 8;
  if (count > 7) return false;
  int tail = count - gap;
  memmove(groups + 8 - tail, groups + gap, (size_t)tail * sizeof *groups);
  memset(groups + gap, 0, (size_t)(8 - count) * sizeof *groups);
  return true;
}

static bool parse_ipv6(struct span text, uint16_t groups[8]) {
  int count = 0, gap = -1; /* gap: where "::" stands */
  if (text.size >= 2 && memcmp(text.start, "::", 2) == 0) {
    gap = 0;
    text = skip(text, 2);
  }
  while (text.size > 0) {
    uint16_t group;
    size_t width = take_group(text, &group);
    if (width < text.size && text.start[width] == '.')
      return take_dotted_tail(text, groups, &count) && spread(groups, count, gap);
    if (width == 0 || count == 8) return false;
    groups[count++] = group;
    text = skip(text, width);
    if (text.size == 0) break;
    if (text.start[0] != ':' || text.size == 1) return false;
    text = skip(text, 1);
    if (text.start[0] != ':') continue;
    if (gap >= 0) return false;
    gap = count;
    text = skip(text, 1);
  }
  return spread(groups, count, gap);
}

/* The longest run of two or more zero groups, the first of equals (RFC 5952). */
static void longest_zeros(const uint16_t groups[8], int *start, int *length) {
  *start = -1;
  *length = 1;
  for (int i = 0; i < 8; i++) {
    int run = 0;
    while (i + run < 8 && groups[i + run] == 0)
      run++;
    if (run > *length) {
      *start = i;
      *length = run;
    }
  }
}

static void format_ipv6(const uint16_t groups[8], char ip[48]) {
  int start, length;
  longest_zeros(groups, &start, &length);
  size_t size = 0;
  ip[size++] = '[';
  for (int i = 0; i < 8; i++) {
    if (i == start) {
      size += (size_t)snprintf(ip + size, 48 - size, "::");
      i += length - 1;
      continue;
    }
    bool colon = i > 0 && ip[size - 1] != ':';
    size += (size_t)snprintf(ip + size, 48 - size, "%s%x", colon ? ":" : "", groups[i]);
  }
  snprintf(ip + size, 48 - size, "]");
}

static bool normalise_ipv6(struct span text, char ip[48]) {
  struct span inner = {text.start + 1, text.size - 2};
  const char *zone = memchr(inner.start, '%', inner.size);
  if (zone) inner.size = (size_t)(zone - inner.start);
  uint16_t groups[8] = {0};
  if (!parse_ipv6(inner, groups)) return false;
  format_ipv6(groups, ip);
  return true;
}

bool binding_ip_normalise(struct span text, bool keep_any, char ip[48]) {
  if (text.size == 0 || span_equal(text, "*")) {
    snprintf(ip, 48, "*");
    return true;
  }
  if (text.size > 2 && text.start[0] == '[' && text.start[text.size - 1] == ']')
    return normalise_ipv6(text, ip);
  uint8_t bytes[4];
  if (!parse_ipv4(text, bytes)) return false;
  if (!keep_any && (bytes[0] | bytes[1] | bytes[2] | bytes[3]) == 0)
    snprintf(ip, 48, "*");
  else
    snprintf(ip, 48, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
  return true;
}

/* Cuts the part after the last colon off; false when there is no colon. */
static bool cut_last(struct span *text, struct span *last) {
  for (size_t i = text->size; i-- > 0;) {
    if (text->start[i] != ':') continue;
    *last = (struct span){text->start + i + 1, text->size - i - 1};
    text->size = i;
    return true;
  }
  return false;
}

static bool set_host(struct span text, char host[256]) {
  if (text.size > 1 && text.start[text.size - 1] == '.') text.size--;
  if (text.size >= 256) return false;
  for (size_t i = 0; i < text.size; i++) {
    char c = text.start[i];
    host[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  host[text.size] = '\0';
  return true;
}

bool binding_address_parse(const char *information, struct binding_address *address) {
  struct span rest = span_trim(span_of(information)), host, port;
  uint64_t number;
  if (!cut_last(&rest, &host) || !cut_last(&rest, &port)) return false;
  if (!text_unsigned(port, &number) || number < 1 || number > 65535) return false;
  snprintf(address->port, sizeof address->port, "%u", (unsigned)number);
  return set_host(host, address->host) && binding_ip_normalise(rest, false, address->ip);
}
