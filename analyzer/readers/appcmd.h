/* What both readers of appcmd's output need. */
#ifndef SITEGLASS_READERS_APPCMD_H
#define SITEGLASS_READERS_APPCMD_H

#include "base/text.h"
#include "evidence/node.h"

/* "http/:80:,https/:443:" -> binding children; @bindings="all" when each part is one. */
void appcmd_add_bindings(xmlNode *site, struct span text, struct origin origin);

#endif
