import type { EpochMs } from "../clock.ts";
import { shorten } from "../shorten.ts";

export const TASK_STATUSES = [
  "queued",
  "running",
  "blocked",
  "succeeded",
  "failed",
  "cancelled",
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];
export const FINAL_TASK_STATUSES: readonly TaskStatus[] = ["succeeded", "failed", "cancelled"];

/** Its time has passed and it is not over. */
export function isOverdue(
  { status, dueAtMs }: { readonly status: TaskStatus; readonly dueAtMs: EpochMs | null },
  now: EpochMs,
): boolean {
  return dueAtMs !== null && dueAtMs <= now && !FINAL_TASK_STATUSES.includes(status);
}

export const TASK_KINDS = ["general", "objective"] as const;
export type TaskKind = (typeof TASK_KINDS)[number];
export const ROUTE_CLASSES = ["question", "issue", "task", "moderation", "noise"] as const;
export type RouteClass = (typeof ROUTE_CLASSES)[number];
export const TASK_PRIORITIES = ["p1", "p2", "p3"] as const;
export type TaskPriority = (typeof TASK_PRIORITIES)[number];

/** When a task is due whose maker named no time. */
export const DUE_AFTER_MS = 24 * 60 * 60_000;

export const TITLE_LENGTH = 72;
const SUMMARY_LENGTH = 180;
/** More UTF-16 units than any title takes: what lies behind is not looked at. */
const LOOKED_AT = 2_000;

/**
 * The first line of a prompt, cut to at most `length` characters as a person counts them. It is cut between words, where there
 * is a between: half a secret is not recognised as one.
 */
export function titleOf(prompt: string, length = TITLE_LENGTH): string {
  const line = prompt.trim().split(/\r?\n/, 1)[0]?.trimEnd() ?? "";
  const characters = Array.from(
    new Intl.Segmenter("en", { granularity: "grapheme" }).segment(line.slice(0, LOOKED_AT)),
    (s) => s.segment,
  );
  if (characters.length <= length && line.length <= LOOKED_AT) return line;
  const lastSpace = characters.slice(0, length).findLastIndex((one) => /^\s/u.test(one));
  const end = lastSpace > 0 ? lastSpace : length - 1;
  return `${characters.slice(0, end).join("").trimEnd()}…`;
}

/** The beginning of a result, on one line. */
export function summaryOf(resultText: string): string {
  return shorten(resultText, SUMMARY_LENGTH);
}
