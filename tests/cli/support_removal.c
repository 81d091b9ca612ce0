#include "cli/support_removal.h"

#include "base/text.h"

size_t removal_compare(const struct check_run *whole, const struct check_run *part,
                       const char *without, struct buffer *wrong) {
  size_t i, count = 0;
  json_t *item;
  json_array_foreach(json_object_get(whole->report, "verdicts"), i, item) {
    const char *rule = text_at(item, "ruleId"), *was = text_at(item, "result"),
               *is = verdict_of(part, rule);
    if (text_equal(is, was) || text_equal(is, "unknown")) continue;
    buffer_add_format(wrong, "%s: %s became %s without %s\n", rule, was, is, without);
    count++;
  }
  return count;
}
