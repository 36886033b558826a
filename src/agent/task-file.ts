import { type EpochMs, toIso } from "../core/clock.ts";
import { safeName } from "../core/safe-name.ts";

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
