/* Numbers of texts as XPath 1.0 has them (section 4.4): libxml2 also takes an
 * exponent, which makes a number of a thumbprint such as 12E3. What turns text into
 * numbers is therefore the engine's own: number(), sum(), operands of arithmetic
 * (expression_text.c writes number() around them) and = and != with a number. */
#include "schematron/run_state.h"

#include <libxml/xpathInternals.h>
#include <string.h>

double number_of_text(const char *text) {
  if (strpbrk(text, "eE") != NULL) return xmlXPathNAN;
  return xmlXPathCastStringToNumber(BAD_CAST text);
}

double number_of_node(xmlNode *node) {
  xmlChar *text = xmlXPathCastNodeToString(node);
  double number = text == NULL ? xmlXPathNAN : number_of_text((const char *)text);
  xmlFree(text);
  return number;
}

static bool is_set(const xmlXPathObject *object) {
  return object->type == XPATH_NODESET || object->type == XPATH_XSLT_TREE;
}

double number_of_object(xmlXPathObjectPtr object) {
  if (object->type == XPATH_STRING) return number_of_text((const char *)object->stringval);
  if (!is_set(object)) return xmlXPathCastToNumber(object);
  xmlChar *text = xmlXPathCastToString(object); /* of the first in document order */
  double number = number_of_text((const char *)text);
  xmlFree(text);
  return number;
}

void call_number(xmlXPathParserContextPtr ctxt, int nargs) {
  if (nargs == 0) {
    valuePush(ctxt, xmlXPathNewFloat(number_of_node(ctxt->context->node)));
    return;
  }
  CHECK_ARITY(1);
  if (ctxt->value == NULL) XP_ERROR(XPATH_INVALID_OPERAND);
  if (ctxt->value->type == XPATH_NUMBER) return;
  xmlXPathObjectPtr object = valuePop(ctxt);
  double number = number_of_object(object);
  xmlXPathFreeObject(object);
  valuePush(ctxt, xmlXPathNewFloat(number));
}

void call_sum(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(1);
  if (ctxt->value == NULL || !is_set(ctxt->value)) XP_ERROR(XPATH_INVALID_TYPE);
  xmlXPathObjectPtr object = valuePop(ctxt);
  double sum = 0;
  for (int i = 0; object->nodesetval != NULL && i < object->nodesetval->nodeNr; i++)
    sum += number_of_node(object->nodesetval->nodeTab[i]);
  xmlXPathFreeObject(object);
  valuePush(ctxt, xmlXPathNewFloat(sum));
}

/* ---- Equality -------------------------------------------------------------- */

/* A number and a text, or texts of which one will do. */
static bool holds(double number, xmlXPathObjectPtr other, bool equal) {
  if (other->type == XPATH_STRING)
    return (number_of_text((const char *)other->stringval) == number) == equal;
  for (int i = 0; other->nodesetval != NULL && i < other->nodesetval->nodeNr; i++)
    if ((number_of_node(other->nodesetval->nodeTab[i]) == number) == equal) return true;
  return false;
}

static bool is_text(const xmlXPathObject *object) {
  return object->type == XPATH_STRING || is_set(object);
}

static void compare(xmlXPathParserContextPtr ctxt, int nargs, bool equal) {
  CHECK_ARITY(2);
  if (ctxt->valueNr < 2) XP_ERROR(XPATH_INVALID_OPERAND);
  xmlXPathObjectPtr right = ctxt->value, left = ctxt->valueTab[ctxt->valueNr - 2];
  bool number_left = left->type == XPATH_NUMBER && is_text(right);
  bool number_right = right->type == XPATH_NUMBER && is_text(left);
  if (!number_left && !number_right) {
    int truth = equal ? xmlXPathEqualValues(ctxt) : xmlXPathNotEqualValues(ctxt);
    valuePush(ctxt, xmlXPathNewBoolean(truth));
    return;
  }
  bool truth =
      number_left ? holds(left->floatval, right, equal) : holds(right->floatval, left, equal);
  xmlXPathFreeObject(valuePop(ctxt));
  xmlXPathFreeObject(valuePop(ctxt));
  valuePush(ctxt, xmlXPathNewBoolean(truth));
}

void call_equal(xmlXPathParserContextPtr ctxt, int nargs) {
  compare(ctxt, nargs, true);
}

void call_not_equal(xmlXPathParserContextPtr ctxt, int nargs) {
  compare(ctxt, nargs, false);
}
