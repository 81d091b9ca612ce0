/* Commands that asked another computer, where a copy of a console shows them above their output:
 * "[EX02]: PS C:\>...", "certutil -store \\EX02\My", "reg query \\EX02\HKLM\...", "netsh -r EX02
 * http show ...", "\\EX02:" of PsExec. */
#ifndef SITEGLASS_READERS_REMOTE_COMMAND_H
#define SITEGLASS_READERS_REMOTE_COMMAND_H

#include "evidence/reading.h"

/* Makes that computer the reading's. Where several are asked, or its name is an address alone,
 * nobody knows which facts are whose: they are dropped, and the reading says so. */
void remote_command_apply(struct reading *reading, const char *text, size_t size);

#endif
