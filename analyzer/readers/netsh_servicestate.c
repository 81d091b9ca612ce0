/* `netsh http show servicestate`, both views, in any language of Windows, anywhere in
 * a text: which process listens on which URLs.
 *
 * A tree by indentation. What a block is, its shape tells:
 *
 *     <label>: FF00000320000001          16 hex digits and a version below: a server session
 *         <label>: 2.0
 *     <label>: FE00000340000001          16 hex digits, no version below: a group of URLs;
 *         <label>: Active                its second field names the request queue
 *         <label>: DefaultAppPool
 *     <label>: DefaultAppPool            anything else with a version below: a request queue
 *         <label>: 2.0
 *         <label>: 1
 *         <label>:                       numbers below: its processes, in newer versions
 *             2668                       "ID: 2668, image: C:\...\w3wp.exe"
 *             HTTP://+:80/X/             anywhere: a registered URL, of the group or queue around
 * it
 *
 * The default view lists sessions with their groups, then the queues; the other one
 * queues, with groups and sessions inside them. Newer versions print the URLs below the queue.
 *
 * Facts: <requestQueue name key> with <process id image>; key in lower case; both "" for a
 * queue without a name: English Windows says "Request queue is unnamed.", elsewhere a name that
 * several queues have is none, since names of queues are unique. <registeredUrl url scheme host
 * port queue processes>: queue as name; processes: ids, blank-separated, marked when the view does
 * not tell. Each URL of a queue once.
 *
 * Complete: as many processes and URLs as the counts above them say, and an empty line or
 * something else behind the last block. A text that is cut between two blocks and ends in an
 * empty line looks whole.
 *
 * Public source: Microsoft Learn, "netsh http" (show servicestate), "Server Sessions and URL
 * Groups"; the layout is that of public captures. */
#include "base/buffer.h"
#include "base/map.h"
#include "readers/netsh_text.h"

#include <string.h>

enum { IDS_MOST = 4096 };

struct field {
  struct span label, value;
  size_t indent;
};

struct queue {
  xmlNode *node;
  size_t indent;
  struct buffer ids; /* blank-separated */
};

struct group {
  bool open;
  size_t indent, fields;
  struct span queue; /* start NULL: not told */
};

/* "Number of registered URLs: 2" and the lines that must follow. */
struct expected {
  uint64_t count, seen;
  bool open;
  size_t indent; /* of those lines; what belongs to a process is indented no less */
  struct line line;
};

struct servicestate {
  struct reading *reading;
  struct lines lines;
  uint32_t source;
  struct queue queue;
  struct group group;
  struct expected expected;
  struct line before; /* the field above */
  bool has_before;
  uint64_t number; /* its value, when has_number */
  bool has_number;
  struct map *urls; /* "queue url" -> its node */
  size_t blocks;
  struct line last;
  unsigned blanks;
};

/* ---- shapes ---- */

static bool is_session_id(struct span value) {
  if (value.size != 16) return false;
  for (size_t i = 0; i < value.size; i++)
    if (!char_is_hex(value.start[i])) return false;
  return true;
}

static bool is_version(struct span value) {
  if (value.size < 3 || value.size > 5) return false;
  const char *dot = memchr(value.start, '.', value.size);
  uint64_t number;
  return dot && text_unsigned((struct span){value.start, (size_t)(dot - value.start)}, &number) &&
         text_unsigned((struct span){dot + 1, value.size - (size_t)(dot - value.start) - 1},
                       &number);
}

static bool split(const struct line *line, struct field *field) {
  field->indent = line_indent(line);
  return span_split_first(line->text, &field->label, &field->value) && field->label.size > 0;
}

/* Is the next line deeper and a version? `lines` stands behind the line. */
static bool has_version_below(struct lines lines, size_t indent) {
  struct line line;
  struct field field;
  unsigned blanks;
  return lines_next_full(&lines, &line, &blanks) && blanks == 0 && split(&line, &field) &&
         field.indent > indent && is_version(field.value);
}

/* "2668" alone, or "ID: 2668, image: C:\...". */
static bool is_process(const struct line *line, struct span *id, struct span *image) {
  struct span text = span_trim(line->text), label, value;
  uint64_t number;
  *image = (struct span){NULL, 0};
  *id = text;
  if (text_unsigned(text, &number)) return text.size <= 10;
  if (!span_split_first(text, &label, &value)) return false;
  const char *comma = value.size ? memchr(value.start, ',', value.size) : NULL;
  if (!comma) return false;
  *id = (struct span){value.start, (size_t)(comma - value.start)};
  struct span rest = {comma + 1, value.size - id->size - 1};
  if (!text_unsigned(*id, &number) || id->size > 10) return false;
  if (span_split_first(rest, &label, &value)) *image = value;
  return true;
}

/* ---- counts ---- */

static void check_expected(struct servicestate *state) {
  struct expected *expected = &state->expected;
  if (expected->open && expected->seen < expected->count)
    netsh_breaks(state->reading, UNKNOWN_TRUNCATED, &expected->line,
                 "fewer lines than the number above them says");
  expected->open = false;
}

/* The number stands above the label that stands above the first line. */
static void count_line(struct servicestate *state, size_t indent) {
  if (state->expected.open) {
    state->expected.seen++;
    return;
  }
  struct field field;
  if (!state->has_number || !state->has_before || !split(&state->before, &field) ||
      field.value.size)
    return;
  state->expected = (struct expected){
      .count = state->number, .seen = 1, .open = true, .indent = indent, .line = state->before};
  state->has_number = false; /* it counts these lines and no others */
}

static void note_field(struct servicestate *state, const struct line *line,
                       const struct field *field) {
  uint64_t number;
  if (field->indent < state->expected.indent) check_expected(state);
  if (field->value.size) {
    state->has_number = text_unsigned(field->value, &number);
    if (state->has_number) state->number = number;
  }
  state->before = *line;
  state->has_before = true;
}

/* ---- facts ---- */

static bool is_unnamed(struct span name) {
  return span_equal_nocase(name, "Request queue is unnamed.");
}

static void set_name(struct servicestate *state, xmlNode *node, const char *attribute,
                     struct span name, const struct line *line) {
  struct origin at = line_origin(line, name.start, state->source);
  char *text = is_unnamed(name) ? alloc_text("") : span_copy(name);
  node_set(node, attribute, text, at);
  if (strcmp(attribute, "name") == 0) {
    char *key = text_lower(text);
    node_set(node, "key", key, at);
    alloc_free(key);
  }
  alloc_free(text);
}

static void close_queue(struct servicestate *state) {
  state->queue.node = NULL;
  buffer_clear(&state->queue.ids);
}

static void start_queue(struct servicestate *state, const struct line *line,
                        const struct field *field) {
  close_queue(state);
  state->group.open = false;
  state->queue.indent = field->indent;
  state->queue.node = node_add(state->reading->facts, "requestQueue",
                               line_origin(line, field->value.start, state->source));
  set_name(state, state->queue.node, "name", field->value, line);
  state->blocks++;
}

static void add_process(struct servicestate *state, const struct line *line, struct span id,
                        struct span image) {
  struct queue *queue = &state->queue;
  if (!queue->node || queue->ids.size > IDS_MOST) return;
  struct origin at = line_origin(line, id.start, state->source);
  xmlNode *process = node_add(queue->node, "process", at);
  netsh_set(process, "id", id, at);
  if (image.start && !span_equal(image, "<?>")) netsh_set(process, "image", image, at);
  if (queue->ids.size) buffer_add_char(&queue->ids, ' ');
  buffer_add(&queue->ids, id.start, id.size);
}

/* What the queue of a URL is called: that of its group, else the queue around it. */
static char *queue_of_url(const struct servicestate *state) {
  if (state->group.open && state->group.queue.start)
    return is_unnamed(state->group.queue) ? alloc_text("") : span_copy(state->group.queue);
  const char *name = state->queue.node ? node_get(state->queue.node, "name") : NULL;
  return name ? alloc_text(name) : NULL;
}

static void add_url(struct servicestate *state, const struct line *line, struct span url) {
  char *queue = queue_of_url(state), *text = span_copy(url);
  char *key = alloc_format("%s %s", queue ? queue : "?", text);
  void **place = map_at(state->urls, key);
  struct origin at = line_origin(line, url.start, state->source);
  if (!*place) {
    xmlNode *node = *place = node_add(state->reading->facts, "registeredUrl", at);
    netsh_set_url(node, url, at);
    node_set(node, "queue", queue, at);
  }
  if (state->queue.node && state->queue.ids.size && !node_get(*place, "processes"))
    node_set(*place, "processes", buffer_text(&state->queue.ids), at);
  alloc_free(queue);
  alloc_free(text);
  alloc_free(key);
}

/* ---- lines ---- */

/* What is indented no further than a block no longer belongs to it. */
static void leave_blocks(struct servicestate *state, size_t indent) {
  if (state->group.open && indent <= state->group.indent) state->group.open = false;
  if (state->queue.node && indent <= state->queue.indent) close_queue(state);
}

static void read_id(struct servicestate *state, const struct field *field) {
  state->blocks++;
  if (has_version_below(state->lines, field->indent)) return; /* a session */
  state->group = (struct group){.open = true, .indent = field->indent};
}

static void name_group(struct servicestate *state, const struct field *field) {
  uint64_t number;
  struct group *group = &state->group;
  bool second = ++group->fields == 2 && !text_unsigned(field->value, &number);
  if (group->queue.start || !field->value.size) return;
  if (second || span_holds(field->label, "Request queue name")) group->queue = field->value;
}

static void read_field(struct servicestate *state, const struct line *line,
                       const struct field *field) {
  leave_blocks(state, field->indent);
  note_field(state, line, field);
  if (is_session_id(field->value)) {
    read_id(state, field);
  } else if (field->value.size && !is_version(field->value) &&
             has_version_below(state->lines, field->indent)) {
    start_queue(state, line, field);
  } else if (state->group.open) {
    name_group(state, field);
  }
}

/* False at a line that cannot be of a snapshot. */
static bool read_line(struct servicestate *state, const struct line *line) {
  struct span url, id, image;
  struct field field;
  size_t indent = line_indent(line);
  if (netsh_is_url(line->text, &url)) {
    if (!state->blocks) return false;
    count_line(state, indent);
    add_url(state, line, url);
  } else if (indent > 0 && is_process(line, &id, &image)) {
    count_line(state, indent);
    add_process(state, line, id, image);
  } else if (!netsh_is_prompt(line) && split(line, &field)) {
    read_field(state, line, &field);
  } else {
    return indent > 0; /* "Negotiate" below "Authentication schemes enabled:" */
  }
  return true;
}

static void leave_all(struct servicestate *state) {
  check_expected(state);
  close_queue(state);
  state->group.open = false;
  state->has_before = state->has_number = false;
}

/* Only from where blocks start: a text may hold other things. */
static bool starts_block(const struct servicestate *state, const struct line *line) {
  struct field field;
  return split(line, &field) && field.value.size && !is_version(field.value) &&
         (is_session_id(field.value) || state->blocks) &&
         has_version_below(state->lines, field.indent);
}

/* In the other view the first block is a queue. */
static bool starts_snapshot(const struct servicestate *state, const struct line *line) {
  struct field field;
  return starts_block(state, line) ||
         (split(line, &field) && field.value.size && !is_version(field.value) &&
          span_holds(field.label, "Request queue name") &&
          has_version_below(state->lines, field.indent));
}

static void read_all(struct servicestate *state) {
  struct line line;
  bool open = false;
  while (lines_next(&state->lines, &line)) {
    if (line_is_blank(&line) && (line.ended || !line.text.size)) {
      state->blanks++;
      continue;
    }
    open = open || starts_snapshot(state, &line);
    if (open && !read_line(state, &line)) {
      leave_all(state);
      open = !line.ended && !netsh_is_prompt(&line); /* cut off: it may be of the snapshot */
    }
    if (open) state->blanks = 0;
    if (open) state->last = line;
  }
  leave_all(state);
  if (open && (!state->last.ended || state->blanks == 0))
    netsh_breaks(state->reading, UNKNOWN_TRUNCATED, &state->last,
                 "the text ends within a block: more may be missing");
}

/* ---- afterwards ---- */

/* A name that several queues have means in its language that they have none. */
static void clear_repeated(xmlNode *facts) {
  struct map *names = map_new();
  for (xmlNode *queue = node_child(facts, "requestQueue"); queue;
       queue = node_next(queue, "requestQueue")) {
    void **place = map_at(names, node_get(queue, "name"));
    *place = *place ? (void *)facts : (void *)queue;
  }
  static const char *const kinds[][2] = {{"registeredUrl", "queue"}, {"requestQueue", "name"}};
  for (size_t i = 0; i < 2; i++)
    for (xmlNode *node = node_child(facts, kinds[i][0]); node;
         node = node_next(node, kinds[i][0])) {
      const char *name = node_get(node, kinds[i][1]);
      if (!name || map_get(names, name) != facts) continue;
      struct origin at = node_attribute_origin(node, kinds[i][1]);
      node_set(node, kinds[i][1], "", at);
      if (i == 1) node_set(node, "key", "", at);
    }
  map_free(names);
}

static void mark_urls(xmlNode *facts) {
  for (xmlNode *url = node_child(facts, "registeredUrl"); url;
       url = node_next(url, "registeredUrl")) {
    if (!node_get(url, "queue"))
      node_mark(url, "@queue", "registeredUrl", UNKNOWN_AMBIGUOUS, "netsh-servicestate", NULL,
                origin_of(url));
    if (!node_get(url, "processes"))
      node_mark(url, "@processes", "registeredUrl", UNKNOWN_NOT_IN_BUNDLE, "netsh-servicestate",
                "this view does not say which process registered it", origin_of(url));
  }
}

/* ---- the reader ---- */

static bool recognise(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact;
  if (!text || *root || !span_holds((struct span){text, size}, "---------------")) return false;
  struct servicestate state = {.lines = lines_of(text, size)};
  struct line line;
  bool dashes = false;
  while (lines_next(&state.lines, &line)) {
    dashes = dashes || netsh_is_dashes(line.text);
    if (dashes && starts_snapshot(&state, &line)) return true;
  }
  return false;
}

static void read(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct servicestate state = {.reading = reading,
                               .lines = lines_of(text, size),
                               .urls = map_new(),
                               .source = reading->artifact->number + 1};
  state.queue.ids = buffer_make(2 * IDS_MOST);
  reading_start(reading, readings);
  read_all(&state);
  clear_repeated(reading->facts);
  mark_urls(reading->facts);
  map_free(state.urls);
  buffer_dispose(&state.queue.ids);
}

const struct reader netsh_servicestate_reader = {
    .kind = "netsh-servicestate", .recognise = recognise, .read = read};
