/* From the command line to evidence documents: what check and evidence share. */
#ifndef SITEGLASS_CLI_INTAKE_H
#define SITEGLASS_CLI_INTAKE_H

#include "cli/options.h"
#include "cli/passwords.h"
#include "evidence/hosts.h"

#include <stdint.h>

/* --host, --as-of, --map, --encoding, --pfx-password-file and the limits. */
extern const struct option intake_options[];

struct intake {
  struct bundle *bundle;
  struct readings readings;
  struct hosts *hosts;
  struct host_choice *choices;
  size_t choice_count, choice_capacity;
  bool one_host;         /* set by the command before: --host NAME chooses one */
  const char *host_name; /* that NAME; NULL: not given */
  bool even_nothing;     /* set by the command before: goes on when nothing could be read */
  struct config_mapping *mappings;
  size_t mapping_count, mapping_capacity;
  struct encoding_choice *encodings;
  size_t encoding_count, encoding_capacity;
  struct passwords passwords; /* for PKCS #12 */
  bool has_as_of;
  int64_t as_of;
  struct bundle_limits limits;
};

/* Reads the options and sees that the paths exist; false when one is wrong or missing,
 * said on `errors`. */
bool intake_prepare(struct intake *intake, const struct arguments *arguments,
                    FILE *errors) MUST_USE;
/* Opens what the operands name, reads it and builds the evidence. False when
 * nothing at all could be read, said on `errors`. */
bool intake_run(struct intake *intake, const struct arguments *arguments, FILE *errors) MUST_USE;
/* The first warnings about the bundle, for a command whose answer does not hold them. */
void intake_warn(const struct bundle *bundle, FILE *errors);
void intake_dispose(struct intake *intake); /* after either, whatever it returned */

#endif
