/* Tests of all kinds of archives: their members are the files that went in, to the byte
 * as sha256sum says, with links, damage, limits and archives in archives on the ledger. */
#define _DEFAULT_SOURCE
#define _POSIX_C_SOURCE 200809L
#include "bundle/support_archive.h"
#include "bundle/support_scratch.h"
#include "bundle/support_zip.h"

#include "base/text.h"
#include "check_main.h"

#include <string.h>

static const struct packed_file files[] = {
    {.name = "EX01", .folder = true},
    {.name = "EX01/applicationHost.config", .bytes = "<configuration/>", .size = 16},
    {.name = "EX01/empty.txt"},
    {.name = "EX01/zw\xC3\xB6lf\xE8\xAF\x81.txt", .bytes = "12 \xC3\xA4\r\n", .size = 7},
    {.name = "bytes.bin", .bytes = "\0\1\2\xFF\0rest", .size = 9},
};
enum { FILES = sizeof files / sizeof *files };

static struct bundle *open_bytes(const char *name, const char *bytes, size_t size,
                                 const struct bundle_limits *limits) {
  scratch_write(name, bytes, size);
  const char *path = scratch_path(name);
  return bundle_open(&path, 1, limits);
}

static struct bundle *open_packed(enum packed kind, const struct packed_file *members,
                                  size_t count) {
  size_t size;
  char *bytes = pack_files(kind, members, count, &size);
  struct bundle *bundle = open_bytes(packed_names[kind], bytes, size, NULL);
  alloc_free(bytes);
  return bundle;
}

static struct artifact *member(const struct bundle *bundle, const char *name) {
  char *path = alloc_format("%s!%s", bundle->artifacts[0]->path, name);
  struct artifact *a = found(bundle, path);
  alloc_free(path);
  return a;
}

/* ---- nothing lost ------------------------------------------------------------------- */

/* What sha256sum says of every file in the scratch folder "in": "digest  ./path" a line,
 * sorted. NULL where there is no sha256sum. */
static char *sums_of(const char *folder) {
  char *command =
      alloc_format("cd '%s' && find . -type f -exec sha256sum '{}' + | sort -k 2", folder);
  FILE *pipe = popen(command, "r");
  static char sums[8192];
  size_t size = pipe ? fread(sums, 1, sizeof sums - 1, pipe) : 0;
  sums[size] = '\0';
  int status = pipe ? pclose(pipe) : -1;
  alloc_free(command);
  return status == 0 && size ? sums : NULL;
}

static void write_files(void) {
  scratch_folder("in");
  scratch_folder("in/EX01");
  for (size_t i = 0; i < FILES; i++) {
    if (files[i].folder) continue;
    char *name = alloc_format("in/%s", files[i].name);
    scratch_write(name, files[i].bytes ? files[i].bytes : "", files[i].size);
    alloc_free(name);
  }
}

/* Every line of sha256sum is an artifact, and there are no others but `besides`. */
static void check_sums(const struct bundle *bundle, const char *before, const char *sums,
                       size_t besides) {
  size_t count = 0;
  for (const char *line = sums; *line; line += strcspn(line, "\n") + 1, count++) {
    char *name = alloc_text_n(line + 68, strcspn(line + 68, "\n"));
    char *path = alloc_format("%s%s", before, name);
    const struct artifact *a = found(bundle, path);
    ck_assert_msg(strncmp(a->sha256, line, 64) == 0, "%s: %s is not %.64s", path, a->sha256, line);
    ck_assert(a->outcome == ARTIFACT_UNREAD && a->bytes);
    alloc_free(name);
    alloc_free(path);
  }
  ck_assert_uint_ge(count, 4);
  ck_assert_uint_eq(bundle->count, count + besides);
}

START_TEST(a_member_is_lost_or_changed) {
  write_files();
  const char *sums = sums_of(scratch_path("in"));
  if (!sums) {
    printf("SKIP %s: there is no sha256sum\n", __func__);
    return;
  }
  struct bundle *bundle = open_one(scratch_path("in"));
  check_sums(bundle, "", sums, 0);
  ck_assert(!bundle->incomplete);
  bundle_free(bundle);
  for (enum packed kind = 0; kind < PACKED_KINDS; kind++) {
    bundle = open_packed(kind, files, FILES);
    char *before = alloc_format("%s!", packed_names[kind]);
    check_sums(bundle, before, sums, 1);
    alloc_free(before);
    const struct artifact *archive = bundle->artifacts[0], *a = member(bundle, "bytes.bin");
    ck_assert_str_eq(archive->kind, "archive");
    ck_assert_msg(archive->outcome == ARTIFACT_READ, "%s: %s", archive->path, archive->reason);
    ck_assert(!bundle->incomplete && bundle->diags.count == 0);
    ck_assert(a->from_archive && a->size == 9);
    ck_assert_int_eq(a->has_modified, kind != CABINET);
    if (a->has_modified) ck_assert_int_eq(a->modified, 1733237236);
    bundle_free(bundle);
  }
}
END_TEST

START_TEST(a_zip_member_is_lost_or_changed) {
  write_files();
  const char *sums = sums_of(scratch_path("in"));
  if (!sums) {
    printf("SKIP %s: there is no sha256sum\n", __func__);
    return;
  }
  struct zip zip = zip_begin();
  for (size_t i = 0; i < FILES; i++)
    if (!files[i].folder)
      zip_add(&zip, &(struct zip_entry){.name = files[i].name,
                                        .data = files[i].bytes ? files[i].bytes : "",
                                        .size = files[i].size});
  zip_end(&zip);
  struct bundle *bundle = open_bytes("case.zip", zip.out.data, zip.out.size, NULL);
  check_sums(bundle, "case.zip!", sums, 1);
  bundle_free(bundle);
  zip_dispose(&zip);
}
END_TEST

START_TEST(a_file_in_gzip_is_not_read) {
  size_t size;
  char *bytes = pack_gzip("line\r\n", 6, &size);
  struct bundle *bundle = open_bytes("u_ex1.log.gz", bytes, size, NULL);
  ck_assert_uint_eq(bundle->count, 2);
  ck_assert_str_eq((char *)found(bundle, "u_ex1.log.gz!u_ex1.log")->bytes, "line\r\n");
  bundle_free(bundle);
  bundle = open_bytes("noname", bytes, size, NULL);
  ck_assert_str_eq((char *)found(bundle, "noname!data")->bytes, "line\r\n");
  bundle_free(bundle);
  alloc_free(bytes);
}
END_TEST

/* ---- what is not read --------------------------------------------------------------- */

START_TEST(links_and_devices_in_a_tar_are_opened) {
  static const struct packed_file odd[] = {
      {.name = "a.txt", .bytes = "1", .size = 1}, {.name = "fifo", .fifo = true},
      {.name = "hard.txt", .hardlink = "a.txt"},  {.name = "soft.txt", .link = "/etc/passwd"},
      {.name = "z.txt", .bytes = "2", .size = 1},
  };
  struct bundle *bundle = open_packed(TAR_GZIP, odd, 5);
  ck_assert_uint_eq(bundle->count, 6);
  ck_assert_str_eq(member(bundle, "fifo")->reason,
                   "a device, FIFO or socket, which is never opened");
  ck_assert_str_eq(member(bundle, "hard.txt")->reason,
                   "a hard link to \"a.txt\", which is never followed");
  ck_assert_str_eq(member(bundle, "soft.txt")->reason,
                   "a symbolic link to \"/etc/passwd\", which is never followed");
  ck_assert_str_eq((char *)member(bundle, "z.txt")->bytes, "2");
  ck_assert_str_eq(bundle->artifacts[0]->reason, "3 of its 5 members were refused");
  ck_assert(bundle->incomplete); /* what the hard link leads to may have been evidence */
  bundle_free(bundle);
}
END_TEST

START_TEST(a_dangerous_name_in_a_tar_leads_out) {
  static const struct packed_file odd[] = {
      {.name = "/etc/passwd", .bytes = "1", .size = 1},
      {.name = "../../x", .bytes = "2", .size = 1},
      {.name = "C:\\Windows\\nul.txt", .bytes = "3", .size = 1},
      {.name = "a\033[2J\nb", .bytes = "4", .size = 1},
      {.name = "twice", .bytes = "5", .size = 1},
      {.name = "twice", .bytes = "6", .size = 1},
  };
  struct bundle *bundle = open_packed(TAR, odd, 6);
  ck_assert_uint_eq(bundle->count, 7);
  ck_assert_str_eq((char *)member(bundle, "\\x2F/etc/passwd")->bytes, "1");
  ck_assert(strstr(member(bundle, "\\x2F/etc/passwd")->note, "a slash at its start"));
  ck_assert_str_eq((char *)member(bundle, "\\x2E\\x2E/\\x2E\\x2E/x")->bytes, "2");
  ck_assert_str_eq((char *)member(bundle, "C\\x3A/Windows/\\x6Eul.txt")->bytes, "3");
  ck_assert_str_eq((char *)member(bundle, "a\\x1B[2J\\x0Ab")->bytes, "4");
  const struct artifact *again = member(bundle, "twice (2)");
  ck_assert_str_eq((char *)again->bytes, "6");
  ck_assert_str_eq(again->named, "case.tar!twice");
  ck_assert(strstr(again->note, "same path"));
  ck_assert_str_eq(member(bundle, "twice")->note, "");
  bundle_free(bundle);
}
END_TEST

START_TEST(names_in_code_pages_are_garbled) {
  static const struct {
    const char *name, *shown;
    int page;
  } rows[] = {
      {"Pr\x81"
       "fung/\x9A"
       "bersicht Gr\x94\xE1"
       "e.txt",
       "Pr\xC3\xBC"
       "fung/\xC3\x9C"
       "bersicht Gr\xC3\xB6\xC3\x9F"
       "e.txt",
       850},
      {"\x8E\xE2\xE7\xA5\xE2 \xE1\xA5\xE0\xA2\xA5\xE0\xA0.txt",
       "\xD0\x9E\xD1\x82\xD1\x87\xD0\xB5\xD1\x82 "
       "\xD1\x81\xD0\xB5\xD1\x80\xD0\xB2\xD0\xB5\xD1\x80\xD0\xB0.txt",
       866},
      {"\xD6\xA4\xCA\xE9\xB7\xFE\xCE\xF1\xC6\xF7.txt",
       "\xE8\xAF\x81\xE4\xB9\xA6\xE6\x9C\x8D\xE5\x8A\xA1\xE5\x99\xA8.txt", 936},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct zip zip = zip_begin();
    zip_add_text(&zip, rows[i].name, "1");
    zip_end(&zip);
    struct bundle *bundle = open_bytes("case.zip", zip.out.data, zip.out.size, NULL);
    const struct artifact *a = member(bundle, rows[i].shown);
    char *page = alloc_format("code page %d", rows[i].page);
    ck_assert_msg(strstr(a->note, page), "%s", a->note);
    alloc_free(page);
    bundle_free(bundle);
    zip_dispose(&zip);
  }
}
END_TEST

/* ---- damage --------------------------------------------------------------------------- */

/* Cut anywhere, an archive never looks whole, and what is read of it is sound. */
static void check_cuts(enum packed kind, const char *bytes, size_t size, size_t step) {
  for (size_t cut = 600; cut < size; cut += step) {
    struct bundle *bundle = open_bytes(packed_names[kind], bytes, cut, NULL);
    const struct artifact *archive = bundle->artifacts[0];
    ck_assert_msg(archive->outcome == ARTIFACT_PARTLY_READ || archive->outcome == ARTIFACT_REFUSED,
                  "%s cut at %zu of %zu: %s", packed_names[kind], cut, size, archive->reason);
    /* A cabinet lists all its members at its start. */
    ck_assert(bundle->incomplete && (bundle->cut_short || kind == CABINET));
    for (size_t i = 1; i < bundle->count; i++) {
      const struct artifact *a = bundle->artifacts[i];
      ck_assert_msg(!a->bytes || a->size == 2000, "%s cut at %zu", a->path, cut);
    }
    bundle_free(bundle);
  }
}

START_TEST(a_cut_archive_of_any_kind_looks_whole) {
  char noise[3][2000];
  uint32_t seed = 1;
  for (size_t i = 0; i < sizeof noise; i++)
    seed = seed * 1664525 + 1013904223, noise[i / 2000][i % 2000] = (char)(seed >> 24);
  struct packed_file three[] = {{.name = "a", .bytes = noise[0], .size = 2000},
                                {.name = "b", .bytes = noise[1], .size = 2000},
                                {.name = "c", .bytes = noise[2], .size = 2000}};
  for (enum packed kind = 0; kind < PACKED_KINDS; kind++) {
    size_t size;
    char *bytes = pack_files(kind, three, 3, &size);
    /* All zeros at the end of a tar are its end mark: one block of them is enough. */
    check_cuts(kind, bytes, kind == TAR ? 3 * 2560 + 1 : size, kind == TAR ? 256 : 487);
    alloc_free(bytes);
  }
}
END_TEST

/* Path and digest of all that stands behind the first artifact. */
static char *members_text(const struct bundle *bundle) {
  struct buffer out = buffer_make(SIZE_MAX);
  for (size_t i = 1; i < bundle->count; i++)
    buffer_add_format(&out, "%s %s\n", bundle->artifacts[i]->path, bundle->artifacts[i]->sha256);
  return buffer_take(&out);
}

START_TEST(a_7z_with_a_wrong_header_stops_the_run) {
  size_t size;
  char *bytes = pack_files(SEVENZIP, files, FILES, &size);
  scratch_folder("case");
  scratch_text("case/z.txt", "read all the same");
  scratch_write("case/a.7z", bytes, size);
  struct bundle *whole = open_one(scratch_path("case"));
  char *sound = members_text(whole);
  bundle_free(whole);
  for (size_t at = 6; at < size; at += at < 40 ? 1 : 7) {
    bytes[at] ^= 0x55;
    scratch_write("case/a.7z", bytes, size);
    bytes[at] ^= 0x55;
    struct bundle *bundle = open_one(scratch_path("case"));
    ck_assert_str_eq((char *)found(bundle, "z.txt")->bytes, "read all the same");
    char *members = members_text(bundle);
    ck_assert_msg(bundle->incomplete || at < 8 || strcmp(members, sound) == 0,
                  "byte %zu of %zu:\n%s", at, size, members);
    alloc_free(members);
    bundle_free(bundle);
  }
  bytes[16] ^= 0x55; /* where the header stands: nothing can be read */
  struct bundle *bundle = open_bytes("case.7z", bytes, size, NULL);
  ck_assert_msg(bundle->artifacts[0]->outcome == ARTIFACT_REFUSED, "%s",
                bundle->artifacts[0]->reason);
  ck_assert(strstr(bundle->artifacts[0]->reason, "a 7z archive that cannot be read"));
  ck_assert(bundle->incomplete && bundle->cut_short);
  bundle_free(bundle);
  alloc_free(bytes);
  alloc_free(sound);
}
END_TEST

/* ---- archives in archives --------------------------------------------------------------- */

/* "leaf.txt" in `depth` archives: zips and tars in turn; the outermost a zip. */
static struct buffer nested(unsigned depth) {
  struct buffer inner = buffer_make(SIZE_MAX);
  buffer_add_text(&inner, "leaf");
  for (unsigned level = depth; level-- > 0;) {
    const char *name = level + 1 == depth ? "leaf.txt" : "in";
    struct buffer outer = buffer_make(SIZE_MAX);
    if (level % 2 == 0) {
      struct zip zip = zip_begin();
      zip_add(&zip, &(struct zip_entry){.name = name, .data = inner.data, .size = inner.size});
      zip_end(&zip);
      buffer_add(&outer, zip.out.data, zip.out.size);
      zip_dispose(&zip);
    } else {
      size_t size;
      struct packed_file file = {.name = name, .bytes = inner.data, .size = inner.size};
      char *bytes = pack_files(TAR_GZIP, &file, 1, &size);
      buffer_add(&outer, bytes, size);
      alloc_free(bytes);
    }
    buffer_dispose(&inner);
    inner = outer;
  }
  return inner;
}

START_TEST(archives_in_archives_are_not_read) {
  struct buffer four = nested(4);
  struct bundle *bundle = open_bytes("case.zip", four.data, four.size, NULL);
  ck_assert_uint_eq(bundle->count, 5);
  ck_assert_str_eq((char *)found(bundle, "case.zip!in!in!in!leaf.txt")->bytes, "leaf");
  for (unsigned i = 0; i < 4; i++) {
    ck_assert_int_eq(bundle->artifacts[i]->outcome, ARTIFACT_READ);
    ck_assert_uint_eq(bundle->artifacts[i]->number, i);
  }
  ck_assert(!bundle->incomplete);
  bundle_free(bundle);
  buffer_dispose(&four);
}
END_TEST

START_TEST(archives_are_opened_without_end) {
  struct buffer five = nested(5);
  struct bundle *bundle = open_bytes("case.zip", five.data, five.size, NULL);
  ck_assert_uint_eq(bundle->count, 5);
  const struct artifact *a = found(bundle, "case.zip!in!in!in!in");
  ck_assert_int_eq(a->outcome, ARTIFACT_REFUSED);
  ck_assert(strstr(a->reason, "--max-archive-depth"));
  ck_assert_uint_eq(strlen(a->sha256), 64);
  ck_assert(bundle->incomplete);
  bundle_free(bundle);
  struct bundle_limits limits = bundle_default_limits;
  limits.archive_depth = 5;
  bundle = open_bytes("case.zip", five.data, five.size, &limits);
  ck_assert_str_eq((char *)found(bundle, "case.zip!in!in!in!in!leaf.txt")->bytes, "leaf");
  bundle_free(bundle);
  buffer_dispose(&five);
}
END_TEST

/* ---- limits ------------------------------------------------------------------------------- */

START_TEST(a_long_name_is_read_or_lost) {
  char name[5001];
  memset(name, 'n', 5000);
  name[5000] = '\0';
  struct zip zip = zip_begin();
  zip_add_text(&zip, name, "1");
  zip_add_text(&zip, "short", "2");
  zip_end(&zip);
  struct bundle *bundle = open_bytes("case.zip", zip.out.data, zip.out.size, NULL);
  ck_assert_uint_eq(bundle->count, 3);
  const struct artifact *a = bundle->artifacts[1];
  ck_assert_uint_le(strlen(a->path), 4096);
  ck_assert_int_eq(a->outcome, ARTIFACT_REFUSED);
  ck_assert(strstr(a->reason, "--max-name-length"));
  ck_assert_str_eq((char *)member(bundle, "short")->bytes, "2");
  ck_assert(bundle->incomplete);
  bundle_free(bundle);
  struct bundle_limits limits = bundle_default_limits;
  limits.name_length = 12;
  bundle = open_bytes("case.zip", zip.out.data, zip.out.size, &limits);
  ck_assert_uint_eq(bundle->count, 3);
  ck_assert(!bundle->artifacts[1]->bytes && !bundle->artifacts[2]->bytes);
  bundle_free(bundle);
  zip_dispose(&zip);
}
END_TEST

START_TEST(an_archive_larger_than_a_file_may_be_is_refused) {
  char noise[3000];
  for (size_t i = 0; i < sizeof noise; i++)
    noise[i] = (char)(i * 7 + i / 256);
  struct packed_file three[] = {{.name = "a", .bytes = noise, .size = 1000},
                                {.name = "b", .bytes = noise, .size = 3000},
                                {.name = "c", .bytes = noise, .size = 1000}};
  size_t size;
  char *bytes = pack_files(TAR, three, 3, &size);
  struct bundle_limits limits = bundle_default_limits;
  limits.artifact_size = 2000;
  struct bundle *bundle = open_bytes("case.tar", bytes, size, &limits);
  ck_assert_uint_eq(bundle->count, 4);
  ck_assert(member(bundle, "a")->bytes && member(bundle, "c")->bytes);
  ck_assert(strstr(member(bundle, "b")->reason, "--max-file-size"));
  bundle_free(bundle);
  limits.total_size = size - 1;
  bundle = open_bytes("case.tar", bytes, size, &limits);
  ck_assert_uint_eq(bundle->count, 1);
  ck_assert_int_eq(bundle->artifacts[0]->outcome, ARTIFACT_REFUSED);
  bundle_free(bundle);
  alloc_free(bytes);
}
END_TEST

/* ---- handing out one by one ----------------------------------------------------------------- */

struct taken {
  size_t count, held;
  char paths[256];
};

static void take(struct bundle *bundle, struct artifact *a, void *context) {
  struct taken *taken = context;
  taken->held = 0;
  for (size_t i = 0; i < bundle->count; i++)
    taken->held += bundle->artifacts[i]->bytes != NULL && bundle->artifacts[i]->kind[0] == '\0';
  ck_assert_uint_eq(taken->held, 1);
  ck_assert(bundle->artifacts[a->number] == a);
  strncat(taken->paths, a->path, sizeof taken->paths - strlen(taken->paths) - 2);
  strcat(taken->paths, "\n");
  taken->count++;
}

START_TEST(all_members_are_held_at_once) {
  struct buffer two = nested(2);
  scratch_folder("case");
  scratch_write("case/b.zip", two.data, two.size);
  scratch_text("case/a", "1");
  scratch_text("case/c", "2");
  buffer_dispose(&two);
  struct taken taken = {0};
  const char *path = scratch_path("case");
  struct bundle *bundle =
      bundle_open_with(&path, 1, &(struct bundle_options){.take = take, .context = &taken});
  ck_assert_str_eq(taken.paths, "a\nb.zip!in!leaf.txt\nc\n");
  for (size_t i = 0; i < bundle->count; i++)
    ck_assert(bundle->artifacts[i]->bytes == NULL);
  bundle_free(bundle);
}
END_TEST

CHECK_MAIN("bundle/archive formats", {
  tcase_add_checked_fixture(tests, scratch_begin, scratch_end);
  tcase_add_test(tests, a_member_is_lost_or_changed);
  tcase_add_test(tests, a_zip_member_is_lost_or_changed);
  tcase_add_test(tests, a_file_in_gzip_is_not_read);
  tcase_add_test(tests, links_and_devices_in_a_tar_are_opened);
  tcase_add_test(tests, a_dangerous_name_in_a_tar_leads_out);
  tcase_add_test(tests, names_in_code_pages_are_garbled);
  tcase_add_test(tests, a_cut_archive_of_any_kind_looks_whole);
  tcase_add_test(tests, a_7z_with_a_wrong_header_stops_the_run);
  tcase_add_test(tests, archives_in_archives_are_not_read);
  tcase_add_test(tests, archives_are_opened_without_end);
  tcase_add_test(tests, a_long_name_is_read_or_lost);
  tcase_add_test(tests, an_archive_larger_than_a_file_may_be_is_refused);
  tcase_add_test(tests, all_members_are_held_at_once);
})
