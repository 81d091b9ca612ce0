/* The script for cmd.exe. Cmdlets run in powershell.exe, each in quotes of its own on a
 * line of its own: powershell -Command joins what it is given, and a caret behind a quote
 * continues the line. Steps never stand in parentheses: a path may hold one. */
#include "cli/collect_script.h"

#include "base/text.h"

#include <string.h>

/* The line that carets join must stay below 8191 characters
 * (learn.microsoft.com, "command prompt line string limitation"). */
enum { LINE_MOST = 7000 };

static const char head[] =
    "@echo off\r\n"
    "rem Collects evidence for siteglass %s. Run it in cmd.exe, as administrator, in a\r\n"
    "rem folder that you may write to. It only reads: it runs tools of Windows%s and\r\n"
    "rem copies files. It changes no setting, and sends nothing. It writes the folder named\r\n"
    "rem like this computer, and a zip of it, in the folder where it is started.\r\n"
    "rem Configuration files can hold passwords and keys: see what you pass on.\r\n"
    "setlocal DisableDelayedExpansion\r\n"
    "if defined PROCESSOR_ARCHITEW6432 echo Please run it in the 64-bit cmd.exe.& exit /b 1\r\n"
    "set \"OUT=%%CD%%\\%%COMPUTERNAME%%\"\r\n"
    "if exist \"%%OUT%%\" echo \"%%OUT%%\" is there already; move it away first.& exit /b 1\r\n"
    "mkdir \"%%OUT%%\" || exit /b 1\r\n"
    "pushd \"%%OUT%%\"\r\n";

static const char tail[] =
    "\r\n"
    "rem --- One zip of the folder\r\n"
    "popd\r\n"
    "set \"TAR=%windir%\\System32\\tar.exe\"\r\n"
    "if exist \"%TAR%\" \"%TAR%\" -a -c -f \"%OUT%.zip\" \"%COMPUTERNAME%\"\r\n"
    "if not exist \"%OUT%.zip\" powershell.exe -NoProfile -Command \"Compress-Archive -LiteralPath "
    "$env:OUT -DestinationPath ($env:OUT + '.zip')\"\r\n"
    "echo Done: \"%OUT%.zip\"\r\n"
    "exit /b 0\r\n"
    "\r\n"
    "rem --- Copies one file to the same path below the folder\r\n"
    ":keep\r\n"
    "if not exist \"%~1\" echo not there: \"%~1\"& exit /b 0\r\n"
    "set \"TARGET=%~dp1\"\r\n"
    "set \"TARGET=%OUT%\\%TARGET::=%\"\r\n"
    "if not exist \"%TARGET%\" mkdir \"%TARGET%\"\r\n"
    "copy /y \"%~1\" \"%TARGET%\" >nul\r\n"
    "exit /b 0\r\n"
    "\r\n"
    "rem --- Copies the files of a pattern, with the folders they are in\r\n"
    ":keeptree\r\n"
    "if not exist \"%~1\\.\" echo not there: \"%~1\"& exit /b 0\r\n"
    "set \"TARGET=%~f1\"\r\n"
    "set \"TARGET=%OUT%\\%TARGET::=%\"\r\n"
    "robocopy \"%~f1\\.\" \"%TARGET%\\.\" %2 /s /xj /r:0 /w:0 /njh /njs /ndl /nfl /np %3 >nul\r\n"
    "exit /b 0\r\n";

static void comment(struct buffer *out, const struct collect_step *step) {
  buffer_add_format(out, "rem --- %s%s%s\r\n", step->kind->name, *step->hosts ? ", " : "",
                    step->hosts);
}

static void add_files(struct buffer *out, const char *path) {
  char *folder, *pattern;
  collect_split(path, &folder, &pattern);
  bool logs = text_ends_nocase(pattern, ".log");
  buffer_add_format(out, "call :keeptree \"%s\" \"%s\"%s\r\n", folder, pattern,
                    logs ? " /maxage:3" : "");
  alloc_free(folder);
  alloc_free(pattern);
}

static void add_web_configs(struct buffer *out, const struct collect_plan *plan) {
  buffer_add_text(out,
                  "for /f \"delims=\" %%p in ('%windir%\\System32\\inetsrv\\appcmd.exe list vdir "
                  "/text:physicalPath') do call :keeptree \"%%p\" web.config\r\n");
  if (plan->exchange)
    buffer_add_text(out, "if defined ExchangeInstallPath call :keeptree "
                         "\"%ExchangeInstallPath%FrontEnd\" *.config\r\n"
                         "if defined ExchangeInstallPath call :keeptree "
                         "\"%ExchangeInstallPath%ClientAccess\" *.config\r\n");
}

static void add_step(struct buffer *out, const struct collect_plan *plan,
                     const struct collect_step *step) {
  enum collect_way way = collect_way_of(step->kind);
  if (way == COLLECT_POWERSHELL || way == COLLECT_EXCHANGE) return;
  buffer_add_text(out, "\r\n");
  comment(out, step);
  if (way != COLLECT_WEB_CONFIG && evidence_kind_is_of_exchange(step->kind))
    buffer_add_text(out, "if defined ExchangeInstallPath ");
  if (way == COLLECT_CMD)
    buffer_add_format(out, "%s\r\n", step->kind->command);
  else if (way == COLLECT_FILE)
    buffer_add_format(out, "call :keep \"%s\"\r\n", step->kind->file);
  else if (way == COLLECT_FILES)
    add_files(out, step->kind->file);
  else
    add_web_configs(out, plan);
}

/* A cmdlet in quotes: a percent sign is doubled in a script; kinds.c has no quotes there. */
static size_t add_cmdlet(struct buffer *out, const char *command) {
  size_t before = out->size;
  buffer_add_text(out, " ^\r\n  \"");
  for (const char *at = command; *at; at++) {
    if (*at == '%') buffer_add_char(out, '%');
    buffer_add_char(out, *at);
  }
  buffer_add_text(out, ";\"");
  return out->size - before;
}

static size_t open_shell(struct buffer *out, bool exchange) {
  size_t before = out->size;
  if (exchange) buffer_add_text(out, "if defined ExchangeInstallPath ");
  buffer_add_text(out, "powershell.exe -NoProfile -Command");
  if (exchange) {
    (void)add_cmdlet(out, ". (Join-Path $env:ExchangeInstallPath 'bin\\RemoteExchange.ps1')");
    (void)add_cmdlet(out, "Connect-ExchangeServer -auto -ClientApplication:ManagementShell");
  }
  (void)add_cmdlet(out, "Set-Location -LiteralPath $env:OUT");
  return out->size - before;
}

static void add_shell(struct buffer *out, const struct collect_plan *plan, enum collect_way way,
                      const char *title) {
  size_t used = 0;
  for (size_t i = 0; i < plan->count; i++)
    if (collect_way_of(plan->steps[i].kind) == way) {
      if (used == 0) buffer_add_format(out, "\r\n%s", title);
      comment(out, &plan->steps[i]);
      used++;
    }
  if (used == 0) return;
  used = 0;
  for (size_t i = 0; i < plan->count; i++) {
    const struct evidence_kind *kind = plan->steps[i].kind;
    if (collect_way_of(kind) != way) continue;
    if (used + strlen(kind->command) > LINE_MOST) {
      buffer_add_text(out, "\r\n");
      used = 0;
    }
    if (used == 0) used = open_shell(out, way == COLLECT_EXCHANGE);
    used += add_cmdlet(out, kind->command);
  }
  buffer_add_text(out, "\r\n");
}

char *collect_cmd(const struct collect_plan *plan) {
  struct buffer out = buffer_make(1 << 24);
  buffer_add_format(&out, head, plan->version, plan->exchange ? " and Exchange" : "");
  for (size_t i = 0; i < plan->count; i++)
    add_step(&out, plan, &plan->steps[i]);
  add_shell(&out, plan, COLLECT_POWERSHELL, "rem === PowerShell\r\n");
  add_shell(
      &out, plan, COLLECT_EXCHANGE,
      "rem === Exchange Management Shell, started as its own shortcut does; where Exchange\r\n"
      "rem === is not installed nothing is run\r\n");
  buffer_add_text(&out, tail);
  return buffer_take(&out);
}
