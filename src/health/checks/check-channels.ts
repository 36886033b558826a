import { type Check, fail, ok, warn } from "../check.ts";

const NAME = "channels";
const ANSWER_WITHIN_MS = 3_000;

export interface ChannelsOptions {
  /** Where the running service said it listens. */
  readonly servedUrl: string | undefined;
  /** The owner's key, when this account may read it. */
  readonly key: string | undefined;
}

interface Channel {
  readonly connector: string;
  readonly account: string;
  readonly state: string;
  readonly message: string;
}

/** How the channels of the running service are, as it says itself. Nothing when it cannot be asked. */
export async function checkChannels(
  { servedUrl, key }: ChannelsOptions,
  isRunning: boolean,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  if (!isRunning || servedUrl === undefined || key === undefined) return [];
  return (await askChannels(servedUrl, key, signal)).map(judge);
}

async function askChannels(
  servedUrl: string,
  key: string,
  signal: AbortSignal,
): Promise<readonly Channel[]> {
  try {
    const response = await fetch(`${servedUrl}/api/v1/info`, {
      headers: { authorization: `Bearer ${key}` },
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    const body = (await response.json()) as { channels?: unknown } | null;
    return Array.isArray(body?.channels) ? body.channels : [];
  } catch {
    // That it does not answer is told by the check of the service.
    return [];
  }
}

function judge({ connector, account, state, message }: Channel): Check {
  const name = account === "" ? connector : `${connector} as ${account}`;
  if (state === "running") return ok(NAME, `${name} is running.`);
  const detail = `${name} is ${state}. ${message}`.trim();
  return state === "stopped" ? fail(NAME, detail) : warn(NAME, detail);
}
