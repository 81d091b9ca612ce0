/* siteglass inventory: what is in a bundle. */
#include "base/text.h"
#include "cli/command.h"
#include "cli/inventory_facts.h"
#include "cli/nearest.h"
#include "cli/output.h"
#include "cli/style.h"

static const struct option inventory_options[] = {
    {.name = "format",
     .letter = 'f',
     .argument = "FORMAT",
     .summary = "text (default), json, or csv: the ledger alone"},
    {.name = "output",
     .letter = 'o',
     .argument = "FILE",
     .summary = "write to FILE instead of standard output"},
    {.name = NULL},
};

typedef char *(*writer)(const struct inventory *inventory, const struct report_style *style);

static writer find_writer(const struct arguments *arguments) {
  static const struct {
    const char *name;
    writer write;
  } formats[] = {{"text", inventory_text}, {"json", inventory_json}, {"csv", inventory_csv}};
  const char *name = arguments_value(arguments, "format");
  if (!name) return formats[0].write;
  struct nearest nearest = nearest_to(name);
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    if (text_equal(name, formats[i].name)) return formats[i].write;
    nearest_try(&nearest, formats[i].name);
  }
  char *shown = text_printable(name, 200);
  fprintf(stderr, "siteglass: error: unknown format %s; there are text json csv%s%s%s\n", shown,
          nearest.best ? "; did you mean " : "", nearest.best ? nearest.best : "",
          nearest.best ? "?" : "");
  alloc_free(shown);
  return NULL;
}

static bool host_is_there(const struct intake *intake) {
  for (size_t i = 0; i < intake->hosts->count; i++)
    if (text_equal_nocase(intake->hosts->items[i].name, intake->host_name)) return true;
  char *shown = text_printable(intake->host_name, 200);
  fprintf(stderr, "siteglass: error: there is no server %s; there are\n", shown);
  for (size_t i = 0; i < intake->hosts->count; i++) {
    char *name = text_printable(intake->hosts->items[i].name, 200);
    fprintf(stderr, "  %s\n", *name ? name : "(no name)");
    alloc_free(name);
  }
  alloc_free(shown);
  return false;
}

static int answer(const struct intake *intake, const struct arguments *arguments, writer write,
                  const char *version) {
  if (intake->host_name && !host_is_there(intake)) return CLI_UNUSABLE;
  struct inventory inventory = {.version = version};
  inventory_make(&inventory, intake, intake->host_name);
  const char *path = arguments_value(arguments, "output");
  struct report_style style = style_for(path);
  char *text = write(&inventory, &style);
  bool written = output_write(path, text, intake->bundle, stderr);
  alloc_free(text);
  inventory_dispose(&inventory);
  return written && intake->readings.count > 0 ? CLI_CLEAN : CLI_UNUSABLE;
}

static int run_inventory(const struct arguments *arguments, const char *version) {
  if (arguments->operand_count == 0) {
    fprintf(stderr, "siteglass: error: inventory needs a folder, file or archive to look at\n"
                    "'siteglass help inventory' shows how.\n");
    return CLI_UNUSABLE;
  }
  writer write = find_writer(arguments);
  if (!write) return CLI_UNUSABLE;
  struct intake intake = {.one_host = true, .even_nothing = true};
  int status = CLI_UNUSABLE;
  if (intake_prepare(&intake, arguments, stderr) && intake_run(&intake, arguments, stderr))
    status = answer(&intake, arguments, write, version);
  intake_dispose(&intake);
  return status;
}

static const struct option *const inventory_tables[] = {inventory_options, intake_options,
                                                        common_options, NULL};

const struct command command_inventory = {
    .name = "inventory",
    .usage = "[OPTION]... BUNDLE...",
    .summary = "what is in a bundle: servers, sites, certificates, files",
    .text = "Lists of each server its products, sites and bindings, the certificate that each\n"
            "https binding is really served with and how that is known, application pools,\n"
            "certificates with their end, where they lie and who uses them, and what the\n"
            "bundle lacks with the command that collects it. Then the ledger: every file that\n"
            "came in, with its size, digest, encoding, and what siteglass made of it. Judges\n"
            "nothing; that is what check does.\n"
            "\n"
            "CSV is the ledger alone, a line each; a cell that a spreadsheet would run as a\n"
            "formula gets an apostrophe in front. --host NAME shows one server only.\n"
            "\n"
            "Exit status: 0; 2 for wrong usage, or when nothing in the bundle could be read\n"
            "(the ledger is printed all the same).\n",
    .examples =
        "  siteglass inventory case-4711.zip\n"
        "  siteglass inventory --format csv --output ledger.csv case-4711/\n"
        "  siteglass inventory --format json case-4711/ | jq '.hosts[].missing[].command'\n",
    .options = inventory_tables,
    .run = run_inventory,
};
