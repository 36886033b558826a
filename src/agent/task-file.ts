import { type EpochMs, toIso } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";

/** Ids are ours, but one that could leave its directory must never become a path. */
const SAFE_NAME = /^[A-Za-z0-9_-]+$/u;

export interface FinishedTask {
  readonly id: string;
  readonly kind: string;
  readonly workspace_id: string;
  readonly context_id: string;
  readonly title: string;
  readonly status: string;
  readonly prompt: string;
  readonly result_text: string | null;
  readonly finished_at_ms: EpochMs;
}

/** Where the file of a task lies inside its workspace: `tasks/YYYY/MM/DD/<id>.md`, by the UTC date it was finished. */
export function taskFilePath(task: Pick<FinishedTask, "id" | "finished_at_ms">): string {
  const [year, month, day] = toIso(task.finished_at_ms).slice(0, 10).split("-");
  return `tasks/${year}/${month}/${day}/${safeName(task.id)}.md`;
}

/** @throws AppError `invalid_input` for a name that is not just letters, digits, `_` and `-`. */
export function safeName(name: string): string {
  if (SAFE_NAME.test(name)) return name;
  throw new AppError("invalid_input", "This id cannot name a file.");
}

/** The same task always gives the same text. */
export function writeTaskFile(task: FinishedTask): string {
  return [
    `# ${oneLine(task.title)}`,
    [
      `- id: ${task.id}`,
      `- kind: ${task.kind}`,
      `- workspace: ${task.workspace_id}`,
      `- context: ${task.context_id}`,
      `- status: ${task.status}`,
      `- completed: ${toIso(task.finished_at_ms)}`,
    ].join("\n"),
    "## Prompt",
    task.prompt,
    "## Result",
    `${task.result_text ?? ""}\n`,
  ].join("\n\n");
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
