import type {
  Explanation as ExplanationView,
  ExplainedRun as RunView,
} from "../client/shapes/explanation.ts";
import { unixSeconds } from "../client/shapes/instant.ts";
import { approvalInWords } from "../core/approval/approval-words.ts";
import { toIso } from "../core/clock.ts";
import type { Measures } from "../core/run/step-measures.ts";
import type { ExplainedRun, Explanation } from "../operations/explain-message.ts";
import { explainInWords } from "./explain-in-words.ts";
import { toFileView } from "./file-view.ts";

/** The way of a message as the API shows it: facts, and the same in words. */
export function toExplanationView(explanation: Explanation): ExplanationView {
  const { message, context, person, task } = explanation;
  const facts: Omit<ExplanationView, "lines"> = {
    message: {
      id: message.id,
      connector: message.connector,
      external_id: message.external_message_id,
      kind: message.kind,
      received_at_unix: unixSeconds(message.received_at_ms),
      received_at: toIso(message.received_at_ms),
    },
    context: {
      id: context.id,
      workspace_id: context.workspaceId,
      kind: context.kind,
      title: context.title,
    },
    person:
      person === undefined
        ? null
        : { user_id: person.userId, display_name: person.displayName, role: person.role },
    edit_of: explanation.editOf ?? null,
    edits: explanation.edits.map(({ id, outcome, reason }) => ({
      id,
      outcome,
      reason: reason ?? "",
    })),
    rule: message.rule ?? "",
    outcome: message.outcome,
    reason: message.reason ?? "",
    files: explanation.files.map(toFileView),
    run: toRunView(explanation.run),
    task:
      task === undefined
        ? null
        : { id: task.id, title: task.title, status: task.status, error: task.error_message ?? "" },
    task_run: toRunView(explanation.taskRun),
    deliveries: explanation.deliveries.map((delivery) => ({
      id: delivery.id,
      kind: delivery.kind,
      state: delivery.state,
      is_marked: delivery.isMarked,
      error: delivery.error ?? "",
      updated_at: toIso(delivery.updatedAtMs),
    })),
    jobs: explanation.jobs.map(({ id, kind, state, attempts, lastError }) => ({
      id,
      kind,
      state,
      attempts,
      error: lastError ?? "",
    })),
    commits: explanation.commits.map(({ seq, name, actor, atMs }) => ({
      seq,
      name,
      actor,
      at: toIso(atMs),
    })),
  };
  return { ...facts, lines: explainInWords(facts) };
}

function toRunView(explained: ExplainedRun | undefined): RunView | null {
  if (explained === undefined) return null;
  const { run, steps, approvals } = explained;
  return {
    id: run.id,
    state: run.state,
    model: run.model ?? "",
    error: run.error ?? "",
    prompt_digest: run.prompt_digest ?? "",
    tools_digest: run.tools_digest ?? "",
    first_prompt_digest: run.first_prompt_digest ?? "",
    first_tools_digest: run.first_tools_digest ?? "",
    tainted_by: JSON.parse(run.tainted_by) as string[],
    steps: steps.map((step) => ({
      number: step.number,
      kind: step.kind,
      name: step.name,
      state: step.state,
      error: step.error ?? "",
      started_at: toIso(step.startedAtMs),
      finished_at: step.finishedAtMs === null ? null : toIso(step.finishedAtMs),
      ...toMeasuresView(step.measures),
    })),
    // The note is somebody's words about the call: not here.
    approvals: approvals.map(({ id, tool, state, execution, ...decided }) => ({
      id,
      tool,
      state,
      execution,
      in_words: approvalInWords({ ...decided, state, execution, note: "" }),
    })),
    ...toMeasuresView(explained.measures),
  };
}

function toMeasuresView({ durationMs, inputTokens, outputTokens, costMicroUsd }: Measures) {
  return {
    duration_ms: durationMs ?? null,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cost_micro_usd: costMicroUsd,
  };
}
