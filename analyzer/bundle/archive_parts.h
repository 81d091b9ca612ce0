/* Private to bundle/: what the ways to open an archive share. */
#ifndef SITEGLASS_BUNDLE_ARCHIVE_PARTS_H
#define SITEGLASS_BUNDLE_ARCHIVE_PARTS_H

#include "base/buffer.h"
#include "bundle/archive_library.h"
#include "bundle/intake.h"

/* One archive being opened. */
struct unpacking {
  struct intake *intake;
  struct unpacking *outer; /* the archive that it is a member of; NULL */
  unsigned depth;          /* 1 for an archive on the disk */
  struct artifact *archive;
  const uint8_t *bytes;
  size_t size;
  uint64_t came_out; /* bytes, of this archive and all that are in it */
  size_t members, refused;
  size_t inside;       /* members of this archive and all that are in it */
  bool stopped;        /* the expansion limit: nothing more is unpacked */
  bool crowded;        /* the limit of members: nothing more is even listed */
  char *damage;        /* a sentence; NULL: none */
  struct buffer names; /* some that are not UTF-8, each with a line end: what is their code page? */
  int page;            /* that code page; 0: not yet guessed */
};

/* A member as its archive states it. */
struct member {
  const void *name;
  size_t name_size;
  bool utf8; /* it is said to be */
  uint64_t size;
  int64_t modified;
  bool has_modified;
};

/* A name that is not said to be UTF-8: what is seen of them tells their code page. */
void names_learn(struct unpacking *u, const void *name, size_t size);
/* How a member is called on the ledger: "case.zip!EX01/certs.txt". To be freed. */
char *member_path(struct unpacking *u, const struct member *member, const char **unsafe) MUST_USE;
/* On the ledger, with notes of what is odd about its name. NULL when the ledger is full or
 * there are too many members (unpacking_crowded);
 * refused already when the name is too long. */
struct artifact *member_add(struct unpacking *u, const struct member *member) MUST_USE;
void member_refuse(struct unpacking *u, struct artifact *artifact, enum diag_level level,
                   const char *format, ...) PRINTF_LIKE(4, 5);
/* True, after refusing, when its stated size is over a limit. */
bool member_over_limit(struct unpacking *u, struct artifact *artifact, uint64_t size) MUST_USE;
/* Gives the artifact the bytes of the entry that the unpacker stands at, or refuses it. */
void member_keep(struct unpacking *u, struct artifact *artifact, struct unpacker *unpacker,
                 uint64_t stated);
/* Reads the entry to its end without keeping it: what comes out counts all the same. */
void member_skip(struct unpacking *u, struct unpacker *unpacker);
/* Has this archive, or one it stands in, given more than it may? */
bool unpacking_stopped(const struct unpacking *u);
/* The same of the number of its members; always true of a full ledger. */
bool unpacking_crowded(const struct unpacking *u);

/* Every way to open one; each sets damage when it does not come to the end. */
void archive_zip_open(struct unpacking *u);                                 /* archive_zip.c */
void archive_stream_open(struct unpacking *u, enum unpacker_format format); /* archive_stream.c */

#endif
