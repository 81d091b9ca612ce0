/* Artifacts -> readings. Content decides which reader an artifact belongs to,
 * never its name alone. A new kind is one new file and one row in the table of
 * readers.c. */
#ifndef SITEGLASS_READERS_READERS_H
#define SITEGLASS_READERS_READERS_H

#include "evidence/reading.h"

struct reader {
  const char *kind; /* id of evidence/kinds.h */
  /* Does this artifact look like mine? Cheap: looks at the first 64 KiB. `text` is
   * UTF-8 (NULL for binary files), `root` the document element when it is XML, else "". */
  bool (*recognise)(const struct artifact *artifact, const char *text, size_t size,
                    const char *root);
  /* Fills a reading whose artifact and kind are already set (reading_start makes
   * its document with an empty <facts>), and settles the artifact; one that is left
   * unsettled counts as wholly read. May change the kind. Settling it as not
   * recognised drops the reading. */
  void (*read)(struct reading *reading, struct readings *readings);
};

extern const struct reader *const reader_table[]; /* ends with NULL; the first that fits reads */
/* Those that read what commands print. Outputs of several commands may stand in one text:
 * every one that recognises it makes a reading of its own. Ends with NULL. */
extern const struct reader *const console_readers[];

extern const struct reader iis_config_reader; /* one row a file; see the head of each */
extern const struct reader clixml_reader;
extern const struct reader json_objects_reader;
extern const struct reader csv_objects_reader;
extern const struct reader appcmd_text_reader;
extern const struct reader appcmd_xml_reader;
extern const struct reader format_list_reader;
extern const struct reader format_table_reader;
extern const struct reader netsh_sslcert_reader;
extern const struct reader netsh_iplisten_reader;
extern const struct reader netsh_urlacl_reader;
extern const struct reader netsh_servicestate_reader;
extern const struct reader certutil_store_reader;
extern const struct reader reg_file_reader;
extern const struct reader reg_query_reader;
extern const struct reader registry_hive_reader;
extern const struct reader certificate_file_reader;
extern const struct reader iis_schema_reader;
extern const struct reader antimalware_reader;
extern const struct reader http_log_reader;
extern const struct reader event_xml_reader;
extern const struct reader event_evtx_reader;
extern const struct reader event_csv_reader;
extern const struct reader folder_listing_reader;
extern const struct reader iis_section_reader; /* what configSource leads to */
extern const struct reader iis_damaged_reader; /* last: what is named as a configuration */

/* What no reader reads, yet certutil printed: chains of -verify, an entry of -v without its
 * head, other commands. For the ledger, which should say so. */
bool certutil_is_other_output(const char *text, size_t size);

/* For readers: a document of the run's dictionary with an empty <facts>. */
void reading_start(struct reading *reading, struct readings *readings);
/* For readers: not complete, where and why (a clause without path and line: "not
 * well-formed: ..."); settles the artifact as partly read. The first break stands. */
void reading_breaks(struct reading *reading, enum unknown_reason reason, struct origin where,
                    const char *format, ...) PRINTF_LIKE(4, 5);
/* For readers: keeps the newest of the moments seen. */
void reading_saw_moment(struct reading *reading, int64_t moment, const char *what);
/* For readers: the same of the NotBefore of a certificate, which may lie in the future;
 * stands only while no moment was seen. */
void reading_saw_hint(struct reading *reading, int64_t moment, const char *what);

/* Recognises and reads one artifact whose bytes are at hand, and settles it on the ledger. */
void readers_read(struct artifact *artifact, struct readings *readings);
/* Recognises and reads every artifact, settles each on the ledger, and frees
 * their bytes when they are no longer needed. */
void readers_run(struct bundle *bundle, struct readings *readings);

#endif
