/* One server, EX01 of the samples, healthy and with the certificate of the back end deleted: its
 * certificate store and its HTTPS bindings in every form that is read, each as a file. */
#ifndef SITEGLASS_TESTS_SUPPORT_FORMS_H
#define SITEGLASS_TESTS_SUPPORT_FORMS_H

#include "base/buffer.h"
#include "support/dumps.h"

/* What a form can prove, of the store and of the bindings. */
enum {
  LISTED = 1,      /* all of the store */
  EXPORTED = 2,    /* all with a private key, and what Exchange uses them for */
  SHOWN = 4,       /* that these are in the store; not whether more are */
  SHOWN_WHOLE = 8, /* likewise, with the certificates themselves */
  FILED = 16,      /* certificates, in no store */
  ANY_STORE = LISTED | EXPORTED | SHOWN | SHOWN_WHOLE | FILED,
  RECORDED = 1, /* the records of HTTP.SYS */
  TOLD = 2,     /* the bindings of the sites */
  ANY_BINDINGS = RECORDED | TOLD
};

/* One way to write it down: which, and in which clothes. */
struct form;
typedef void (*form_writer)(struct buffer *out, const struct form *form, bool broken);
struct form {
  const char *name;
  form_writer write;
  struct dump_style style;
  int variant; /* enum object_form; or 1: the other way */
  int proves;
  char *paths[2]; /* of the healthy server's file and the broken one's */
};

struct forms {
  char *folder;
  struct form *stores, *bindings; /* as PowerShell, the registry and files have them */
  size_t store_count, binding_count;
  struct form *certutil, *netsh; /* in every language and encoding */
  size_t dump_count;
};

/* Writes them all. */
struct forms *forms_write(void);
void forms_remove(struct forms *forms);

#endif
