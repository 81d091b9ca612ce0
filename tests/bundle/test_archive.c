/* Tests of zip archives: every member is on the ledger, nothing is unpacked to
 * disk, and no archive can take the run down or look whole when it is not. */
#define _DEFAULT_SOURCE
#include "bundle/support_scratch.h"
#include "bundle/support_zip.h"

#include "base/text.h"
#include "check_main.h"

#include <locale.h>
#include <string.h>
#include <time.h>

static struct bundle *open_bytes(const struct buffer *bytes, const struct bundle_limits *limits) {
  scratch_write("case.zip", bytes->data, bytes->size);
  const char *path = scratch_path("case.zip");
  return bundle_open(&path, 1, limits);
}

/* Ends, writes, opens and frees the zip. */
static struct bundle *open_zip(struct zip *zip, const struct bundle_limits *limits) {
  zip_end(zip);
  struct bundle *bundle = open_bytes(&zip->out, limits);
  zip_dispose(zip);
  return bundle;
}

static bool holds(const struct bundle *bundle, const char *path, const char *text) {
  const struct artifact *a = found(bundle, path);
  return a->bytes && strcmp((const char *)a->bytes, text) == 0 && a->outcome == ARTIFACT_UNREAD;
}

START_TEST(a_member_is_not_an_artifact) {
  struct zip zip = zip_begin();
  zip_add_text(&zip, "EX01/", "");
  zip_add_text(&zip, "EX01/inetsrv/config/applicationHost.config", "<configuration/>");
  zip_add_text(&zip, "EX01/empty.txt", "");
  struct bundle *bundle = open_zip(&zip, NULL);
  ck_assert_uint_eq(bundle->count, 3);
  const struct artifact *archive = bundle->artifacts[0];
  ck_assert_str_eq(archive->path, "case.zip");
  ck_assert_str_eq(archive->kind, "archive");
  ck_assert_int_eq(archive->outcome, ARTIFACT_READ);
  ck_assert_int_eq(archive->encoding, ENCODING_BINARY);
  ck_assert_uint_eq(strlen(archive->sha256), 64);
  ck_assert(archive->size > 100 && archive->bytes == NULL);
  const struct artifact *a = found(bundle, "case.zip!EX01/inetsrv/config/applicationHost.config");
  ck_assert_str_eq((char *)a->bytes, "<configuration/>");
  ck_assert_uint_eq(a->size, 16);
  ck_assert_uint_eq(a->number, 2);
  ck_assert(a->from_archive && a->has_modified);
  ck_assert_int_eq(a->modified, 1733237252); /* the DOS time as it stands */
  ck_assert(holds(bundle, "case.zip!EX01/empty.txt", ""));
  ck_assert(!bundle->incomplete);
  bundle_free(bundle);
}
END_TEST

START_TEST(a_deflated_member_is_not_unpacked) {
  size_t packed_size;
  char *packed = deflated_zeros(3000000, &packed_size), *zeros = alloc_bytes(3000000);
  struct zip zip = zip_begin();
  zip_add(&zip, &(struct zip_entry){.name = "zeros",
                                    .data = zeros,
                                    .size = 3000000,
                                    .packed = packed,
                                    .packed_size = packed_size});
  struct bundle *bundle = open_zip(&zip, NULL);
  struct artifact *a = found(bundle, "case.zip!zeros");
  ck_assert_uint_eq(a->size, 3000000);
  ck_assert(memcmp(a->bytes, zeros, 3000000) == 0);
  bundle_free(bundle);
  alloc_free(packed);
  alloc_free(zeros);
}
END_TEST

START_TEST(an_empty_archive_is_damaged) {
  struct zip zip = zip_begin();
  struct bundle *bundle = open_zip(&zip, NULL);
  ck_assert_uint_eq(bundle->count, 1);
  ck_assert_int_eq(bundle->artifacts[0]->outcome, ARTIFACT_READ);
  ck_assert_str_eq(bundle->artifacts[0]->reason, "an archive without members");
  bundle_free(bundle);
}
END_TEST

START_TEST(the_order_of_packing_shows) {
  static const char *const names[] = {"b", "a/x", "a.b", "a"};
  static const char *const sorted[] = {"case.zip!a", "case.zip!a/x", "case.zip!a.b", "case.zip!b"};
  for (int turn = 0; turn < 2; turn++) {
    struct zip zip = zip_begin();
    for (size_t i = 0; i < 4; i++)
      zip_add_text(&zip, names[turn ? 3 - i : i], "1");
    struct bundle *bundle = open_zip(&zip, NULL);
    for (size_t i = 0; i < 4; i++) {
      ck_assert_str_eq(bundle->artifacts[i + 1]->path, sorted[i]);
      ck_assert_uint_eq(bundle->artifacts[i + 1]->number, i + 1);
    }
    bundle_free(bundle);
  }
}
END_TEST

START_TEST(two_members_of_one_name_become_one) {
  struct zip zip = zip_begin();
  zip_add_text(&zip, "web.config", "1");
  zip_add_text(&zip, "web.config", "2");
  struct bundle *bundle = open_zip(&zip, NULL);
  ck_assert(holds(bundle, "case.zip!web.config", "1"));
  ck_assert(holds(bundle, "case.zip!web.config (2)", "2"));
  bundle_free(bundle);
}
END_TEST

struct bad_name {
  const char *name;
  size_t size;
  const char *shown, *told;
};

START_TEST(a_name_could_leave_the_archive) {
  static const struct bad_name names[] = {
      {"../../etc/passwd", 0, "\\x2E\\x2E/\\x2E\\x2E/etc/passwd", "\"..\""},
      {"a/../b", 0, "a/\\x2E\\x2E/b", "\"..\""},
      {"a\\..\\c", 0, "a/\\x2E\\x2E/c", "\"..\""},
      {"/etc/shadow", 0, "\\x2F/etc/shadow", "slash"},
      {"\\\\server\\share", 0, "\\x2F/server/share", "slash"},
      {"C:\\inetpub\\web.config", 0, "C\\x3A/inetpub/web.config", "drive"},
      {"nul\0byte", 8, "nul\\x00byte", "NUL"},
      {"a/CON", 0, "a/\\x43ON", "device"},
      {"aux.txt/x", 0, "\\x61ux.txt/x", "device"},
      {"com1", 0, "\\x63om1", "device"},
      {"LPT9.log", 0, "\\x4CPT9.log", "device"},
      {"\x1B[31mred", 0, "\\x1B[31mred", NULL},
      {"a\nb", 0, "a\\x0Ab", NULL},
      {"./x//./y", 0, "x/y", NULL},
      {"console.txt", 0, "console.txt", NULL},
      {"com0", 0, "com0", NULL},
      {"win\\dir\\file", 0, "win/dir/file", NULL},
      {"...", 0, "...", NULL},
      {".", 0, "(no name)", NULL},
  };
  size_t count = sizeof names / sizeof *names;
  struct zip zip = zip_begin();
  for (size_t i = 0; i < count; i++)
    zip_add(&zip, &(struct zip_entry){.name = names[i].name,
                                      .name_size = names[i].size,
                                      .data = names[i].shown,
                                      .size = strlen(names[i].shown)});
  struct bundle *bundle = open_zip(&zip, NULL);
  ck_assert_uint_eq(bundle->count, count + 1);
  for (size_t i = 0; i < count; i++) {
    char *path = alloc_format("case.zip!%s", names[i].shown);
    ck_assert(holds(bundle, path, names[i].shown));
    bool told = was_told(bundle, DIAG_NOTE, path, names[i].told ? names[i].told : "its name");
    ck_assert_msg(told == (names[i].told != NULL), "%s", path);
    alloc_free(path);
  }
  bundle_free(bundle);
}
END_TEST

/* The same ledger in any locale and time zone: names as UTF-8 flag, as plain
 * UTF-8, and in code page 437. */
START_TEST(the_locale_or_the_time_zone_shows) {
  struct zip zip = zip_begin();
  zip_add(&zip, &(struct zip_entry){.name = "fl\xC3\xA4g", .flags = FLAG_UTF8});
  zip_add_text(&zip, "pl\xC3\xA4in", "");
  zip_add_text(&zip, "old\x84", "");
  zip_add(&zip, &(struct zip_entry){.name = "bad\xFF", .flags = FLAG_UTF8});
  zip_add(&zip, &(struct zip_entry){.name = "utc", .utc = 1700000000});
  zip_add(&zip, &(struct zip_entry){.name = "ntfs", .ntfs = UINT64_C(133444736000000000)});
  zip_add(&zip, &(struct zip_entry){.name = "no-time", .dos = 1});
  struct bundle *bundle = open_zip(&zip, NULL);
  char *first = ledger_text(bundle);
  found(bundle, "case.zip!fl\xC3\xA4g");
  found(bundle, "case.zip!pl\xC3\xA4in");
  found(bundle, "case.zip!old\xC3\xA4");
  found(bundle, "case.zip!bad\\xFF");
  ck_assert_int_eq(found(bundle, "case.zip!utc")->modified, 1700000000);
  ck_assert_int_eq(found(bundle, "case.zip!ntfs")->modified, 1700000000);
  ck_assert(!found(bundle, "case.zip!no-time")->has_modified);
  bundle_free(bundle);
  ck_assert(setlocale(LC_ALL, "C.UTF-8") || setlocale(LC_ALL, "C.utf8") || true);
  setenv("TZ", "Asia/Tokyo", 1);
  tzset();
  bundle = open_one(scratch_path("case.zip"));
  char *second = ledger_text(bundle);
  ck_assert_str_eq(first, second);
  alloc_free(first);
  alloc_free(second);
  bundle_free(bundle);
}
END_TEST

START_TEST(an_encrypted_member_passes_for_evidence) {
  struct zip zip = zip_begin();
  zip_add(&zip,
          &(struct zip_entry){
              .name = "secret", .data = "twelve bytes....", .size = 16, .flags = FLAG_ENCRYPTED});
  zip_add_text(&zip, "open", "text");
  struct bundle *bundle = open_zip(&zip, NULL);
  const struct artifact *a = found(bundle, "case.zip!secret");
  ck_assert_int_eq(a->outcome, ARTIFACT_REFUSED);
  ck_assert(a->bytes == NULL);
  ck_assert(strstr(a->reason, "encrypted"));
  ck_assert(was_told(bundle, DIAG_WARNING, a->path, "encrypted"));
  ck_assert(holds(bundle, "case.zip!open", "text"));
  ck_assert_int_eq(found(bundle, "case.zip")->outcome, ARTIFACT_PARTLY_READ);
  ck_assert_str_eq(found(bundle, "case.zip")->reason, "1 of its 2 members was refused");
  ck_assert(bundle->incomplete);
  bundle_free(bundle);
}
END_TEST

START_TEST(a_link_in_an_archive_is_followed) {
  struct zip zip = zip_begin();
  zip_add(&zip,
          &(struct zip_entry){.name = "link", .data = "/etc/passwd", .size = 11, .mode = 0120777});
  zip_add(&zip, &(struct zip_entry){.name = "fifo", .mode = 0010644});
  zip_add(&zip, &(struct zip_entry){.name = "piped", .data = "x", .size = 1, .mode = 0010644});
  zip_add(&zip, &(struct zip_entry){.name = "file", .data = "x", .size = 1, .mode = 0100644});
  zip_add(&zip, &(struct zip_entry){.name = "folder", .mode = 0040755});
  struct bundle *bundle = open_zip(&zip, NULL);
  ck_assert_uint_eq(bundle->count, 5);
  ck_assert(holds(bundle, "case.zip!piped", "x"));
  ck_assert_str_eq(found(bundle, "case.zip!link")->reason,
                   "a symbolic link, which is never followed");
  ck_assert_int_eq(found(bundle, "case.zip!fifo")->outcome, ARTIFACT_REFUSED);
  ck_assert(holds(bundle, "case.zip!file", "x"));
  bundle_free(bundle);
}
END_TEST

START_TEST(a_damaged_member_passes_for_evidence) {
  struct zip zip = zip_begin();
  zip_add(&zip, &(struct zip_entry){.name = "a", .data = "text", .size = 4, .bad_crc = true});
  zip_add_text(&zip, "b", "sound");
  zip_add(&zip, &(struct zip_entry){.name = "c", .data = "text", .size = 4, .method = 93});
  zip_add(&zip,
          &(struct zip_entry){
              .name = "d", .data = "text", .size = 4, .packed = "\xFF\xFF", .packed_size = 2});
  zip_add(&zip, &(struct zip_entry){.name = "e", .data = "text", .size = 4, .stated_size = 3});
  zip_add_text(&zip, "f", "sound too");
  struct bundle *bundle = open_zip(&zip, NULL);
  ck_assert_uint_eq(bundle->count, 7);
  static const char *const bad[] = {"case.zip!a", "case.zip!c", "case.zip!d", "case.zip!e"};
  for (size_t i = 0; i < 4; i++) {
    const struct artifact *a = found(bundle, bad[i]);
    ck_assert_msg(a->outcome == ARTIFACT_REFUSED && !a->bytes, "%s", bad[i]);
    ck_assert(a->reason[0] != '\0');
    ck_assert(was_told(bundle, DIAG_WARNING, bad[i], "refused"));
  }
  ck_assert(holds(bundle, "case.zip!b", "sound"));
  ck_assert(holds(bundle, "case.zip!f", "sound too"));
  ck_assert_str_eq(found(bundle, "case.zip")->reason, "4 of its 6 members were refused");
  bundle_free(bundle);
}
END_TEST

START_TEST(two_names_for_one_member_go_unnoticed) {
  struct zip zip = zip_begin();
  zip_add(&zip,
          &(struct zip_entry){.name = "shown", .local_name = "other", .data = "1", .size = 1});
  struct bundle *bundle = open_zip(&zip, NULL);
  ck_assert(was_told(bundle, DIAG_WARNING, "case.zip!shown", "names it differently"));
  bundle_free(bundle);
}
END_TEST

START_TEST(a_stub_or_a_comment_hides_the_members) {
  struct zip zip = zip_begin();
  zip_add_text(&zip, "a", "1");
  zip_add(&zip, &(struct zip_entry){.name = "b", .data = "22", .size = 2, .zip64 = true});
  zip_end(&zip);
  struct buffer moved = buffer_make(SIZE_MAX);
  buffer_add(&moved, "PK\3\4 a stub that looks like a member", 37);
  buffer_add(&moved, zip.out.data, zip.out.size);
  moved.data[moved.size - 2] = 7;
  buffer_add(&moved, "PK\5\6xyz", 7); /* a comment that looks like an end */
  struct bundle *bundle = open_bytes(&moved, NULL);
  ck_assert(holds(bundle, "case.zip!a", "1"));
  ck_assert(holds(bundle, "case.zip!b", "22"));
  ck_assert_int_eq(found(bundle, "case.zip")->outcome, ARTIFACT_READ);
  bundle_free(bundle);
  buffer_dispose(&moved);
  zip_dispose(&zip);
}
END_TEST

START_TEST(a_large_archive_behind_a_stub_is_not_found) {
  struct zip zip = zip_begin();
  zip.large = true;
  zip_add(&zip, &(struct zip_entry){.name = "a", .data = "1", .size = 1, .zip64 = true});
  zip_end(&zip);
  for (int stub = 0; stub < 2; stub++) {
    struct buffer moved = buffer_make(SIZE_MAX);
    if (stub) buffer_add_text(&moved, "PK\3\4 a stub");
    buffer_add(&moved, zip.out.data, zip.out.size);
    struct bundle *bundle = open_bytes(&moved, NULL);
    ck_assert(holds(bundle, "case.zip!a", "1"));
    ck_assert_int_eq(found(bundle, "case.zip")->outcome, ARTIFACT_READ);
    bundle_free(bundle);
    buffer_dispose(&moved);
  }
  zip_dispose(&zip);
}
END_TEST

START_TEST(a_member_reaches_past_the_end) {
  struct zip zip = zip_begin();
  zip_add_text(&zip, "a", "1");
  zip_add_text(&zip, "b", "2");
  zip_add_text(&zip, "c", "3");
  zip.directory.data[20] = 127; /* packed size, then the offset of the next */
  zip.directory.data[22] = 127;
  zip.directory.data[47 + 42 + 3] = 127;
  struct bundle *bundle = open_zip(&zip, NULL);
  ck_assert_str_eq(found(bundle, "case.zip!a")->reason,
                   "the archive is damaged where it should be");
  ck_assert_str_eq(found(bundle, "case.zip!b")->reason,
                   "the archive is damaged where it should be");
  ck_assert(holds(bundle, "case.zip!c", "3"));
  bundle_free(bundle);
}
END_TEST

/* --- damage -------------------------------------------------------------- */

static struct zip three_members(unsigned flags) {
  struct zip zip = zip_begin();
  static const char *const names[] = {"one", "two", "three"};
  static const char *const texts[] = {"first text", "second text", "third text"};
  static char packed[3][32];
  for (size_t i = 0; i < 3; i++) {
    /* A stored deflate block, so that a data descriptor may follow. */
    size_t size = strlen(texts[i]);
    memcpy(packed[i], "\1\0\0\0\0", 5);
    packed[i][1] = (char)size, packed[i][3] = (char)~size, packed[i][4] = (char)0xFF;
    memcpy(packed[i] + 5, texts[i], size);
    zip_add(&zip, &(struct zip_entry){.name = names[i],
                                      .data = texts[i],
                                      .size = size,
                                      .packed = packed[i],
                                      .packed_size = size + 5,
                                      .flags = flags});
  }
  zip_end(&zip);
  return zip;
}

static void check_cut(const struct zip *zip, size_t size) {
  struct buffer cut = buffer_make(SIZE_MAX);
  buffer_add(&cut, zip->out.data, size);
  struct bundle *bundle = open_bytes(&cut, NULL);
  const struct artifact *archive = found(bundle, "case.zip");
  if (size < 4) {
    ck_assert_int_eq(archive->outcome, ARTIFACT_UNREAD); /* not even recognisable */
  } else {
    ck_assert(archive->outcome == ARTIFACT_PARTLY_READ || archive->outcome == ARTIFACT_REFUSED);
    ck_assert(strstr(archive->reason, "cut off"));
    ck_assert(was_told(bundle, DIAG_WARNING, "case.zip", "cut off"));
    ck_assert(bundle->incomplete);
  }
  for (size_t i = 1; i < bundle->count; i++) {
    const struct artifact *a = bundle->artifacts[i];
    bool whole = a->bytes && (strcmp((char *)a->bytes, "first text") == 0 ||
                              strcmp((char *)a->bytes, "second text") == 0 ||
                              strcmp((char *)a->bytes, "third text") == 0);
    ck_assert_msg(whole || a->outcome == ARTIFACT_REFUSED, "%s at %zu", a->path, size);
  }
  if (size > zip->out.size - 30) {
    ck_assert(holds(bundle, "case.zip!one", "first text"));
    ck_assert(holds(bundle, "case.zip!two", "second text"));
    ck_assert(holds(bundle, "case.zip!three", "third text"));
    ck_assert_int_eq(archive->outcome, ARTIFACT_PARTLY_READ);
  }
  bundle_free(bundle);
  buffer_dispose(&cut);
}

START_TEST(a_cut_archive_looks_whole) {
  for (unsigned flags = 0; flags <= FLAG_DESCRIPTOR; flags += FLAG_DESCRIPTOR) {
    struct zip zip = three_members(flags);
    for (size_t size = 1; size < zip.out.size; size++)
      check_cut(&zip, size);
    zip_dispose(&zip);
  }
}
END_TEST

START_TEST(a_cut_archive_loses_the_members_before_the_cut) {
  struct zip zip = three_members(0);
  struct buffer cut = buffer_make(SIZE_MAX);
  buffer_add(&cut, zip.out.data, 110); /* amid the data of "two" */
  struct bundle *bundle = open_bytes(&cut, NULL);
  ck_assert(holds(bundle, "case.zip!one", "first text"));
  ck_assert_int_eq(found(bundle, "case.zip")->outcome, ARTIFACT_PARTLY_READ);
  bundle_free(bundle);
  buffer_dispose(&cut);
  zip_dispose(&zip);
}
END_TEST

START_TEST(a_flipped_bit_crashes_or_changes_the_evidence) {
  struct zip zip = three_members(0);
  for (size_t i = 0; i < zip.out.size * 8; i += 3) {
    zip.out.data[i / 8] ^= (char)(1 << i % 8);
    struct bundle *bundle = open_bytes(&zip.out, NULL);
    for (size_t j = 0; j < bundle->count; j++) {
      const struct artifact *a = bundle->artifacts[j];
      bool sound = !a->bytes || !a->from_archive || strstr((char *)a->bytes, " text") != NULL;
      ck_assert_msg(sound, "bit %zu: %s", i, a->path);
    }
    bundle_free(bundle);
    zip.out.data[i / 8] ^= (char)(1 << i % 8);
  }
  zip_dispose(&zip);
}
END_TEST

START_TEST(text_that_starts_like_an_archive_crashes) {
  scratch_text("case.zip", "PK\3\4 and then nothing of the sort, for a while, until the end");
  struct bundle *bundle = open_one(scratch_path("case.zip"));
  ck_assert_uint_eq(bundle->count, 1);
  ck_assert_int_eq(bundle->artifacts[0]->outcome, ARTIFACT_REFUSED);
  ck_assert(strstr(bundle->artifacts[0]->reason, "cannot be read"));
  bundle_free(bundle);
}
END_TEST

/* --- limits -------------------------------------------------------------- */

START_TEST(a_bomb_goes_off) {
  size_t size = 80 << 20, packed_size;
  char *packed = deflated_zeros(size, &packed_size), *zeros = alloc_bytes(size);
  struct zip zip = zip_begin();
  zip_add_text(&zip, "before", "1");
  zip_add(&zip, &(struct zip_entry){.name = "bomb",
                                    .data = zeros,
                                    .size = size,
                                    .packed = packed,
                                    .packed_size = packed_size});
  zip_add_text(&zip, "later", "2");
  struct bundle *bundle = open_zip(&zip, NULL);
  ck_assert(holds(bundle, "case.zip!before", "1"));
  ck_assert(strstr(found(bundle, "case.zip!bomb")->reason, "expansion"));
  ck_assert_int_eq(found(bundle, "case.zip!later")->outcome, ARTIFACT_REFUSED);
  ck_assert(was_told(bundle, DIAG_WARNING, "case.zip", "more than 200 times"));
  ck_assert_int_eq(found(bundle, "case.zip")->outcome, ARTIFACT_PARTLY_READ);
  bundle_free(bundle);
  alloc_free(packed);
  alloc_free(zeros);
}
END_TEST

START_TEST(members_that_overlap_fill_the_memory) {
  struct zip zip = overlapping_zeros(1000);
  struct bundle *bundle = open_zip(&zip, NULL);
  ck_assert_uint_eq(bundle->count, 1001);
  size_t kept = 0;
  for (size_t i = 1; i < bundle->count; i++)
    kept += bundle->artifacts[i]->bytes != NULL;
  ck_assert_uint_eq(kept, 8); /* 64 MiB */
  bundle_free(bundle);
}
END_TEST

START_TEST(a_lie_about_the_size_gets_past_the_limit) {
  size_t size = 100000, packed_size;
  char *packed = deflated_zeros(size, &packed_size), *zeros = alloc_bytes(size);
  struct bundle_limits limits = bundle_default_limits;
  limits.artifact_size = 5000;
  struct zip zip = zip_begin();
  zip_add(&zip, &(struct zip_entry){.name = "liar",
                                    .data = zeros,
                                    .size = size,
                                    .stated_size = 10,
                                    .packed = packed,
                                    .packed_size = packed_size});
  zip_add(&zip, &(struct zip_entry){.name = "large",
                                    .data = zeros,
                                    .size = size,
                                    .packed = packed,
                                    .packed_size = packed_size});
  zip_add(&zip, &(struct zip_entry){.name = "boaster",
                                    .data = "x",
                                    .size = 1,
                                    .zip64 = true,
                                    .stated_size = (size_t)1 << 62});
  struct bundle *bundle = open_zip(&zip, &limits);
  ck_assert_int_eq(found(bundle, "case.zip!liar")->outcome, ARTIFACT_REFUSED);
  ck_assert(strstr(found(bundle, "case.zip!large")->reason, "--max-file-size"));
  ck_assert(strstr(found(bundle, "case.zip!boaster")->reason, "--max-file-size"));
  bundle_free(bundle);
  alloc_free(packed);
  alloc_free(zeros);
}
END_TEST

START_TEST(members_over_the_total_are_read) {
  struct zip zip = zip_begin();
  zip_add_text(&zip, "a", "12345");
  zip_add_text(&zip, "b", "1234567890");
  zip_add_text(&zip, "c", "12345");
  zip_end(&zip);
  struct bundle_limits limits = bundle_default_limits;
  limits.total_size = zip.out.size + 10;
  struct bundle *bundle = open_bytes(&zip.out, &limits);
  ck_assert(holds(bundle, "case.zip!a", "12345"));
  ck_assert(strstr(found(bundle, "case.zip!b")->reason, "--max-total-size"));
  ck_assert(holds(bundle, "case.zip!c", "12345"));
  bundle_free(bundle);
  zip_dispose(&zip);
}
END_TEST

START_TEST(a_hundred_thousand_members_are_too_many_for_the_run) {
  struct zip zip = zip_begin();
  for (size_t i = 0; i <= 100000; i++) {
    char name[32];
    snprintf(name, sizeof name, "d%zu/web.config", i % 997 * 1000 + i / 997);
    zip_add_text(&zip, name, "<configuration/>");
  }
  struct bundle *bundle = open_zip(&zip, NULL);
  ck_assert_uint_eq(bundle->count, 100001);
  ck_assert_uint_eq(bundle->diags.count, 1);
  ck_assert(strstr(bundle->diags.items[0].message, "--max-members"));
  ck_assert_int_eq(bundle->artifacts[0]->outcome, ARTIFACT_PARTLY_READ);
  ck_assert(bundle->incomplete);
  for (size_t i = 1; i < bundle->count; i++) {
    ck_assert_str_eq((char *)bundle->artifacts[i]->bytes, "<configuration/>");
    ck_assert_uint_eq(bundle->artifacts[i]->number, i);
  }
  bundle_free(bundle);
}
END_TEST

CHECK_MAIN("bundle/archive", {
  tcase_add_checked_fixture(tests, scratch_begin, scratch_end);
  tcase_add_test(tests, a_member_is_not_an_artifact);
  tcase_add_test(tests, a_deflated_member_is_not_unpacked);
  tcase_add_test(tests, an_empty_archive_is_damaged);
  tcase_add_test(tests, the_order_of_packing_shows);
  tcase_add_test(tests, two_members_of_one_name_become_one);
  tcase_add_test(tests, a_name_could_leave_the_archive);
  tcase_add_test(tests, the_locale_or_the_time_zone_shows);
  tcase_add_test(tests, an_encrypted_member_passes_for_evidence);
  tcase_add_test(tests, a_link_in_an_archive_is_followed);
  tcase_add_test(tests, a_damaged_member_passes_for_evidence);
  tcase_add_test(tests, two_names_for_one_member_go_unnoticed);
  tcase_add_test(tests, a_stub_or_a_comment_hides_the_members);
  tcase_add_test(tests, a_large_archive_behind_a_stub_is_not_found);
  tcase_add_test(tests, a_member_reaches_past_the_end);
  tcase_add_test(tests, a_cut_archive_looks_whole);
  tcase_add_test(tests, a_cut_archive_loses_the_members_before_the_cut);
  tcase_add_test(tests, a_flipped_bit_crashes_or_changes_the_evidence);
  tcase_add_test(tests, text_that_starts_like_an_archive_crashes);
  tcase_add_test(tests, a_bomb_goes_off);
  tcase_add_test(tests, members_that_overlap_fill_the_memory);
  tcase_add_test(tests, a_lie_about_the_size_gets_past_the_limit);
  tcase_add_test(tests, members_over_the_total_are_read);
  tcase_add_test(tests, a_hundred_thousand_members_are_too_many_for_the_run);
})
