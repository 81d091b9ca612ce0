/* Comparisons. The relational operators go through ranges: some pair of numbers
 * of two node-sets holds exactly if the least and the greatest do (XPath 1.0,
 * section 3.4), which is linear. */
#include "schematron/run_state.h"

#include "base/text.h"

#include <libxml/xpathInternals.h>
#include <math.h>

/* ---- Ranges ---------------------------------------------------------------- */

static void range_take(struct range *range, double number) {
  if (isnan(number)) {
    range->not_number = true;
    return;
  }
  if (range->empty || number < range->least) range->least = number;
  if (range->empty || number > range->most) range->most = number;
  range->empty = false;
}

struct range range_of_object(xmlXPathObjectPtr object, bool as_boolean) {
  struct range range = {.empty = true};
  if (object->type != XPATH_NODESET && object->type != XPATH_XSLT_TREE) {
    range_take(&range, number_of_object(object));
    return range;
  }
  if (as_boolean) {
    range_take(&range, xmlXPathNodeSetIsEmpty(object->nodesetval) ? 0 : 1);
    return range;
  }
  for (int i = 0; object->nodesetval != NULL && i < object->nodesetval->nodeNr; i++)
    range_take(&range, number_of_node(object->nodesetval->nodeTab[i]));
  return range;
}

static bool ranges_hold(enum xpath_kind relation, struct range left, struct range right) {
  if (left.empty || right.empty) return false;
  switch (relation) {
  case EXPR_LESS:
    return left.least < right.most;
  case EXPR_LESS_EQUAL:
    return left.least <= right.most;
  case EXPR_GREATER:
    return left.most > right.least;
  default:
    return left.most >= right.least;
  }
}

bool compare_ranges(enum xpath_kind relation, struct range left, struct range right,
                    bool *not_number) {
  bool holds = ranges_hold(relation, left, right);
  *not_number = !holds && (left.not_number || right.not_number);
  return holds;
}

/* ---- Partly known ---------------------------------------------------------- */

enum { PAIRS_MOST = 1000000 };

struct pairing {
  struct evaluation *evaluation;
  enum xpath_kind relation;
  bool doubtful; /* some pair may hold */
  bool not_number;
};

/* One side of a pair: text, and whether it is as it will stay. */
struct side {
  const char *text;
  double number;
  bool sure;
};

static bool numbers_hold(struct pairing *pairing, double left, double right) {
  struct range a = {.empty = true}, b = {.empty = true};
  range_take(&a, left);
  range_take(&b, right);
  bool not_number = false;
  bool holds = compare_ranges(pairing->relation, a, b, &not_number);
  pairing->not_number = pairing->not_number || not_number;
  return holds;
}

static bool is_equality(enum xpath_kind relation) {
  return relation == EXPR_EQUAL || relation == EXPR_NOT_EQUAL;
}

static bool pair_holds(struct pairing *pairing, const struct side *left, const struct side *right,
                       bool as_numbers) {
  if (!is_equality(pairing->relation)) return numbers_hold(pairing, left->number, right->number);
  bool equal = as_numbers ? left->number == right->number : text_equal(left->text, right->text);
  return equal == (pairing->relation == EXPR_EQUAL);
}

static struct side side_of_member(struct pairing *pairing, const struct member *member,
                                  xmlChar **text) {
  *text = xmlXPathCastNodeToString(member->node);
  return (struct side){(const char *)*text, number_of_text((const char *)*text),
                       member->sure && text_known(pairing->evaluation, member->node)};
}

/* A pair that holds for certain decides; any other that is not certain is a doubt. */
static bool judge(struct pairing *pairing, bool holds, bool text_sure, bool sure) {
  if (holds && sure) return true;
  if (holds || !text_sure) pairing->doubtful = true;
  return false;
}

static enum answer finish(struct pairing *pairing, bool open) {
  if (pairing->doubtful || open) return ANSWER_UNKNOWN;
  if (pairing->not_number && !pairing->evaluation->run->schema->options.plain_comparisons)
    evaluation_fail(pairing->evaluation, "a comparison with something that is not a number");
  return ANSWER_NO;
}

static enum answer compare_sets(struct pairing *pairing, const struct value *left,
                                const struct value *right) {
  if (left->count != 0 && right->count > PAIRS_MOST / left->count) return ANSWER_UNKNOWN;
  for (size_t i = 0; i < left->count; i++) {
    xmlChar *left_text;
    struct side a = side_of_member(pairing, &left->items[i], &left_text);
    bool a_text = text_known(pairing->evaluation, left->items[i].node);
    bool decided = false;
    for (size_t j = 0; j < right->count && !decided; j++) {
      xmlChar *right_text;
      struct side b = side_of_member(pairing, &right->items[j], &right_text);
      bool b_text = text_known(pairing->evaluation, right->items[j].node);
      decided =
          judge(pairing, pair_holds(pairing, &a, &b, false), a_text && b_text, a.sure && b.sure);
      xmlFree(right_text);
    }
    xmlFree(left_text);
    if (decided) return ANSWER_YES;
  }
  /* An open side matters only if the other can have nodes. */
  bool open = (left->open && (right->open || right->count > 0)) ||
              (right->open && (left->open || left->count > 0));
  return finish(pairing, open);
}

static enum answer compare_with_boolean(struct pairing *pairing, enum answer left, bool right) {
  if (left == ANSWER_UNKNOWN) return ANSWER_UNKNOWN;
  bool is = left == ANSWER_YES;
  if (!is_equality(pairing->relation))
    return numbers_hold(pairing, is ? 1 : 0, right ? 1 : 0) ? ANSWER_YES : ANSWER_NO;
  return (is == right) == (pairing->relation == EXPR_EQUAL) ? ANSWER_YES : ANSWER_NO;
}

static enum answer compare_with_scalar(struct pairing *pairing, const struct value *left,
                                       xmlXPathObjectPtr right) {
  if (right->type == XPATH_BOOLEAN)
    return compare_with_boolean(pairing, value_boolean(left), right->boolval);
  xmlChar *text = xmlXPathCastToString(right);
  struct side b = {(const char *)text, number_of_object(right), true};
  enum answer answer = ANSWER_UNKNOWN;
  for (size_t i = 0; i < left->count && answer != ANSWER_YES; i++) {
    xmlChar *left_text;
    struct side a = side_of_member(pairing, &left->items[i], &left_text);
    bool solid = text_known(pairing->evaluation, left->items[i].node);
    bool holds = pair_holds(pairing, &a, &b, right->type == XPATH_NUMBER);
    if (judge(pairing, holds, solid, a.sure)) answer = ANSWER_YES;
    xmlFree(left_text);
  }
  xmlFree(text);
  return answer == ANSWER_YES ? answer : finish(pairing, left->open);
}

static enum xpath_kind mirrored(enum xpath_kind relation) {
  switch (relation) {
  case EXPR_LESS:
    return EXPR_GREATER;
  case EXPR_LESS_EQUAL:
    return EXPR_GREATER_EQUAL;
  case EXPR_GREATER:
    return EXPR_LESS;
  case EXPR_GREATER_EQUAL:
    return EXPR_LESS_EQUAL;
  default:
    return relation;
  }
}

/* Against something wholly unknown: only an empty set decides, and only where
 * the other is not taken as boolean. */
static enum answer compare_with_nothing(const struct value *nodes, enum value_type other) {
  bool empty = nodes->nodes && nodes->count == 0 && !nodes->open;
  bool plain = other == TYPE_STRING || other == TYPE_NUMBER;
  return empty && plain ? ANSWER_NO : ANSWER_UNKNOWN;
}

enum answer compare_values(struct evaluation *evaluation, enum xpath_kind relation,
                           const struct value *left, enum value_type left_type,
                           const struct value *right, enum value_type right_type) {
  struct pairing pairing = {.evaluation = evaluation, .relation = relation};
  if (left->nodes && right->nodes) return compare_sets(&pairing, left, right);
  if (left->nodes && right->object != NULL)
    return compare_with_scalar(&pairing, left, right->object);
  if (right->nodes && left->object != NULL) {
    pairing.relation = mirrored(relation);
    return compare_with_scalar(&pairing, right, left->object);
  }
  if (left->nodes) return compare_with_nothing(left, right_type);
  if (right->nodes) return compare_with_nothing(right, left_type);
  return ANSWER_UNKNOWN;
}
