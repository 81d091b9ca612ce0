/* The one file that knows PCRE2. */
#include "base/regex.h"

#include <stdio.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 10000, HEAP_LIMIT_KIB = 16384 };

struct regex {
  pcre2_code *code;
  pcre2_match_context *limits;
  pcre2_match_data *match;
};

struct regex *regex_new(const char *pattern, bool ignore_case, char error[128], size_t *offset) {
  int number;
  PCRE2_SIZE at;
  uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | (ignore_case ? PCRE2_CASELESS : 0);
  pcre2_code *code =
      pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &number, &at, NULL);
  if (!code) {
    pcre2_get_error_message(number, (PCRE2_UCHAR *)error, 128);
    *offset = at;
    return NULL;
  }
  pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* where there is no JIT it interprets */
  struct regex *regex = alloc_bytes(sizeof *regex);
  regex->code = code;
  regex->limits = pcre2_match_context_create(NULL);
  regex->match = pcre2_match_data_create_from_pattern(code, NULL);
  if (!regex->limits || !regex->match) {
    regex_free(regex);
    snprintf(error, 128, "out of memory");
    *offset = 0;
    return NULL;
  }
  pcre2_set_match_limit(regex->limits, MATCH_LIMIT);
  pcre2_set_depth_limit(regex->limits, DEPTH_LIMIT);
  pcre2_set_heap_limit(regex->limits, HEAP_LIMIT_KIB);
  return regex;
}

void regex_free(struct regex *regex) {
  if (!regex) return;
  pcre2_match_data_free(regex->match);
  pcre2_match_context_free(regex->limits);
  pcre2_code_free(regex->code);
  alloc_free(regex);
}

static void copy_groups(const struct regex *regex, int count, struct regex_group *groups) {
  const PCRE2_SIZE *pairs = pcre2_get_ovector_pointer(regex->match);
  for (int i = 0; i < REGEX_GROUPS; i++) {
    bool set = i < count && pairs[2 * i] != PCRE2_UNSET;
    groups[i] = set ? (struct regex_group){pairs[2 * i], pairs[2 * i + 1]}
                    : (struct regex_group){(size_t)-1, (size_t)-1};
  }
}

enum regex_answer regex_match(const struct regex *regex, const char *text, size_t size,
                              struct regex_group *groups) {
  return regex_match_from(regex, text, size, 0, groups);
}

enum regex_answer regex_match_from(const struct regex *regex, const char *text, size_t size,
                                   size_t start, struct regex_group *groups) {
  int count =
      pcre2_match(regex->code, (PCRE2_SPTR)text, size, start, 0, regex->match, regex->limits);
  if (count >= 0) {
    if (groups) copy_groups(regex, count ? count : REGEX_GROUPS, groups);
    return REGEX_MATCH;
  }
  bool clean = count == PCRE2_ERROR_NOMATCH ||
               (count <= PCRE2_ERROR_UTF8_ERR1 && count >= PCRE2_ERROR_UTF8_ERR21);
  return clean ? REGEX_NO_MATCH : REGEX_LIMIT;
}
