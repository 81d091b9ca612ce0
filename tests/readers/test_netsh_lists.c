/* `netsh http show iplisten`, `show urlacl` and `show servicestate`. */
#include "check_main.h"

#include "base/buffer.h"
#include "support_text.h"

#include <string.h>

static struct run run_of(const char *text) {
  return text_run("state.txt", text, strlen(text));
}

/* The reading of that kind; fails the test unless it is complete as told. */
static struct reading *reading_of(struct run *run, const char *kind, bool complete) {
  for (size_t i = 0; i < run->readings.count; i++) {
    struct reading *reading = &run->readings.items[i];
    if (strcmp(reading->kind, kind) != 0) continue;
    ck_assert_msg(reading->complete == complete, "%s: %s", kind,
                  reading->complete ? "complete" : reading->broken_why);
    return reading;
  }
  ck_abort_msg("no %s", kind);
}

static void is_none(const char *text, const char *kind) {
  struct run run = run_of(text);
  for (size_t i = 0; i < run.readings.count; i++)
    ck_assert_str_ne(run.readings.items[i].kind, kind);
  run_end(&run);
}

/* ---- iplisten ---- */

#define IP_TITLE                                                                                   \
  "\nIP addresses present in the IP listen list:\n-------------------------------------------\n\n"
static const char two_addresses[] = IP_TITLE "    10.0.0.1\n    FE80:0::1\n    0.0.0.0\n\n\n";

START_TEST(a_listen_address_is_lost) {
  static const char *const expected[] = {"10.0.0.1", "[fe80::1]", "0.0.0.0", NULL};
  static const char *const ends[] = {"\n", "\r\n", "\r\r\n", "  \r\n"};
  for (size_t i = 0; i < 4; i++) {
    char *text = text_with_line_ends(two_addresses, ends[i]);
    struct run run = run_of(text);
    struct reading *reading = reading_of(&run, "netsh-iplisten", true);
    ck_assert_uint_eq(run_count(reading, "address"), 3);
    for (size_t n = 0; expected[n]; n++)
      text_is(run_fact(reading, "address", n), "ip", expected[n]);
    text_stands(run_fact(reading, "address", 1), "ip", 6, 5);
    run_end(&run);
    alloc_free(text);
  }
}
END_TEST

/* Known by its addresses: the title may be in any language. */
START_TEST(a_list_of_another_language_is_not_read) {
  struct run run = run_of("\nXXX IP YYY:\n---------------------\n\n    10.0.0.1\n\n\n");
  ck_assert_uint_eq(run_count(reading_of(&run, "netsh-iplisten", true), "address"), 1);
  run_end(&run);
  run = run_of("C:\\>netsh http show iplisten\n\nXXX:\n---------------------\n\n\n\nC:\\>");
  ck_assert_uint_eq(run_count(reading_of(&run, "netsh-iplisten", true), "address"), 0);
  run_end(&run);
  is_none("\nXXX IP YYY:\n---------------------\n\n\n\n", "netsh-iplisten");
  is_none("\nDNS servers:\n---------------------\n\n    10.0.0.1\n\n\n", "netsh-iplisten");
}
END_TEST

START_TEST(an_empty_list_is_known_to_be_empty_too_early_or_never) {
  static const struct {
    const char *text;
    bool complete;
  } rows[] = {{IP_TITLE "\n\n", true},
              {IP_TITLE "\n", true},
              {IP_TITLE "PS C:\\> ", true},
              {IP_TITLE "\nPS C:\\Windows\\system32> netsh http show sslcert\n", true},
              {IP_TITLE, false},
              {"IP addresses present in the IP listen list:\n-------------------------\n", false},
              {IP_TITLE "    10.0", false},
              {IP_TITLE "    10.0.0.1", false},
              {IP_TITLE "    10.0.0.1\n", false},
              {IP_TITLE "    10.0.0.1\n\n", true},
              {IP_TITLE "    10.0.0.1\n    (none)\n\n", false},
              {IP_TITLE "10.0", false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct run run = run_of(rows[i].text);
    reading_of(&run, "netsh-iplisten", rows[i].complete);
    run_end(&run);
  }
}
END_TEST

START_TEST(two_lists_that_differ_pass_for_one) {
  struct run run = run_of(IP_TITLE "    10.0.0.1\n\n" IP_TITLE "    10.0.0.2\n\n\n");
  ck_assert_int_eq(reading_of(&run, "netsh-iplisten", false)->incomplete_reason, UNKNOWN_CONFLICT);
  run_end(&run);
  run = run_of(IP_TITLE "    10.0.0.1\n\n" IP_TITLE "    10.0.0.1\n\n\n");
  reading_of(&run, "netsh-iplisten", true);
  run_end(&run);
}
END_TEST

/* ---- urlacl ---- */

#define URL_TITLE "\nURL Reservations: \n----------------- \n\n"
#define PRINTER                                                                                    \
  "    Reserved URL            : http://*:5357/ \n        User: BUILTIN\\Users\n"                  \
  "            Listen: Yes\n            Delegate: No\n"                                            \
  "        User: NT AUTHORITY\\LOCAL SERVICE\n            Listen: Yes\n"                           \
  "            Delegate: Yes\n            SDDL: D:(A;;GX;;;BU)(A;;GA;;;LS) \n\n"
#define WINRM                                                                                      \
  "    Reserved URL            : HTTPS://[::1]:5986/wsman/ \n        User: NT SERVICE\\WinRM\n"    \
  "            Listen: Yes\n            Delegate: No\n            SDDL: D:(A;;GX;;;S-1-5-80-1) "   \
  "\n\n"

static void has_reservations(const char *text) {
  struct run run = run_of(text);
  struct reading *reading = reading_of(&run, "netsh-urlacl", true);
  ck_assert_uint_eq(run_count(reading, "urlReservation"), 3);
  static const struct {
    const char *url, *scheme, *host, *port, *user, *delegate, *sddl;
  } expected[] = {
      {"http://*:5357/", "http", "*", "5357", "BUILTIN\\Users", "false",
       "D:(A;;GX;;;BU)(A;;GA;;;LS)"},
      {"http://*:5357/", "http", "*", "5357", "NT AUTHORITY\\LOCAL SERVICE", "true",
       "D:(A;;GX;;;BU)(A;;GA;;;LS)"},
      {"HTTPS://[::1]:5986/wsman/", "https", "[::1]", "5986", "NT SERVICE\\WinRM", "false",
       "D:(A;;GX;;;S-1-5-80-1)"},
  };
  for (size_t i = 0; i < 3; i++) {
    xmlNode *node = run_fact(reading, "urlReservation", i);
    text_is(node, "url", expected[i].url);
    text_is(node, "scheme", expected[i].scheme);
    text_is(node, "host", expected[i].host);
    text_is(node, "port", expected[i].port);
    text_is(node, "user", expected[i].user);
    text_is(node, "listen", "true");
    text_is(node, "delegate", expected[i].delegate);
    text_is(node, "sddl", expected[i].sddl);
  }
  run_end(&run);
}

START_TEST(a_reservation_is_read_wrongly) {
  has_reservations(URL_TITLE PRINTER WINRM "\n");
  has_reservations("C:\\>netsh http show urlacl\n" URL_TITLE PRINTER WINRM "\n\nC:\\>");
  /* labels in Chinese, as a public capture has them; and the indent lost in a web page */
  has_reservations(
      "\nURL \xE4\xBF\x9D\xE7\x95\x99\xE5\x8D\x80: \n----------------- \n\n"
      "    \xE4\xBF\x9D\xE7\x95\x99\xE7\x9A\x84 URL            : http://*:5357/ \n"
      "        \xE4\xBD\xBF\xE7\x94\xA8\xE8\x80\x85: BUILTIN\\Users\n"
      "            \xE6\x8E\xA5\xE8\x81\xBD: Yes\n            \xE5\xA7\x94\xE6\xB4\xBE: No\n"
      "        \xE4\xBD\xBF\xE7\x94\xA8\xE8\x80\x85: NT AUTHORITY\\LOCAL SERVICE\n"
      "            \xE6\x8E\xA5\xE8\x81\xBD: Yes\n            \xE5\xA7\x94\xE6\xB4\xBE: Yes\n"
      "            SDDL: D:(A;;GX;;;BU)(A;;GA;;;LS) \n\n" WINRM "\n");
  has_reservations("URL Reservations:\n-----------------\n"
                   "Reserved URL : http://*:5357/\nUser: BUILTIN\\Users\nListen: Yes\n"
                   "Delegate: No\nUser: NT AUTHORITY\\LOCAL SERVICE\nListen: Yes\nDelegate: Yes\n"
                   "SDDL: D:(A;;GX;;;BU)(A;;GA;;;LS)\n\n" WINRM);
}
END_TEST

START_TEST(rights_in_words_of_another_language_are_guessed) {
  struct run run = run_of(URL_TITLE "    X : http://+:80/x/\n        Y: Somebody\n"
                                    "            Z: Ja\n            W: Nein\n"
                                    "            SDDL: D:(A;;GX;;;WD)\n\n\n");
  xmlNode *node = run_fact(reading_of(&run, "netsh-urlacl", true), "urlReservation", 0);
  text_is(node, "user", "Somebody");
  text_is(node, "listen", NULL);
  ck_assert(run_marked(node, "@listen") && run_marked(node, "@delegate"));
  text_is(node, "sddl", "D:(A;;GX;;;WD)");
  run_end(&run);
}
END_TEST

START_TEST(reservations_that_are_cut_off_pass_for_all) {
  static const char whole[] = URL_TITLE PRINTER WINRM "\n";
  size_t title = strlen(URL_TITLE), first = title + strlen(PRINTER), all = sizeof whole - 1;
  for (size_t size = title - 10; size < all - 2; size++) {
    if (size >= first && size <= first) continue; /* exactly behind a reservation */
    struct run run = text_run("urlacl.txt", whole, size);
    if (run.readings.count) reading_of(&run, "netsh-urlacl", false);
    run_end(&run);
  }
  struct run run =
      run_of("C:\\>netsh http show urlacl url=http://*:5357/\n" URL_TITLE PRINTER "\n");
  reading_of(&run, "netsh-urlacl", false);
  run_end(&run);
  run = run_of(WINRM);
  reading_of(&run, "netsh-urlacl", false);
  run_end(&run);
}
END_TEST

/* ---- servicestate ---- */

static const char session_view[] =
    "\nSnapshot of HTTP service state (Server Session View): \n"
    "----------------------------------------------------- \n\n"
    "Server session ID: FF00000320000001\n    Version: 2.0\n    State: Active\n    Properties:\n"
    "        Max bandwidth: 4294967295\n        Timeouts:\n"
    "            Entity body timeout (secs): 120\n    URL groups:\n"
    "    URL group ID: FE00000340000001\n        State: Active\n"
    "        Request queue name: MSExchangeOWAAppPool\n        Properties:\n"
    "            Max bandwidth: inherited\n            Authentication Configuration:\n"
    "                Authentication schemes enabled:\n                    Negotiate\n"
    "        Number of registered URLs: 2\n        Registered URLs:\n"
    "            HTTPS://*:443:MAIL/OWA/\n            HTTPS://*:443/OWA/\n\n"
    "    URL group ID: FE00000340000002\n        State: Active\n"
    "        Request queue name: Request queue is unnamed.\n"
    "        Number of registered URLs: 1\n        Registered URLs:\n"
    "            HTTP://+:5985/WSMAN/\n\n"
    "Request queues:\n    Request queue name: MSExchangeOWAAppPool\n        Version: 2.0\n"
    "        State: Active\n        Request queue 503 verbosity level: Basic\n"
    "        Number of active processes attached: 1\n        Process IDs:\n            2668\n\n"
    "    Request queue name: Request queue is unnamed.\n        Version: 2.0\n"
    "        State: Active\n        Number of active processes attached: 2\n        Processes:\n"
    "            ID: 4, image: C:\\Windows\\System32\\svchost.exe\n"
    "            Services: WinRM, X\n            Tagged Service: WinRM\n"
    "            ID: 5, image: <?>\n"
    "        Registered URLs:\n            HTTP://+:5985/WSMAN/\n\n\n";

START_TEST(the_session_view_is_read_wrongly) {
  struct run run = run_of(session_view);
  struct reading *reading = reading_of(&run, "netsh-servicestate", true);
  ck_assert_uint_eq(run_count(reading, "requestQueue"), 2);
  text_is(run_fact(reading, "requestQueue", 0), "name", "MSExchangeOWAAppPool");
  text_is(run_fact(reading, "requestQueue", 0), "key", "msexchangeowaapppool");
  text_is(run_fact(reading, "requestQueue", 1), "name", "");
  text_is(run_fact(reading, "process", 0), "id", "2668");
  text_is(run_fact(reading, "process", 1), "image", "C:\\Windows\\System32\\svchost.exe");
  text_is(run_fact(reading, "process", 2), "id", "5");
  text_is(run_fact(reading, "process", 2), "image", NULL);
  ck_assert_uint_eq(run_count(reading, "registeredUrl"), 3);
  xmlNode *url = run_fact(reading, "registeredUrl", 0);
  text_is(url, "queue", "MSExchangeOWAAppPool");
  text_is(url, "host", "mail");
  text_is(url, "port", "443");
  ck_assert(run_marked(url, "@processes"));
  url = run_fact(reading, "registeredUrl", 2);
  text_is(url, "queue", "");
  text_is(url, "processes", "4 5"); /* newer versions repeat the URL below its queue */
  run_end(&run);
}
END_TEST

#define QUEUE(name, id, urls)                                                                      \
  "Abfragewarteschlange: " name "\n    Ver: 2.0\n    Zst: Ok\n    Anz: 1\n    Ids:\n        " id   \
  "\n    Gruppen:\n    Gruppe: FE00000040000001\n        Zst: Ok\n        Warteschlange: " name    \
  "\n        Eig:\n            Max: x\n        Anz: 1\n        Urls:\n            " urls           \
  "\n        Sitzung: FF00000020000001\n            Ver: 1.0\n\n"
#define QUEUE_TITLE                                                                                \
  "Momentaufnahme:\n-----------------------------------------------------\n\n"                     \
  "Sitzung: FF00000020000001\n    Ver: 2.0\n\n"

START_TEST(the_queue_view_is_read_by_words) {
  struct run run = run_of(QUEUE_TITLE QUEUE("Ohne Namen", "11", "http://+:80/A/") QUEUE(
      "DefaultAppPool", "22", "https://*:443/") QUEUE("Ohne Namen", "33", "http://+:81/B/"));
  struct reading *reading = reading_of(&run, "netsh-servicestate", true);
  ck_assert_uint_eq(run_count(reading, "requestQueue"), 3);
  static const char *const expected[][3] = {
      {"", "11", "80"}, {"DefaultAppPool", "22", "443"}, {"", "33", "81"}};
  for (size_t i = 0; i < 3; i++) {
    text_is(run_fact(reading, "requestQueue", i), "name", expected[i][0]);
    xmlNode *url = run_fact(reading, "registeredUrl", i);
    text_is(url, "queue", expected[i][0]);
    text_is(url, "processes", expected[i][1]);
    text_is(url, "port", expected[i][2]);
  }
  run_end(&run);
}
END_TEST

/* Behind an empty line between blocks a cut cannot be told. */
START_TEST(a_snapshot_that_is_cut_off_passes_for_whole) {
  size_t all = sizeof session_view - 1;
  for (size_t size = 200; size < all - 2; size++) {
    if (session_view[size - 1] == '\n' && session_view[size - 2] == '\n') continue;
    struct run run = text_run("state.txt", session_view, size);
    if (run.readings.count) reading_of(&run, "netsh-servicestate", false);
    run_end(&run);
  }
}
END_TEST

START_TEST(other_texts_are_taken_for_a_snapshot) {
  is_none("Log:\n-------------------------\nserver: FF00000020000001\nstate: ok\nhttp://x:1/\n",
          "netsh-servicestate");
  is_none("name: x\n    version: 2.0\n    http://x:1/\n-------------------------\n",
          "netsh-servicestate");
}
END_TEST

/* ---- one file ---- */

START_TEST(lists_in_one_file_hide_each_other) {
  struct buffer text = buffer_make(1 << 20);
  buffer_add_format(&text, "%s%s%s%s", session_view, two_addresses, URL_TITLE PRINTER WINRM "\n",
                    "\nSSL Certificate bindings:\n-------------------------\n\n\n"
                    "My \"Personal\"\nCertUtil: -store command completed successfully.\n");
  struct run run = run_of(buffer_text(&text));
  ck_assert_uint_eq(run.readings.count, 5);
  ck_assert_uint_eq(run_count(reading_of(&run, "netsh-iplisten", true), "address"), 3);
  ck_assert_uint_eq(run_count(reading_of(&run, "netsh-urlacl", true), "urlReservation"), 3);
  ck_assert_uint_eq(run_count(reading_of(&run, "netsh-servicestate", true), "registeredUrl"), 3);
  reading_of(&run, "netsh-sslcert", true);
  reading_of(&run, "certutil-store", true);
  run_end(&run);
  buffer_dispose(&text);
}
END_TEST

CHECK_MAIN("readers/netsh_lists", {
  tcase_add_test(tests, a_listen_address_is_lost);
  tcase_add_test(tests, a_list_of_another_language_is_not_read);
  tcase_add_test(tests, an_empty_list_is_known_to_be_empty_too_early_or_never);
  tcase_add_test(tests, two_lists_that_differ_pass_for_one);
  tcase_add_test(tests, a_reservation_is_read_wrongly);
  tcase_add_test(tests, rights_in_words_of_another_language_are_guessed);
  tcase_add_test(tests, reservations_that_are_cut_off_pass_for_all);
  tcase_add_test(tests, the_session_view_is_read_wrongly);
  tcase_add_test(tests, the_queue_view_is_read_by_words);
  tcase_add_test(tests, a_snapshot_that_is_cut_off_passes_for_whole);
  tcase_add_test(tests, other_texts_are_taken_for_a_snapshot);
  tcase_add_test(tests, lists_in_one_file_hide_each_other);
})
