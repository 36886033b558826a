import module from "node:module";
import v8 from "node:v8";
import type { createRuntime, Runtime } from "../app/create-runtime.ts";
import type { Config } from "../config/config.ts";
import { listSecrets } from "../config/list-secrets.ts";
import { NEVER } from "../core/abort.ts";
import { systemClock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { createRedactor, type Redactor } from "../core/redact.ts";
import type { CommandContext } from "./command-context.ts";
import { formatBanner } from "./format-banner.ts";
import { listenForStop } from "./listen-for-stop.ts";
import { printProblem, printText, printWarnings } from "./print.ts";
import { readVersion } from "./read-version.ts";

/** How long the banner waits for the channels to say who they are. */
const CHANNELS_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 50;

/** Runs a runtime until the process is told to stop. On a terminal it speaks to a person, elsewhere it logs JSON. */
export async function serve(
  config: Config,
  create: typeof createRuntime,
  context: CommandContext,
): Promise<void> {
  // What it writes is for its own account alone, also in a directory that others may look into.
  process.umask(0o077);
  const isTerminal = process.stdout.isTTY === true;
  const redactor = createRedactor(listSecrets(config));
  context.redactor = redactor;
  const log = isTerminal
    ? await openTerminalLog(config, redactor)
    : await openJsonLog(config, redactor);
  tellWarnings(config, isTerminal, log);

  const crashes = logCrashes(log);
  const stop = listenForStop();
  let isTold = !isTerminal;
  const runtime = create({
    config,
    log: leaveChannelsToBanner(log, () => !isTold),
    redactor,
    version: readVersion(),
  });
  try {
    await runtime.start();
    log.write("info", "serving", { url: runtime.status().url, dataDir: config.storage.dataDir });
    letYoungGenerationGrow();
    if (isTerminal) await Promise.race([printBanner(runtime), stop.asked]);
    isTold = true;
    await stop.asked;
    if (isTerminal) printText("Stopping. Ctrl-C again ends it at once.");
  } finally {
    await runtime.stop();
    stop.dispose();
    crashes.dispose();
  }
  log.write("info", "stopped");
}

/**
 * From here on there is work: what `main.ts` took back is V8's default again. What was compiled is kept for the next start
 * before that, since V8 trusts it only under the flags it was made with.
 */
function letYoungGenerationGrow(): void {
  module.flushCompileCache();
  v8.setFlagsFromString("--semi-space-growth-factor=2");
}

/** The banner tells how each channel is, in a line each; until then the log does not say the same. */
function leaveChannelsToBanner(log: Log, isPending: () => boolean): Log {
  const isOfChannel = (fields: Parameters<Log["write"]>[2]): boolean =>
    fields?.["connector"] !== undefined && fields["detail"] !== undefined;
  return {
    write(level, message, fields) {
      if (!isPending() || !isOfChannel(fields)) log.write(level, message, fields);
    },
  };
}

/** A person is told what needs attention, and more only when the level was set. */
async function openTerminalLog(config: Config, redactor: Redactor): Promise<Log> {
  const { createTerminalLog } = await import("./terminal-log.ts");
  const isChosen = config.sources["AGENT_RUNTIME_LOG_LEVEL"] !== "default";
  return createTerminalLog(isChosen ? config.log.level : "warn", redactor, printProblem);
}

async function openJsonLog(config: Config, redactor: Redactor): Promise<Log> {
  const { createJsonLog } = await import("../app/json-log.ts");
  return createJsonLog({ level: config.log.level, redactor });
}

function tellWarnings(config: Config, isTerminal: boolean, log: Log): void {
  if (isTerminal) printWarnings(config.warnings);
  else for (const detail of config.warnings) log.write("warn", "config warning", { detail });
}

async function printBanner(runtime: Runtime): Promise<void> {
  await waitForChannels(runtime);
  const [login, pairing] = await Promise.all([
    runtime.createLoginUrl(),
    runtime.createPairingLink(),
  ]);
  for (const line of formatBanner(runtime.status(), { login, pairing })) printText(line);
}

async function waitForChannels(runtime: Runtime): Promise<void> {
  const endsAtMs = systemClock.monotonicMs() + CHANNELS_WITHIN_MS;
  const isStarting = (): boolean =>
    runtime.status().channels.some(({ state }) => state === "starting");
  while (isStarting() && systemClock.monotonicMs() < endsAtMs) {
    await systemClock.sleep(LOOK_EVERY_MS, NEVER);
  }
}

/** A fault nobody caught ends the process, as ever, but goes through the log: Node would print it with its secrets. */
function logCrashes(log: Log): { dispose(): void } {
  const onCrash = (error: unknown): void => {
    log.write("error", "stopped by a fault", { error });
    process.exit(1);
  };
  process.on("uncaughtException", onCrash);
  return { dispose: () => process.off("uncaughtException", onCrash) };
}
