export type DeliveryKind = "send" | "edit" | "delete" | "file";

/**
 * pending → sending → sent | failed | unknown | dead.
 * `unknown`: the process died or the connection broke after the request was written; it is resent marked, or reconciled.
 */
export type DeliveryState = "pending" | "sending" | "sent" | "failed" | "unknown" | "dead";

/** Channels that read their replies from the store: sent when the row commits. */
export const PULLED_CONNECTORS: ReadonlySet<string> = new Set([
  "web",
  "cli",
  "api",
  "codex",
  "cline",
  "gemini",
]);
