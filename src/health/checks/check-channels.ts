import { askService, type ServiceToAsk } from "../ask-service.ts";
import { type Check, fail, ok, warn } from "../check.ts";

const NAME = "channels";
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
  service: ServiceToAsk,
  isRunning: boolean,
  signal: AbortSignal,
): Promise<ServedChannels> {
  if (!isRunning) return "not running";
  const info = await askService(service, "/api/v1/info", signal);
  return Array.isArray(info?.["channels"]) ? info["channels"] : "unknown";
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
