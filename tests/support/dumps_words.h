/* Private to dumps_*.c: the words of each language. */
#ifndef SITEGLASS_TESTS_SUPPORT_DUMPS_WORDS_H
#define SITEGLASS_TESTS_SUPPORT_DUMPS_WORDS_H

#include "support/dumps.h"

/* Words that certutil prints. "label" ones stand before a colon. */
enum word {
  WORD_BANNER,
  WORD_ARCHIVED,
  WORD_SERIAL,
  WORD_ISSUER,
  WORD_NOT_BEFORE,
  WORD_NOT_AFTER,
  WORD_SUBJECT,
  WORD_NON_ROOT,
  WORD_ROOT,
  WORD_SIGNATURE_OK,
  WORD_THUMBPRINT, /* without "(sha1)" */
  WORD_NO_KEY,
  WORD_NO_PRIVATE_KEY,
  WORD_CONTAINER, /* stands before " =" */
  WORD_UNIQUE,
  WORD_PROVIDER, /* stands before " =" */
  WORD_NOT_EXPORTABLE,
  WORD_TEST_PASSED,
  WORD_MISSING_KEYSET,
  WORD_MY,      /* display name of My */
  WORD_CLOSING, /* %s: the verb, "store" */
  /* netsh */
  WORD_SSL_TITLE,
  WORD_IP_PORT,
  WORD_HOST_PORT,
  WORD_CENTRAL_STORE,
  WORD_HASH,
  WORD_APP_ID,
  WORD_STORE_NAME,
  WORD_EXTENDED,
  WORD_COUNT
};

/* The word, or a filler. */
const char *dump_word(enum dump_language language, enum word word);
/* A filler on its own, the n-th: "Feld 7". The caller does not free it; good until the
 * 64th call after. */
const char *dump_filler(enum dump_language language, unsigned n);
/* What stands between a label and its colon or equals sign: French has a NO-BREAK SPACE. */
const char *dump_gap(enum dump_language language, enum word word);
/* The label of the n-th field behind the store of a netsh record of the newest version. */
const char *dump_field_label(enum dump_language language, unsigned n);
/* Short date and time of the language's usual region, in the clock of the server. */
void dump_date(struct buffer *out, int64_t moment, const struct dump_style *style);

#endif
