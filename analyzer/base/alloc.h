/* Memory. An allocation either succeeds or ends the run: libxml2 is known to
 * give wrong answers after a failed allocation, and a wrong "pass" is worse
 * than no answer. So every library's allocations go through here as well. */
#ifndef SITEGLASS_BASE_ALLOC_H
#define SITEGLASS_BASE_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

#if defined(__GNUC__)
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define MUST_USE __attribute__((warn_unused_result))
#else
#define PRINTF_LIKE(text, first)
#define MUST_USE
#endif

/* Called when memory is exhausted or a size would wrap. Must not return; the
 * default writes one line to standard error and aborts. main.c sets its own. */
typedef void (*alloc_failure_handler)(size_t size);
void alloc_on_failure(alloc_failure_handler handler);

/* Routes the allocations of libxml2 (and with it libxslt) and OpenSSL through
 * the functions below. Call once, before any of them is used. */
void alloc_hook_libraries(void);

/* None of these returns NULL; all zero what they hand out for the first time.
 * Free with alloc_free (NULL is fine). */
void *alloc_bytes(size_t size) MUST_USE;
void *alloc_array(size_t count, size_t item_size) MUST_USE;
void *alloc_resize(void *memory, size_t count, size_t item_size) MUST_USE; /* not zeroed */
char *alloc_text(const char *text) MUST_USE;
char *alloc_text_n(const char *text, size_t size) MUST_USE; /* copies, adds a NUL */
char *alloc_format(const char *format, ...) PRINTF_LIKE(1, 2) MUST_USE;
void alloc_free(void *memory);

/* Makes room for one more item in a growing array: returns `items`, moved if
 * need be, with capacity > count. */
void *alloc_grow(void *items, size_t count, size_t *capacity, size_t item_size) MUST_USE;

/* ARRAY_PUSH(list.items, list.count, list.capacity) = value; */
#define ARRAY_PUSH(items, count, capacity)                                                         \
  (*((items) = alloc_grow((items), (count), &(capacity), sizeof *(items)), &(items)[(count)++]))

#endif
