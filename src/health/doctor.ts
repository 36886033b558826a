import { describeError } from "../core/errors.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import { type AddressOptions, checkAddress } from "./checks/check-address.ts";
import { askChannels, checkChannels, type ServedChannels } from "./checks/check-channels.ts";
import { checkDataDirectory } from "./checks/check-data-directory.ts";
import { checkDiskSpace } from "./checks/check-disk-space.ts";
import { checkExtensions } from "./checks/check-extensions.ts";
import { checkMail, type MailOptions } from "./checks/check-mail.ts";
import { checkStore } from "./checks/check-store.ts";
import { checkTelegram, type TelegramOptions } from "./checks/check-telegram.ts";
import type { Extensions, StoreInspector } from "./ports.ts";

export interface DoctorOptions {
  /** As in `process.versions.node`. */
  readonly nodeVersion: string;
  readonly configWarnings: readonly string[];
  readonly dataDir: string;
  /** What is in the way of the paths that a runtime keeps things in, one sentence each. */
  readonly findPathProblems: () => readonly string[];
  readonly address: AddressOptions;
  /** The owner's key, when this account may read it: with it the running service is asked about its channels. */
  readonly key: string | undefined;
  readonly telegram: TelegramOptions;
  readonly mail: MailOptions;
  readonly store: StoreInspector;
  readonly readExtensions: () => Extensions;
  /** Why commands of the agent would run without walls, in one sentence; `undefined` when they would not. */
  readonly findSandboxWarning: (signal: AbortSignal) => Promise<string | undefined>;
  /** The one redaction point: what goes wrong may quote a token. */
  readonly redact: (text: string) => string;
}

const OLDEST_NODE = 24;

/** Looks at everything a runtime needs and changes nothing. Never rejects: what cannot be looked at is a `fail`. */
export async function examine(
  options: DoctorOptions,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const { store, dataDir, address, key } = options;
  const service = { servedUrl: address.servedUrl, key };
  const channels = await readChannels(options, signal);
  const checks: readonly (readonly [
    name: string,
    run: () => Promise<readonly Check[]> | readonly Check[],
  ])[] = [
    ["Node", () => [checkNode(options.nodeVersion)]],
    ["config", () => checkConfig(options.configWarnings)],
    ["data directory", () => checkDataDirectory(dataDir, options.findPathProblems())],
    ["disk", () => checkDiskSpace(dataDir)],
    ["store", () => checkStore(store)],
    ["sandbox", async () => [checkSandbox(await options.findSandboxWarning(signal))]],
    ["service", () => checkAddress(options.address, store.isInUse(), signal)],
    ["channels", () => checkChannels(channels)],
    ["mcp", () => checkExtensions(options.readExtensions(), service, store.isInUse(), signal)],
    ["telegram", () => checkTelegram(options.telegram, channels, signal)],
    ["mail", () => checkMail(options.mail, signal)],
  ];
  const found: Check[] = [];
  for (const [name, run] of checks) found.push(...(await guard(name, run)));
  return found.map((check) => ({ ...check, detail: options.redact(check.detail) }));
}

/** What keeps the service from being looked at is told by its own check. */
async function readChannels(
  { address: { servedUrl }, key, store }: DoctorOptions,
  signal: AbortSignal,
): Promise<ServedChannels> {
  try {
    return await askChannels({ servedUrl, key }, store.isInUse(), signal);
  } catch {
    return "unknown";
  }
}

async function guard(
  name: string,
  run: () => Promise<readonly Check[]> | readonly Check[],
): Promise<readonly Check[]> {
  try {
    return await run();
  } catch (error) {
    return [fail(name, `This could not be looked at: ${describeError(error)}`)];
  }
}

function checkNode(version: string): Check {
  const major = Number.parseInt(version, 10);
  return major >= OLDEST_NODE
    ? ok("Node", version)
    : fail("Node", `${version} is too old. Install Node ${OLDEST_NODE} or newer.`);
}

function checkSandbox(warning: string | undefined): Check {
  return warning === undefined
    ? ok("sandbox", "Commands of the agent are cut off from this machine and from the network.")
    : warn("sandbox", warning);
}

function checkConfig(warnings: readonly string[]): readonly Check[] {
  if (warnings.length === 0) return [ok("config", "Every value can be used.")];
  return warnings.map((warning) => warn("config", warning));
}
