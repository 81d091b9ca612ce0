/* The script for Windows PowerShell. Commands of cmd.exe run in cmd.exe, so that what
 * they print arrives byte for byte; the cmdlets of Exchange in a part of their own. */
#include "cli/collect_script.h"

#include "base/text.h"

#include <string.h>

static const char head[] =
    "# Collects evidence for siteglass %s. Run it in the 64-bit %s,\r\n"
    "# as administrator, in a folder that you may write to. It only reads: it runs tools of\r\n"
    "# Windows%s and copies files. It changes no setting, and sends nothing.\r\n"
    "# It writes the folder named like this computer, and a zip of it, where it is started.\r\n"
    "# Configuration files can hold passwords and keys: see what you pass on.\r\n"
    "#Requires -RunAsAdministrator\r\n"
    "if ($env:PROCESSOR_ARCHITEW6432) { throw 'Please run it in the 64-bit PowerShell.' }\r\n"
    "$out = Join-Path (Get-Location).ProviderPath $env:COMPUTERNAME\r\n"
    "if (Test-Path -LiteralPath $out) { throw \"$out is there already; move it away first.\" }\r\n"
    "New-Item -ItemType Directory -Path $out | Out-Null\r\n"
    "Set-Location -LiteralPath $out\r\n"
    "\r\n"
    "# Copies one file to the same path below the folder\r\n"
    "function Keep([string] $file) {\r\n"
    "  $file = [Environment]::ExpandEnvironmentVariables($file)\r\n"
    "  if (-not (Test-Path -LiteralPath $file)) { Write-Warning \"not there: $file\"; return }\r\n"
    "  $target = Join-Path $out ((Split-Path $file) -replace ':', '')\r\n"
    "  New-Item -ItemType Directory -Force -Path $target | Out-Null\r\n"
    "  Copy-Item -LiteralPath $file -Destination $target\r\n"
    "}\r\n"
    "# Copies the files of a pattern, with the folders they are in\r\n"
    "function KeepTree([string] $folder, [string] $pattern, [string[]] $more = @()) {\r\n"
    "  $folder = [Environment]::ExpandEnvironmentVariables($folder).TrimEnd('\\')\r\n"
    "  if (-not (Test-Path -LiteralPath $folder)) { Write-Warning \"not there: $folder\"; return "
    "}\r\n"
    "  $target = Join-Path $out ($folder -replace ':', '')\r\n"
    "  robocopy.exe $folder $target $pattern /s /xj /r:0 /w:0 /njh /njs /ndl /nfl /np @more | "
    "Out-Null\r\n"
    "}\r\n";

static const char connect[] =
    "\r\n# === Exchange Management Shell, started as its own shortcut does; where Exchange is "
    "not\r\n"
    "# === installed nothing is run\r\n"
    "if ($env:ExchangeInstallPath) {\r\n"
    "  if (-not (Get-Command Get-ExchangeServer -ErrorAction SilentlyContinue)) {\r\n"
    "    . (Join-Path $env:ExchangeInstallPath 'bin\\RemoteExchange.ps1')\r\n"
    "    Connect-ExchangeServer -auto -ClientApplication:ManagementShell\r\n"
    "  }\r\n"
    "  Set-Location -LiteralPath $out\r\n";

static const char tail[] = "\r\n# --- One zip of the folder\r\n"
                           "Set-Location -LiteralPath (Split-Path $out)\r\n"
                           "Compress-Archive -LiteralPath $out -DestinationPath \"$out.zip\"\r\n"
                           "Write-Output \"Done: $out.zip\"\r\n";

static void comment(struct buffer *out, const struct collect_step *step, const char *indent) {
  buffer_add_format(out, "\r\n%s# --- %s%s%s\r\n", indent, step->kind->name,
                    *step->hosts ? ", " : "", step->hosts);
}

/* In single quotes nothing is expanded; a quote is doubled. */
static void add_quoted(struct buffer *out, const char *text) {
  buffer_add_char(out, '\'');
  for (; *text; text++) {
    if (*text == '\'') buffer_add_char(out, '\'');
    buffer_add_char(out, *text);
  }
  buffer_add_char(out, '\'');
}

static void add_call(struct buffer *out, const char *function, const char *text) {
  buffer_add_format(out, "%s ", function);
  add_quoted(out, text);
  buffer_add_text(out, "\r\n");
}

static void add_files(struct buffer *out, const char *path) {
  char *folder, *pattern;
  collect_split(path, &folder, &pattern);
  buffer_add_text(out, "KeepTree ");
  add_quoted(out, folder);
  buffer_add_char(out, ' ');
  add_quoted(out, pattern);
  buffer_add_text(out, text_ends_nocase(pattern, ".log") ? " '/maxage:3'\r\n" : "\r\n");
  alloc_free(folder);
  alloc_free(pattern);
}

static void add_web_configs(struct buffer *out, const struct collect_plan *plan) {
  buffer_add_text(out, "& \"$env:windir\\System32\\inetsrv\\appcmd.exe\" list vdir "
                       "/text:physicalPath |\r\n"
                       "  ForEach-Object { KeepTree $_ 'web.config' }\r\n");
  if (plan->exchange)
    buffer_add_text(out, "if ($env:ExchangeInstallPath) {\r\n"
                         "  KeepTree \"$($env:ExchangeInstallPath)FrontEnd\" '*.config'\r\n"
                         "  KeepTree \"$($env:ExchangeInstallPath)ClientAccess\" '*.config'\r\n"
                         "}\r\n");
}

static void add_step(struct buffer *out, const struct collect_plan *plan,
                     const struct collect_step *step) {
  switch (collect_way_of(step->kind)) {
  case COLLECT_CMD:
    comment(out, step, "");
    add_call(out, "cmd.exe /d /c", step->kind->command);
    break;
  case COLLECT_POWERSHELL:
    comment(out, step, "");
    buffer_add_format(out, "%s\r\n", step->kind->command);
    break;
  case COLLECT_FILE:
    comment(out, step, "");
    add_call(out, "Keep", step->kind->file);
    break;
  case COLLECT_FILES:
    comment(out, step, "");
    add_files(out, step->kind->file);
    break;
  case COLLECT_WEB_CONFIG:
    comment(out, step, "");
    add_web_configs(out, plan);
    break;
  case COLLECT_EXCHANGE:
  case COLLECT_NOTHING:
    break;
  }
}

static void add_exchange(struct buffer *out, const struct collect_plan *plan) {
  bool any = false;
  for (size_t i = 0; i < plan->count; i++) {
    const struct collect_step *step = &plan->steps[i];
    if (collect_way_of(step->kind) != COLLECT_EXCHANGE) continue;
    if (!any) buffer_add_text(out, connect);
    any = true;
    comment(out, step, "  ");
    buffer_add_format(out, "  %s\r\n", step->kind->command);
  }
  if (any) buffer_add_text(out, "}\r\n");
}

char *collect_powershell(const struct collect_plan *plan) {
  struct buffer out = buffer_make(1 << 24);
  buffer_add_format(&out, head, plan->version, "PowerShell", plan->exchange ? " and Exchange" : "");
  for (size_t i = 0; i < plan->count; i++)
    add_step(&out, plan, &plan->steps[i]);
  add_exchange(&out, plan);
  buffer_add_text(&out, tail);
  return buffer_take(&out);
}
