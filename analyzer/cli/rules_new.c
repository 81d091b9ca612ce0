/* siteglass rules new: a rule that works, to be turned into another one. */
#include "cli/rules.h"

#include "base/buffer.h"
#include "cli/output.h"

#include <string.h>

static const struct option new_options[] = {
    {.name = "output",
     .letter = 'o',
     .argument = "DIR",
     .summary = "the folder to write to (default: here)"},
    {.name = NULL},
};

/* @ID@ becomes the id. */
static const char rule_text[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!-- A rule that works: a site without a binding. Make it yours, part by part. -->\n"
    "<schema xmlns=\"http://purl.oclc.org/dsdl/schematron\" queryBinding=\"xslt\"\n"
    "        xmlns:sg=\"urn:siteglass:rules\">\n"
    "  <ns prefix=\"sg\" uri=\"urn:siteglass:rules\"/>\n"
    "  <ns prefix=\"iis\" uri=\"urn:siteglass:iis\"/>\n"
    "\n"
    "  <pattern id=\"@ID@\" sg:products=\"iis\" sg:tags=\"binding\">\n"
    "    <title>A site has no binding</title>\n"
    "    <p>HTTP.SYS hands requests to a site by its bindings; without one, none ever "
    "arrives.</p>\n"
    "    <rule context=\"site\">\n"
    "      <assert test=\"bindings/binding\" role=\"medium\" diagnostics=\"@ID@-repair\"\n"
    "              "
    "see=\"https://learn.microsoft.com/iis/configuration/system.applicationhost/sites/"
    "site/bindings/\"\n"
    "              sg:actual=\"'no binding'\" sg:expected=\"'at least one binding'\">The site "
    "\"<value-of "
    "select=\"@name\"/>\" has no binding.</assert>\n"
    "    </rule>\n"
    "  </pattern>\n"
    "\n"
    "  <diagnostics>\n"
    "    <diagnostic id=\"@ID@-repair\">\n"
    "      <sg:evidence select=\".\"/>\n"
    "      <sg:effect>Clients cannot reach the site.</sg:effect>\n"
    "      <sg:step><sg:text>Add a binding.</sg:text>\n"
    "        <sg:run shell=\"cmd\">%windir%\\system32\\inetsrv\\appcmd set site \"<value-of "
    "select=\"@name\"/>\" "
    "/+bindings.[protocol='http',bindingInformation='*:80:']</sg:run></sg:step>\n"
    "      <sg:verify><sg:run shell=\"cmd\">%windir%\\system32\\inetsrv\\appcmd list site "
    "\"<value-of "
    "select=\"@name\"/>\"</sg:run></sg:verify>\n"
    "    </diagnostic>\n"
    "  </diagnostics>\n"
    "</schema>\n";

static const char case_text[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!-- Edits of a healthy server, and what the rule must say of it then. -->\n"
    "<cases>\n"
    "  <case rule=\"@ID@\" kind=\"must-fire\" at=\"//site[2]\" title=\"the bindings were "
    "removed\">\n"
    "    <remove at=\"//site[2]/bindings/binding\"/>\n"
    "  </case>\n"
    "  <case rule=\"@ID@\" kind=\"must-pass\" title=\"the stock server\"/>\n"
    "  <case rule=\"@ID@\" kind=\"must-be-unknown\" title=\"applicationHost.config breaks off\">\n"
    "    <remove at=\"//site[2]/bindings/binding\"/>\n"
    "    <mark at=\"//site[2]/bindings\" of=\"binding\" under=\"bindings\" reason=\"truncated\" "
    "needs=\"application-host\"/>\n"
    "  </case>\n"
    "  <case rule=\"@ID@\" kind=\"fine\" title=\"a binding that is not http\">\n"
    "    <remove at=\"//site[2]/bindings/binding[@protocol='https']\"/>\n"
    "  </case>\n"
    "</cases>\n";

static char *with_id(const char *text, const char *id) {
  struct buffer out = buffer_make(1 << 20);
  for (const char *at = text, *gap; *at; at = gap + 4) {
    gap = strstr(at, "@ID@");
    if (!gap) {
      buffer_add_text(&out, at);
      break;
    }
    buffer_add(&out, at, (size_t)(gap - at));
    buffer_add_text(&out, id);
  }
  return buffer_take(&out);
}

/* Neither file is written when one of them is there. */
static bool write_skeleton(const char *folder, const char *id) {
  char *cases = alloc_format("%s/cases", folder);
  char *rule_name = alloc_format("%s.sch", id), *case_name = alloc_format("%s.xml", id);
  char *rule = with_id(rule_text, id), *example = with_id(case_text, id);
  bool written = output_make_folder(folder, stderr) && output_make_folder(cases, stderr) &&
                 output_is_free(folder, rule_name, stderr) &&
                 output_is_free(cases, case_name, stderr) &&
                 output_write_in(folder, rule_name, rule, false, stderr) &&
                 output_write_in(cases, case_name, example, false, stderr);
  if (written)
    fprintf(stderr,
            "siteglass: wrote %s/%s and %s/%s\n"
            "siteglass: next: siteglass rules test %s/%s\n",
            folder, rule_name, cases, case_name, folder, rule_name);
  alloc_free(cases);
  alloc_free(rule_name);
  alloc_free(case_name);
  alloc_free(rule);
  alloc_free(example);
  return written;
}

static bool is_taken(const char *id) {
  struct diags diags = {0};
  struct rulebook *rulebook = rulebook_load(&diags);
  const char *near;
  bool taken = rulebook && rulebook_find(rulebook, id, &near) >= 0;
  rulebook_free(rulebook);
  diags_dispose(&diags);
  if (taken) fprintf(stderr, "siteglass: error: there is a built-in rule %s already\n", id);
  return taken;
}

static int run_new(const struct arguments *arguments, const char *version) {
  (void)version;
  const char *folder = arguments_value(arguments, "output");
  if (arguments->operand_count != 1) {
    fprintf(stderr, "siteglass: error: rules new needs the id of the new rule\n");
    return CLI_UNUSABLE;
  }
  const char *id = arguments->operands[0];
  if (!rule_id_is_good(id)) {
    fprintf(stderr, "siteglass: error: a rule id says what is wrong, in lower-case words with "
                    "hyphens between:\n  site-without-binding\n");
    return CLI_UNUSABLE;
  }
  if (is_taken(id)) return CLI_UNUSABLE;
  return write_skeleton(folder ? folder : ".", id) ? CLI_CLEAN : CLI_UNUSABLE;
}

static const struct option *const new_tables[] = {new_options, common_options, NULL};

const struct command command_rules_new = {
    .name = "rules new",
    .usage = "[--output DIR] ID",
    .summary = "write a rule that works, with its cases",
    .text = "Writes DIR/ID.sch and DIR/cases/ID.xml: a small rule that passes lint and test, to\n"
            "be turned into another one. Nothing is written over.\n",
    .examples = "  siteglass rules new site-without-pool --output my-rules\n",
    .options = new_tables,
    .run = run_new,
};
