/* The command that a copy of a PowerShell console or a transcript shows above its output. */
#ifndef SITEGLASS_READERS_SHOWN_COMMAND_H
#define SITEGLASS_READERS_SHOWN_COMMAND_H

#include "base/text.h"

/* Behind a prompt: "[PS] C:\>Get-X | fl", "PS C:\> Get-X", "PS>Get-X",
 * "[EX01]: PS C:\> Get-X". False: no such line. */
bool shown_command(struct span line, struct span *command) MUST_USE;
/* Is it a cmdlet alone, with parameters that leave nothing out, shown by fl or ft? Whatever is
 * not plainly that may leave some objects out. */
bool shown_command_lists_all(struct span command) MUST_USE;
/* What follows -Server, without quotes; size 0: nothing. */
struct span shown_command_server(struct span command);

#endif
