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
    {"iis-schema", "IIS schema of the server", "", NULL, CONFIG_FOLDER "schema\\*.xml"},
    {"config-section", "section of a configuration in a file of its own", "", NULL, ""},
    {"exe-config", "configuration file of a program", "", NULL,
     "%ExchangeInstallPath%Bin\\*.config"},
    {"antimalware-config", "antimalware agents of Exchange", "", NULL,
     "%ExchangeInstallPath%Bin\\Monitoring\\Config\\AntiMalware.xml"},
    {"shared-web-config", "shared web.config of Exchange", "", NULL,
     "%ExchangeInstallPath%*\\SharedWebConfig.config"},
    {"get-webbinding", "bindings of the IIS sites with their certificates", "powershell",
     "Import-Module WebAdministration; Get-WebBinding | Export-Clixml GetWebBinding.xml",
     "GetWebBinding.xml"},
    {"get-website", "IIS sites with their states and bindings", "powershell",
     "Import-Module WebAdministration; Get-Website | Export-Clixml -Depth 5 -Encoding UTF8 "
     "GetWebsite.xml",
     "GetWebsite.xml"},
    {"appcmd", "states of the IIS sites and application pools", "cmd",
     "%windir%\\System32\\inetsrv\\appcmd list site /config /xml > sites.xml & "
     "%windir%\\System32\\inetsrv\\appcmd list apppool /xml > apppools.xml",
     "sites.xml, apppools.xml"},
    {"netsh-sslcert", "HTTP.SYS certificate bindings", "cmd",
     "netsh http show sslcert > sslcert.txt", "sslcert.txt"},
    {"netsh-iplisten", "HTTP.SYS listen addresses", "cmd",
     "netsh http show iplisten > iplisten.txt", "iplisten.txt"},
    {"netsh-urlacl", "HTTP.SYS URL reservations", "cmd", "netsh http show urlacl > urlacl.txt",
     "urlacl.txt"},
    {"netsh-servicestate", "HTTP.SYS request queues and registered URLs", "cmd",
     "netsh http show servicestate view=requestq > servicestate.txt", "servicestate.txt"},
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
    {"get-exchangeserver", "Exchange servers with their versions", "exchange",
     "Get-ExchangeServer -Status | Export-Clixml -Encoding UTF8 GetExchangeServer.xml",
     "GetExchangeServer.xml"},
    {"get-owavirtualdirectory", "Outlook on the web directories", "exchange",
     "Get-OwaVirtualDirectory -Server $env:COMPUTERNAME | Export-Clixml -Encoding UTF8 "
     "GetOwaVirtualDirectory.xml",
     "GetOwaVirtualDirectory.xml"},
    {"get-ecpvirtualdirectory", "Exchange admin center directories", "exchange",
     "Get-EcpVirtualDirectory -Server $env:COMPUTERNAME | Export-Clixml -Encoding UTF8 "
     "GetEcpVirtualDirectory.xml",
     "GetEcpVirtualDirectory.xml"},
    {"get-activesyncvirtualdirectory", "ActiveSync directories", "exchange",
     "Get-ActiveSyncVirtualDirectory -Server $env:COMPUTERNAME | Export-Clixml -Encoding UTF8 "
     "GetActiveSyncVirtualDirectory.xml",
     "GetActiveSyncVirtualDirectory.xml"},
    {"get-webservicesvirtualdirectory", "Exchange Web Services directories", "exchange",
     "Get-WebServicesVirtualDirectory -Server $env:COMPUTERNAME -ShowMailboxVirtualDirectories | "
     "Export-Clixml -Encoding UTF8 GetWebServicesVirtualDirectory.xml",
     "GetWebServicesVirtualDirectory.xml"},
    {"get-oabvirtualdirectory", "offline address book directories", "exchange",
     "Get-OabVirtualDirectory -Server $env:COMPUTERNAME | Export-Clixml -Encoding UTF8 "
     "GetOabVirtualDirectory.xml",
     "GetOabVirtualDirectory.xml"},
    {"get-mapivirtualdirectory", "MAPI over HTTP directories", "exchange",
     "Get-MapiVirtualDirectory -Server $env:COMPUTERNAME | Export-Clixml -Encoding UTF8 "
     "GetMapiVirtualDirectory.xml",
     "GetMapiVirtualDirectory.xml"},
    {"get-powershellvirtualdirectory", "remote PowerShell directories", "exchange",
     "Get-PowerShellVirtualDirectory -Server $env:COMPUTERNAME | Export-Clixml -Encoding UTF8 "
     "GetPowerShellVirtualDirectory.xml",
     "GetPowerShellVirtualDirectory.xml"},
    {"get-autodiscovervirtualdirectory", "Autodiscover directories", "exchange",
     "Get-AutodiscoverVirtualDirectory -Server $env:COMPUTERNAME | Export-Clixml -Encoding UTF8 "
     "GetAutodiscoverVirtualDirectory.xml",
     "GetAutodiscoverVirtualDirectory.xml"},
    {"get-outlookanywhere", "Outlook Anywhere", "exchange",
     "Get-OutlookAnywhere -Server $env:COMPUTERNAME | Export-Clixml -Encoding UTF8 "
     "GetOutlookAnywhere.xml",
     "GetOutlookAnywhere.xml"},
    {"get-mailboxserver", "mailbox servers", "exchange",
     "Get-MailboxServer | Export-Clixml -Encoding UTF8 GetMailboxServer.xml",
     "GetMailboxServer.xml"},
    {"get-clientaccessservice", "client access services", "exchange",
     "Get-ClientAccessService -IncludeAlternateServiceAccountCredentialStatus | Export-Clixml "
     "-Encoding UTF8 GetClientAccessService.xml",
     "GetClientAccessService.xml"},
    {"get-transportservice", "transport services", "exchange",
     "Get-TransportService | Export-Clixml -Encoding UTF8 GetTransportService.xml",
     "GetTransportService.xml"},
    {"get-frontendtransportservice", "front end transport services", "exchange",
     "Get-FrontendTransportService | Export-Clixml -Encoding UTF8 GetFrontendTransportService.xml",
     "GetFrontendTransportService.xml"},
    {"get-receiveconnector", "receive connectors", "exchange",
     "Get-ReceiveConnector -Server $env:COMPUTERNAME | Export-Clixml -Encoding UTF8 "
     "GetReceiveConnector.xml",
     "GetReceiveConnector.xml"},
    {"get-sendconnector", "send connectors", "exchange",
     "Export-Clixml -InputObject @(Get-SendConnector -ErrorAction Stop) -Encoding UTF8 "
     "GetSendConnector.xml",
     "GetSendConnector.xml"},
    {"get-settingoverride", "setting overrides", "exchange",
     "Export-Clixml -InputObject @(Get-SettingOverride -ErrorAction Stop) -Encoding UTF8 "
     "GetSettingOverride.xml",
     "GetSettingOverride.xml"},
    {"get-organizationconfig", "organization configuration", "exchange",
     "Get-OrganizationConfig | Export-Clixml -Encoding UTF8 GetOrganizationConfig.xml",
     "GetOrganizationConfig.xml"},
    {"get-hybridconfiguration", "hybrid configuration", "exchange",
     "Export-Clixml -InputObject @(Get-HybridConfiguration -ErrorAction Stop) -Encoding UTF8 "
     "GetHybridConfiguration.xml",
     "GetHybridConfiguration.xml"},
    {"get-partnerapplication", "partner applications", "exchange",
     "Export-Clixml -InputObject @(Get-PartnerApplication -ErrorAction Stop) -Encoding UTF8 "
     "GetPartnerApplication.xml",
     "GetPartnerApplication.xml"},
    {"get-organizationrelationship", "organization relationships", "exchange",
     "Export-Clixml -InputObject @(Get-OrganizationRelationship -ErrorAction Stop) -Encoding UTF8 "
     "GetOrganizationRelationship.xml",
     "GetOrganizationRelationship.xml"},
    {"get-accepteddomain", "accepted domains", "exchange",
     "Export-Clixml -InputObject @(Get-AcceptedDomain -ErrorAction Stop) -Encoding UTF8 "
     "GetAcceptedDomain.xml",
     "GetAcceptedDomain.xml"},
    {"get-remotedomain", "remote domains", "exchange",
     "Export-Clixml -InputObject @(Get-RemoteDomain -ErrorAction Stop) -Encoding UTF8 "
     "GetRemoteDomain.xml",
     "GetRemoteDomain.xml"},
    {"get-authserver", "authorization servers", "exchange",
     "Export-Clixml -InputObject @(Get-AuthServer -ErrorAction Stop) -Encoding UTF8 "
     "GetAuthServer.xml",
     "GetAuthServer.xml"},
    {"get-federationtrust", "federation trusts", "exchange",
     "Export-Clixml -InputObject @(Get-FederationTrust -ErrorAction Stop) -Encoding UTF8 "
     "GetFederationTrust.xml",
     "GetFederationTrust.xml"},
    {"get-transportconfig", "transport configuration", "exchange",
     "Get-TransportConfig | Export-Clixml -Encoding UTF8 GetTransportConfig.xml",
     "GetTransportConfig.xml"},
    {"get-irmconfiguration", "rights management configuration", "exchange",
     "Get-IRMConfiguration | Export-Clixml -Encoding UTF8 GetIRMConfiguration.xml",
     "GetIRMConfiguration.xml"},
    {"get-adminauditlogconfig", "admin audit log configuration", "exchange",
     "Get-AdminAuditLogConfig | Export-Clixml -Encoding UTF8 GetAdminAuditLogConfig.xml",
     "GetAdminAuditLogConfig.xml"},
    {"get-contentfilterconfig", "content filter", "exchange",
     "Export-Clixml -InputObject @(Get-ContentFilterConfig -ErrorAction Stop) -Encoding UTF8 "
     "GetContentFilterConfig.xml",
     "GetContentFilterConfig.xml"},
    {"get-senderfilterconfig", "sender filter", "exchange",
     "Export-Clixml -InputObject @(Get-SenderFilterConfig -ErrorAction Stop) -Encoding UTF8 "
     "GetSenderFilterConfig.xml",
     "GetSenderFilterConfig.xml"},
    {"get-senderidconfig", "sender ID", "exchange",
     "Export-Clixml -InputObject @(Get-SenderIdConfig -ErrorAction Stop) -Encoding UTF8 "
     "GetSenderIdConfig.xml",
     "GetSenderIdConfig.xml"},
    {"get-senderreputationconfig", "sender reputation", "exchange",
     "Export-Clixml -InputObject @(Get-SenderReputationConfig -ErrorAction Stop) -Encoding UTF8 "
     "GetSenderReputationConfig.xml",
     "GetSenderReputationConfig.xml"},
    {"get-recipientfilterconfig", "recipient filter", "exchange",
     "Export-Clixml -InputObject @(Get-RecipientFilterConfig -ErrorAction Stop) -Encoding UTF8 "
     "GetRecipientFilterConfig.xml",
     "GetRecipientFilterConfig.xml"},
    {"get-ipallowlistconfig", "IP allow list", "exchange",
     "Export-Clixml -InputObject @(Get-IPAllowListConfig -ErrorAction Stop) -Encoding UTF8 "
     "GetIPAllowListConfig.xml",
     "GetIPAllowListConfig.xml"},
    {"get-ipallowlistentry", "entries of the IP allow list", "exchange",
     "Export-Clixml -InputObject @(Get-IPAllowListEntry -ErrorAction Stop) -Encoding UTF8 "
     "GetIPAllowListEntry.xml",
     "GetIPAllowListEntry.xml"},
    {"get-mailboxdatabase", "mailbox databases", "exchange",
     "Export-Clixml -InputObject @(Get-MailboxDatabase -ErrorAction Stop) -Encoding UTF8 "
     "GetMailboxDatabase.xml",
     "GetMailboxDatabase.xml"},
    {"get-databaseavailabilitygroup", "database availability groups", "exchange",
     "Export-Clixml -InputObject @(Get-DatabaseAvailabilityGroup -ErrorAction Stop) -Encoding UTF8 "
     "GetDatabaseAvailabilityGroup.xml",
     "GetDatabaseAvailabilityGroup.xml"},
    {"get-edgesubscription", "Edge subscriptions", "exchange",
     "Export-Clixml -InputObject @(Get-EdgeSubscription -ErrorAction Stop) -Encoding UTF8 "
     "GetEdgeSubscription.xml",
     "GetEdgeSubscription.xml"},
    {"get-rpcclientaccess", "RPC client access", "exchange",
     "Get-RpcClientAccess | Export-Clixml -Encoding UTF8 GetRpcClientAccess.xml",
     "GetRpcClientAccess.xml"},
    {"get-servercomponentstate", "states of the server components", "exchange",
     "Get-ServerComponentState $env:COMPUTERNAME | Export-Clixml -Encoding UTF8 "
     "GetServerComponentState.xml",
     "GetServerComponentState.xml"},
    {"get-eventloglevel", "event log levels", "exchange",
     "Get-EventLogLevel | Export-Clixml -Encoding UTF8 GetEventLogLevel.xml",
     "GetEventLogLevel.xml"},
    {"get-transportagent", "transport agents", "exchange",
     "Get-TransportAgent | Export-Clixml -Encoding UTF8 GetTransportAgent.xml",
     "GetTransportAgent.xml"},
    {"get-malwarefilteringserver", "malware filtering", "exchange",
     "Get-MalwareFilteringServer | Export-Clixml -Encoding UTF8 GetMalwareFilteringServer.xml",
     "GetMalwareFilteringServer.xml"},
    {"get-service", "Windows services", "powershell",
     "Get-Service | Export-Clixml -Encoding UTF8 GetService.xml", "GetService.xml"},
    {"exsetup", "file version of Exchange", "exchange",
     "(Get-Command ExSetup).FileVersionInfo | Export-Clixml -Encoding UTF8 ExSetup.xml",
     "ExSetup.xml"},
    {"get-smbserverconfiguration", "SMB server configuration", "powershell",
     "Get-SmbServerConfiguration | Export-Clixml -Encoding UTF8 GetSmbServerConfiguration.xml",
     "GetSmbServerConfiguration.xml"},
    {"get-windowsfeature", "Windows roles and features", "powershell",
     "Get-WindowsFeature | Export-Clixml -Encoding UTF8 GetWindowsFeature.xml",
     "GetWindowsFeature.xml"},
    {"get-rolegroup", "role groups", "exchange",
     "Get-RoleGroup | Export-Clixml -Encoding UTF8 GetRoleGroup.xml", "GetRoleGroup.xml"},
    {"healthchecker", "what HealthChecker collected", "exchange", ".\\HealthChecker.ps1",
     "HealthChecker-*.xml"},
    {"get-tlsciphersuite", "enabled TLS cipher suites", "powershell",
     "Get-TlsCipherSuite | Export-Clixml -Encoding UTF8 GetTlsCipherSuite.xml",
     "GetTlsCipherSuite.xml"},
    {"get-iismodule", "native modules of IIS with their signatures", "exchange",
     ".\\HealthChecker.ps1", "HealthChecker-*.xml"},
    {"get-iismodules", "native modules of IIS, from HealthChecker", "", NULL, ""},
    {"get-alltlssettings", "TLS settings, from HealthChecker", "", NULL, ""},
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
    {"w3c-log", "log of an IIS site", "", NULL,
     "%SystemDrive%\\inetpub\\logs\\LogFiles\\W3SVC*\\*.log"},
    {"event-log", "events of Windows, IIS and Exchange", "powershell",
     "Get-WinEvent -FilterHashtable @{LogName='System','Application';"
     "StartTime=(Get-Date).AddDays(-7)} | Where-Object ProviderName -match "
     "'Http|Schannel|IIS|WAS|ASP.NET|Exchange|CAPI2|Kerberos' | "
     "Select-Object Id,ProviderName,LogName,MachineName,TimeCreated | "
     "Export-Clixml -Encoding UTF8 Events.xml",
     "Events.xml"},
    {"httperr-log", "error log of HTTP.SYS", "", NULL,
     "%windir%\\System32\\LogFiles\\HTTPERR\\httperr*.log"},
    {"folder-listing", "what lies in a folder", "cmd",
     "dir /s /a C:\\inetpub > folders.txt", "folders.txt"},
    {"registry", "registry export", "", NULL, ""},
    {"registry-iplisten", "HTTP.SYS listen addresses in the registry", "", NULL, ""},
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

bool evidence_kind_is_of_exchange(const struct evidence_kind *kind) {
  static const char folder[] = "%ExchangeInstallPath%";
  return strcmp(kind->shell, "exchange") == 0 ||
         (!kind->command && strncmp(kind->file, folder, sizeof folder - 1) == 0);
}
