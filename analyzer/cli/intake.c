/* Opens the bundle and builds the evidence, or says why there is none. */
#include "cli/intake.h"

#include "base/moment.h"
#include "base/system.h"
#include "base/text.h"
#include "evidence/kinds.h"
#include "readers/readers.h"

#include <string.h>

const struct option intake_options[] = {
    {.name = "as-of",
     .argument = "MOMENT",
     .summary = "judge dates at this moment, like 2026-03-02T09:30Z,\n"
                "instead of the newest one that the bundle states"},
    {.name = "host",
     .argument = "NAME=GLOB",
     .repeatable = true,
     .summary = "files whose path fits GLOB belong to server NAME; the\n"
                "first that fits wins. Without it the names of folders,\n"
                "archives and files tell, and the computer names inside"},
    {.name = "map",
     .argument = "TARGET=PATH",
     .repeatable = true,
     .summary = "the configuration of TARGET is PATH in the bundle: a\n"
                "file, or a folder (. is its top) that holds all there\n"
                "is. TARGET: a path like 'Default Web Site/owa', the\n"
                "start of a Windows path like 'C:\\inetpub', MACHINE,\n"
                "MACHINE/WEBROOT or MACHINE/WEBROOT/APPHOST"},
    {.name = "encoding",
     .argument = "[GLOB=]NAME",
     .repeatable = true,
     .summary = "files whose path or name fits GLOB are text in NAME,\n"
                "like *.txt=cp850; without GLOB all whose encoding\n"
                "nothing states. The first that fits wins. NAME: utf-8,\n"
                "utf-16le, utf-16be, or a code page like 850 or 1252"},
    {.name = "pfx-password-file",
     .argument = "FILE",
     .summary = "open PKCS #12 files (.pfx) with the passwords in FILE,\n"
                "one a line; the empty one is always tried"},
    {.name = "max-file-size",
     .argument = "SIZE",
     .summary = "refuse larger files and members of archives (default\n"
                "1G; K, M and G are known)"},
    {.name = "max-total-size",
     .argument = "SIZE",
     .summary = "stop opening files beyond this sum (default 8G)"},
    {.name = "max-files",
     .argument = "COUNT",
     .summary = "stop opening files beyond this count (default 250000)"},
    {.name = "max-members",
     .argument = "COUNT",
     .summary = "list no more members of an archive, those of archives\n"
                "in it included (default 100000)"},
    {.name = "max-expansion",
     .argument = "RATIO",
     .summary = "beyond 64 MiB, stop unpacking an archive that gives\n"
                "more than RATIO times its size (default 200)"},
    {.name = "max-archive-depth",
     .argument = "LEVELS",
     .summary = "open archives in archives this deep (default 4)"},
    {.name = "max-folder-depth",
     .argument = "LEVELS",
     .summary = "go down into folders this deep (default 64)"},
    {.name = "max-name-length",
     .argument = "BYTES",
     .summary = "refuse files whose path in the bundle is longer\n"
                "(default 4096, which is the most)"},
    {.name = NULL},
};

static bool complain(FILE *errors, const char *option, const char *value, const char *wanted) {
  char *shown = text_printable(value, 200);
  fprintf(errors, "siteglass: error: --%s %s: %s\n", option, shown, wanted);
  alloc_free(shown);
  return false;
}

/* "512", "64K", "1G": powers of 1024. */
static bool parse_size(const char *text, uint64_t *size) {
  struct span digits = span_of(text);
  unsigned shift = 0;
  if (digits.size) {
    const char *unit = strchr("kKmMgG", digits.start[digits.size - 1]);
    if (unit) {
      shift = 10 * (unsigned)((unit - "kKmMgG") / 2 + 1);
      digits.size--;
    }
  }
  return text_unsigned(digits, size) && *size != 0 && *size <= UINT64_MAX >> shift &&
         ((*size <<= shift), true);
}

static bool read_size(const struct arguments *arguments, const char *option, uint64_t *size,
                      FILE *errors) {
  const char *value = arguments_value(arguments, option);
  if (!value || parse_size(value, size)) return true;
  return complain(errors, option, value, "not a size; a size is 500000, 64K, 20M or 2G");
}

/* A whole number from 1 to `most`; NULL `value`: leaves it as it is. */
static bool read_count(const struct arguments *arguments, const char *option, uint64_t most,
                       uint64_t *count, const char *wanted, FILE *errors) {
  const char *value = arguments_value(arguments, option);
  uint64_t number;
  if (!value) return true;
  if (!text_unsigned(span_of(value), &number) || number == 0 || number > most)
    return complain(errors, option, value, wanted);
  *count = number;
  return true;
}

static bool read_limits(const struct arguments *arguments, struct bundle_limits *limits,
                        FILE *errors) {
  *limits = bundle_default_limits;
  uint64_t files = limits->artifact_count, members = limits->member_count,
           expansion = limits->expansion, archives = limits->archive_depth,
           folders = limits->folder_depth, name = limits->name_length;
  bool good =
      read_count(arguments, "max-files", SIZE_MAX, &files, "not a number of files", errors) &&
      read_count(arguments, "max-members", SIZE_MAX / 4, &members, "not a number of members",
                 errors) &&
      read_count(arguments, "max-expansion", UINT32_MAX, &expansion, "not a ratio, like 200",
                 errors) &&
      read_count(arguments, "max-archive-depth", 64, &archives, "not a number from 1 to 64",
                 errors) &&
      read_count(arguments, "max-folder-depth", 1000, &folders, "not a number from 1 to 1000",
                 errors) &&
      read_count(arguments, "max-name-length", BUNDLE_NAME_MOST, &name,
                 "not a number from 1 to 4096", errors) &&
      read_size(arguments, "max-file-size", &limits->artifact_size, errors) &&
      read_size(arguments, "max-total-size", &limits->total_size, errors);
  limits->artifact_count = (size_t)files;
  limits->member_count = (size_t)members;
  limits->expansion = (unsigned)expansion;
  limits->archive_depth = (unsigned)archives;
  limits->folder_depth = (unsigned)folders;
  limits->name_length = (size_t)name;
  return good;
}

/* --encoding [GLOB=]NAME: cut at the last '='; no name of an encoding has one. */
static bool read_encodings(struct intake *intake, const struct arguments *arguments, FILE *errors) {
  for (size_t i = 0; i < arguments->use_count; i++) {
    if (!text_equal(arguments->uses[i].option->name, "encoding")) continue;
    const char *value = arguments->uses[i].value, *equals = strrchr(value, '=');
    struct encoding_choice choice = {.glob = NULL};
    if (equals == value || !encoding_choice_read(equals ? equals + 1 : value, &choice))
      return complain(errors, "encoding", value,
                      "wanted NAME or GLOB=NAME, where NAME is utf-8, utf-16le, utf-16be or a "
                      "code page of Windows, like 850 or windows-1252");
    if (equals) choice.glob = alloc_text_n(value, (size_t)(equals - value));
    ARRAY_PUSH(intake->encodings, intake->encoding_count, intake->encoding_capacity) = choice;
  }
  return true;
}

/* --host NAME=GLOB: the name is cut off in a copy, which the list owns. */
static bool read_hosts(struct intake *intake, const struct arguments *arguments, FILE *errors) {
  for (size_t i = 0; i < arguments->use_count; i++) {
    if (!text_equal(arguments->uses[i].option->name, "host")) continue;
    const char *value = arguments->uses[i].value, *equals = strchr(value, '=');
    if (!equals && intake->one_host && *value) {
      intake->host_name = value;
      continue;
    }
    if (!equals || equals == value || !equals[1])
      return complain(errors, "host", value, "wanted NAME=GLOB, like EX01=*ex01*");
    struct host_choice choice = {alloc_text_n(value, (size_t)(equals - value)), equals + 1};
    ARRAY_PUSH(intake->choices, intake->choice_count, intake->choice_capacity) = choice;
  }
  return true;
}

/* --map TARGET=PATH: cut at the first '='; no target has one in it. */
static bool read_mappings(struct intake *intake, const struct arguments *arguments, FILE *errors) {
  for (size_t i = 0; i < arguments->use_count; i++) {
    if (!text_equal(arguments->uses[i].option->name, "map")) continue;
    const char *value = arguments->uses[i].value, *equals = strchr(value, '=');
    if (!equals || equals == value || !equals[1])
      return complain(errors, "map", value,
                      "wanted TARGET=PATH, like 'Default Web Site/owa=owa/web.config'");
    struct config_mapping mapping = {alloc_text_n(value, (size_t)(equals - value)), equals + 1};
    ARRAY_PUSH(intake->mappings, intake->mapping_count, intake->mapping_capacity) = mapping;
  }
  return true;
}

static bool paths_exist(const struct arguments *arguments, FILE *errors) {
  bool all = true;
  for (size_t i = 0; i < arguments->operand_count; i++) {
    struct system_status status;
    system_status(arguments->operands[i], true, &status);
    if (status.kind != SYSTEM_MISSING) continue;
    char *shown = text_printable(arguments->operands[i], 1000);
    fprintf(errors, "siteglass: error: %s: %s\n", shown[0] ? shown : "an empty path", status.error);
    alloc_free(shown);
    all = false;
  }
  return all;
}

bool intake_prepare(struct intake *intake, const struct arguments *arguments, FILE *errors) {
  const char *as_of = arguments_value(arguments, "as-of");
  intake->has_as_of = as_of != NULL;
  if (as_of && !moment_parse(as_of, &intake->as_of))
    return complain(errors, "as-of", as_of,
                    "not a moment; write 2026-03-02 or 2026-03-02T09:30:00Z (UTC)");
  const char *passwords = arguments_value(arguments, "pfx-password-file");
  if (passwords && !passwords_read(passwords, &intake->passwords, errors)) return false;
  return read_limits(arguments, &intake->limits, errors) &&
         read_encodings(intake, arguments, errors) && read_hosts(intake, arguments, errors) &&
         read_mappings(intake, arguments, errors) && paths_exist(arguments, errors);
}

enum { MOST_LISTED = 10 };

static void list_ledger(const struct bundle *bundle, FILE *errors) {
  for (size_t i = 0; i < bundle->count && i < MOST_LISTED; i++) {
    const struct artifact *artifact = bundle->artifacts[i];
    char *path = text_printable(artifact->path, 1000);
    char *reason = text_printable(artifact->reason ? artifact->reason : "", 1000);
    fprintf(errors, "  %s: %s%s%s\n", path, artifact_outcome_word(artifact->outcome),
            reason[0] ? ": " : "", reason);
    alloc_free(path);
    alloc_free(reason);
  }
  if (bundle->count > MOST_LISTED)
    fprintf(errors, "  ... and %zu more\n", bundle->count - MOST_LISTED);
}

void intake_warn(const struct bundle *bundle, FILE *errors) {
  const struct diags *diags = &bundle->diags;
  size_t shown = 0;
  for (size_t i = 0; i < diags->count && shown < MOST_LISTED; i++) {
    const struct diag *diag = &diags->items[i];
    if (diag->level < DIAG_WARNING) continue;
    char *file = text_printable(diag->file, 1000), *message = text_printable(diag->message, 1000);
    fprintf(errors, "siteglass: %s: %s%s%s\n", diag_level_word(diag->level), file,
            file[0] ? ": " : "", message);
    alloc_free(file);
    alloc_free(message);
    shown++;
  }
}

/* What is worth collecting first; evidence/kinds.h knows more than can be read today. */
static const char *const wanted[] = {
    "application-host", "web-config",       "netsh-sslcert",
    "certutil-my",      "get-webbinding",   "get-exchangecertificate",
    "get-authconfig",   "certificate-file",
};

static void list_wanted(FILE *errors) {
  fputs("siteglass looks for these, by content and under any name:\n", errors);
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    const struct evidence_kind *kind = evidence_kind_find(wanted[i]);
    if (kind)
      fprintf(errors, "  %s\n      %s\n", kind->name, kind->command ? kind->command : kind->file);
  }
}

/* Nothing was read at all: what was found, and what would have helped. */
static void explain_nothing(const struct bundle *bundle, FILE *errors) {
  intake_warn(bundle, errors);
  char *name = text_printable(bundle->name, 1000);
  if (bundle->count == 0)
    fprintf(errors, "siteglass: error: there is no file in %s\n", name);
  else
    fprintf(errors, "siteglass: error: nothing in %s could be read as evidence (%zu %s)\n", name,
            bundle->count, bundle->count == 1 ? "file" : "files");
  alloc_free(name);
  list_ledger(bundle, errors);
  list_wanted(errors);
}

/* --map names files of the bundle: what is not there is a slip, not evidence. */
static bool mappings_fit(const struct intake *intake, FILE *errors) {
  for (size_t i = 0; i < intake->mapping_count; i++) {
    const char *wrong = config_mapping_wrong(intake->bundle, &intake->mappings[i]);
    if (!wrong) continue;
    char *value = alloc_format("%s=%s", intake->mappings[i].target, intake->mappings[i].path);
    bool fits = complain(errors, "map", value, wrong);
    alloc_free(value);
    return fits;
  }
  return true;
}

/* Each file is read as it comes in, so that memory never holds two of them. */
static void take(struct bundle *bundle, struct artifact *artifact, void *context) {
  struct intake *intake = context;
  intake->readings.diags = &bundle->diags;
  intake->readings.bundle = bundle;
  readers_read(artifact, &intake->readings);
}

bool intake_run(struct intake *intake, const struct arguments *arguments, FILE *errors) {
  struct bundle_options bundle_options = {.limits = &intake->limits,
                                          .encodings = intake->encodings,
                                          .encoding_count = intake->encoding_count,
                                          .take = take,
                                          .context = intake};
  intake->readings = (struct readings){.dict = xmlDictCreate(),
                                       .passwords = intake->passwords.items,
                                       .password_count = intake->passwords.count};
  intake->bundle = bundle_open_with(arguments->operands, arguments->operand_count, &bundle_options);
  intake->readings.diags = &intake->bundle->diags;
  if (intake->readings.count == 0) {
    explain_nothing(intake->bundle, errors);
    if (!intake->even_nothing) return false;
  }
  struct host_options options = {.choices = intake->choices,
                                 .choice_count = intake->choice_count,
                                 .mappings = intake->mappings,
                                 .mapping_count = intake->mapping_count,
                                 .as_of = intake->has_as_of ? &intake->as_of : NULL};
  if (!mappings_fit(intake, errors)) return false;
  intake->hosts = hosts_build(intake->bundle, &intake->readings, &options);
  return true;
}

/* The process ends next, and giving back millions of nodes one by one is a tenth of
 * a large run. Sanitizer builds do it all the same, to see that nothing is lost. */
static void free_evidence(struct intake *intake) {
#ifdef SITEGLASS_FREE_AT_EXIT
  if (intake->hosts) hosts_free(intake->hosts);
  if (!intake->bundle) return;
  readings_dispose(&intake->readings);
  bundle_free(intake->bundle);
#else
  (void)intake;
#endif
}

void intake_dispose(struct intake *intake) {
  free_evidence(intake);
  passwords_wipe(&intake->passwords);
  for (size_t i = 0; i < intake->choice_count; i++)
    alloc_free((char *)intake->choices[i].name);
  alloc_free(intake->choices);
  for (size_t i = 0; i < intake->mapping_count; i++)
    alloc_free((char *)intake->mappings[i].target);
  alloc_free(intake->mappings);
  for (size_t i = 0; i < intake->encoding_count; i++)
    alloc_free((char *)intake->encodings[i].glob);
  alloc_free(intake->encodings);
}
