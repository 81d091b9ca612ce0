/* siteglass: reads what was exported from a Windows web server and says,
 * offline, what is wrong with it, how it knows, and how to repair it.
 *
 * A map of the program. Data flows one way, and so do the #include lines: a
 * folder may use what stands below it in this list, never what stands above.
 *
 *   main.c       this file: start-up, and the only exit()
 *   cli/         the command line: option tables, one file per command
 *   report/      verdicts -> text, JSON, SARIF; knows no reader and no rule
 *   rulebook/    the rules (rules/ of the repository) at work: evidence -> verdicts; the workbench
 *   schematron/  a general ISO Schematron engine; knows nothing of IIS
 *   readers/     artifact -> facts, one file per format
 *   evidence/    facts -> one evidence document per server, with the joins IIS makes
 *   bundle/      folders, files and archives -> artifacts with digest and encoding
 *   base/        text, buffers, diagnostics, XML parsing, regular expressions
 *
 * One run: bundle_open_with and readers_read, file by file -> hosts_build -> rulebook_check -> a
 * formatter. */
#include "base/alloc.h"
#include "base/xml_source.h"
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>

/* A report that lacks memory could be a wrong one, so there is none. */
static void stop_without_memory(size_t size) {
  fprintf(stderr, "siteglass: error: out of memory (%zu bytes more were needed); no verdict\n",
          size);
  exit(CLI_UNUSABLE);
}

int main(int argc, char **argv) {
  alloc_on_failure(stop_without_memory);
  alloc_hook_libraries();
  xml_source_setup();
  int status = cli_main(argc, argv, SITEGLASS_VERSION);
  xml_source_teardown();
  return status;
}
