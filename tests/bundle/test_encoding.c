/* Tests of encodings: what bytes are as text, and that decoding never makes a
 * damaged file look sound. */
#define _DEFAULT_SOURCE
#include "bundle/support_scratch.h"

#include "base/buffer.h"
#include "check_main.h"

#include <iconv.h>
#include <string.h>

static struct bundle *bundle;
static struct artifact *artifact;
static const char *text;
static size_t text_size;

static void close_bundle(void) {
  bundle_free(bundle);
  bundle = NULL;
  scratch_end();
}

static void open_path(const char *path) {
  bundle_free(bundle);
  bundle = open_one(path);
  ck_assert_uint_ge(bundle->count, 1);
  artifact = bundle->artifacts[0];
  text = artifact_text(artifact, &text_size);
}

static void open_bytes(const void *bytes, size_t size) {
  scratch_write("f", bytes, size);
  open_path(scratch_path("f"));
}

#define OPEN(literal) open_bytes(literal, sizeof literal - 1)

#define CHECK_TEXT(expected_encoding, expected)                                                    \
  do {                                                                                             \
    ck_assert_int_eq(artifact->encoding, expected_encoding);                                       \
    ck_assert(text != NULL);                                                                       \
    ck_assert_uint_eq(text_size, sizeof expected - 1);                                             \
    ck_assert(memcmp(text, expected, sizeof expected) == 0);                                       \
  } while (0)

static const char *encoding_name(void) {
  static char name[48];
  artifact_encoding_name(artifact, name);
  return name;
}

START_TEST(plain_text_is_not_seen_in_place) {
  OPEN("plain\r\n");
  CHECK_TEXT(ENCODING_ASCII, "plain\r\n");
  ck_assert(text == (char *)artifact->bytes);
  ck_assert_str_eq(encoding_name(), "ASCII");
  OPEN("pl\xC3\xA4in");
  CHECK_TEXT(ENCODING_UTF8, "pl\xC3\xA4in");
  ck_assert(text == (char *)artifact->bytes);
  ck_assert(!artifact->encoding_guessed);
  OPEN("\xEF\xBB\xBFpl\xC3\xA4in");
  CHECK_TEXT(ENCODING_UTF8_BOM, "pl\xC3\xA4in");
  ck_assert(text == (char *)artifact->bytes + 3);
  ck_assert_str_eq(encoding_name(), "UTF-8 with BOM");
  ck_assert_uint_eq(artifact->undecodable, 0);
}
END_TEST

START_TEST(nothing_is_not_text) {
  OPEN("");
  CHECK_TEXT(ENCODING_ASCII, "");
  OPEN("\xEF\xBB\xBF");
  CHECK_TEXT(ENCODING_UTF8_BOM, "");
  OPEN("\xFF\xFE");
  CHECK_TEXT(ENCODING_UTF16LE, "");
  OPEN("\xFE\xFF");
  CHECK_TEXT(ENCODING_UTF16BE, "");
}
END_TEST

START_TEST(utf16_is_misread) {
  OPEN("\xFF\xFE<\0\xE4\0\xC1\x8B\x3D\xD8\x00\xDE>\0");
  CHECK_TEXT(ENCODING_UTF16LE, "<\xC3\xA4\xE8\xAF\x81\xF0\x9F\x98\x80>");
  ck_assert(!artifact->encoding_guessed && !artifact->encoding_mixed);
  OPEN("\xFE\xFF\0<\0\xE4\x8B\xC1\xD8\x3D\xDE\x00\0>");
  CHECK_TEXT(ENCODING_UTF16BE, "<\xC3\xA4\xE8\xAF\x81\xF0\x9F\x98\x80>");
  ck_assert_uint_eq(artifact->undecodable, 0);
  ck_assert_str_eq(encoding_name(), "UTF-16BE");
}
END_TEST

START_TEST(utf16_without_a_mark_is_missed) {
  OPEN("a\0");
  CHECK_TEXT(ENCODING_UTF16LE, "a");
  ck_assert(artifact->encoding_guessed);
  ck_assert_str_eq(encoding_name(), "UTF-16LE (likely)");
  OPEN("\0a");
  CHECK_TEXT(ENCODING_UTF16BE, "a");
  OPEN("<\0?\0x\0m\0l\0 \0\xFC\0>\0\r\0\n\0");
  CHECK_TEXT(ENCODING_UTF16LE, "<?xml \xC3\xBC>\r\n");
  /* Half Chinese, half ASCII. */
  OPEN("\xC1\x8B\x66\x4E"
       "a\0b\0c\0\r\0\n\0");
  CHECK_TEXT(ENCODING_UTF16LE, "\xE8\xAF\x81\xE4\xB9\xA6"
                               "abc\r\n");
}
END_TEST

START_TEST(damage_in_utf16_is_not_counted) {
  OPEN("\xFF\xFE"
       "a\0\x3D\xD8"
       "b\0\x00\xDE"
       "c\0d");
  CHECK_TEXT(ENCODING_UTF16LE, "a\xEF\xBF\xBD"
                               "b\xEF\xBF\xBD"
                               "c\xEF\xBF\xBD");
  ck_assert_uint_eq(artifact->undecodable, 5);
  OPEN("\xFF\xFE"
       "a\0\x3D\xD8");
  CHECK_TEXT(ENCODING_UTF16LE, "a\xEF\xBF\xBD");
}
END_TEST

START_TEST(a_mark_in_the_middle_stays) {
  OPEN("\xFF\xFE"
       "a\0\xFF\xFE"
       "b\0");
  CHECK_TEXT(ENCODING_UTF16LE, "ab");
  OPEN("\xEF\xBB\xBF"
       "a\xEF\xBB\xBF"
       "b\xEF\xBB\xBF");
  CHECK_TEXT(ENCODING_UTF8_BOM, "ab");
  OPEN("a\xEF\xBB\xBF"
       "b\xC3\xA4\xEF\xBB\xBE");
  CHECK_TEXT(ENCODING_UTF8, "ab\xC3\xA4\xEF\xBB\xBE");
  ck_assert_uint_eq(artifact->undecodable, 0);
}
END_TEST

START_TEST(something_binary_is_read_as_text) {
  OPEN("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\6\0\0\0");
  ck_assert_int_eq(artifact->encoding, ENCODING_BINARY);
  ck_assert(text == NULL && text_size == 0);
  ck_assert_str_eq(encoding_name(), "binary");
  OPEN("\x30\x0B\x06\x03\x55\x04\x03\x13\x04host"); /* DER without a NUL */
  OPEN("\x30\x82\x01\x0A\x02\x82\x01\x01\x00\xC3\x28");
  ck_assert_int_eq(artifact->encoding, ENCODING_BINARY);
  OPEN("\0");
  ck_assert_int_eq(artifact->encoding, ENCODING_BINARY);
  OPEN("\0\0\0\0CERT\3\0\0\0\1\0\0\0");
  ck_assert_int_eq(artifact->encoding, ENCODING_BINARY);
  OPEN("\xFF\xFE\0\0<\0\0\0");
  ck_assert_int_eq(artifact->encoding, ENCODING_BINARY);
  OPEN("\1\0\0\0\2\0\0\0\1\0\3\0\1\0\0\0");
  ck_assert_int_eq(artifact->encoding, ENCODING_BINARY);
}
END_TEST

START_TEST(a_der_certificate_without_nuls_is_a_code_page) {
  uint8_t der[200] = {0x30, 0x81, 197};
  for (size_t i = 3; i < sizeof der; i++)
    der[i] = (uint8_t)(0xA0 + i % 64);
  open_bytes(der, sizeof der);
  ck_assert_int_eq(artifact->encoding, ENCODING_BINARY);
  ck_assert(text == NULL);
}
END_TEST

START_TEST(a_nul_in_text_hides_the_rest) {
  OPEN("<configuration><a\0b/></configuration>");
  CHECK_TEXT(ENCODING_ASCII, "<configuration><a\0b/></configuration>");
  char torn[256] = "<configuration><sites> torn by a power failure";
  open_bytes(torn, sizeof torn); /* NTFS leaves NULs at the end */
  ck_assert_int_eq(artifact->encoding, ENCODING_ASCII);
  ck_assert_uint_eq(text_size, sizeof torn);
}
END_TEST

START_TEST(damaged_utf8_is_guessed_to_be_something_sound) {
  OPEN("<?xml version=\"1.0\" encoding=\"UTF-8\"?><a b='x\xE4y'/>");
  ck_assert_int_eq(artifact->encoding, ENCODING_UTF8);
  ck_assert(strstr(text, "x\xEF\xBF\xBDy") != NULL);
  ck_assert_uint_eq(artifact->undecodable, 1);
  OPEN("<configuration b='x\xE4y'/>");
  ck_assert_int_eq(artifact->encoding, ENCODING_UTF8);
  OPEN("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4\xC3\xB6 \xC0\xAF");
  CHECK_TEXT(ENCODING_UTF8, "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4\xC3\xB6 "
                            "\xEF\xBF\xBD\xEF\xBF\xBD");
  OPEN("\xEF\xBB\xBFx\xFFy");
  CHECK_TEXT(ENCODING_UTF8_BOM, "x\xEF\xBF\xBDy");
  ck_assert_uint_eq(artifact->undecodable, 1);
}
END_TEST

START_TEST(an_xml_declaration_is_not_believed_or_too_much) {
  OPEN("<?xml version='1.0' encoding = 'windows-1252' ?><a b='\x80\xE4'/>");
  CHECK_TEXT(ENCODING_CODE_PAGE,
             "<?xml version='1.0' encoding = 'windows-1252' ?><a b='\xE2\x82\xAC\xC3\xA4'/>");
  ck_assert_int_eq(artifact->code_page, 1252);
  ck_assert(!artifact->encoding_guessed);
  ck_assert_str_eq(encoding_name(), "code page 1252");
  OPEN("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a b='\xE4'/>");
  CHECK_TEXT(ENCODING_CODE_PAGE,
             "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a b='\xC3\xA4'/>");
  /* A lie about valid UTF-8, and an encoding that is never believed. */
  OPEN("<?xml version=\"1.0\" encoding=\"windows-1252\"?><a b='\xC3\xA4'/>");
  ck_assert_int_eq(artifact->encoding, ENCODING_UTF8);
  OPEN("<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>");
  ck_assert_int_eq(artifact->encoding, ENCODING_ASCII);
  OPEN("<?xml version=\"1.0\" encoding=\"UTF-7\"?><a b='+ADw-script+AD4-'/>");
  ck_assert_int_eq(artifact->encoding, ENCODING_ASCII);
  ck_assert(strstr(text, "+ADw-script") != NULL);
  OPEN("<?xml version=\"1.0\" encoding=\"UTF-7\"?><a b='+ADw-\xE4'/>");
  ck_assert(strstr(text, "+ADw-") != NULL);
  OPEN("<?xml encoding=\"\xE4");
  OPEN("<?xml encoding=");
  OPEN("<?xml encoding");
}
END_TEST

/* Converts UTF-8 to a code page, opens it, and expects it back. */
static void check_guess(int page, const char *name, const char *utf8) {
  char bytes[2048], *in = (char *)(uintptr_t)utf8, *out = bytes;
  size_t left = strlen(utf8), room = sizeof bytes;
  iconv_t converter = iconv_open(name, "UTF-8");
  ck_assert(converter != (iconv_t)-1);
  ck_assert_msg(iconv(converter, &in, &left, &out, &room) != (size_t)-1, "%s", name);
  iconv_close(converter);
  open_bytes(bytes, sizeof bytes - room);
  ck_assert_msg(artifact->code_page == page, "%s taken for %d", utf8, artifact->code_page);
  ck_assert_str_eq(text, utf8);
  ck_assert(artifact->encoding_guessed);
  ck_assert_uint_eq(artifact->undecodable, 0);
}

START_TEST(the_wrong_code_page_is_guessed) {
  check_guess(850, "CP850", "Zertifikat f\xC3\xBCr M\xC3\xBCnchen: \xC3\x84nderung\r\n");
  check_guess(1252, "CP1252", "Zertifikat f\xC3\xBCr M\xC3\xBCnchen: \xC3\x84nderung\r\n");
  check_guess(850, "CP850",
              "Num\xC3\xA9ro de s\xC3\xA9rie\xC2\xA0: 1a\r\n\xC3\x89metteur\xC2\xA0: CN=x\r\n");
  check_guess(1252, "CP1252",
              "Num\xC3\xA9ro de s\xC3\xA9rie\xC2\xA0: 1a\r\nl\xE2\x80\x99\xC3\xA9metteur\r\n");
  check_guess(1252, "CP1252", "Huella digital en espa\xC3\xB1ol, informaci\xC3\xB3n\r\n");
  check_guess(850, "CP850", "informa\xC3\xA7\xC3\xA3o n\xC3\xA3o \xC3\xA9 poss\xC3\xADvel\r\n");
  check_guess(866, "CP866",
              "\xD0\xA1\xD0\xB5\xD1\x80\xD0\xB8\xD0\xB9\xD0\xBD\xD1\x8B\xD0\xB9 "
              "\xD0\xBD\xD0\xBE\xD0\xBC\xD0\xB5\xD1\x80: 1a\r\n");
  check_guess(1251, "CP1251",
              "\xD0\xA1\xD0\xB5\xD1\x80\xD0\xB8\xD0\xB9\xD0\xBD\xD1\x8B\xD0\xB9 "
              "\xD0\xBD\xD0\xBE\xD0\xBC\xD0\xB5\xD1\x80: 1a\r\n");
  check_guess(936, "GBK", "\xE8\xAF\x81\xE4\xB9\xA6\xE5\x93\x88\xE5\xB8\x8C: 1a\r\n");
  check_guess(
      932, "CP932",
      "\xE8\xA8\xBC\xE6\x98\x8E\xE6\x9B\xB8 \xE3\x81\x8C\xE3\x82\xB9\xE3\x83\x88\xE3\x82\xA2\r\n");
  check_guess(949, "CP949",
              "\xEC\x9D\xB8\xEC\xA6\x9D\xEC\x84\x9C \xED\x95\xB4\xEC\x8B\x9C "
              "\xEC\x9D\xBC\xEB\xA0\xA8 \xEB\xB2\x88\xED\x98\xB8\r\n");
  check_guess(950, "BIG5",
              "\xE6\x86\x91\xE8\xAD\x89\xE9\x9B\x9C\xE6\xB9\x8A: \xE4\xB8\xAD\xE6\x96\x87\r\n");
}
END_TEST

START_TEST(a_rarer_code_page_is_not_known) {
  static const struct {
    int page;
    const char *name, *text;
  } rows[] = {
      {852, "CP852", "Sériové číslo: 1a\r\nŘetěz certifikátů, úložiště klíčů, žádné chyby\r\n"},
      {1250, "CP1250", "Sériové číslo: 1a\r\nŘetěz certifikátů, úložiště klíčů, žádné chyby\r\n"},
      {852, "CP852", "Numer seryjny: odcisk palca, łańcuch, ważność, błąd, święty\r\n"},
      {1250, "CP1250", "Numer seryjny: odcisk palca, łańcuch, ważność, błąd, święty\r\n"},
      {1250, "CP1250", "Sorozatszám: kiállító, érvényesség, főtanúsítvány, gyűjtő, újabb\r\n"},
      {857, "CP857",
       "Seri Numarası: 1a\r\nSertifika deposu bulunamadı, geçerlilik, şifre yanlış\r\n"},
      {1254, "CP1254", "Seri Numarası: 1a\r\nSertifika deposu bulunamadı, değiştirildi, şifre\r\n"},
      {737, "CP737", "Σειριακός αριθμός: 1a\r\nΕκδότης πιστοποιητικού, αποθήκη κλειδιών\r\n"},
      {1253, "CP1253", "Σειριακός αριθμός: 1a\r\nΕκδότης πιστοποιητικού, αποθήκη κλειδιών\r\n"},
      {862, "CP862", "מספר סידורי: 1a\r\nמאגר אישורים, מפתח פרטי\r\n"},
      {1255, "CP1255", "מספר סידורי: 1a\r\nמאגר אישורים, מפתח פרטי\r\n"},
      {1256, "CP1256", "الرقم التسلسلي: 1a\r\nمخزن الشهادات والمفتاح الخاص\r\n"},
      {874, "CP874", "หมายเลขลำดับ: 1a\r\nที่เก็บใบรับรองและคีย์ส่วนตัว\r\n"},
      {1257, "CP1257",
       "Sērijas numurs: izdevējs, sertifikātu krātuve, atslēga, kļūda, šifrēts\r\n"},
      {1257, "CP1257",
       "Serijos numeris: išdavėjas, sertifikatų saugykla, raktas, įrašyta, ūkis\r\n"},
      {1251, "CP1251", "Серійний номер: видавець, сховище сертифікатів, ключ, їх\r\n"},
      {850, "CP850", "Serienummer: utsteder, nøkkel, gyldig på, lageret ble ikke åpnet\r\n"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    check_guess(rows[i].page, rows[i].name, rows[i].text);
}
END_TEST

START_TEST(a_guess_is_told_as_certain) {
  OPEN("Zertifikat f\x81r M\x81nchen, \x9A"
       "bersicht, gr\x94\xE1"
       "er, sp\x84ter, l\x94schen\r\n");
  ck_assert_str_eq(encoding_name(), "code page 850 (likely)");
  OPEN("na\xEFve\r\n");
  ck_assert_str_eq(artifact_confidence_word(artifact->confidence), "unsure");
  OPEN("a caf\xE9 and nothing else\r\n");
  ck_assert_str_eq(artifact_confidence_word(artifact->confidence), "unsure");
  OPEN("<?xml version='1.0' encoding='windows-1252'?><a b='\xE9'/>");
  ck_assert_str_eq(encoding_name(), "code page 1252");
  OPEN("plain");
  ck_assert_int_eq(artifact->confidence, CONFIDENCE_CERTAIN);
}
END_TEST

static void open_chosen(const char *bytes, size_t size, const struct encoding_choice *choices,
                        size_t count) {
  scratch_write("sub.txt", bytes, size);
  const char *path = scratch_path("sub.txt");
  bundle_free(bundle);
  bundle = bundle_open_with(
      &path, 1, &(struct bundle_options){.encodings = choices, .encoding_count = count});
  artifact = bundle->artifacts[0];
  text = artifact_text(artifact, &text_size);
}

START_TEST(the_users_encoding_is_overruled) {
  struct encoding_choice page, units, all;
  ck_assert(encoding_choice_read("cp866", &page) && encoding_choice_read("UTF-16LE", &units));
  ck_assert(encoding_choice_read("windows-1251", &all) && !encoding_choice_read("utf-7", &all));
  ck_assert(!encoding_choice_read("ebcdic", &all) && encoding_choice_read("1251", &all));
  page.glob = "*.txt";
  units.glob = "SUB.*";
  all.glob = NULL;
  open_chosen("M\x81nchen", 7, &page, 1);
  CHECK_TEXT(ENCODING_CODE_PAGE, "M\xD0\x91nchen");
  ck_assert_str_eq(encoding_name(), "code page 866");
  ck_assert(artifact->encoding_given && !artifact->encoding_guessed);
  open_chosen("\xD0\x91", 2, &page, 1); /* valid UTF-8 all the same */
  CHECK_TEXT(ENCODING_CODE_PAGE, "\xE2\x95\xA8\xD0\xA1");
  open_chosen("\xE4\x8B", 2, &units, 1);
  CHECK_TEXT(ENCODING_UTF16LE, "\xE8\xAF\xA4");
  open_chosen("\xD0\x91", 2, &all, 1); /* without a glob only where it was guessed */
  CHECK_TEXT(ENCODING_UTF8, "\xD0\x91");
  open_chosen("M\xFCnchen", 7, &all, 1);
  CHECK_TEXT(ENCODING_CODE_PAGE, "M\xD1\x8Cnchen");
  struct encoding_choice both[] = {units, page};
  open_chosen("a\0", 2, both, 2); /* the first that fits */
  CHECK_TEXT(ENCODING_UTF16LE, "a");
}
END_TEST

START_TEST(a_byte_without_meaning_is_passed_over) {
  OPEN("Gr\xFC\xDF"
       "e aus M\xFCnchen \x81 und K\xF6ln, \xFC"
       "ber \xC4nderungen\r\n");
  ck_assert_int_eq(artifact->code_page, 1252);
  ck_assert_uint_eq(artifact->undecodable, 1);
  ck_assert(strstr(text, "M\xC3\xBCnchen \xEF\xBF\xBD und") != NULL);
}
END_TEST

static void add_utf16(struct buffer *out, const char *ascii) {
  for (; *ascii; ascii++)
    buffer_add(out, ascii, 1), buffer_add(out, "", 1);
}

START_TEST(bytes_appended_to_utf16_become_chinese) {
  struct buffer out = buffer_make(100000);
  buffer_add_text(&out, "\xFF\xFE");
  add_utf16(&out, "first line\r\n");
  buffer_add_text(&out, "odd byte l\x81nes\r\n"); /* 17 bytes: what follows is misaligned */
  add_utf16(&out, "third\r\n");
  buffer_add_text(&out, "last line\r\n");
  open_bytes(out.data, out.size);
  CHECK_TEXT(ENCODING_UTF16LE, "first line\r\nodd byte l\xC3\xBCnes\r\nthird\r\nlast line\r\n");
  ck_assert(artifact->encoding_mixed);
  ck_assert_uint_eq(artifact->undecodable, 0);
  ck_assert_str_eq(encoding_name(), "UTF-16LE with other bytes");
  buffer_dispose(&out);
}
END_TEST

START_TEST(utf16_appended_to_bytes_is_binary) {
  struct buffer out = buffer_make(100000);
  buffer_add_text(&out, "a first line in bytes\r\n");
  add_utf16(&out, "second line in units\r\n");
  open_bytes(out.data, out.size);
  CHECK_TEXT(ENCODING_UTF16LE, "a first line in bytes\r\nsecond line in units\r\n");
  ck_assert(artifact->encoding_mixed && artifact->encoding_guessed);
  buffer_dispose(&out);
}
END_TEST

START_TEST(chinese_in_utf16_becomes_bytes) {
  struct buffer out = buffer_make(100000);
  buffer_add_text(&out, "\xFF\xFE");
  for (int i = 0; i < 3000; i++) {
    unsigned unit = 0x4E00 + (unsigned)i * 37 % 0x51A0;
    buffer_add_char(&out, (char)(unit % 256 ? unit : 1)), buffer_add_char(&out, (char)(unit >> 8));
  }
  open_bytes(out.data, out.size);
  ck_assert(!artifact->encoding_mixed);
  ck_assert_uint_eq(text_size, 9000);
  buffer_dispose(&out);
}
END_TEST

/* --- real and derived files ---------------------------------------------- */

static void open_shared(const char *name) {
  char *path = alloc_format("%s/data/formats/%s", SITEGLASS_SHARED_DIR, name);
  open_path(path);
  alloc_free(path);
  ck_assert_uint_eq(artifact->undecodable, 0);
}

static char *normal_text(const char *name) {
  open_shared(name);
  struct buffer out = buffer_make(1 << 20);
  for (size_t i = 0; i < text_size; i++)
    if (text[i] != '\r') buffer_add_char(&out, text[i]);
  return buffer_take(&out);
}

START_TEST(a_real_file_is_misread) {
  NEEDS_SHARED();
  open_shared("encodings/01.bin");
  ck_assert_int_eq(artifact->encoding, ENCODING_UTF16LE);
  ck_assert(strncmp(text, "PerfLogs", 8) == 0);
  open_shared("encodings/02.bin");
  ck_assert_uint_eq(text_size, 0);
  open_shared("encodings/03.bin");
  ck_assert(strncmp(text, "Windows Registry Editor", 23) == 0);
  open_shared("encodings/15.txt");
  ck_assert_int_eq(artifact->code_page, 936);
  ck_assert(strncmp(text, "\xE8\xAF\x81\xE4\xB9\xA6\xE5\x93\x88\xE5\xB8\x8C(sha1)", 18) == 0);
}
END_TEST

struct derived {
  const char *file, *original;
  enum encoding encoding;
  int page;
};

START_TEST(a_reencoded_file_is_not_what_it_was) {
  NEEDS_SHARED();
  static const struct derived files[] = {
      {"encodings/04.txt", "certutil/12.txt", ENCODING_CODE_PAGE, 850},
      {"encodings/05.txt", "certutil/12.txt", ENCODING_CODE_PAGE, 1252},
      {"encodings/06.txt", "certutil/12.txt", ENCODING_UTF16LE, 0},
      {"encodings/07.txt", "certutil/12.txt", ENCODING_UTF16LE, 0},
      {"encodings/09.txt", "certutil/17.txt", ENCODING_CODE_PAGE, 936},
      {"encodings/10.txt", "certutil/19.txt", ENCODING_CODE_PAGE, 932},
      {"encodings/11.txt", "certutil/22.txt", ENCODING_CODE_PAGE, 850},
      {"encodings/14.txt", "netsh-http/01.txt", ENCODING_UTF8_BOM, 0},
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char *expected = normal_text(files[i].original), *got = normal_text(files[i].file);
    ck_assert_msg(strcmp(got, expected) == 0, "%s:\n%s", files[i].file, got);
    ck_assert_int_eq(artifact->encoding, files[i].encoding);
    ck_assert_int_eq(artifact->code_page, files[i].page);
    alloc_free(expected);
    alloc_free(got);
  }
  open_shared("encodings/08.txt"); /* with "?" where the page had no letter */
  ck_assert_int_eq(artifact->code_page, 850);
  ck_assert(strstr(text, "Num\xC3\xA9ro de s\xC3\xA9rie :") && strstr(text, "(sha1)\xC2\xA0:"));
  open_shared("encodings/12.txt");
  ck_assert(strstr(text, "N\xC3\xBAmero de S\xC3\xA9rie:") != NULL);
}
END_TEST

START_TEST(the_second_half_of_a_mixed_file_is_lost) {
  NEEDS_SHARED();
  open_shared("encodings/13.txt");
  ck_assert_int_eq(artifact->encoding, ENCODING_UTF16LE);
  ck_assert(artifact->encoding_mixed);
  ck_assert(strncmp(text, "C:\\Windows", 10) == 0);
  ck_assert(strstr(text, "Disabled\r\nSSL Certificate bindings:\r\n") != NULL);
  ck_assert_uint_eq(text_size, strlen(text));
}
END_TEST

START_TEST(a_real_file_is_not_text_or_text_is_not_utf8) {
  NEEDS_SHARED();
  const char *path = SITEGLASS_SHARED_DIR "/data/exchange";
  bundle = open_one(path);
  ck_assert_uint_gt(bundle->count, 20);
  for (size_t i = 0; i < bundle->count; i++) {
    struct artifact *a = bundle->artifacts[i];
    ck_assert_msg(artifact_text(a, &text_size) != NULL, "%s is not text", a->path);
    ck_assert_msg(a->undecodable == 0, "%s", a->path);
  }
  open_shared("certfiles/01.cer");
  ck_assert_int_eq(artifact->encoding, ENCODING_BINARY);
  open_shared("registry/05.bin");
  ck_assert_int_eq(artifact->encoding, ENCODING_BINARY);
  open_shared("registry/07.sst");
  ck_assert_int_eq(artifact->encoding, ENCODING_BINARY);
}
END_TEST

CHECK_MAIN("bundle/encoding", {
  tcase_add_checked_fixture(tests, scratch_begin, close_bundle);
  tcase_add_test(tests, plain_text_is_not_seen_in_place);
  tcase_add_test(tests, nothing_is_not_text);
  tcase_add_test(tests, utf16_is_misread);
  tcase_add_test(tests, utf16_without_a_mark_is_missed);
  tcase_add_test(tests, damage_in_utf16_is_not_counted);
  tcase_add_test(tests, a_mark_in_the_middle_stays);
  tcase_add_test(tests, something_binary_is_read_as_text);
  tcase_add_test(tests, a_der_certificate_without_nuls_is_a_code_page);
  tcase_add_test(tests, a_nul_in_text_hides_the_rest);
  tcase_add_test(tests, damaged_utf8_is_guessed_to_be_something_sound);
  tcase_add_test(tests, an_xml_declaration_is_not_believed_or_too_much);
  tcase_add_test(tests, the_wrong_code_page_is_guessed);
  tcase_add_test(tests, a_rarer_code_page_is_not_known);
  tcase_add_test(tests, a_guess_is_told_as_certain);
  tcase_add_test(tests, the_users_encoding_is_overruled);
  tcase_add_test(tests, a_byte_without_meaning_is_passed_over);
  tcase_add_test(tests, bytes_appended_to_utf16_become_chinese);
  tcase_add_test(tests, utf16_appended_to_bytes_is_binary);
  tcase_add_test(tests, chinese_in_utf16_becomes_bytes);
  tcase_add_test(tests, a_real_file_is_misread);
  tcase_add_test(tests, a_reencoded_file_is_not_what_it_was);
  tcase_add_test(tests, the_second_half_of_a_mixed_file_is_lost);
  tcase_add_test(tests, a_real_file_is_not_text_or_text_is_not_utf8);
})
