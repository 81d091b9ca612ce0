/* What of the input needs attention: artifacts that were not, or not wholly,
 * read or recognised, and what the run had to say about them. */
#include "report/text_parts.h"
#include "report/words.h"

#include "base/text.h"

enum { LEFT_MOST = 34 };

static bool given(const char *text) {
  return text && text[0];
}

static const char *const outcomes[] = {"refused", "damaged", "partly read", "not recognised",
                                       "not read"};
enum { OUTCOMES = sizeof outcomes / sizeof *outcomes };

/* Artifacts that are "read" only matter here when their role is "damaged". */
static bool is_damaged(const struct artifact_facts *artifact) {
  return text_equal(artifact->role, "damaged");
}

/* Under which word an artifact is listed; NULL when it needs no attention. */
static const char *attention(const struct artifact_facts *artifact) {
  if (text_equal(artifact->outcome, "read")) return is_damaged(artifact) ? outcomes[1] : NULL;
  for (size_t i = 0; i < OUTCOMES; i++)
    if (text_equal(artifact->outcome, outcomes[i])) return outcomes[i];
  return outcomes[OUTCOMES - 1]; /* whatever it is, it was not read */
}

static size_t count_of(const struct verdicts *verdicts, const char *outcome) {
  size_t count = 0;
  for (size_t i = 0; i < verdicts->artifact_count; i++)
    if (text_equal(attention(&verdicts->artifacts[i]), outcome)) count++;
  return count;
}

static unsigned width_of(const struct verdicts *verdicts, const char *outcome) {
  unsigned width = 8;
  size_t seen = 0;
  for (size_t i = 0; i < verdicts->artifact_count && seen < TEXT_FILES_MOST; i++) {
    if (!text_equal(attention(&verdicts->artifacts[i]), outcome)) continue;
    unsigned columns = paper_columns_of(verdicts->artifacts[i].path);
    if (columns > width && columns <= LEFT_MOST) width = columns;
    seen++;
  }
  return width;
}

static void files_of(struct paper *paper, const struct verdicts *verdicts, const char *outcome) {
  size_t all = count_of(verdicts, outcome), shown = 0;
  if (all == 0) return;
  unsigned width = width_of(verdicts, outcome);
  bool brief = text_equal(outcome, "not recognised"); /* mostly harmless, and many */
  paper_say(paper, 2, 2, "%s (%zu)", outcome, all);
  for (size_t i = 0; i < verdicts->artifact_count && shown < TEXT_FILES_MOST; i++) {
    const struct artifact_facts *artifact = &verdicts->artifacts[i];
    if (!text_equal(attention(artifact), outcome)) continue;
    const char *reason = given(artifact->reason) ? artifact->reason : "";
    if (brief)
      paper_columns_short(paper, 4, artifact->path, width, reason);
    else
      paper_columns(paper, 4, artifact->path, width, reason);
    shown++;
  }
  text_and_more(paper, 4, shown, all);
}

static bool is_shown(const struct diag *diag) {
  return diag->level >= DIAG_WARNING;
}

static unsigned width_of_diags(const struct diags *diags) {
  unsigned width = 8;
  size_t seen = 0;
  for (size_t i = 0; i < diags->count && seen < TEXT_DIAGS_MOST; i++) {
    const struct diag *diag = &diags->items[i];
    if (!is_shown(diag)) continue;
    char *place = words_position(diag->file, diag->line, diag->column);
    unsigned columns = paper_columns_of(place);
    if (columns > width && columns <= LEFT_MOST) width = columns;
    alloc_free(place);
    seen++;
  }
  return width;
}

static void diagnostics(struct paper *paper, const struct diags *diags) {
  size_t all = diags_count(diags, DIAG_WARNING), errors = diags_count(diags, DIAG_ERROR);
  if (all == 0 && diags->dropped == 0) return;
  char *first = words_count(errors, "error", "errors");
  char *second = words_count(all - errors, "warning", "warnings");
  char *text = alloc_format("%s, %s about the input", first, second);
  unsigned width = width_of_diags(diags);
  size_t shown = 0;
  paper_blank(paper);
  paper_heading(paper, 0, -1, "NOTES", text);
  for (size_t i = 0; i < diags->count && shown < TEXT_DIAGS_MOST; i++) {
    const struct diag *diag = &diags->items[i];
    if (!is_shown(diag)) continue;
    char *place = words_position(diag->file, diag->line, diag->column);
    paper_columns(paper, 2, place, width, diag->message);
    alloc_free(place);
    shown++;
  }
  text_and_more(paper, 2, shown, all);
  if (diags->dropped > 0)
    paper_say(paper, 2, 2, "%zu further messages were not kept", diags->dropped);
  alloc_free(first);
  alloc_free(second);
  alloc_free(text);
}

void text_files(struct paper *paper, const struct verdicts *verdicts) {
  size_t count = 0;
  for (size_t i = 0; i < verdicts->artifact_count; i++)
    if (attention(&verdicts->artifacts[i])) count++;
  if (count > 0) {
    char *files = words_count(count, "file of the bundle needs", "files of the bundle need");
    char *text = alloc_format("%s attention", files);
    paper_blank(paper);
    paper_heading(paper, 0, -1, "FILES", text);
    alloc_free(files);
    alloc_free(text);
    for (size_t i = 0; i < OUTCOMES; i++)
      files_of(paper, verdicts, outcomes[i]);
  }
  if (verdicts->diags) diagnostics(paper, verdicts->diags);
}
