/* The evidence vocabulary in the form that the engine asks for. */
#ifndef SITEGLASS_RULEBOOK_VOCABULARY_ADAPTER_H
#define SITEGLASS_RULEBOOK_VOCABULARY_ADAPTER_H

#include "evidence/vocabulary.h"
#include "schematron/vocabulary.h"

struct vocabulary vocabulary_of_evidence(struct evidence_vocabulary *names);

#endif
