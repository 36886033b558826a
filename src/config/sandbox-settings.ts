import { programNames, wholeNumber, yesOrNo } from "./kinds.ts";
import { setting } from "./setting.ts";

/** What the code tools may run, and how much of everything it may use. */
export const SANDBOX_SETTINGS = {
  enabled: setting(
    "SANDBOX_ENABLED",
    yesOrNo,
    "true",
    "Off: the agent runs no programs at all; the tools and actions that do are not offered.",
  ),
  allowedCommands: setting(
    "SANDBOX_ALLOWED_COMMANDS",
    programNames,
    "cat,cut,date,diff,echo,file,grep,head,jq,ls,rg,sort,stat,tail,tr,uniq,wc",
    "Programs that `run_command` may start. A shell or an interpreter among them can start everything else; `python_code` and `node_code` need no entry.",
  ),
  timeoutSeconds: setting(
    "SANDBOX_TIMEOUT_SECONDS",
    wholeNumber(1, 3600),
    "20",
    "How long a command may run; then it is ended, with all that it has started.",
  ),
  maxOutputBytes: setting(
    "SANDBOX_MAX_OUTPUT_BYTES",
    wholeNumber(256, 10_000_000),
    "512000",
    "How much a command may write to its output; then it is ended.",
  ),
  maxMemoryMb: setting(
    "SANDBOX_MAX_MEMORY_MB",
    wholeNumber(64, 1_000_000),
    "4096",
    "How much memory each process of a command may ask for, and all together may use. Node asks for more than it uses.",
  ),
  maxProcesses: setting(
    "SANDBOX_MAX_PROCESSES",
    wholeNumber(2, 10_000),
    "64",
    "How many processes a command may have at once, and twice as many threads; then it is ended.",
  ),
  maxFileMb: setting(
    "SANDBOX_MAX_FILE_MB",
    wholeNumber(1, 100_000),
    "100",
    "How large each file may be that a command writes.",
  ),
  scratchMb: setting(
    "SCRATCH_MAX_MB",
    wholeNumber(1, 100_000_000),
    "1024",
    "How much the `scratch/` of each workspace may hold: what the agent writes there, and what its commands do.",
  ),
} as const;
