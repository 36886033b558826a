import { type Check, fail, ok, warn } from "../check.ts";

const NAME = "channels";
const ANSWER_WITHIN_MS = 3_000;

export interface ChannelsOptions {
  /** Where the running service said it listens. */
  readonly servedUrl: string | undefined;
  /** The owner's key, when this account may read it. */
  readonly key: string | undefined;
}

interface ServedChannel {
  readonly connector: string;
  readonly account: string;
  readonly state: string;
  readonly message: string;
}

/** The channels of the running service as it says itself; `"unknown"` when it cannot be asked. */
export type ServedChannels = readonly ServedChannel[] | "unknown" | "not running";

/** Asks the running service about its channels. Never rejects. */
export async function askChannels(
  { servedUrl, key }: ChannelsOptions,
  isRunning: boolean,
  signal: AbortSignal,
): Promise<ServedChannels> {
  if (!isRunning) return "not running";
  if (servedUrl === undefined || key === undefined) return "unknown";
  try {
    const response = await fetch(`${servedUrl}/api/v1/info`, {
      headers: { authorization: `Bearer ${key}` },
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    const body = (await response.json()) as { channels?: unknown } | null;
    return Array.isArray(body?.channels) ? body.channels : "unknown";
  } catch {
    // That it does not answer is told by the check of the service.
    return "unknown";
  }
}

/** How the channels of the running service are. Nothing when it could not be asked. */
export function checkChannels(channels: ServedChannels): readonly Check[] {
  return typeof channels === "string" ? [] : channels.map(judge);
}

function judge({ connector, account, state, message }: ServedChannel): Check {
  const name = account === "" ? connector : `${connector} as ${account}`;
  if (state === "running") return ok(NAME, `${name} is running.`);
  const detail = `${name} is ${state}. ${message}`.trim();
  return state === "stopped" ? fail(NAME, detail) : warn(NAME, detail);
}
