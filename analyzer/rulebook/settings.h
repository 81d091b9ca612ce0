/* Limits that rules judge by and that people may want otherwise: "how many days before its
 * end is a certificate due". In a rule file a setting is a let of the schema with a unit:
 *
 *   <let name="certificate-ends-soon" value="60" sg:unit="days" sg:about="a certificate is due"/>
 *
 * and a settings file gives it another value:
 *
 *   <settings>
 *     <set name="certificate-ends-soon" value="90"/>
 *   </settings>
 *
 * Values are whole numbers from 0 to 1,000,000,000. Rules see the value as $certificate-ends-soon;
 * the report says which values are not those of the rules. */
#ifndef SITEGLASS_RULEBOOK_SETTINGS_H
#define SITEGLASS_RULEBOOK_SETTINGS_H

#include "base/diag.h"

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

struct setting {
  char *name, *standard; /* standard: the value in the rule file */
  char *unit, *about;
  char *value; /* of the settings file; NULL: it gives none */
  unsigned line;
};

struct settings {
  char *path;            /* of the settings file; NULL: there is none */
  struct setting *given; /* by that file: only name, value and line are set */
  size_t given_count, given_capacity;
  struct setting *known; /* those of the rule files, each once */
  size_t known_count, known_capacity;
};

struct settings *settings_new(void) MUST_USE;
void settings_free(struct settings *settings);
/* False, and errors in `diags`, when the text is no settings file. `path` is for messages. */
bool settings_read(struct settings *settings, const char *path, const char *text, size_t size,
                   struct diags *diags) MUST_USE;
/* For schema_options.adopt: learns the settings of a schema and puts the given values in.
 * `data` is a struct settings. */
void settings_adopt(void *data, xmlNode *root);
/* Once all rules are loaded: an error for each given setting that no rule file has, and for
 * each setting of a rule file that is no whole number. */
void settings_check(const struct settings *settings, struct diags *diags);

#endif
