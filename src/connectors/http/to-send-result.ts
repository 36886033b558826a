import type { SendResult } from "../../core/delivery/outbound-part.ts";
import type { Posted } from "./post-json.ts";

const MOST_WAIT_MS = 24 * 60 * 60_000;
const LEAST_WAIT_MS = 1_000;

/** What an answer of the receiver says of a message. `id` stands for the receipt, as receivers give none. */
export function toSendResult(posted: Posted, id: string, now: number): SendResult {
  if (posted.kind === "failed") {
    return posted.isWritten
      ? { kind: "uncertain", error: `The publish URL did not answer (${posted.error}).` }
      : { kind: "not_sent", error: `The publish URL cannot be reached (${posted.error}).` };
  }
  const { status } = posted;
  const error = `The publish URL answered ${status}.`;
  if (status >= 200 && status < 300) return { kind: "sent", externalMessageId: id };
  if (status === 429) return tooMany(error, posted.retryAfter, now);
  // It says nothing of the message, and can be put right.
  if (status === 401) return { kind: "not_sent", error };
  return status >= 300 && status < 500 ? { kind: "rejected", error } : { kind: "uncertain", error };
}

function tooMany(error: string, retryAfter: string | undefined, now: number): SendResult {
  const waitMs = readRetryAfter(retryAfter, now);
  if (waitMs === undefined) return { kind: "not_sent", error };
  const retryAfterMs = Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, waitMs));
  return { kind: "not_sent", error, retryAfterMs };
}

/** Seconds, or a date. */
function readRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at - now;
}
