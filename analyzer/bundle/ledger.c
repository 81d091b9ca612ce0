/* The ledger: artifacts, what became of them, and how they are called. */
#include "base/digest.h"
#include "base/system.h"
#include "base/text.h"
#include "bundle/archive.h"
#include "bundle/encoding.h"
#include "bundle/intake.h"
#include "bundle/path.h"

#include <stdio.h>
#include <string.h>

const struct bundle_limits bundle_default_limits = {
    .artifact_size = UINT64_C(1) << 30,
    .total_size = UINT64_C(8) << 30,
    .artifact_count = 250000,
    .member_count = 100000,
    .folder_depth = 64,
    .expansion = 200,
    .archive_depth = 4,
    .name_length = BUNDLE_NAME_MOST,
};

static char *format_text(const char *format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  int size = vsnprintf(NULL, 0, format, arguments);
  char *text = alloc_bytes(size < 0 ? 1 : (size_t)size + 1);
  if (size >= 0) vsnprintf(text, (size_t)size + 1, format, again);
  va_end(again);
  return text;
}

void artifact_settle(struct artifact *artifact, enum artifact_outcome outcome, const char *format,
                     ...) {
  va_list arguments;
  va_start(arguments, format);
  char *reason = format_text(format, arguments); /* it may quote the reason that it replaces */
  va_end(arguments);
  alloc_free(artifact->reason);
  artifact->reason = reason;
  artifact->outcome = outcome;
}

const char *artifact_outcome_word(enum artifact_outcome outcome) {
  switch (outcome) {
  case ARTIFACT_UNREAD:
    return "not read";
  case ARTIFACT_READ:
    return "read";
  case ARTIFACT_PARTLY_READ:
    return "partly read";
  case ARTIFACT_NOT_RECOGNISED:
    return "not recognised";
  case ARTIFACT_REFUSED:
    return "refused";
  }
  return "";
}

static const char *encoding_word(enum encoding encoding) {
  switch (encoding) {
  case ENCODING_BINARY:
    return "binary";
  case ENCODING_ASCII:
    return "ASCII";
  case ENCODING_UTF8:
    return "UTF-8";
  case ENCODING_UTF8_BOM:
    return "UTF-8 with BOM";
  case ENCODING_UTF16LE:
    return "UTF-16LE";
  case ENCODING_UTF16BE:
    return "UTF-16BE";
  case ENCODING_CODE_PAGE:
    return "code page";
  }
  return "";
}

const char *artifact_confidence_word(enum encoding_confidence confidence) {
  static const char *const words[] = {"certain", "likely", "unsure"};
  return words[confidence];
}

void artifact_encoding_name(const struct artifact *artifact, char out[48]) {
  char number[16] = "";
  if (artifact->encoding == ENCODING_CODE_PAGE)
    snprintf(number, sizeof number, " %d", artifact->code_page);
  bool sure = artifact->confidence == CONFIDENCE_CERTAIN;
  snprintf(out, 48, "%s%s%s%s%s%s", encoding_word(artifact->encoding), number,
           artifact->encoding_mixed ? " with other bytes" : "", sure ? "" : " (",
           sure ? "" : artifact_confidence_word(artifact->confidence), sure ? "" : ")");
}

const char *artifact_text(struct artifact *artifact, size_t *size) {
  *size = 0;
  if (!artifact->bytes || artifact->encoding == ENCODING_BINARY) return NULL;
  if (!artifact->text) encoding_decode(artifact);
  *size = artifact->text_size;
  return artifact->text;
}

/* A view of `bytes` is not ours to free. */
static bool owns_text(const struct artifact *artifact) {
  const char *bytes = (const char *)artifact->bytes;
  return artifact->text && (artifact->text < bytes || artifact->text > bytes + artifact->size);
}

void artifact_release(struct artifact *artifact) {
  if (owns_text(artifact)) alloc_free(artifact->text);
  if (artifact->mapped)
    system_unmap(artifact->bytes, artifact->size);
  else
    alloc_free(artifact->bytes);
  artifact->mapped = false;
  artifact->text = NULL;
  artifact->text_size = 0;
  artifact->bytes = NULL;
}

static void artifact_free(struct artifact *artifact) {
  artifact_release(artifact);
  if (artifact->named != artifact->path) alloc_free((char *)artifact->named);
  alloc_free(artifact->path);
  alloc_free(artifact->reason);
  alloc_free(artifact->note);
  alloc_free(artifact->host);
  alloc_free(artifact->host_reason);
  alloc_free(artifact);
}

void bundle_free(struct bundle *bundle) {
  if (!bundle) return;
  for (size_t i = 0; i < bundle->count; i++)
    artifact_free(bundle->artifacts[i]);
  alloc_free(bundle->artifacts);
  diags_dispose(&bundle->diags);
  alloc_free(bundle->name);
  alloc_free(bundle);
}

char *ledger_unique(struct intake *intake, char *path) {
  void **place = map_at(intake->names, path);
  uintptr_t times = (uintptr_t)*place + 1;
  *place = (void *)times;
  if (times == 1) return path;
  char *numbered = alloc_format("%s (%ju)", path, (uintmax_t)times);
  while (map_get(intake->names, numbered)) {
    alloc_free(numbered);
    numbered = alloc_format("%s (%ju)", path, (uintmax_t)++times);
  }
  *map_at(intake->names, path) = (void *)times;
  *map_at(intake->names, numbered) = (void *)(uintptr_t)1;
  alloc_free(path);
  return numbered;
}

static bool is_full(struct intake *intake, const char *path) {
  struct bundle *bundle = intake->bundle;
  if (bundle->count < intake->limits.artifact_count) return false;
  if (!intake->full)
    diags_add(&bundle->diags, DIAG_WARNING, path, 0, 0,
              "the limit of %zu artifacts (--max-files) is reached here; this one and all that "
              "come after it were left out",
              intake->limits.artifact_count);
  intake->full = bundle->incomplete = bundle->cut_short = true;
  return true;
}

/* A path that is too long is shown as far as it may go, and what it leads to refused. */
static void name_artifact(struct intake *intake, struct artifact *artifact, const char *path) {
  size_t length = strlen(path), most = intake->limits.name_length;
  char *shown = length > most ? text_printable(path, most) : alloc_text(path);
  artifact->path = ledger_unique(intake, alloc_text(shown));
  artifact->named = artifact->path;
  if (strcmp(artifact->path, shown) == 0) {
    alloc_free(shown);
  } else {
    artifact->named = shown;
    ledger_note(artifact, "another one has the same path; the number tells them apart");
  }
  artifact->may_hold_more = length > most;
  if (length > most)
    ledger_refuse(intake, artifact, DIAG_WARNING,
                  "its path is longer than the limit of %zu bytes (--max-name-length)", most);
}

struct artifact *ledger_add(struct intake *intake, const char *path) {
  struct bundle *bundle = intake->bundle;
  if (is_full(intake, path)) return NULL;
  struct artifact *artifact = alloc_bytes(sizeof *artifact);
  artifact->number = (uint32_t)bundle->count;
  artifact->reason = alloc_text("");
  artifact->note = alloc_text("");
  artifact->host = alloc_text("");
  artifact->host_reason = alloc_text("");
  artifact->kind = artifact->role = "";
  ARRAY_PUSH(bundle->artifacts, bundle->count, bundle->capacity) = artifact;
  name_artifact(intake, artifact, path);
  return artifact;
}

void ledger_note(struct artifact *artifact, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *more = format_text(format, arguments);
  va_end(arguments);
  char *note = alloc_format("%s%s%s", artifact->note, artifact->note[0] ? "; " : "", more);
  alloc_free(artifact->note);
  alloc_free(more);
  artifact->note = note;
}

void ledger_refuse(struct intake *intake, struct artifact *artifact, enum diag_level level,
                   const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *reason = format_text(format, arguments);
  va_end(arguments);
  artifact_settle(artifact, ARTIFACT_REFUSED, "%s", reason);
  diags_add(&intake->bundle->diags, level, artifact->path, 0, 0, "refused: %s", reason);
  if (level != DIAG_NOTE) intake->bundle->incomplete = true;
  alloc_free(reason);
}

bool ledger_over_limit(struct intake *intake, struct artifact *artifact, uint64_t size) {
  const struct bundle_limits *limits = &intake->limits;
  if (size > limits->artifact_size) {
    ledger_refuse(intake, artifact, DIAG_WARNING,
                  "%ju bytes, over the limit of %ju bytes for one artifact (--max-file-size)",
                  (uintmax_t)size, (uintmax_t)limits->artifact_size);
    return true;
  }
  if (size > limits->total_size - intake->total) {
    ledger_refuse(
        intake, artifact, DIAG_WARNING,
        "its %ju bytes would take the bundle over the limit of %ju bytes (--max-total-size)",
        (uintmax_t)size, (uintmax_t)limits->total_size);
    return true;
  }
  return false;
}

void ledger_fill(struct intake *intake, struct artifact *artifact, uint8_t *bytes, size_t size) {
  artifact->bytes = bytes;
  artifact->size = size;
  intake->total += size;
  digest_sha256(bytes, size, artifact->sha256);
  if (!archive_is_one(bytes, size))
    encoding_settle(artifact, intake->options->encodings, intake->options->encoding_count);
}

void ledger_take(struct intake *intake, struct artifact *artifact) {
  if (!intake->options->take || artifact->outcome != ARTIFACT_UNREAD || !artifact->bytes) return;
  intake->options->take(intake->bundle, artifact, intake->options->context);
  artifact_release(artifact);
}

enum { INNER_MOST = (1 << 20) - 2 }; /* the most that origins can name */

struct artifact *bundle_add_inner(struct bundle *bundle, const struct artifact *outer,
                                  const char *name, const char *text, size_t size) {
  if (bundle->count >= INNER_MOST || outer->inner) return NULL;
  struct artifact *artifact = alloc_bytes(sizeof *artifact);
  artifact->number = (uint32_t)bundle->count;
  artifact->path = alloc_format("%s!%s", outer->path, name);
  artifact->named = artifact->path;
  artifact->inner = true;
  artifact->bytes = (uint8_t *)alloc_text_n(text, size);
  artifact->size = size;
  artifact->reason = alloc_text("");
  artifact->note = alloc_format("its text stands in %s", outer->path);
  artifact->host = alloc_text("");
  artifact->host_reason = alloc_text("");
  artifact->kind = artifact->role = "";
  digest_sha256(text, size, artifact->sha256);
  artifact->encoding = ENCODING_UTF8;
  artifact->confidence = CONFIDENCE_CERTAIN;
  ARRAY_PUSH(bundle->artifacts, bundle->count, bundle->capacity) = artifact;
  return artifact;
}
