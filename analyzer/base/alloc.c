/* Memory that never comes back as NULL. */
#include "base/alloc.h"

#include "base/slab.h"

#include <libxml/xmlmemory.h>
#include <openssl/crypto.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void abort_run(size_t size) {
  fprintf(stderr, "siteglass: out of memory (%zu bytes); no verdict\n", size);
  abort();
}

/* Set once at start-up, before any thread could exist. */
static alloc_failure_handler on_failure = abort_run;

void alloc_on_failure(alloc_failure_handler handler) {
  on_failure = handler;
}

static void *checked(void *memory, size_t size) {
  if (!memory) {
    on_failure(size);
    abort();
  }
  return memory;
}

static size_t product(size_t count, size_t item_size) {
  if (item_size != 0 && count > SIZE_MAX / item_size) {
    on_failure(SIZE_MAX);
    abort();
  }
  return count * item_size;
}

static void *library_malloc(size_t size) {
  void *piece = slab_take(size);
  return piece ? piece : checked(malloc(size ? size : 1), size);
}

void *alloc_bytes(size_t size) {
  void *piece = slab_take(size);
  if (piece) return memset(piece, 0, size);
  return checked(calloc(1, size ? size : 1), size);
}

void *alloc_array(size_t count, size_t item_size) {
  return alloc_bytes(product(count, item_size));
}

/* A piece of a slab that grows moves: to a larger one, or to the heap. */
static void *resized(void *memory, size_t size) {
  if (memory && !slab_owns(memory)) return checked(realloc(memory, size ? size : 1), size);
  if (memory && size <= slab_size(memory)) return memory;
  void *larger = library_malloc(size);
  if (memory) {
    memcpy(larger, memory, slab_size(memory));
    slab_give_back(memory);
  }
  return larger;
}

void *alloc_resize(void *memory, size_t count, size_t item_size) {
  return resized(memory, product(count, item_size));
}

char *alloc_text_n(const char *text, size_t size) {
  if (size == SIZE_MAX) product(size, 2);
  char *copy = library_malloc(size + 1);
  if (size) memcpy(copy, text, size);
  copy[size] = '\0';
  return copy;
}

char *alloc_text(const char *text) {
  return alloc_text_n(text, strlen(text));
}

char *alloc_format(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (size < 0) return alloc_text("");
  char *text = alloc_bytes((size_t)size + 1);
  va_start(arguments, format);
  vsnprintf(text, (size_t)size + 1, format, arguments);
  va_end(arguments);
  return text;
}

void alloc_free(void *memory) {
  if (slab_owns(memory))
    slab_give_back(memory);
  else
    free(memory);
}

void *alloc_grow(void *items, size_t count, size_t *capacity, size_t item_size) {
  if (count < *capacity) return items;
  size_t wanted = *capacity ? *capacity + *capacity / 2 + 1 : 8;
  items = alloc_resize(items, wanted, item_size);
  *capacity = wanted;
  return items;
}

static void *library_realloc(void *memory, size_t size) {
  return resized(memory, size);
}

static char *library_strdup(const char *text) {
  return alloc_text(text);
}

/* OpenSSL may use threads and needs more alignment: it gets the heap. */
static void *crypto_malloc(size_t size, const char *file, int line) {
  (void)file, (void)line;
  return checked(malloc(size ? size : 1), size);
}

/* Like CRYPTO_realloc, to which size 0 means free. */
static void *crypto_realloc(void *memory, size_t size, const char *file, int line) {
  (void)file, (void)line;
  if (size == 0) {
    free(memory);
    return NULL;
  }
  return checked(realloc(memory, size), size);
}

static void crypto_free(void *memory, const char *file, int line) {
  (void)file, (void)line;
  free(memory);
}

void alloc_hook_libraries(void) {
  xmlMemSetup(alloc_free, library_malloc, library_realloc, library_strdup);
  CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free);
}
