/**
 * `draft`: what an answer is so far, shown while it grows; its reply takes its place. `edit`: what a card that was sent
 * says from now on. `mail`: what the work of a conversation sends to somebody else, who has no part in it.
 */
export type DeliveryKind = "send" | "draft" | "edit" | "mail";

/**
 * pending → sending → sent | failed | unknown | dead; dead → pending (replayed) | dropped; pending → dropped (mail that
 * was taken back).
 * `unknown`: the process died or the connection broke after the request was written; it is resent marked, or reconciled.
 * `kept` from its first commit to its last: nobody is sent it, its reader has to come for it.
 */
export const DELIVERY_STATES = [
  "pending",
  "sending",
  "sent",
  "kept",
  "failed",
  "unknown",
  "dead",
  "dropped",
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** A delivery's state as people read it, where the bare word would not say enough. */
export function stateInWords(state: string): string {
  return state === "kept" ? "kept for its reader to fetch" : state;
}

/** Channels that read their replies from the store: sent when the row commits. */
export const PULLED_CONNECTORS: ReadonlySet<string> = new Set([
  "web",
  "cli",
  "api",
  "codex",
  "cline",
  "gemini",
]);

/** Those of them whose reader waits for nothing but answers: the rest is sent to a publish URL, or kept. */
export const PUBLISHED_CONNECTORS = ["codex", "cline", "gemini"] as const;
