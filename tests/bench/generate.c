/* bench_generate FOLDER SITES [web-configs]: writes a server of so many sites, with matching
 * netsh and certutil dumps. A site is a pool, two applications, two bindings and
 * a location block (about 1.8 KB), an HTTP.SYS record and a certificate. The
 * same count gives the same bytes.
 *
 * With "web-configs", applicationHost.config alone, and on a copied disk one web.config
 * a site, which adds a handler: a site is then a pool, one application, a binding and a
 * location block. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static FILE *start(const char *folder, const char *name) {
  char path[8192];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  if (!file) {
    perror(path);
    exit(1);
  }
  return file;
}

static void finish(FILE *file) {
  if (fclose(file) != 0) {
    perror("bench_generate");
    exit(1);
  }
}

/* 40 hex digits that belong to this site alone: splitmix64, three times. */
static void thumbprint(unsigned long site, char out[41]) {
  uint64_t state = site, words[3];
  for (int i = 0; i < 3; i++) {
    state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    words[i] = z ^ (z >> 31);
  }
  snprintf(out, 41, "%016" PRIx64 "%016" PRIx64 "%08" PRIx32, words[0], words[1],
           (uint32_t)words[2]);
}

static void write_pools(FILE *out, unsigned long sites) {
  fputs("        <applicationPools>\n", out);
  for (unsigned long i = 1; i <= sites; i++)
    fprintf(
        out,
        "            <add name=\"Pool%lu\" autoStart=\"true\" managedRuntimeVersion=\"v4.0\""
        " managedPipelineMode=\"Integrated\" queueLength=\"1000\">\n"
        "                <processModel identityType=\"ApplicationPoolIdentity\""
        " idleTimeout=\"00:20:00\" />\n"
        "                <recycling>\n                    <periodicRestart time=\"1.05:00:00\" />\n"
        "                </recycling>\n            </add>\n",
        i);
  fputs("        </applicationPools>\n", out);
}

static void write_sites(FILE *out, unsigned long sites) {
  fputs("        <sites>\n", out);
  for (unsigned long i = 1; i <= sites; i++)
    fprintf(out,
            "            <site name=\"Site%lu\" id=\"%lu\" serverAutoStart=\"true\">\n"
            "                <application path=\"/\" applicationPool=\"Pool%lu\">\n"
            "                    <virtualDirectory path=\"/\""
            " physicalPath=\"D:\\inetpub\\customers\\site%lu\\wwwroot\" />\n"
            "                </application>\n"
            "                <application path=\"/api\" applicationPool=\"Pool%lu\">\n"
            "                    <virtualDirectory path=\"/\""
            " physicalPath=\"D:\\inetpub\\customers\\site%lu\\api\" />\n"
            "                </application>\n                <bindings>\n"
            "                    <binding protocol=\"http\""
            " bindingInformation=\"*:80:site%lu.example.com\" />\n"
            "                    <binding protocol=\"https\""
            " bindingInformation=\"*:443:site%lu.example.com\" sslFlags=\"1\" />\n"
            "                </bindings>\n            </site>\n",
            i, i, i, i, i, i, i, i);
  fputs("        </sites>\n", out);
}

static void write_locations(FILE *out, unsigned long sites) {
  for (unsigned long i = 1; i <= sites; i++)
    fprintf(out,
            "    <location path=\"Site%lu\">\n        <system.webServer>\n            <security>\n"
            "                <access sslFlags=\"None\" />\n                <authentication>\n"
            "                    <anonymousAuthentication enabled=\"true\" userName=\"IUSR\" />\n"
            "                    <basicAuthentication enabled=\"false\" />\n"
            "                    <windowsAuthentication enabled=\"false\" />\n"
            "                </authentication>\n            </security>\n"
            "            <defaultDocument enabled=\"true\">\n                <files>\n             "
            "       <clear />\n"
            "                    <add value=\"default.aspx\" />\n                </files>\n"
            "            </defaultDocument>\n        </system.webServer>\n    </location>\n",
            i);
}

static void write_configuration(const char *folder, unsigned long sites) {
  FILE *out = start(folder, "applicationHost.config");
  fputs(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configuration>\n"
      "    <configSections>\n        <sectionGroup name=\"system.applicationHost\">\n"
      "            <section name=\"applicationPools\" allowDefinition=\"AppHostOnly\""
      " overrideModeDefault=\"Deny\" />\n"
      "            <section name=\"sites\" allowDefinition=\"AppHostOnly\""
      " overrideModeDefault=\"Deny\" />\n        </sectionGroup>\n"
      "        <sectionGroup name=\"system.webServer\">\n"
      "            <section name=\"defaultDocument\" overrideModeDefault=\"Allow\" />\n"
      "            <sectionGroup name=\"security\">\n"
      "                <section name=\"access\" overrideModeDefault=\"Deny\" />\n"
      "                <sectionGroup name=\"authentication\">\n"
      "                    <section name=\"anonymousAuthentication\" overrideModeDefault=\"Deny\" "
      "/>\n"
      "                    <section name=\"basicAuthentication\" overrideModeDefault=\"Deny\" />\n"
      "                    <section name=\"windowsAuthentication\" overrideModeDefault=\"Deny\" "
      "/>\n"
      "                </sectionGroup>\n            </sectionGroup>\n        </sectionGroup>\n"
      "    </configSections>\n    <system.applicationHost>\n",
      out);
  write_pools(out, sites);
  write_sites(out, sites);
  fputs("    </system.applicationHost>\n", out);
  write_locations(out, sites);
  fputs("</configuration>\n", out);
  finish(out);
}

static void write_records(const char *folder, unsigned long sites) {
  FILE *out = start(folder, "sslcert.txt");
  fputs("\r\nSSL Certificate bindings: \r\n------------------------- \r\n\r\n", out);
  for (unsigned long i = 1; i <= sites; i++) {
    char hash[41];
    thumbprint(i, hash);
    fprintf(out,
            "    Hostname:port                : site%lu.example.com:443\r\n"
            "    Certificate Hash             : %s\r\n"
            "    Application ID               : {4dc3e181-e14b-4a21-b022-59fc669b0914}\r\n"
            "    Certificate Store Name       : MY\r\n"
            "    Verify Client Certificate Revocation : Enabled\r\n"
            "    Verify Revocation Using Cached Client Certificate Only : Disabled\r\n"
            "    Usage Check                  : Enabled\r\n"
            "    Revocation Freshness Time    : 0\r\n"
            "    URL Retrieval Timeout        : 0\r\n"
            "    Ctl Identifier               : (null)\r\n"
            "    Ctl Store Name               : (null)\r\n"
            "    DS Mapper Usage              : Disabled\r\n"
            "    Negotiate Client Certificate : Disabled\r\n"
            "    Reject Connections           : Disabled\r\n"
            "    Disable HTTP2                : Not Set\r\n"
            "    Disable QUIC                 : Not Set\r\n"
            "    Disable TLS1.2               : Not Set\r\n"
            "    Disable TLS1.3               : Not Set\r\n"
            "    Disable OCSP Stapling        : Not Set\r\n"
            "    Disable Legacy TLS Versions  : Not Set\r\n\r\n",
            i, hash);
  }
  finish(out);
}

static void write_certificates(const char *folder, unsigned long sites) {
  FILE *out = start(folder, "certutil-my.txt");
  fputs("My \"Personal\"\r\n", out);
  for (unsigned long i = 1; i <= sites; i++) {
    char hash[41];
    thumbprint(i, hash);
    fprintf(out,
            "================ Certificate %lu ================\r\n"
            "Serial Number: 1d8fa52a90756f49%016lx\r\n"
            "Issuer: CN=Example Issuing CA 1, DC=example, DC=com\r\n"
            " NotBefore: 9/18/2025 4:11 AM\r\n NotAfter: 9/18/2027 4:11 AM\r\n"
            "Subject: CN=site%lu.example.com, O=Customer %lu\r\n"
            "Non-root Certificate\r\nCert Hash(sha1): %s\r\n"
            "  Key Container = %.32s_3c1f8a52-7a64-4d0b-9c35-5d1e70b2a6f9\r\n"
            "  Provider = Microsoft RSA SChannel Cryptographic Provider\r\n"
            "Encryption test passed\r\n\r\n",
            i - 1, i, i, i, hash, hash);
  }
  fputs("CertUtil: -store command completed successfully.\r\n", out);
  finish(out);
}

/* ---- Servers with web.configs ------------------------------------------------------ */

static void write_small_sites(FILE *out, unsigned long sites) {
  fputs("        <sites>\n", out);
  for (unsigned long i = 1; i <= sites; i++)
    fprintf(out,
            "            <site name=\"Site%lu\" id=\"%lu\">\n"
            "                <application path=\"/\" applicationPool=\"Pool%lu\">\n"
            "                    <virtualDirectory path=\"/\""
            " physicalPath=\"D:\\customers\\site%lu\" />\n"
            "                </application>\n                <bindings>\n"
            "                    <binding protocol=\"http\""
            " bindingInformation=\"*:80:site%lu.example.com\" />\n"
            "                </bindings>\n            </site>\n",
            i, i, i, i, i);
  fputs("        </sites>\n", out);
}

static void write_handlers_above(FILE *out) {
  fputs("    <location path=\"\" overrideMode=\"Allow\">\n        <system.webServer>\n"
        "            <handlers accessPolicy=\"Read, Script\">\n",
        out);
  for (unsigned long i = 1; i <= 56; i++)
    fprintf(out,
            "                <add name=\"Stock%lu\" path=\"*.s%lu\" verb=\"GET,HEAD,POST,DEBUG\""
            " modules=\"IsapiModule\" requireAccess=\"Script\" />\n",
            i, i);
  fputs("            </handlers>\n        </system.webServer>\n    </location>\n", out);
}

static void write_server_of_web_configs(const char *folder, unsigned long sites) {
  FILE *out = start(folder, "applicationHost.config");
  fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configuration>\n    <configSections>\n"
        "        <sectionGroup name=\"system.applicationHost\">\n"
        "            <section name=\"applicationPools\" allowDefinition=\"AppHostOnly\""
        " overrideModeDefault=\"Deny\" />\n"
        "            <section name=\"sites\" allowDefinition=\"AppHostOnly\""
        " overrideModeDefault=\"Deny\" />\n        </sectionGroup>\n"
        "        <sectionGroup name=\"system.webServer\">\n"
        "            <section name=\"defaultDocument\" overrideModeDefault=\"Allow\" />\n"
        "            <section name=\"handlers\" overrideModeDefault=\"Deny\" />\n"
        "            <sectionGroup name=\"security\">\n"
        "                <section name=\"access\" overrideModeDefault=\"Deny\" />\n"
        "                <sectionGroup name=\"authentication\">\n"
        "                    <section name=\"anonymousAuthentication\""
        " overrideModeDefault=\"Deny\" />\n"
        "                    <section name=\"basicAuthentication\""
        " overrideModeDefault=\"Deny\" />\n"
        "                    <section name=\"windowsAuthentication\""
        " overrideModeDefault=\"Deny\" />\n"
        "                </sectionGroup>\n            </sectionGroup>\n        </sectionGroup>\n"
        "    </configSections>\n    <system.applicationHost>\n",
        out);
  write_pools(out, sites);
  write_small_sites(out, sites);
  fputs("    </system.applicationHost>\n", out);
  write_handlers_above(out);
  write_locations(out, sites);
  fputs("</configuration>\n", out);
  finish(out);
}

static void write_web_config(const char *folder, unsigned long site) {
  char path[4096];
  snprintf(path, sizeof path, "%s/D/customers/site%lu", folder, site);
  mkdir(path, 0777);
  FILE *out = start(path, "web.config");
  fprintf(out,
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configuration>\n  <system.webServer>\n"
          "    <handlers>\n"
          "      <add name=\"Own%lu\" path=\"*.own\" verb=\"GET,HEAD\" modules=\"IsapiModule\""
          " scriptProcessor=\"D:\\customers\\own.dll\" resourceType=\"Unspecified\" />\n"
          "    </handlers>\n  </system.webServer>\n</configuration>\n",
          site);
  finish(out);
}

static void write_web_configs(const char *folder, unsigned long sites) {
  char path[4096];
  snprintf(path, sizeof path, "%s/D", folder);
  mkdir(path, 0777);
  snprintf(path, sizeof path, "%s/D/customers", folder);
  mkdir(path, 0777);
  for (unsigned long i = 1; i <= sites; i++)
    write_web_config(folder, i);
}

int main(int argc, char **argv) {
  unsigned long sites = argc >= 3 ? strtoul(argv[2], NULL, 10) : 0;
  bool web_configs = argc == 4 && strcmp(argv[3], "web-configs") == 0;
  if (sites == 0 || argc != 3 + web_configs) {
    fprintf(stderr, "usage: bench_generate FOLDER SITES [web-configs]\n");
    return 2;
  }
  if (web_configs) {
    write_server_of_web_configs(argv[1], sites);
    write_web_configs(argv[1], sites);
    return 0;
  }
  write_configuration(argv[1], sites);
  write_records(argv[1], sites);
  write_certificates(argv[1], sites);
  return 0;
}
