/* The kinds of evidence and how each is collected. File places and commands are
 * those of Microsoft's documentation: netsh http, certutil -store, the
 * WebAdministration module, the Exchange Management Shell, and reg.exe. */
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
    {"registry-schannel", "TLS settings (SCHANNEL)", "cmd",
     "reg export HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL "
     "schannel.reg",
     "schannel.reg"},
    {"registry-lsa", "logon and Kerberos settings (LSA)", "cmd",
     "reg export HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa lsa.reg", "lsa.reg"},
    {"registry-cryptography", "cipher suites of the system", "cmd",
     "reg export HKLM\\SYSTEM\\CurrentControlSet\\Control\\Cryptography\\Configuration "
     "cryptography.reg",
     "cryptography.reg"},
    {"registry-environment", "environment of the system", "cmd",
     "reg export \"HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment\" "
     "environment.reg",
     "environment.reg"},
    {"registry-w3svc", "web service W3SVC", "cmd",
     "reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\W3SVC w3svc.reg", "w3svc.reg"},
    {"registry-tcpip", "TCP/IP settings", "cmd",
     "reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip tcpip.reg", "tcpip.reg"},
    {"registry-tcpip6", "IPv6 settings", "cmd",
     "reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip6 tcpip6.reg", "tcpip6.reg"},
    {"registry-netlogon", "Netlogon settings", "cmd",
     "reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\Netlogon netlogon.reg", "netlogon.reg"},
    {"registry-lanmanserver", "SMB server settings", "cmd",
     "reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer lanmanserver.reg",
     "lanmanserver.reg"},
    {"registry-eventlog", "event logs and their sources", "cmd",
     "reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog eventlog.reg", "eventlog.reg"},
    {"registry-services", "services of the system", "cmd",
     "reg export HKLM\\SYSTEM\\CurrentControlSet\\Services services.reg", "services.reg"},
    {"registry-dotnet", ".NET Framework settings", "cmd",
     "reg export HKLM\\SOFTWARE\\Microsoft\\.NETFramework dotnet.reg", "dotnet.reg"},
    {"registry-dotnet-wow", ".NET Framework settings, 32 bit", "cmd",
     "reg export HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\.NETFramework dotnet-wow.reg",
     "dotnet-wow.reg"},
    {"registry-dotnet-setup", "installed .NET Framework", "cmd",
     "reg export \"HKLM\\SOFTWARE\\Microsoft\\NET Framework Setup\" dotnet-setup.reg",
     "dotnet-setup.reg"},
    {"registry-exchange", "Exchange settings in the registry", "cmd",
     "reg export HKLM\\SOFTWARE\\Microsoft\\ExchangeServer exchange.reg", "exchange.reg"},
    {"registry-inetstp", "installed IIS", "cmd",
     "reg export HKLM\\SOFTWARE\\Microsoft\\InetStp inetstp.reg", "inetstp.reg"},
    {"registry-iis", "IIS settings in the registry", "cmd",
     "reg export HKLM\\SOFTWARE\\Microsoft\\IIS iis.reg", "iis.reg"},
    {"registry-webmanagement", "IIS management service", "cmd",
     "reg export HKLM\\SOFTWARE\\Microsoft\\WebManagement webmanagement.reg", "webmanagement.reg"},
    {"registry-certificates", "certificate stores in the registry", "cmd",
     "reg export HKLM\\SOFTWARE\\Microsoft\\SystemCertificates certificates.reg",
     "certificates.reg"},
    {"registry-powershell", "PowerShell settings", "cmd",
     "reg export HKLM\\SOFTWARE\\Microsoft\\PowerShell powershell.reg", "powershell.reg"},
    {"registry-policies", "policies in the registry", "cmd",
     "reg export HKLM\\SOFTWARE\\Policies policies.reg", "policies.reg"},
    {"registry-defender", "exclusions of Windows Defender", "cmd",
     "reg export \"HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\" defender.reg",
     "defender.reg"},
    {"registry-proxy", "proxy of the system", "cmd",
     "reg export \"HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\" "
     "proxy.reg",
     "proxy.reg"},
    {"registry-proxy-wow", "proxy of the system, 32 bit", "cmd",
     "reg export \"HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Internet "
     "Settings\" proxy-wow.reg",
     "proxy-wow.reg"},
    {"registry-windows", "build of Windows", "cmd",
     "reg query \"HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\" > windows.txt",
     "windows.txt"},
    {"registry-system", "registry of the system", "cmd", "reg export HKLM\\SYSTEM system.reg",
     "system.reg"},
    {"registry-software", "registry of the software", "cmd",
     "reg export HKLM\\SOFTWARE software.reg", "software.reg"},
    {"registry", "registry export", "", NULL, ""},
    {"clixml", "PowerShell export", "", NULL, ""},
    {"archive", "archive", "", NULL, ""},
    {NULL, NULL, NULL, NULL, NULL},
};

const struct evidence_kind *evidence_kind_find(const char *id) {
  for (const struct evidence_kind *kind = evidence_kinds; kind->id; kind++)
    if (strcmp(kind->id, id) == 0) return kind;
  return NULL;
}

bool evidence_kind_is_bulky(const char *id) {
  return strcmp(id, "registry-system") == 0 || strcmp(id, "registry-software") == 0 ||
         strcmp(id, "registry-services") == 0;
}
