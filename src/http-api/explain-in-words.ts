import type { ExplainedRun, Explanation } from "../client/shapes/explanation.ts";
import type { ReceivedFile } from "../client/shapes/file.ts";
import { stateInWords } from "../core/delivery/delivery.ts";
import { measuresInWords } from "../core/run/step-measures.ts";
import { sizeInWords } from "../core/size-in-words.ts";

/** The way of a message, a line a station, for a terminal. */
export function explainInWords(facts: Omit<Explanation, "lines">): string[] {
  const { message, context, person, task } = facts;
  return [
    `Message ${message.id} arrived over ${message.connector} at ${message.received_at}, in ${context.title || context.id}.`,
    person === null
      ? "Sender: nobody known here."
      : `Sender: ${person.display_name} (${person.role}).`,
    ...(facts.edit_of === null ? [] : [`Edit of message ${facts.edit_of}.`]),
    ...facts.edits.map(
      ({ id, outcome, reason }) => `Edited by message ${id}: ${withDetail(outcome, reason)}.`,
    ),
    facts.rule === "" ? "Rule: none has decided yet." : `Rule: ${facts.rule}.`,
    `Outcome: ${withDetail(facts.outcome, facts.reason)}.`,
    ...facts.files.map(fileInWords),
    ...runInWords("Run", facts.run),
    ...(task === null
      ? []
      : [`Task ${task.id}, "${task.title}": ${withDetail(task.status, task.error)}.`]),
    ...runInWords("Run of the task", facts.task_run),
    ...facts.deliveries.map(
      ({ id, kind, state, error, is_marked }) =>
        `Delivery ${id} (${kind}): ${withDetail(stateInWords(state), error)}${is_marked ? ", marked as perhaps repeated" : ""}.`,
    ),
    ...facts.jobs.map(
      ({ id, kind, state, attempts, error }) =>
        `Job ${id} (${kind}): ${withDetail(state, error)}, attempts: ${attempts}.`,
    ),
    ...facts.commits.map(
      ({ seq, name, actor, at }) => `Commit ${seq}: ${name} by ${actor} at ${at}.`,
    ),
  ];
}

function fileInWords(file: ReceivedFile): string {
  const what = `File ${file.id}, "${file.name || file.kind}"`;
  const where =
    file.path === "" ? "" : `, ${file.media_type}, ${sizeInWords(file.size_bytes)}, ${file.path}`;
  return `${what}: ${withDetail(file.state, file.reason)}${where}.`;
}

function runInWords(title: string, run: ExplainedRun | null): string[] {
  if (run === null) return [];
  const model = run.model === "" ? "" : `, model ${run.model}`;
  return [
    `${title} ${run.id}: ${withDetail(run.state, run.error)}${model}${tookInWords(run)}.`,
    ...toldInWords(run),
    ...run.tainted_by.map((line) => `  Tainted by ${line}.`),
    ...run.steps.map(
      ({ number, kind, name, state, error, ...took }) =>
        `  Step ${number}: ${kind} ${name}, ${withDetail(state, error)}${tookInWords(took)}.`,
    ),
    ...run.approvals.map(({ id, tool, in_words }) => `  Approval ${id} (${tool}): ${in_words}.`),
  ];
}

function tookInWords(
  took: Pick<ExplainedRun, "duration_ms" | "input_tokens" | "output_tokens" | "cost_micro_usd">,
): string {
  return measuresInWords({
    durationMs: took.duration_ms ?? undefined,
    inputTokens: took.input_tokens,
    outputTokens: took.output_tokens,
    costMicroUsd: took.cost_micro_usd,
  });
}

function toldInWords(run: ExplainedRun): string[] {
  if (run.prompt_digest === "") return [];
  const isPrompt = run.first_prompt_digest !== run.prompt_digest;
  const isTools = run.first_tools_digest !== run.tools_digest;
  return [
    `  Told: prompt ${run.prompt_digest}, tools ${run.tools_digest}.`,
    ...(isPrompt
      ? [`  Its prompt was changed while it went on: first ${run.first_prompt_digest}.`]
      : []),
    ...(isTools
      ? [`  Its tools were changed while it went on: first ${run.first_tools_digest}.`]
      : []),
  ];
}

function withDetail(state: string, detail: string): string {
  return detail === "" ? state : `${state} (${detail})`;
}
