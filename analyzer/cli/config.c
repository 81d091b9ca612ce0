/* siteglass config: what is in force at a path, and who says so. */
#include "base/text.h"
#include "cli/command.h"
#include "cli/config_show.h"
#include "cli/intake.h"
#include "cli/nearest.h"
#include "cli/output.h"

#include <string.h>

static const struct option config_options[] = {
    {.name = "at",
     .argument = "PATH",
     .summary = "the configuration path, like 'Default Web Site/owa'\n"
                "(default: the server)"},
    {.name = "section",
     .letter = 's',
     .argument = "SECTION",
     .summary = "like system.webServer/security/access (default:\n"
                "every section that is not all default)"},
    {.name = "view",
     .argument = "VIEW",
     .summary = "full (default), or apphost: without web.config files"},
    {.name = "errors", .summary = "what IIS would answer with 500.19, at PATH or anywhere"},
    {.name = "tree", .summary = "sites, applications, folders, pools; what is set where"},
    {.name = "why", .letter = 'w', .summary = "who else set it, what is locked, what to change"},
    {.name = "format",
     .letter = 'f',
     .argument = "FORMAT",
     .summary = "text (default), json or xml"},
    {.name = "output",
     .letter = 'o',
     .argument = "FILE",
     .summary = "write to FILE instead of standard output"},
    {.name = NULL},
};

struct config_run {
  const struct arguments *arguments;
  const struct config_format *format;
  struct config_question question;
  struct intake intake;
};

/* ---- Arguments ----------------------------------------------------------------------- */

static bool read_format(struct config_run *run) {
  static const struct config_format *const formats[] = {&config_text, &config_json, &config_xml};
  const char *name = arguments_value(run->arguments, "format");
  run->format = formats[0];
  if (!name) return true;
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    run->format = formats[i];
    if (text_equal(name, formats[i]->name)) return true;
  }
  char *shown = text_printable(name, 200);
  fprintf(stderr, "siteglass: error: unknown format %s; there are text json xml\n", shown);
  alloc_free(shown);
  return false;
}

static bool read_view(struct config_run *run) {
  const char *name = arguments_value(run->arguments, "view");
  if (!name || text_equal(name, "full")) return true;
  run->question.view = VIEW_APPHOST;
  if (text_equal(name, "apphost")) return true;
  char *shown = text_printable(name, 200);
  fprintf(stderr, "siteglass: error: unknown view %s; there are full apphost\n", shown);
  alloc_free(shown);
  return false;
}

/* One question at a time. */
static bool read_question(struct config_run *run) {
  const struct arguments *arguments = run->arguments;
  bool errors = arguments_have(arguments, "errors"), tree = arguments_have(arguments, "tree");
  bool section = arguments_have(arguments, "section");
  run->question.at = arguments_value(arguments, "at");
  run->question.section = arguments_value(arguments, "section");
  run->question.why = arguments_have(arguments, "why");
  if (errors + tree + section <= 1) return true;
  fprintf(stderr,
          "siteglass: error: --section, --errors and --tree are three questions; ask one\n");
  return false;
}

static bool prepare(struct config_run *run) {
  if (run->arguments->operand_count == 0) {
    fprintf(stderr, "siteglass: error: config needs a folder, file or archive to look at\n"
                    "'siteglass help config' shows how.\n");
    return false;
  }
  run->intake.one_host = true;
  return read_format(run) && read_view(run) && read_question(run) &&
         intake_prepare(&run->intake, run->arguments, stderr);
}

/* ---- Which server ----------------------------------------------------------------------- */

static void list_hosts(const struct hosts *hosts) {
  for (size_t i = 0; i < hosts->count; i++)
    fprintf(stderr, "  %s\n", *hosts->items[i].name ? hosts->items[i].name : "(no name)");
}

static bool choose_host(struct config_run *run) {
  const struct hosts *hosts = run->intake.hosts;
  const char *wanted = run->intake.host_name;
  const struct host *found = hosts->count == 1 && !wanted ? &hosts->items[0] : NULL;
  struct nearest nearest = nearest_to(wanted ? wanted : "");
  for (size_t i = 0; wanted && i < hosts->count; i++) {
    if (text_equal_nocase(hosts->items[i].name, wanted)) found = &hosts->items[i];
    nearest_try(&nearest, hosts->items[i].name);
  }
  if (!found) {
    char *shown = text_printable(wanted ? wanted : "", 200);
    if (wanted)
      fprintf(stderr, "siteglass: error: there is no server %s%s%s; there are\n", shown,
              nearest.best ? "; did you mean " : "", nearest.best ? nearest.best : "");
    else
      fprintf(stderr, "siteglass: error: several servers; --host NAME says which of\n");
    alloc_free(shown);
    list_hosts(hosts);
    return false;
  }
  run->question.host = found;
  run->question.configuration = found->configuration;
  run->question.bundle = run->intake.bundle;
  return true;
}

/* ---- Answers ------------------------------------------------------------------------------- */

static bool write_out(const struct config_run *run, char *text) {
  bool written =
      output_write(arguments_value(run->arguments, "output"), text, run->intake.bundle, stderr);
  alloc_free(text);
  return written;
}

static void say_unknown(const char *what, const char *typed, const char *near) {
  char *shown = text_printable(typed, 200), *best = text_printable(near, 200);
  fprintf(stderr, "siteglass: error: there is no %s %s%s%s%s\n", what, shown,
          *best ? "; did you mean " : "", best, *best ? "?" : "");
  alloc_free(shown);
  alloc_free(best);
}

/* Why a question has no answer: a slip of the finger, or an error that IIS has too. */
static void say_why_not(const struct config_run *run, const struct config_errors *errors) {
  const struct config_question *question = &run->question;
  char near[160] = "";
  if (!effective_path_known(question->configuration, question->at, near)) {
    say_unknown("path", question->at, near);
    return;
  }
  if (question->section &&
      !effective_section_known(question->configuration, question->section, near)) {
    say_unknown("section", question->section, near);
    return;
  }
  for (size_t i = 0; i < errors->count; i++) {
    char *message = text_printable(errors->items[i].message, 1000);
    char *place = config_place(question->bundle, errors->items[i].origin);
    fprintf(stderr, "siteglass: error: %s%s%s\n", errors->items[i].origin.source ? place : "",
            errors->items[i].origin.source ? ": " : "",
            *message ? message : errors->items[i].hresult);
    alloc_free(place);
    alloc_free(message);
  }
  if (errors->count == 0)
    fprintf(stderr,
            "siteglass: error: the bundle does not tell; is applicationHost.config in it?\n");
}

static int answer_nothing(const struct config_run *run, const struct effective_section *section) {
  if (run->format != &config_text)
    (void)write_out(run, run->format->errors(&run->question, &section->errors));
  say_why_not(run, &section->errors);
  return CLI_UNUSABLE;
}

static int answer_section(const struct config_run *run) {
  const struct config_question *question = &run->question;
  struct effective_section *section = effective_section_of(question->configuration, question->at,
                                                           question->section, question->view);
  int status = CLI_UNUSABLE;
  if (!section->root)
    status = answer_nothing(run, section);
  else if (write_out(run, run->format->section(question, section)))
    status = CLI_CLEAN;
  effective_section_free(section);
  return status;
}

/* Any section of an unknown path, or of a broken server, tells why there is no answer. */
static int answer_no_sections(const struct config_run *run) {
  const struct config_question *question = &run->question;
  struct effective_section *section = effective_section_of(
      question->configuration, question->at, "system.webServer/defaultDocument", question->view);
  int status = section->root ? CLI_CLEAN : answer_nothing(run, section);
  if (section->root && !write_out(run, run->format->sections(question, NULL, 0)))
    status = CLI_UNUSABLE;
  effective_section_free(section);
  return status;
}

static int answer_sections(const struct config_run *run) {
  const struct config_question *question = &run->question;
  size_t count = 0, kept = 0;
  char near[160];
  if (!effective_path_known(question->configuration, question->at, near))
    return answer_no_sections(run);
  const char **names =
      effective_sections_set(question->configuration, question->at, question->view, &count);
  struct effective_section **sections = alloc_array(count + 1, sizeof(struct effective_section *));
  for (size_t i = 0; i < count; i++) {
    struct effective_section *section =
        effective_section_of(question->configuration, question->at, names[i], question->view);
    sections[kept] = section;
    if (section->root || section->errors.count)
      kept++;
    else
      effective_section_free(section);
  }
  alloc_free(names);
  int status;
  if (kept == 0)
    status = answer_no_sections(run);
  else
    status =
        write_out(run, run->format->sections(question, sections, kept)) ? CLI_CLEAN : CLI_UNUSABLE;
  for (size_t i = 0; i < kept; i++)
    effective_section_free(sections[i]);
  alloc_free(sections);
  return status;
}

static int answer_errors(const struct config_run *run, bool at_path) {
  const struct config_question *question = &run->question;
  char near[160];
  if (at_path && !effective_path_known(question->configuration, question->at, near))
    return answer_no_sections(run);
  struct config_errors errors =
      effective_errors(question->configuration, at_path ? question->at : NULL);
  bool written = write_out(run, run->format->errors(question, &errors));
  config_errors_dispose(&errors);
  return written ? CLI_CLEAN : CLI_UNUSABLE;
}

static int answer(struct config_run *run) {
  bool at_path = run->question.at != NULL;
  if (!at_path) run->question.at = "";
  if (arguments_have(run->arguments, "errors")) return answer_errors(run, at_path);
  if (arguments_have(run->arguments, "tree"))
    return write_out(run, run->format->tree(&run->question)) ? CLI_CLEAN : CLI_UNUSABLE;
  return run->question.section ? answer_section(run) : answer_sections(run);
}

static int run_config(const struct arguments *arguments, const char *version) {
  (void)version;
  struct config_run run = {.arguments = arguments};
  int status = CLI_UNUSABLE;
  if (prepare(&run) && intake_run(&run.intake, arguments, stderr) && choose_host(&run)) {
    intake_warn(run.intake.bundle, stderr);
    status = answer(&run);
  }
  intake_dispose(&run.intake);
  return status;
}

static const struct option *const config_tables[] = {config_options, intake_options, common_options,
                                                     NULL};

const struct command command_config = {
    .name = "config",
    .usage = "[OPTION]... BUNDLE...",
    .summary = "the effective configuration at a path, and who set each value",
    .text = "Computes what IIS makes of applicationHost.config, its <location> blocks and the\n"
            "web.config files at a path, and shows beside each value the file and line that\n"
            "decided it. With --why also who was overridden, what is locked, and what would\n"
            "have to change. Passwords are never shown.\n"
            "\n"
            "web.config files are found in a copied disk tree (C/inetpub/wwwroot/...), under\n"
            "the names that HealthChecker and ExchangeLogCollector give them, or where --map\n"
            "says. A value that a missing web.config could change is called uncertain.\n"
            "\n"
            "Of several servers --host NAME chooses one.\n"
            "\n"
            "Exit status: 0 answered; 2 wrong usage, nothing readable, or no answer: no such\n"
            "path or section, or a file that IIS could not read either.\n",
    .examples = "  siteglass config case-4711/ --at 'Default Web Site/owa'\n"
                "  siteglass config case-4711/ --at 'Default Web Site/owa' --why \\\n"
                "      --section system.webServer/security/access\n"
                "  siteglass config case-4711/ --errors\n"
                "  siteglass config case-4711/ --tree\n"
                "  siteglass config site/ --map 'C:\\inetpub\\wwwroot=.' --format json\n",
    .options = config_tables,
    .run = run_config,
};
