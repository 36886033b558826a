import { withTimeout } from "../../core/abort.ts";
import type { Clock } from "../../core/clock.ts";
import type { OutboundSend, SendResult } from "../../core/delivery/outbound-part.ts";
import { postJson } from "./post-json.ts";
import { toSendResult } from "./to-send-result.ts";

export interface PublisherOptions {
  readonly url: string;
  readonly bearerToken: string | undefined;
  /** From the first try to connect to the end of the answer. */
  readonly timeoutMs: number;
}

/** Sends to a URL what an agent is told without having asked. */
export interface Publisher {
  send(message: OutboundSend, signal: AbortSignal): Promise<SendResult>;
  reserveSlot(externalId: string): number;
}

/** The receiver sets the pace, by 429. */
export function createPublisher(
  { url, bearerToken, timeoutMs }: PublisherOptions,
  { clock }: { readonly clock: Clock },
): Publisher {
  return {
    async send({ to, part, format, idempotencyKey }, signal) {
      const body = {
        connector: to.connector,
        external_id: to.externalId,
        text: format === "formatted" ? part.formatted : part.plain,
      };
      const headers = {
        ...(bearerToken === undefined ? {} : { authorization: `Bearer ${bearerToken}` }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
      };
      const posted = await withTimeout(clock, timeoutMs, signal, (limited) =>
        postJson({ url, body, headers }, limited),
      );
      return toSendResult(posted, idempotencyKey ?? "", clock.now());
    },
    reserveSlot: () => 0,
  };
}
