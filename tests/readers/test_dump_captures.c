/* Real captures of certutil and netsh, file by file: what stands in them is read, and
 * where they are cut they are not believed. Dates are the earliest moment that the local time
 * can mean. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/text.h"
#include "support_text.h"

#include <string.h>

struct capture {
  const char *name, *kind; /* NULL: not evidence; the ledger says why */
  bool complete;
  const char *facts;
};

static void add_store(struct buffer *out, const xmlNode *store) {
  const char *whole = node_get(store, "complete");
  buffer_add_format(out, "%s/%s%s\n", node_get(store, "location"), node_get(store, "key"),
                    whole ? " whole" : "");
}

static void add_certificate(struct buffer *out, const xmlNode *node) {
  static const char *const names[] = {"thumbprint", "notBefore", "notAfter", "hasPrivateKey"};
  for (size_t i = 0; i < 4; i++)
    buffer_add_format(out, "%s%s", i ? " " : "  ",
                      node_get(node, names[i]) ? node_get(node, names[i]) : "?");
  buffer_add_text(out, text_equal(node_get(node, "archived"), "true") ? " archived\n" : "\n");
}

static char *stores_of(const struct reading *reading) {
  struct buffer out = buffer_make(1 << 20);
  for (const xmlNode *store = node_child(reading->facts, "store"); store;
       store = node_next(store, "store")) {
    add_store(&out, store);
    for (const xmlNode *each = node_child(store, "certificate"); each;
         each = node_next(each, "certificate"))
      add_certificate(&out, each);
  }
  return buffer_take(&out);
}

static void check(const char *folder, const struct capture *capture,
                  char *(*describe)(const struct reading *reading)) {
  char *path = alloc_format("formats/%s/%s.txt", folder, capture->name);
  struct run run = text_run_shared(path);
  struct reading *reading = run_reading(&run, 0);
  if (!capture->kind) {
    ck_assert_msg(!reading, "%s: %s", path, reading ? reading->kind : "");
    ck_assert_msg(strstr(run.bundle.artifacts[0]->reason, capture->facts), "%s: %s", path,
                  run.bundle.artifacts[0]->reason);
  } else {
    ck_assert_msg(reading && text_equal(reading->kind, capture->kind), "%s", path);
    ck_assert_msg(reading->complete == capture->complete, "%s: %s", path,
                  reading->complete ? "complete" : reading->broken_why);
    char *facts = describe(reading);
    ck_assert_msg(strcmp(facts, capture->facts) == 0, "%s:\n%s", path, facts);
    alloc_free(facts);
  }
  run_end(&run);
  alloc_free(path);
}

#define CERTUTIL "certutil-store"
#define UNKNOWN_TEXT "text of no known kind"
#define NO_STORE "output of certutil, but not of a store"
static const struct capture certutil[] = {
    {"01", CERTUTIL, false,
     "LocalMachine/my\n"
     "  5137A597DE2C3085EC5816C7F11EDC18CFCDBAF8 2026-04-25T05:26:00Z 2027-04-25T05:36:00Z true\n"},
    {"02", CERTUTIL, true,
     "LocalMachine/ca whole\n"
     "  5137A597DE2C3085EC5816C7F11EDC18CFCDBAF8 2026-04-25T05:26:00Z 2027-04-25T05:36:00Z "
     "false\n"},
    {"03", CERTUTIL, false,
     "LocalMachine/\n"
     "  4F2AA3DF007C2193E719A7BFE75CF98523636D54 2026-05-23T03:29:00Z 2027-04-25T05:36:00Z true\n"},
    {"04", CERTUTIL, false,
     "LocalMachine/\n"
     "  2F02901DCFF083ED3DBB6CB0A15BBFEE6002B1A8 2024-03-11T01:55:00Z 2034-03-11T02:05:00Z ?\n"},
    {"05", CERTUTIL, true,
     "LocalMachine/teststore whole\n"
     "  32C6B7330F306441F916950DD565A7309C50B9C2 2012-07-01T08:34:00Z 2039-12-31T04:59:00Z true\n"},
    {"06", CERTUTIL, false,
     "LocalMachine/my\n"
     "  A42A9E45958D92C643D542A3C4B619AF21FC3CF7 2016-02-19T02:00:00Z 2017-02-19T01:59:00Z ?\n"},
    {"07", CERTUTIL, true,
     "LocalMachine/my whole\n"
     "  AABBCCDDEEFF00112233445566778899AABBCCDD 2025-12-31T10:00:00Z 2026-12-31T10:00:00Z true\n"
     "  11223344556677889900AABBCCDDEEFF00112233 2025-01-05T10:00:00Z 2026-01-05T10:00:00Z "
     "false\n"},
    {"08", CERTUTIL, false,
     "LocalMachine/my\n"
     "  AABBCCDDEEFF00112233445566778899AABBCCDD 2025-12-31T11:00:00Z 2026-12-31T11:00:00Z true\n"},
    {"09", CERTUTIL, true,
     "LocalMachine/my whole\n"
     "  AABBCCDDEEFF00112233445566778899AABBCCDD 2025-12-31T11:00:00Z 2026-12-31T11:00:00Z ?\n"},
    {"10", CERTUTIL, false,
     "LocalMachine/root\n"
     "  CDD4EEAE6000AC7F40C3802C171E30148030C072 2001-05-09T10:19:00Z 2021-05-09T10:28:00Z false\n"
     "  BE36A4562FB2EE05DBB3D32323ADF445084ED656 1996-12-31T11:00:00Z 2020-12-31T10:59:00Z ?\n"},
    {"11", CERTUTIL, false,
     "LocalMachine/\n"
     "  AFE5D244A8D1194230FF479FE2F897BBCD7A8CB4 2010-01-18T12:00:00Z 2038-01-18T11:59:00Z false\n"
     "  A43489159A520F0D93D032CCAF37E7FE20A8B419 1997-01-09T19:00:00Z 2020-12-30T19:00:00Z "
     "false\n"},
    {"12", NULL, false, UNKNOWN_TEXT},
    {"13", CERTUTIL, false, "LocalMachine/\n"},
    {"14", CERTUTIL, false, ""},
    {"15", CERTUTIL, false, ""},
    {"16", CERTUTIL, false,
     "File/\n"
     "  3C34E356C7FC17F5ACF04824BC587C6C623951A2 ? ? ?\n"
     "  F37620FC4B1CDDD2A3D74B1D5E8DB42E244CA006 ? ? ?\n"
     "  EFBA8A811B958121514C9700400E06451AFF3517 ? ? ?\n"},
    {"17", CERTUTIL, false,
     "LocalMachine/root\n"
     "  D70CD039051F77C30673B8209FC15EFA650ED52C 2022-11-04T01:05:00Z 2122-10-11T01:05:00Z ?\n"},
    {"18", CERTUTIL, false,
     "LocalMachine/\n"
     "  F72D8174E4378CA11B31141290954483F437D6B7 2026-07-17T10:13:00Z 2126-07-17T10:23:00Z ?\n"},
    {"19", NULL, false, NO_STORE},
    {"20", NULL, false, NO_STORE},
    {"21", NULL, false, NO_STORE},
    {"22", CERTUTIL, false,
     "LocalMachine/my\n"
     "  CF543AC5675C33BDF67C08B04640572E02E98921 2022-11-10T19:55:00Z 2032-08-10T19:55:00Z false\n"
     "  9921EF6B769EAACA5B9AEC576B32B45CA2162CE3 2022-11-11T04:00:00Z 2023-11-11T04:00:00Z true\n"
     "  4CDE1906A914BB84384B07B3084D6E36D94B0D1B 2022-11-10T13:38:00Z 2023-11-11T01:38:00Z true\n"},
    {"23", CERTUTIL, true,
     "File/\n"
     "  F4231F8E13C7FA6F2214DD54598E10E4253A407A 2016-01-07T20:53:00Z 2018-01-07T11:00:00Z ?\n"},
    {"24", CERTUTIL, false,
     "LocalMachine/my\n"
     "  82AD1E0C20A332C8D6ADAC3E5EA243204B85D3A7 2024-03-11T01:30:00Z 2029-03-11T01:40:00Z true "
     "archived\n"},
    {"25", CERTUTIL, true,
     "LocalMachine/my whole\n"
     "  FF2771BD5BD1F7086AB96FB9532B594ED8619C3B 2019-06-25T20:40:00Z 2025-06-25T20:50:00Z true\n"},
    {"26", CERTUTIL, false,
     "LocalMachine/\n"
     "  B1BC968BD4F49D622AA89A81F2150152A41D829C 1998-09-01T06:00:00Z 2028-01-28T06:00:00Z ?\n"},
    {"27", NULL, false, NO_STORE},
    {"28", NULL, false, NO_STORE},
    {"29", NULL, false, UNKNOWN_TEXT},
    {"30", CERTUTIL, false, ""},
};

START_TEST(a_capture_of_certutil_is_read_wrongly) {
  NEEDS_SHARED();
  for (size_t i = 0; i < sizeof certutil / sizeof *certutil; i++)
    check("certutil", &certutil[i], stores_of);
}
END_TEST

/* ---- netsh ---- */

static void add_attributes(struct buffer *out, const xmlNode *node, const char *name) {
  buffer_add_text(out, name);
  for (const xmlAttr *each = node->properties; each; each = each->next)
    if (!text_equal((const char *)each->name, "type") &&
        !text_equal((const char *)each->name, "key"))
      buffer_add_format(out, " %s", node_get(node, (const char *)each->name));
  buffer_add_char(out, '\n');
}

static void add_all(struct buffer *out, const xmlNode *node) {
  for (const xmlNode *each = node->children; each; each = each->next) {
    if (each->type != XML_ELEMENT_NODE || each->ns) continue;
    add_attributes(out, each, (const char *)each->name);
    add_all(out, each);
  }
}

static char *lists_of(const struct reading *reading) {
  struct buffer out = buffer_make(1 << 20);
  add_all(&out, reading->facts);
  return buffer_take(&out);
}

#define SSL "netsh-sslcert"
static const struct capture netsh[] = {
    {"01", SSL, true,
     "sslCertificate 192.168.100.10:8443 8443 192.168.100.10 "
     "9AD3113B038F01ABD70B5D5EC0F4B8E333C756E8 my {4dc3e181-e14b-4a21-b022-59fc669b0914}\n"},
    {"02", SSL, false, ""},
    {"03", SSL, false,
     "sslCertificate 192.0.2.4:443 443 192.0.2.4 A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4 my "
     "{4dc3e181-e14b-4a21-b022-59fc669b0914}\n"},
    {"04", SSL, false,
     "sslCertificate 0.0.0.0:443 443 0.0.0.0 ABC123DEF456789012345678901234567890ABCD my "
     "{4dc3e181-e14b-4a21-b022-59fc669b0914}\n"
     "sslCertificate www.example.com:443 443 www.example.com "
     "DEF456ABC789012345678901234567890ABCDEF1 my {4dc3e181-e14b-4a21-b022-59fc669b0914}\n"},
    {"05", SSL, false,
     "sslCertificate sts.margiestravel.com:443 443 sts.margiestravel.com "
     "2D125F4D735DEF823178E8F17E6579D04FB97B7A my {5d89a20c-beab-4389-9447-324788eb944a} "
     "adfstrusteddevices\n"
     "sslCertificate sts.margiestravel.com:49443 49443 sts.margiestravel.com "
     "2D125F4D735DEF823178E8F17E6579D04FB97B7A my {5d89a20c-beab-4389-9447-324788eb944a}\n"},
    {"06", SSL, false,
     "sslCertificate 0.0.0.0:443 443 0.0.0.0 5226DC6C54559761CD471B86EB51C096252C90F2 my "
     "{4dc3e181-e14b-4a21-b022-59fc669b0914}\n"},
    {"07", SSL, false,
     "sslCertificate 0.0.0.0:44307 44307 0.0.0.0 61D34F532DA121BBAB64723C4871E72C92F03735 my "
     "{214124cd-d05b-4309-9af9-9caa44b2b74a}\n"},
    {"08", NULL, false, UNKNOWN_TEXT},
    {"09", NULL, false, UNKNOWN_TEXT},
    {"10", SSL, false,
     "sslCertificate 0.0.0.0:443 443 0.0.0.0 E0E9F94DF7F055979999A8641E00C75BA3A70249 my "
     "{b46ab86f-c090-1a64-f966-ba2e0b30b1d7}\n"},
    {"11", SSL, false,
     "sslCertificate sni-precision.tokentimer-verify.local:10443 10443 "
     "sni-precision.tokentimer-verify.local DAA61C502810CA0952DF77A0D4194C32085B5ABD my "
     "{65f12961-a6a1-4736-a36e-af476fd0d37a}\n"},
    {"12", SSL, false,
     "sslCertificate adfs.samlsecurity.com:443 443 adfs.samlsecurity.com "
     "0B9001B1842FB51F7AB7E4FA7DB77F7BD2916643 my {5d89a20c-beab-4389-9447-324788eb944a} "
     "AdfsTrustedDevices\n"},
    {"13", SSL, false,
     "sslCertificate SNI.IIS8.com:443 443 sni.iis8.com 8D90A17D2851F802B0A5619BF695B03544B8F5CB my "
     "{4dc3e181-e14b-4a21-b022-59fc669b0914}\n"},
    {"14", "netsh-servicestate", false,
     "registeredUrl HTTP://+:80/116B50EB-ECE2-41AC-8429-9F9E963361B7/ http + 80 \n"
     "requestQueue \n"
     "process 2668\n"},
    {"15", "netsh-servicestate", false,
     "requestQueue DefaultAppPool\n"
     "process 3248\n"
     "registeredUrl HTTP://*:80/ http * 80 DefaultAppPool 3248\n"
     "requestQueue \n"
     "process 4120\n"
     "registeredUrl HTTP://+:5357/ http + 5357  4120\n"
     "registeredUrl HTTPS://+:443/SSTP_SSL/ https + 443  4120\n"},
    {"16", "netsh-urlacl", false,
     "urlReservation https://+:443/ReportServer/ https + 443 NT SERVICE\\ReportServer true false "
     "D:(A;;GX;;;S-1-5-80-2885764129-887777008-271615777-1616004480-2722851051)\n"
     "urlReservation http://+:80/116B50EB-ECE2-41ac-8429-9F9E963361B7/ http + 80 NT "
     "AUTHORITY\\NETWORK SERVICE true false D:(A;;GX;;;NS)\n"},
    {"17", NULL, false, UNKNOWN_TEXT},
    {"18", SSL, false,
     "sslCertificate 0.0.0.0:8172 8172 0.0.0.0 F06AE62A5275A818338F05ECC80707335BE1E204 my "
     "{00000000-0000-0000-0000-000000000000}\n"},
    {"19", SSL, false,
     "sslCertificate 0.0.0.0:443 443 0.0.0.0 1A2B3C4D5E6F708192A3B4C5D6E7F8091A2B3C4D my "
     "{4dc3e181-e14b-4a21-b022-59fc669b0914}\n"},
    {"20", NULL, false, UNKNOWN_TEXT},
};

START_TEST(a_capture_of_netsh_is_read_wrongly) {
  NEEDS_SHARED();
  for (size_t i = 0; i < sizeof netsh / sizeof *netsh; i++)
    check("netsh-http", &netsh[i], lists_of);
}
END_TEST

/* The empty listen list above the records of the same console copy. */
START_TEST(the_listen_list_of_a_capture_is_lost) {
  NEEDS_SHARED();
  struct run run = text_run_shared("formats/netsh-http/12.txt");
  ck_assert_uint_eq(run.readings.count, 2);
  ck_assert_str_eq(run.readings.items[1].kind, "netsh-iplisten");
  ck_assert(run.readings.items[1].complete);
  ck_assert_uint_eq(run_count(&run.readings.items[1], "ipListen"), 1);
  ck_assert_uint_eq(run_count(&run.readings.items[1], "address"), 0);
  run_end(&run);
}
END_TEST

CHECK_MAIN("readers/dump_captures", {
  tcase_add_test(tests, a_capture_of_certutil_is_read_wrongly);
  tcase_add_test(tests, a_capture_of_netsh_is_read_wrongly);
  tcase_add_test(tests, the_listen_list_of_a_capture_is_lost);
})
