/* The outcome of a run: everything a report says. The formatters read this and
 * compute nothing; all texts are raw (the formatters escape), all orders are
 * final, all lists are complete unless they say what was dropped. */
#ifndef SITEGLASS_RULEBOOK_VERDICTS_H
#define SITEGLASS_RULEBOOK_VERDICTS_H

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum severity { SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
const char *severity_word(enum severity severity); /* "info" ... "critical" */
bool severity_from_word(const char *word, enum severity *severity);

enum verdict { VERDICT_FAIL, VERDICT_PASS, VERDICT_NOT_APPLICABLE, VERDICT_UNKNOWN, VERDICT_ERROR };
const char *verdict_word(enum verdict verdict); /* fail pass notapplicable unknown error */

struct place {
  int artifact;          /* index in verdicts.artifacts; -1: computed, no place */
  unsigned line, column; /* 1-based; 0: not known */
  char *element;         /* XPath of the node in the evidence document; "" when none */
  char *text;            /* what stands there, in one line: binding https *:444: */
};

struct step {    /* one thing to do or to run */
  char *text;    /* may be "" when the command speaks for itself */
  char *shell;   /* "powershell", "cmd", "exchange", "" */
  char *command; /* lines as to be pasted; "" when there is none */
};

struct steps {
  struct step *items;
  size_t count, capacity;
};

/* What a rule is: catalogue facts, the same for all its verdicts. */
struct rule_facts {
  char *id, *title;
  enum severity severity; /* the highest of its assertions */
  char *see;              /* URL of the reference; "" */
  char *kb;               /* "2779694"; "" */
  char **tags;
  size_t tag_count;
  char **healthchecker; /* checks of CSS-Exchange HealthChecker that correspond: "A11" */
  size_t healthchecker_count;
  char **stig; /* DISA group ids that correspond: "V-259712" */
  size_t stig_count;
  char *help; /* Markdown: what, effect, steps, without values; for SARIF */
};

/* A variable or a path that a test reads, and what it held. */
struct explained_value {
  char *name;           /* "$flags"; or the path as the rule has it */
  char *source;         /* of a variable: its expression, "" when it is a table; of a path: "" */
  char *text;           /* its value as text; of nodes: of the first one */
  bool known;           /* else a mark bears on it */
  bool plain;           /* no nodes but a text, of a function; the nodes are what shows it */
  struct place *places; /* the nodes, in document order: at most EXPLAINED_PLACES_MOST */
  size_t place_count;
  size_t node_count; /* all of them */
};

enum { EXPLAINED_PLACES_MOST = 20 };

/* From the rule to the nodes: how an assertion came to fail at one node. */
struct explanation {
  char *file; /* of the rule, and where its assertion stands */
  unsigned line;
  char *context, *test; /* as the rule has them */
  bool is_report;       /* fails when the test holds; else when it does not */
  struct place node;    /* the context node */
  struct explained_value *variables, *reads;
  size_t variable_count, variable_capacity, read_count, read_capacity;
};

/* One cause is one finding: all context nodes of a rule (and of the rules that
 * it supersedes) with the same cause on one host. */
struct finding {
  size_t rule; /* index in verdicts.rules */
  int host;    /* index in verdicts.hosts; -1: the fleet */
  enum severity severity;
  char *message;           /* one paragraph */
  char *effect;            /* what users see; "" */
  char *actual, *expected; /* "" when the rule gives none */
  struct place *places;    /* the nodes to blame; at least one */
  size_t place_count, place_capacity;
  struct place *evidence; /* how we know: the chain, in the rule's order */
  size_t evidence_count, evidence_capacity;
  struct steps remediation, verify, undo;
  char **consequences; /* ids of rules whose findings this one explains, sorted */
  size_t consequence_count;
  char *fingerprint; /* stable across runs of the same evidence: hex of rule, host, cause */
  size_t waiver;     /* 1 + index in verdicts.waivers; 0: not waived */
  struct explanation *explanation; /* of its first place; NULL when nobody asked */
};

enum waiver_status {
  WAIVER_USED,    /* it covers findings of this run wholly */
  WAIVER_PARTLY,  /* it covers some places of a finding, which therefore counts */
  WAIVER_UNUSED,  /* nothing of this run fits it */
  WAIVER_EXPIRED, /* its day was over at the moment judged at */
  WAIVER_UNDATED, /* nobody knows whether its day is over: the bundle states no time */
  WAIVER_NOT_RUN, /* its rule was not run */
  WAIVER_NO_RULE, /* there is no such rule */
};
const char *waiver_status_word(enum waiver_status status); /* "used", "partly", ... */

/* A finding that somebody accepted until a day: shown, but it does not count. */
struct waiver_facts {
  char *rule, *host, *artifact, *element; /* the last three: globs, "*" when left out */
  char *who, *why, *until;
  char *file; /* where the waiver stands */
  unsigned line;
  enum waiver_status status;
  size_t findings; /* that it covers, or would cover */
  char *near;      /* WAIVER_NO_RULE: the rule that was probably meant; "" */
};

/* A limit of the rules that was set otherwise for this run. */
struct setting_facts {
  char *name, *value, *standard; /* standard: the value of the rules */
  char *unit, *about;
  char *file; /* that sets it */
  unsigned line;
};

/* What one rule cost, on all hosts together. */
struct rule_cost {
  size_t rule;
  size_t contexts, evaluations;
  uint64_t nanoseconds;
};

/* One rule on one host. */
struct rule_verdict {
  size_t rule;
  int host;
  enum verdict verdict;  /* fail if anything failed; else error; else unknown; ... */
  size_t passed, failed; /* assertions */
  size_t unknown, errors;
};

struct unknown_item { /* why one rule could not (wholly) be decided on one host */
  size_t rule;
  int host;
  enum severity severity; /* of the rule */
  char *reason;           /* "not-in-bundle" */
  char *note;             /* a sentence; "" */
  size_t places;          /* how many nodes it was met at; at least 1 */
};

/* Unknowns grouped by what would decide them; most deciding first. */
struct unknown_group {
  char *needs; /* ids of evidence kinds, blank-separated: any of them would do; "" none can */
  char *shell, *command, *file; /* how to collect the first of them */
  struct unknown_item *items;   /* by severity, rule order */
  size_t item_count, item_capacity;
  size_t rule_count; /* distinct rules among the items */
};

struct rule_error {
  size_t rule;
  int host;
  char *message;
};

struct artifact_facts { /* the ledger */
  char *path, *outcome, *reason, *kind, *role, *encoding, *sha256, *host, *host_reason;
  uint64_t size;
  bool has_modified;
  int64_t modified;
};

struct host_facts {
  char *name; /* "" when not known; formatters say "this server" */
  char *name_reason;
  char *products; /* "Exchange 2019 CU14, IIS 10.0"; "" */
  bool has_as_of;
  int64_t as_of;
  char *as_of_reason;
};

struct verdicts {
  char *version; /* of siteglass */
  char *bundle_name;
  struct artifact_facts *artifacts;
  size_t artifact_count;
  size_t artifacts_by_outcome[5]; /* by enum artifact_outcome */
  struct host_facts *hosts;
  size_t host_count;
  struct rule_facts *rules; /* those that ran, in catalogue order */
  size_t rule_count;
  struct rule_verdict *rule_verdicts; /* rules x hosts */
  size_t rule_verdict_count;
  struct finding *findings; /* waived ones last; severity descending, then host, rule, place */
  size_t finding_count, finding_capacity;
  struct unknown_group *unknowns;
  size_t unknown_count, unknown_capacity;
  struct rule_error *errors;
  size_t error_count, error_capacity;
  struct waiver_facts *waivers; /* in the order of their file */
  size_t waiver_count;
  struct setting_facts *settings; /* in the order of the rule files */
  size_t setting_count, setting_capacity;
  size_t waived_count;       /* findings that are waived; they stand behind the others */
  struct rule_cost *costs;   /* one per rule, dearest first; NULL when nobody measured */
  char *profile;             /* the profile asked for; "" the default one */
  const struct diags *diags; /* intake and readers; the run's */
  size_t by_severity[5];     /* findings that are not waived */
  size_t rules_unknown, rules_passed, rules_not_applicable, rules_failed,
      rules_error; /* verdicts */
  enum severity fail_on;
  bool fail_on_none;
  int exit_status; /* 0, 1, 2 or 3 as the contract says */
};

void explanation_free(struct explanation *explanation); /* NULL is fine */
void verdicts_free(struct verdicts *verdicts);

#endif
