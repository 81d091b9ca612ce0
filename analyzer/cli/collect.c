/* siteglass collect: the commands that collect evidence, as a script. */
#include "base/text.h"
#include "cli/collect_script.h"
#include "cli/command.h"
#include "cli/inventory_facts.h"
#include "cli/output.h"

#include <string.h>

static const struct option collect_options[] = {
    {.name = "for",
     .argument = "PRODUCT",
     .summary = "exchange (default): with the cmdlets of Exchange, which\n"
                "are left out where it is not installed; or iis"},
    {.name = "format",
     .letter = 'f',
     .argument = "FORMAT",
     .summary = "powershell (default) or cmd"},
    {.name = "missing", .summary = "only what BUNDLE lacks, of all its servers"},
    {.name = "output",
     .letter = 'o',
     .argument = "FILE",
     .summary = "write to FILE instead of standard output"},
    {.name = NULL},
};

/* ---- What a step is -------------------------------------------------------------- */

enum collect_way collect_way_of(const struct evidence_kind *kind) {
  if (strcmp(kind->id, "web-config") == 0) return COLLECT_WEB_CONFIG;
  if (kind->command) {
    if (strcmp(kind->shell, "exchange") == 0) return COLLECT_EXCHANGE;
    return strcmp(kind->shell, "powershell") == 0 ? COLLECT_POWERSHELL : COLLECT_CMD;
  }
  if (!kind->file || kind->file[0] != '%') return COLLECT_NOTHING;
  return strchr(kind->file, '*') ? COLLECT_FILES : COLLECT_FILE;
}

void collect_split(const char *path, char **folder, char **pattern) {
  const char *last = strrchr(path, '\\');
  *pattern = alloc_text(last ? last + 1 : path);
  size_t size = last ? (size_t)(last - path) : 0;
  for (const char *star = memchr(path, '*', size); star; star = memchr(path, '*', size)) {
    size_t above = size = (size_t)(star - path);
    while (above > 0 && path[above] != '\\')
      above--;
    if (above > 0) size = above; /* else it stands behind a variable that ends in a backslash */
  }
  *folder = alloc_text_n(path, size);
}

/* ---- Which steps ------------------------------------------------------------------- */

static bool has_command(const struct collect_plan *plan, const char *command) {
  for (size_t i = 0; command && i < plan->count; i++)
    if (text_equal(plan->steps[i].kind->command, command)) return true;
  return false;
}

static void add_step(struct collect_plan *plan, const struct evidence_kind *kind,
                     const char *hosts) {
  enum collect_way way = collect_way_of(kind);
  if (way == COLLECT_NOTHING || (!plan->exchange && evidence_kind_is_of_exchange(kind))) return;
  if (has_command(plan, kind->command)) return;
  struct collect_step step = {kind, hosts};
  ARRAY_PUSH(plan->steps, plan->count, plan->capacity) = step;
}

/* The name comes from the bundle, and the text is run: letters, digits, dot and hyphen alone. */
static void add_host(struct buffer *out, const char *name) {
  for (; *name; name++) {
    bool plain = (*name >= 'A' && *name <= 'Z') || (*name >= 'a' && *name <= 'z') ||
                 (*name >= '0' && *name <= '9') || *name == '-' || *name == '.';
    buffer_add_char(out, plain ? *name : '?');
  }
}

/* "missing of EX01, EX02"; NULL when no host lacks it. */
static char *hosts_without(const struct inventory *inventory, const char *kind) {
  struct buffer out = buffer_make(1000);
  for (size_t i = 0; i < inventory->host_count; i++) {
    const struct inventory_host *host = &inventory->hosts[i];
    bool missing = false;
    for (size_t j = 0; j < host->missing_count && !missing; j++)
      missing = text_equal(host->missing[j].kind, kind);
    if (!missing) continue;
    buffer_add_text(&out, out.size ? ", " : "missing of ");
    add_host(&out, host->name && *host->name ? host->name : "this server");
  }
  if (out.size) return buffer_take(&out);
  buffer_dispose(&out);
  return NULL;
}

static void plan_everything(struct collect_plan *plan) {
  for (const struct evidence_kind *kind = evidence_kinds; kind->id; kind++)
    if (!evidence_kind_is_bulky(kind->id)) add_step(plan, kind, "");
}

static void plan_missing(struct collect_plan *plan, struct inventory *inventory) {
  for (const struct evidence_kind *kind = evidence_kinds; kind->id; kind++) {
    char *hosts = hosts_without(inventory, kind->id);
    if (hosts) add_step(plan, kind, inventory_keep(inventory, hosts));
  }
}

/* ---- The command ------------------------------------------------------------------------ */

typedef char *(*script_writer)(const struct collect_plan *plan);

static bool complain(const char *option, const char *value, const char *wanted) {
  char *shown = text_printable(value, 200);
  fprintf(stderr, "siteglass: error: --%s %s: there are %s\n", option, shown, wanted);
  alloc_free(shown);
  return false;
}

static bool read_options(const struct arguments *arguments, struct collect_plan *plan,
                         script_writer *write) {
  const char *product = arguments_value(arguments, "for");
  const char *format = arguments_value(arguments, "format");
  plan->exchange = !product || text_equal(product, "exchange");
  if (!plan->exchange && !text_equal(product, "iis"))
    return complain("for", product, "exchange and iis");
  *write = format && text_equal(format, "cmd") ? collect_cmd : collect_powershell;
  if (format && !text_equal(format, "cmd") && !text_equal(format, "powershell"))
    return complain("format", format, "powershell and cmd");
  bool missing = arguments_have(arguments, "missing");
  if (missing == (arguments->operand_count > 0)) return true;
  fprintf(stderr, missing ? "siteglass: error: --missing needs the bundle that lacks something\n"
                          : "siteglass: error: collect takes a bundle only with --missing\n");
  return false;
}

static int write_script(const struct collect_plan *plan, script_writer write,
                        const struct arguments *arguments, const struct bundle *bundle) {
  if (plan->count == 0) {
    fprintf(stderr, "siteglass: this bundle lacks nothing that a script could collect\n");
    return CLI_CLEAN;
  }
  char *text = write(plan);
  bool written = output_write(arguments_value(arguments, "output"), text, bundle, stderr);
  alloc_free(text);
  return written ? CLI_CLEAN : CLI_UNUSABLE;
}

static int run_missing(struct collect_plan *plan, script_writer write,
                       const struct arguments *arguments) {
  struct intake intake = {.even_nothing = true};
  struct inventory inventory = {.version = plan->version};
  int status = CLI_UNUSABLE;
  if (intake_prepare(&intake, arguments, stderr) && intake_run(&intake, arguments, stderr)) {
    inventory_make(&inventory, &intake, NULL);
    plan_missing(plan, &inventory);
    status = write_script(plan, write, arguments, intake.bundle);
  }
  inventory_dispose(&inventory);
  intake_dispose(&intake);
  return status;
}

static int run_collect(const struct arguments *arguments, const char *version) {
  struct collect_plan plan = {.version = version};
  script_writer write;
  int status = CLI_UNUSABLE;
  if (read_options(arguments, &plan, &write)) {
    if (arguments->operand_count > 0) {
      status = run_missing(&plan, write, arguments);
    } else {
      plan_everything(&plan);
      status = write_script(&plan, write, arguments, NULL);
    }
  }
  alloc_free(plan.steps);
  return status;
}

static const struct option *const collect_tables[] = {collect_options, intake_options,
                                                      common_options, NULL};

const struct command command_collect = {
    .name = "collect",
    .usage = "[OPTION]... [--missing BUNDLE...]",
    .summary = "a script that collects the evidence on a server",
    .text = "Prints a script that an administrator can read before running it on the server:\n"
            "each step says what it reads. It runs tools that Windows and Exchange bring,\n"
            "copies files, changes nothing, sends nothing, and writes one folder and a zip of\n"
            "it, named like the server. The commands are those that check and inventory name.\n"
            "\n"
            "With --missing BUNDLE only what that bundle lacks; the other options then say how\n"
            "it is read.\n",
    .examples = "  siteglass collect --output collect.ps1\n"
                "  siteglass collect --for iis --format cmd --output collect.cmd\n"
                "  siteglass collect --missing --output more.ps1 case-4711.zip\n",
    .options = collect_tables,
    .run = run_collect,
};
