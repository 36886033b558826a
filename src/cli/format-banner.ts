import type { RuntimeStatus } from "../app/create-runtime.ts";

export interface Links {
  /** Opens the page as the owner. A secret: never log it. */
  readonly login: string;
  /** Pairs the owner's account; absent while no bot is known. A secret as well. */
  readonly pairing: string | undefined;
}

type Channel = RuntimeStatus["channels"][number];

const MOST_LINES = 8;

/** What `serve` prints on a terminal: at most eight plain lines. */
export function formatBanner(status: RuntimeStatus, links: Links): readonly string[] {
  const first = [
    `agent-runtime is running at ${status.url} (Ctrl-C stops it)`,
    formatFact("Page", `${links.login} (works once, for 10 minutes)`),
    formatFact("Data", status.dataDir),
    formatFact("Model", status.model),
  ];
  const last =
    links.pairing === undefined
      ? []
      : [formatFact("Pair", `${links.pairing} (pairs you as the owner; once, for 10 minutes)`)];
  return [
    ...first,
    ...formatChannels(status.channels, MOST_LINES - first.length - last.length),
    ...last,
  ];
}

function formatFact(title: string, value: string): string {
  return `${title.padEnd(9)} ${value}`;
}

/** A line each; when there is no room for all, the last line names the rest. */
function formatChannels(channels: readonly Channel[], room: number): readonly string[] {
  const lines = channels.map(formatChannel);
  if (lines.length <= room) return lines;
  const rest = channels.slice(room - 1).map(({ connector, state }) => `${connector} ${state}`);
  return [...lines.slice(0, room - 1), formatFact("Also", rest.join(", "))];
}

function formatChannel({ connector, account, state, message }: Channel): string {
  const title = `${connector.slice(0, 1).toUpperCase()}${connector.slice(1)}`;
  const who = account === "" ? "" : ` as ${account}`;
  return formatFact(title, `${state}${who}${message === "" ? "" : `: ${message}`}`);
}
