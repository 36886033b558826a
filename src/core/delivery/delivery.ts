export type DeliveryKind = "send" | "edit" | "delete" | "file";

/**
 * pending → sending → sent | failed | unknown | dead; dead → pending (replayed) | dropped.
 * `unknown`: the process died or the connection broke after the request was written; it is resent marked, or reconciled.
 */
export const DELIVERY_STATES = [
  "pending",
  "sending",
  "sent",
  "failed",
  "unknown",
  "dead",
  "dropped",
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Channels that read their replies from the store: sent when the row commits. */
export const PULLED_CONNECTORS: ReadonlySet<string> = new Set([
  "web",
  "cli",
  "api",
  "codex",
  "cline",
  "gemini",
]);

/** Those of them that can also be told something at a publish URL, without having asked. */
export const PUBLISHED_CONNECTORS = ["codex", "cline", "gemini"] as const;
