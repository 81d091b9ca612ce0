/* siteglass evidence: the documents that the rules see. */
#include "base/buffer.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/intake.h"
#include "cli/output.h"

#include <stdint.h>
#include <string.h>

static const struct option evidence_options[] = {
    {.name = "output",
     .letter = 'o',
     .argument = "FILE",
     .summary = "write to FILE instead of standard output"},
    {.name = "expand", .summary = "with the effective configuration of every level written out"},
    {.name = "fleet", .summary = "the document across servers alone"},
    {.name = NULL},
};

static char *print_fleet(struct hosts *hosts) {
  xmlChar *printed = NULL;
  int size = 0;
  xmlDocDumpFormatMemoryEnc(hosts_fleet(hosts), &printed, &size, "UTF-8", 1);
  char *text = alloc_text_n((const char *)printed, (size_t)size);
  xmlFree(printed);
  return text;
}

/* Appends a document without its XML declaration, so that several can stand in one. */
static void append_document(struct buffer *out, char *document) {
  const char *start = document;
  if (text_starts(start, "<?xml")) {
    const char *end = strstr(start, "?>");
    if (end) start = end + 2 + strspn(end + 2, "\r\n");
  }
  buffer_add_text(out, start);
  if (out->size && out->data[out->size - 1] != '\n') buffer_add_char(out, '\n');
  alloc_free(document);
}

/* One server: its document. Several: all of them and the fleet, in one root. */
static char *print_documents(const struct intake *intake, bool fleet_alone) {
  struct hosts *hosts = intake->hosts;
  struct buffer out = buffer_make(SIZE_MAX / 2);
  bool several = hosts->count > 1 && !fleet_alone;
  buffer_add_text(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  if (several) buffer_add_text(&out, "<documents>\n");
  for (size_t i = 0; i < hosts->count && !fleet_alone; i++)
    append_document(&out, host_print(&hosts->items[i], intake->bundle));
  if (several || fleet_alone) append_document(&out, print_fleet(hosts));
  if (several) buffer_add_text(&out, "</documents>\n");
  return buffer_take(&out);
}

static int print_evidence(const struct intake *intake, const struct arguments *arguments) {
  for (size_t i = 0; arguments_have(arguments, "expand") && i < intake->hosts->count; i++)
    host_expand(&intake->hosts->items[i]);
  char *text = print_documents(intake, arguments_have(arguments, "fleet"));
  bool written = output_write(arguments_value(arguments, "output"), text, intake->bundle, stderr);
  alloc_free(text);
  return written ? CLI_CLEAN : CLI_UNUSABLE;
}

static int run_evidence(const struct arguments *arguments, const char *version) {
  (void)version;
  if (arguments->operand_count == 0) {
    fprintf(stderr, "siteglass: error: evidence needs a folder, file or archive to look at\n"
                    "'siteglass help evidence' shows how.\n");
    return CLI_UNUSABLE;
  }
  struct intake intake = {0};
  int status = CLI_UNUSABLE;
  if (intake_prepare(&intake, arguments, stderr) && intake_run(&intake, arguments, stderr))
    status = print_evidence(&intake, arguments);
  intake_dispose(&intake);
  return status;
}

static const struct option *const evidence_tables[] = {evidence_options, intake_options,
                                                       common_options, NULL};

const struct command command_evidence = {
    .name = "evidence",
    .usage = "[OPTION]... BUNDLE...",
    .summary = "the evidence documents that the rules see, as XML",
    .text = "Prints what siteglass knows of each server as the XML document that the rules\n"
            "judge. ev:at says where each fact stood (file:line:column); ev:unknown says what\n"
            "is not known and why. Of several servers, all documents stand in one <documents>,\n"
            "with the document across servers (<fleet>) at the end.\n"
            "\n"
            "With --expand, <ev:effective> at the end of a server holds what iis:value,\n"
            "iis:items and their sisters answer, for processors that have no such functions:\n"
            "the defaults of the schema, then each level, with the sections whose answers\n"
            "differ from those of the level above. evidence.rng in the source says its shape.\n",
    .examples = "  siteglass evidence case-4711/\n"
                "  siteglass evidence applicationHost.config sslcert.txt > evidence.xml\n",
    .options = evidence_tables,
    .run = run_evidence,
};
