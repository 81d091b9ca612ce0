/* The kinds of evidence and how each is collected. File places and commands are
 * those of Microsoft's documentation: netsh http, certutil -store, the
 * WebAdministration module and the Exchange Management Shell. */
#include "evidence/kinds.h"

#include <string.h>

#define CONFIG_FOLDER "%windir%\\System32\\inetsrv\\config\\"

const struct evidence_kind evidence_kinds[] = {
    {"application-host", "IIS server configuration", "", NULL,
     CONFIG_FOLDER "applicationHost.config"},
    {"redirection-config", "IIS shared configuration pointer", "", NULL,
     CONFIG_FOLDER "redirection.config"},
    {"administration-config", "IIS management configuration", "", NULL,
     CONFIG_FOLDER "administration.config"},
    {"web-config", "configuration file of a site or folder", "", NULL,
     "web.config of each site, application and folder"},
    {"machine-config", "configuration of the .NET Framework", "", NULL,
     "%windir%\\Microsoft.NET\\Framework64\\v4.0.30319\\CONFIG\\machine.config"},
    {"config-section", "section of a configuration in a file of its own", "", NULL, ""},
    {"exe-config", "configuration file of a program", "", NULL, ""},
    {"get-webbinding", "bindings of the IIS sites with their certificates", "powershell",
     "Import-Module WebAdministration; Get-WebBinding | Export-Clixml GetWebBinding.xml",
     "GetWebBinding.xml"},
    {"netsh-sslcert", "HTTP.SYS certificate bindings", "cmd",
     "netsh http show sslcert > sslcert.txt", "sslcert.txt"},
    {"netsh-iplisten", "HTTP.SYS listen addresses", "cmd",
     "netsh http show iplisten > iplisten.txt", "iplisten.txt"},
    {"certutil-my", "certificate store LocalMachine\\My", "cmd",
     "certutil -store My > certutil-my.txt", "certutil-my.txt"},
    {"certutil-webhosting", "certificate store LocalMachine\\WebHosting", "cmd",
     "certutil -store WebHosting > certutil-webhosting.txt", "certutil-webhosting.txt"},
    {"certutil-store", "certificate store", "cmd", "certutil -store My > certutil-my.txt",
     "certutil-my.txt"},
    {"get-exchangecertificate", "certificates of Exchange", "exchange",
     "Get-ExchangeCertificate | Export-Clixml -Encoding UTF8 GetExchangeCertificate.xml",
     "GetExchangeCertificate.xml"},
    {"get-authconfig", "OAuth configuration of Exchange", "exchange",
     "Get-AuthConfig | Export-Clixml -Encoding UTF8 GetAuthConfig.xml", "GetAuthConfig.xml"},
    {"certificate-file", "certificate", "", NULL, "the certificate as .cer, .crt or .pem"},
    {"registry-http", "HTTP.SYS settings in the registry", "cmd",
     "reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP http.reg", "http.reg"},
    {"clixml", "PowerShell export", "", NULL, ""},
    {"archive", "archive", "", NULL, ""},
    {NULL, NULL, NULL, NULL, NULL},
};

const struct evidence_kind *evidence_kind_find(const char *id) {
  for (const struct evidence_kind *kind = evidence_kinds; kind->id; kind++)
    if (strcmp(kind->id, id) == 0) return kind;
  return NULL;
}
