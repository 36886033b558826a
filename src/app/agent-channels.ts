import type { Config } from "../config/config.ts";
import { createPublisher } from "../connectors/http/publisher.ts";
import type { Clock } from "../core/clock.ts";
import { PUBLISHED_CONNECTORS } from "../core/delivery/delivery.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import type { Channel } from "../delivery/ports.ts";
import { createPlainFormat } from "../delivery/render/plain.ts";

/** Far above what is said in a chat, and no burden for a receiver. */
const LONGEST_TEXT = 60_000;

/** The agents that are told things at the publish URL; none without one. */
export function connectAgents(
  { publishUrl, publishBearerToken, publishTimeoutSeconds }: Config["agents"],
  deps: { readonly clock: Clock },
): ReadonlyMap<ConnectorName, Channel> {
  if (publishUrl === undefined) return new Map();
  const channel: Channel = {
    account: undefined,
    format: createPlainFormat({ limit: LONGEST_TEXT }),
    sender: createPublisher(
      {
        url: publishUrl,
        bearerToken: publishBearerToken,
        timeoutMs: publishTimeoutSeconds * 1_000,
      },
      deps,
    ),
  };
  return new Map(PUBLISHED_CONNECTORS.map((name) => [name, channel]));
}
