import type { Draft } from "./draft.ts";

/** The topics a change touched: `messages`, `tasks`, `deliveries`, … Nothing when it cannot be read. */
export function parseTopics(data: string): ReadonlySet<string> {
  const { ids } = parseObject(data);
  if (!Array.isArray(ids)) return new Set();
  const texts = ids.filter((id): id is string => typeof id === "string");
  return new Set(texts.map((id) => id.split(":", 1)[0] ?? ""));
}

export function parseDraft(data: string): Draft | undefined {
  const { context_id: contextId, run_id: runId, text } = parseObject(data);
  const isDraft =
    typeof contextId === "string" && typeof runId === "string" && typeof text === "string";
  return isDraft ? { contextId, runId, text } : undefined;
}

function parseObject(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
