/* What readers hand over: its end of life. */
#include "evidence/reading.h"

void readings_dispose(struct readings *readings) {
  for (size_t i = 0; i < readings->count; i++) {
    struct reading *reading = &readings->items[i];
    if (reading->document) xmlFreeDoc(reading->document);
    alloc_free(reading->broken_why);
    alloc_free(reading->organization);
    alloc_free(reading->computer);
  }
  alloc_free(readings->items);
  if (readings->dict) xmlDictFree(readings->dict);
  *readings = (struct readings){0};
}
