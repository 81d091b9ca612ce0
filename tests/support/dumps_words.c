/* Words as public captures have them. NULL: no capture is known, a filler stands in. */
#include "support/dumps_words.h"

#include "base/moment.h"

#include <stdio.h>

#define NB "\xC2\xA0"
#define QUOTE "\xE2\x80\x99"

static const char *const words[DUMP_LANGUAGES][WORD_COUNT] = {
    [DUMP_ENGLISH] = {[WORD_BANNER] = "Certificate",
                      [WORD_ARCHIVED] = "Archived!",
                      [WORD_SERIAL] = "Serial Number",
                      [WORD_ISSUER] = "Issuer",
                      [WORD_NOT_BEFORE] = "NotBefore",
                      [WORD_NOT_AFTER] = "NotAfter",
                      [WORD_SUBJECT] = "Subject",
                      [WORD_NON_ROOT] = "Non-root Certificate",
                      [WORD_ROOT] = "Root Certificate: Subject matches Issuer",
                      [WORD_SIGNATURE_OK] = "Signature matches Public Key",
                      [WORD_THUMBPRINT] = "Cert Hash",
                      [WORD_NO_KEY] = "No key provider information",
                      [WORD_NO_PRIVATE_KEY] =
                          "Cannot find the certificate and private key for decryption.",
                      [WORD_CONTAINER] = "Key Container",
                      [WORD_UNIQUE] = "Unique container name",
                      [WORD_PROVIDER] = "Provider",
                      [WORD_NOT_EXPORTABLE] = "Private key is NOT exportable",
                      [WORD_TEST_PASSED] = "Encryption test passed",
                      [WORD_MISSING_KEYSET] = "Missing stored keyset",
                      [WORD_MY] = "Personal",
                      [WORD_CLOSING] = "CertUtil: -%s command completed successfully.",
                      [WORD_SSL_TITLE] = "SSL Certificate bindings",
                      [WORD_IP_PORT] = "IP:port",
                      [WORD_HOST_PORT] = "Hostname:port",
                      [WORD_CENTRAL_STORE] = "Central Certificate Store",
                      [WORD_HASH] = "Certificate Hash",
                      [WORD_APP_ID] = "Application ID",
                      [WORD_STORE_NAME] = "Certificate Store Name",
                      [WORD_EXTENDED] = "Extended Properties"},
    [DUMP_GERMAN] = {[WORD_BANNER] = "Zertifikat",
                     [WORD_SERIAL] = "Seriennummer",
                     [WORD_ISSUER] = "Aussteller",
                     [WORD_NOT_BEFORE] = "Nicht vor",
                     [WORD_NOT_AFTER] = "Nicht nach",
                     [WORD_SUBJECT] = "Antragsteller",
                     [WORD_NON_ROOT] = "Kein Stammzertifikat",
                     [WORD_THUMBPRINT] = "Zertifikathash",
                     [WORD_CONTAINER] = "Schl\xC3\xBCsselcontainer",
                     [WORD_UNIQUE] = "Eindeutiger Containername",
                     [WORD_PROVIDER] = "Anbieter",
                     [WORD_NOT_EXPORTABLE] = "Der private Schl\xC3\xBCssel ist NICHT exportierbar",
                     [WORD_TEST_PASSED] = "Verschl\xC3\xBCsselungstest wurde durchgef\xC3\xBChrt",
                     [WORD_MY] = "Eigene Zertifikate",
                     [WORD_CLOSING] = "CertUtil: -%s-Befehl wurde erfolgreich ausgef\xC3\xBChrt.",
                     [WORD_SSL_TITLE] = "SSL-Zertifikatbindungen",
                     [WORD_IP_PORT] = "IP:Port",
                     [WORD_HASH] = "Zertifikathash"},
    [DUMP_FRENCH] = {[WORD_BANNER] = "Certificat",
                     [WORD_SERIAL] = "Num\xC3\xA9ro de s\xC3\xA9rie",
                     [WORD_ISSUER] = "\xC3\x89metteur",
                     [WORD_NOT_BEFORE] = "NotBefore",
                     [WORD_NOT_AFTER] = "NotAfter",
                     [WORD_SUBJECT] = "Objet",
                     [WORD_NON_ROOT] = "Il ne s" QUOTE "agit pas d" QUOTE "un certificat racine",
                     [WORD_ROOT] = "Certificat racine" NB ": le sujet correspond \xC3\xA0 l" QUOTE
                                   "\xC3\xA9metteur",
                     [WORD_SIGNATURE_OK] =
                         "La signature correspond \xC3\xA0 la cl\xC3\xA9 publique",
                     [WORD_THUMBPRINT] = "Hach. cert. ",
                     [WORD_NO_KEY] = "Aucune information sur le fournisseur de cl\xC3\xA9",
                     [WORD_NO_PRIVATE_KEY] =
                         "Impossible de trouver le certificat et la cl\xC3\xA9 priv\xC3\xA9"
                         "e pour le d\xC3\xA9"
                         "chiffrement.",
                     [WORD_CONTAINER] = "Conteneur de cl\xC3\xA9",
                     [WORD_PROVIDER] = "Fournisseur",
                     [WORD_TEST_PASSED] = "Test de chiffrement r\xC3\xA9ussi",
                     [WORD_MY] = "Personnel",
                     [WORD_CLOSING] = "CertUtil: -%s La commande s" QUOTE "est termin\xC3\xA9"
                                      "e correctement.",
                     [WORD_SSL_TITLE] = "Liaisons de certificat SSL ",
                     [WORD_IP_PORT] = "Adresse IP:port",
                     [WORD_HASH] = "Hachage du certificat",
                     [WORD_APP_ID] = "ID de l'application",
                     [WORD_STORE_NAME] = "Nom du magasin de certificats :      ",
                     [WORD_EXTENDED] = "Propri\xC3\xA9t\xC3\xA9s \xC3\xA9tendues "},
    [DUMP_SPANISH] = {[WORD_SERIAL] = "N\xC3\xBAmero de serie",
                      [WORD_ISSUER] = "Emisor",
                      [WORD_NOT_AFTER] = "NotAfter",
                      [WORD_SUBJECT] = "Sujeto",
                      [WORD_THUMBPRINT] = "Hash cert.",
                      [WORD_UNIQUE] = "Nombre de contenedor exclusivo",
                      [WORD_PROVIDER] = "Proveedor",
                      [WORD_TEST_PASSED] = "Prueba de cifrado correcta",
                      [WORD_CLOSING] = "CertUtil: -%s comando completado correctamente."},
    [DUMP_ITALIAN] = {[WORD_BANNER] = "Certificato",
                      [WORD_SERIAL] = "Numero di serie",
                      [WORD_ISSUER] = "Autorit\xC3\xA0 emittente",
                      [WORD_NOT_BEFORE] = "NotBefore",
                      [WORD_NOT_AFTER] = "NotAfter",
                      [WORD_SUBJECT] = "Soggetto",
                      [WORD_ROOT] =
                          "Certificato radice: soggetto corrispondente all'autorit\xC3\xA0 "
                          "emittente",
                      [WORD_SIGNATURE_OK] = "La firma elettronica corrisponde alla chiave pubblica",
                      [WORD_THUMBPRINT] = "Hash certificato ",
                      [WORD_PROVIDER] = "Provider",
                      [WORD_TEST_PASSED] = "Verifica firma riuscita",
                      [WORD_CLOSING] = "CertUtil: - Esecuzione comando %s riuscita."},
    [DUMP_PORTUGUESE] = {[WORD_BANNER] = "Certificado",
                         [WORD_SERIAL] = "N\xC3\xBAmero de S\xC3\xA9rie",
                         [WORD_ISSUER] = "Emissor",
                         [WORD_NOT_BEFORE] = "NotBefore",
                         [WORD_NOT_AFTER] = "NotAfter",
                         [WORD_SUBJECT] = "Requerente",
                         [WORD_NON_ROOT] = "Certificado n\xC3\xA3o raiz",
                         [WORD_ROOT] = "Certificado raiz: requerente coincide com o emissor",
                         [WORD_SIGNATURE_OK] = "Assinatura coincide com Chave p\xC3\xBA"
                                               "blica",
                         [WORD_THUMBPRINT] = "Hash Cert",
                         [WORD_NO_KEY] = "Nenhuma informa\xC3\xA7\xC3\xA3o de provedor de chave",
                         [WORD_NO_PRIVATE_KEY] =
                             "N\xC3\xA3o \xC3\xA9 poss\xC3\xADvel localizar o certificado e a "
                             "chave privada para decodifica\xC3\xA7\xC3\xA3o.",
                         [WORD_CONTAINER] = "Cont\xC3\xAAiner da chave",
                         [WORD_UNIQUE] = "Nome de cont\xC3\xAAiner exclusivo",
                         [WORD_PROVIDER] = "Provider",
                         [WORD_NOT_EXPORTABLE] =
                             "A chave privada N\xC3\x83O \xC3\xA9 export\xC3\xA1vel",
                         [WORD_TEST_PASSED] = "\xC3\x8Axito no teste de criptografia",
                         [WORD_MY] = "Pessoal",
                         [WORD_CLOSING] = "CertUtil: -%s : comando conclu\xC3\xAD"
                                          "do com \xC3\xAAxito."},
    [DUMP_RUSSIAN] = {[WORD_SERIAL] = "\xD0\xA1\xD0\xB5\xD1\x80\xD0\xB8\xD0\xB9\xD0\xBD\xD1\x8B"
                                      "\xD0\xB9 \xD0\xBD\xD0\xBE\xD0\xBC\xD0\xB5\xD1\x80",
                      [WORD_NOT_BEFORE] = "NotBefore",
                      [WORD_NOT_AFTER] = "NotAfter",
                      [WORD_SUBJECT] = "\xD0\xA1\xD1\x83\xD0\xB1\xD1\x8A\xD0\xB5\xD0\xBA\xD1\x82",
                      [WORD_THUMBPRINT] =
                          "\xD0\xA5\xD0\xB5\xD1\x88 \xD1\x81\xD0\xB5\xD1\x80\xD1\x82\xD0\xB8\xD1"
                          "\x84\xD0\xB8\xD0\xBA\xD0\xB0\xD1\x82\xD0\xB0"},
    [DUMP_JAPANESE] = {[WORD_SIGNATURE_OK] =
                           "\xE7\xBD\xB2\xE5\x90\x8D\xE3\x81\xAF\xE5\x85\xAC\xE9\x96\x8B\xE3\x82"
                           "\xAD\xE3\x83\xBC\xE3\x81\xA8\xE4\xB8\x80\xE8\x87\xB4\xE3\x81\x97\xE3"
                           "\x81\xBE\xE3\x81\x99",
                       [WORD_THUMBPRINT] = "\xE8\xA8\xBC\xE6\x98\x8E\xE6\x9B\xB8\xE3\x83\x8F\xE3"
                                           "\x83\x83\xE3\x82\xB7\xE3\x83\xA5",
                       [WORD_CLOSING] =
                           "CertUtil: -%s "
                           "\xE3\x82\xB3\xE3\x83\x9E\xE3\x83\xB3\xE3\x83\x89\xE3\x81\xAF\xE6\xAD"
                           "\xA3\xE5\xB8\xB8\xE3\x81\xAB\xE5\xAE\x8C\xE4\xBA\x86\xE3\x81\x97\xE3"
                           "\x81\xBE\xE3\x81\x97\xE3\x81\x9F\xE3\x80\x82"},
    [DUMP_CHINESE] =
        {[WORD_BANNER] = "\xE8\xAF\x81\xE4\xB9\xA6",
         [WORD_SERIAL] = "\xE5\xBA\x8F\xE5\x88\x97\xE5\x8F\xB7",
         [WORD_ISSUER] = "\xE9\xA2\x81\xE5\x8F\x91\xE8\x80\x85",
         [WORD_NOT_BEFORE] = "NotBefore",
         [WORD_NOT_AFTER] = "NotAfter",
         [WORD_SUBJECT] =
             "\xE4\xBD\xBF\xE7\x94\xA8\xE8\x80\x85",
         [WORD_NON_ROOT] = "\xE9\x9D\x9E\xE6\xA0\xB9\xE8\xAF\x81\xE4\xB9\xA6",
         [WORD_ROOT] = "\xE6\xA0\xB9\xE8\xAF\x81\xE4\xB9\xA6: "
                       "\xE4\xBD\xBF\xE7\x94\xA8\xE8\x80\x85\xE4\xB8\x8E\xE9\xA2\x81\xE5\x8F\x91"
                       "\xE8\x80\x85\xE5\x8C\xB9\xE9\x85\x8D",
         [WORD_SIGNATURE_OK] = "\xE7\xAD\xBE\xE5\x90\x8D\xE4\xB8\x8E\xE5\x85\xAC\xE9\x92\xA5\xE5"
                               "\x8C\xB9\xE9\x85\x8D",
         [WORD_THUMBPRINT] = "\xE8\xAF\x81\xE4\xB9\xA6\xE5\x93\x88\xE5\xB8\x8C",
         [WORD_NO_KEY] = "\xE6\xB2\xA1\xE6\x9C\x89\xE5\xAF\x86\xE9\x92\xA5\xE6\x8F\x90\xE4\xBE\x9B"
                         "\xE7\xA8\x8B\xE5\xBA\x8F\xE4\xBF\xA1\xE6\x81\xAF",
         [WORD_NO_PRIVATE_KEY] =
             "\xE6\x89\xBE\xE4\xB8\x8D\xE5\x88\xB0\xE8\xA7\xA3\xE5\xAF\x86\xE7\x9A\x84\xE8\xAF\x81"
             "\xE4\xB9\xA6\xE5\x92\x8C\xE7\xA7\x81\xE9\x92\xA5\xE3\x80\x82",
         [WORD_CONTAINER] = "\xE5\xAF\x86\xE9\x92\xA5\xE5\xAE\xB9\xE5\x99\xA8",
         [WORD_PROVIDER] = "\xE6\x8F\x90\xE4\xBE\x9B\xE7\xA8\x8B\xE5\xBA\x8F",
         [WORD_CLOSING] = "CertUtil: -%s "
                          "\xE5\x91\xBD\xE4\xBB\xA4\xE6\x88\x90\xE5\x8A\x9F\xE5\xAE\x8C\xE6\x88\x90"
                          "\xE3\x80\x82",
         [WORD_SSL_TITLE] = "SSL \xE8\xAF\x81\xE4\xB9\xA6\xE7\xBB\x91\xE5\xAE\x9A",
         [WORD_IP_PORT] = "IP:\xE7\xAB\xAF\xE5\x8F\xA3",
         [WORD_HOST_PORT] = "\xE4\xB8\xBB\xE6\x9C\xBA\xE5\x90\x8D:\xE7\xAB\xAF\xE5\x8F\xA3",
         [WORD_HASH] = "\xE8\xAF\x81\xE4\xB9\xA6\xE5\x93\x88\xE5\xB8\x8C",
         [WORD_APP_ID] = "\xE5\xBA\x94\xE7\x94\xA8\xE7\xA8\x8B\xE5\xBA\x8F ID",
         [WORD_STORE_NAME] =
             "\xE8\xAF\x81\xE4\xB9\xA6\xE5\xAD\x98\xE5\x82\xA8\xE5\x90\x8D\xE7\xA7\xB0"},
};

static const struct {
  const char *name, *code_page, *filler, *done;
} languages[DUMP_LANGUAGES] = {
    {"en", "CP437", "Field", ""},
    {"de", "CP850", "Feld", ""},
    {"fr", "CP850", "Champ", ""},
    {"es", "CP850", "Campo", ""},
    {"it", "CP850", "Campo", ""},
    {"pt", "CP850", "Campo", ""},
    {"ru", "CP866", "\xD0\x9F\xD0\xBE\xD0\xBB\xD0\xB5", "CertUtil: -%s: \xD0\xB3\xD0\xBE\xD1\x82."},
    {"ja", "CP932", "\xE9\xA0\x85\xE7\x9B\xAE", ""},
    {"zh", "CP936", "\xE5\xAD\x97\xE6\xAE\xB5", ""},
    {"??", "CP866", "\xD0\x81\xD0\xB6", "CertUtil: -%s \xD0\x81\xD0\xB6\xD0\xB6."},
};

const char *dump_language_name(enum dump_language language) {
  return languages[language].name;
}

const char *dump_oem_code_page(enum dump_language language) {
  return languages[language].code_page;
}

const char *dump_filler(enum dump_language language, unsigned n) {
  static char ring[64][48];
  static unsigned next;
  char *text = ring[next++ % 64];
  snprintf(text, sizeof ring[0], "%s %u", languages[language].filler, n);
  return text;
}

/* Two that HTTP.SYS and certutil cannot print otherwise, whatever the language. */
static const char *common(enum dump_language language, enum word word) {
  if (word == WORD_BANNER) return languages[language].filler;
  if (word == WORD_SSL_TITLE) return "SSL ";
  if (word == WORD_CLOSING) return languages[language].done;
  return NULL;
}

const char *dump_word(enum dump_language language, enum word word) {
  const char *known = words[language][word];
  if (!known) known = common(language, word);
  return known ? known : dump_filler(language, word);
}

const char *dump_gap(enum dump_language language, enum word word) {
  if (language != DUMP_FRENCH || word == WORD_ISSUER || word == WORD_SUBJECT) return "";
  return NB;
}

static const char *const english_fields[] = {
    "Verify Client Certificate Revocation",
    "Verify Revocation Using Cached Client Certificate Only",
    "Usage Check",
    "Revocation Freshness Time",
    "URL Retrieval Timeout",
    "Ctl Identifier",
    "Ctl Store Name",
    "DS Mapper Usage",
    "Negotiate Client Certificate",
    "Reject Connections",
    "Disable HTTP2",
    "Disable QUIC",
    "Disable TLS1.2",
    "Disable TLS1.3",
    "Disable OCSP Stapling",
    "Enable Token Binding",
    "Log Extended Events",
    "Disable Legacy TLS Versions",
    "Enable Session Ticket",
    "Disable Session ID",
    "Enable Caching Client Hello"};

const char *dump_field_label(enum dump_language language, unsigned n) {
  return language == DUMP_ENGLISH ? english_fields[n] : dump_filler(language, 100 + n);
}

/* ---- dates ---- */

enum order { MONTH_FIRST, DAY_FIRST_DOTS, DAY_FIRST, YEAR_FIRST };

static enum order order_of(enum dump_language language) {
  if (language == DUMP_ENGLISH) return MONTH_FIRST;
  if (language == DUMP_GERMAN || language == DUMP_RUSSIAN) return DAY_FIRST_DOTS;
  return language == DUMP_JAPANESE || language == DUMP_CHINESE ? YEAR_FIRST : DAY_FIRST;
}

void dump_date(struct buffer *out, int64_t moment, const struct dump_style *style) {
  char text[21];
  int year, month, day, hour, minute;
  moment_format(moment + (int64_t)style->zone * 60, text);
  if (sscanf(text, "%d-%d-%dT%d:%d", &year, &month, &day, &hour, &minute) != 5) return;
  switch (order_of(style->language)) {
  case MONTH_FIRST:
    buffer_add_format(out, "%d/%d/%d %d:%02d %s", month, day, year, hour % 12 ? hour % 12 : 12,
                      minute, hour < 12 ? "AM" : "PM");
    return;
  case DAY_FIRST_DOTS:
    buffer_add_format(out, "%02d.%02d.%d %02d:%02d", day, month, year, hour, minute);
    return;
  case DAY_FIRST:
    buffer_add_format(out, "%02d/%02d/%d %02d:%02d", day, month, year, hour, minute);
    return;
  case YEAR_FIRST:
    buffer_add_format(out, "%d/%d/%d %d:%02d", year, month, day, hour, minute);
    return;
  }
}
