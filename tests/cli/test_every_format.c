/* The same evidence gives the same verdicts, whatever it was written as: one server, its
 * certificate store and its HTTPS bindings in every form that is read, each form of the one
 * with forms of the other, healthy and with the certificate of the back end deleted. */
#include "check_main.h"
#include "cli/support_forms.h"
#include "cli/support_pipeline.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/moment.h"

/* ---- Verdicts ---- */

/* What decides a rule on one of the two servers: any of these forms of the store with any of these
 * of the bindings; without them it stays unknown. */
struct decided {
  enum verdict verdict;
  int stores, bindings;
};

static const struct {
  const char *rule;
  struct decided on[2]; /* the healthy server, the broken one */
} expected[] = {
    {"exchange-backend-binding-without-certificate",
     {{VERDICT_PASS, ANY_STORE, ANY_BINDINGS}, {VERDICT_PASS, ANY_STORE, ANY_BINDINGS}}},
    /* The sites' own bindings may not be all that HTTP.SYS serves for them. A certificate that
     * is not shown may be there nevertheless. */
    {"exchange-backend-certificate-missing",
     {{VERDICT_PASS, LISTED | EXPORTED | SHOWN | SHOWN_WHOLE, RECORDED},
      {VERDICT_FAIL, LISTED | EXPORTED, ANY_BINDINGS}}},
    /* The drive's own properties do not tell who signed it. */
    {"exchange-backend-certificate-not-self-signed",
     {{VERDICT_PASS, LISTED | EXPORTED | SHOWN_WHOLE, RECORDED},
      {VERDICT_NOT_APPLICABLE, LISTED | EXPORTED, RECORDED}}},
    {"exchange-backend-https-binding-narrowed",
     {{VERDICT_PASS, ANY_STORE, ANY_BINDINGS}, {VERDICT_PASS, ANY_STORE, ANY_BINDINGS}}},
    {"exchange-backend-http-binding-missing",
     {{VERDICT_PASS, ANY_STORE, ANY_BINDINGS}, {VERDICT_PASS, ANY_STORE, ANY_BINDINGS}}},
    {"default-web-site-https-binding-missing",
     {{VERDICT_PASS, ANY_STORE, ANY_BINDINGS}, {VERDICT_PASS, ANY_STORE, ANY_BINDINGS}}},
    {"default-web-site-loopback-binding-missing",
     {{VERDICT_PASS, ANY_STORE, ANY_BINDINGS}, {VERDICT_PASS, ANY_STORE, ANY_BINDINGS}}},
    {"https-binding-without-usable-certificate",
     {{VERDICT_PASS, LISTED | EXPORTED | SHOWN | SHOWN_WHOLE, RECORDED},
      {VERDICT_PASS, LISTED | EXPORTED | SHOWN | SHOWN_WHOLE, RECORDED}}},
    {"artifacts-disagree-about-certificate",
     {{VERDICT_PASS, ANY_STORE, RECORDED}, {VERDICT_PASS, ANY_STORE, RECORDED}}},
    /* Get-ExchangeCertificate shows none without a key: the deleted one may be left so. */
    {"bound-certificate-without-private-key",
     {{VERDICT_PASS, LISTED | EXPORTED | SHOWN | SHOWN_WHOLE, RECORDED},
      {VERDICT_PASS, LISTED, RECORDED}}},
    /* Only Exchange tells what its services use; of the deleted one nothing tells the dates. */
    {"certificate-in-service-expired",
     {{VERDICT_PASS, EXPORTED, RECORDED}, {VERDICT_UNKNOWN, 0, 0}}},
    {"oauth-certificate-expired",
     {{VERDICT_PASS, ANY_STORE, ANY_BINDINGS}, {VERDICT_PASS, ANY_STORE, ANY_BINDINGS}}},
    {"oauth-certificate-missing",
     {{VERDICT_PASS, LISTED | EXPORTED | SHOWN | SHOWN_WHOLE, ANY_BINDINGS},
      {VERDICT_PASS, LISTED | EXPORTED | SHOWN | SHOWN_WHOLE, ANY_BINDINGS}}},
    {"powershell-requires-ssl",
     {{VERDICT_PASS, ANY_STORE, ANY_BINDINGS}, {VERDICT_PASS, ANY_STORE, ANY_BINDINGS}}},
    {"application-host-damaged",
     {{VERDICT_PASS, ANY_STORE, ANY_BINDINGS}, {VERDICT_PASS, ANY_STORE, ANY_BINDINGS}}},
};
enum { RULES = sizeof expected / sizeof *expected };

/* The sanitizers look for other defects and cost ten times the time. */
#ifdef __SANITIZE_ADDRESS__
enum { STRIDE = 13 };
#else
enum { STRIDE = 1 };
#endif

static struct forms *forms;
static struct rulebook *rulebook;
static char *application_host, *auth_config;
static int64_t as_of;
static size_t combinations, wrong;

static void expect(const struct form *store, const struct form *bindings, int broken) {
  const char *const paths[] = {application_host, auth_config, store->paths[broken],
                               bindings->paths[broken]};
  if (combinations++ % STRIDE) return;
  struct pipeline p = pipeline_run_profile(rulebook, "listeners", paths, 4, &as_of);
  ck_assert_uint_eq(p.verdicts->rule_verdict_count, RULES); /* of one host */
  for (size_t i = 0; i < RULES; i++) {
    const struct decided *decided = &expected[i].on[broken];
    bool decides = store->proves & decided->stores && bindings->proves & decided->bindings;
    enum verdict wanted = decides ? decided->verdict : VERDICT_UNKNOWN,
                 got = pipeline_verdict(&p, expected[i].rule);
    if (got == wanted) continue;
    wrong++;
    printf("%s with %s, %s: %s is %s, not %s\n", store->name, bindings->name,
           broken ? "broken" : "healthy", expected[i].rule, verdict_word(got),
           verdict_word(wanted));
  }
  pipeline_free(&p);
}

static void expect_both(const struct form *store, const struct form *bindings) {
  expect(store, bindings, 0);
  expect(store, bindings, 1);
}

static void setup(void) {
  forms = forms_write();
  rulebook = pipeline_rules();
  application_host = alloc_text(sample("kb2779694-healthy/applicationHost.config"));
  auth_config = alloc_text(sample("kb2779694-healthy/GetAuthConfig.xml"));
  ck_assert(moment_parse("2026-03-10T00:00:00Z", &as_of));
}

static void teardown(void) {
  forms_remove(forms);
  alloc_free(application_host);
  alloc_free(auth_config);
  rulebook_free(rulebook);
}

START_TEST(a_form_of_the_same_evidence_gives_another_verdict) {
  size_t dumps = forms->dump_count;
  for (size_t s = 0; s < forms->store_count; s++)
    for (size_t b = 0; b < forms->binding_count; b++)
      expect_both(&forms->stores[s], &forms->bindings[b]);
  for (size_t i = 0; i < dumps; i++) {
    for (size_t s = 0; s < forms->store_count; s++)
      expect_both(&forms->stores[s], &forms->netsh[i]);
    for (size_t b = 0; b < forms->binding_count; b++)
      expect_both(&forms->certutil[i], &forms->bindings[b]);
    for (size_t e = 0; e < DUMP_ENCODINGS; e++)
      expect_both(&forms->certutil[i], &forms->netsh[(i * 7 + e * 11) % dumps]);
  }
  ck_assert_uint_gt(combinations, 1000);
  ck_assert_msg(wrong == 0, "%zu verdicts of %zu combinations", wrong, combinations);
}
END_TEST

/* The middle of the next line that is long enough to be noticed. At a line's end a text may be a
 * copy of a whole one that lost nothing but blank lines. */
static size_t next_cut(const char *text, size_t size, size_t at, size_t lines) {
  size_t end = at;
  for (size_t i = 0; i < lines || end - at < 8; i++) {
    if (end >= size) return size;
    at = i ? end + 1 : at;
    for (end = at; end < size && text[end] != '\n';)
      end++;
  }
  return at + (end - at) / 2;
}

#ifdef __SANITIZE_ADDRESS__
enum { LINES = 101 };
#else
enum { LINES = 13 };
#endif

static void expect_less(const struct form *cut, bool store, const struct form *other, int broken) {
  size_t size;
  char *text = file_read(cut->paths[broken], &size);
  char *name = alloc_format("cut-%s", cut->name), *path = path_of(forms->folder, name);
  for (size_t at = 0; (at = next_cut(text, size, at, LINES)) < size;) {
    folder_write(forms->folder, name, text, at);
    const char *const paths[] = {application_host, auth_config, path, other->paths[broken]};
    struct pipeline p = pipeline_run_profile(rulebook, "listeners", paths, 4, &as_of);
    for (size_t i = 0; i < RULES; i++) {
      const struct decided *decided = &expected[i].on[broken];
      enum verdict got = pipeline_verdict(&p, expected[i].rule);
      bool decides = store ? cut->proves & decided->stores && other->proves & decided->bindings
                           : other->proves & decided->stores && cut->proves & decided->bindings;
      enum verdict whole = decides ? decided->verdict : VERDICT_UNKNOWN;
      if (got == VERDICT_UNKNOWN || got == whole) continue;
      wrong++;
      printf("%s cut at %zu of %zu, %s: %s is %s, not %s\n", cut->name, at, size,
             broken ? "broken" : "healthy", expected[i].rule, verdict_word(got),
             verdict_word(whole));
    }
    pipeline_free(&p);
  }
  alloc_free(text);
  alloc_free(name);
  alloc_free(path);
}

START_TEST(a_form_that_is_cut_inside_a_line_gives_another_verdict) {
  for (int broken = 0; broken < 2; broken++) {
    for (size_t s = 0; s < forms->store_count; s++)
      expect_less(&forms->stores[s], true, &forms->netsh[0], broken);
    for (size_t b = 0; b < forms->binding_count; b++)
      expect_less(&forms->bindings[b], false, &forms->certutil[0], broken);
    for (size_t i = 0; i < forms->dump_count; i += 8) {
      expect_less(&forms->certutil[i], true, &forms->netsh[0], broken);
      expect_less(&forms->netsh[i], false, &forms->certutil[0], broken);
    }
  }
  ck_assert_msg(wrong == 0, "%zu verdicts", wrong);
}
END_TEST

CHECK_MAIN("cli/every_format", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_form_of_the_same_evidence_gives_another_verdict);
  tcase_add_test(tests, a_form_that_is_cut_inside_a_line_gives_another_verdict);
})
