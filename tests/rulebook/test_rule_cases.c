/* Every built-in rule against its cases in rules/cases: must-fire, must-pass,
 * must-be-unknown, and what looks wrong but is fine. */
#include "check_main.h"

#include "base/map.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "rulebook/cases.h"
#include "support_rules.h"

#include <string.h>

static struct rules_loaded loaded;
static struct case_set *cases;

static void setup(void) {
  xml_source_setup();
  loaded = rules_load(NULL, false);
  char *messages = rules_messages(&loaded.diags);
  ck_assert_msg(loaded.rulebook != NULL, "%s", messages);
  alloc_free(messages);
  cases = case_set_new();
  case_set_add_builtin(cases, loaded.files, &loaded.diags);
  messages = rules_messages(&loaded.diags);
  ck_assert_msg(loaded.diags.count == 0, "%s", messages);
  alloc_free(messages);
}

static void teardown(void) {
  case_set_free(cases);
  rules_unload(&loaded);
  xml_source_teardown();
}

START_TEST(a_rule_gives_another_verdict_than_its_case_says) {
  ck_assert_uint_gt(case_set_count(cases), 50);
  for (size_t i = 0; i < case_set_count(cases); i++) {
    const struct rule_case *one = case_set_at(cases, i);
    bool gap;
    char *why = case_run(cases, loaded.rulebook, one, &gap);
    ck_assert_msg(!why, "%s:%u: %s %s (%s): %s", one->file, one->line, one->rule,
                  case_kind_word(one->kind), one->title, why);
  }
}
END_TEST

START_TEST(a_rule_lacks_a_case_of_some_kind) {
  for (size_t i = 0; i < rulebook_count(loaded.rulebook); i++)
    for (int kind = CASE_MUST_FIRE; kind <= CASE_FINE; kind++)
      ck_assert_msg(
          case_set_find(cases, rulebook_id(loaded.rulebook, i), (enum case_kind)kind) != NULL,
          "no case: %s %s", rulebook_id(loaded.rulebook, i), case_kind_word((enum case_kind)kind));
}
END_TEST

START_TEST(the_stock_server_of_the_cases_is_not_healthy) {
  const struct rule_case *any = case_set_at(cases, 0);
  xmlDoc *stock = xmlCopyDoc((xmlDoc *)any->stock, 1);
  char *invalid = case_invalid(cases, stock);
  ck_assert_msg(!invalid, "%s", invalid);
  struct verdicts *verdicts = case_check(loaded.rulebook, stock);
  ck_assert_uint_eq(verdicts->finding_count, 0);
  ck_assert_uint_eq(verdicts->unknown_count, 0);
  ck_assert_uint_eq(verdicts->error_count, 0);
  ck_assert_int_eq(verdicts->exit_status, 0);
  verdicts_free(verdicts);
  xmlFreeDoc(stock);
}
END_TEST

CHECK_MAIN("rulebook/rule_cases", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_rule_gives_another_verdict_than_its_case_says);
  tcase_add_test(tests, a_rule_lacks_a_case_of_some_kind);
  tcase_add_test(tests, the_stock_server_of_the_cases_is_not_healthy);
})
