import type { ConnectorName } from "./inbound-message.ts";

/**
 * Connectors whose platform vouches for `sender.externalUserId`. Everywhere else a sender's id is a label that the
 * caller made up, and only the key or session that carried the message says who speaks.
 */
const PROVEN: ReadonlySet<ConnectorName> = new Set(["telegram", "discord"]);

export function isSenderProven(connector: ConnectorName): boolean {
  return PROVEN.has(connector);
}
