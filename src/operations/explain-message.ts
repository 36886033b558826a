import type { Actor } from "../core/access/actor.ts";
import type { DecidedApproval } from "../core/approval/approval-words.ts";
import type { Measures } from "../core/run/step-measures.ts";
import { approvalsOfWork } from "../store/queries/approvals.ts";
import { auditOfCause } from "../store/queries/audit.ts";
import { contextById } from "../store/queries/contexts.ts";
import { deliveriesOfMessage } from "../store/queries/deliveries.ts";
import { editsOfMessage } from "../store/queries/edits.ts";
import { namedStepsOfRun, usageOfRun } from "../store/queries/explanation.ts";
import { type FileRow, filesOfMessages } from "../store/queries/files.ts";
import { jobsOfCause } from "../store/queries/jobs.ts";
import { type MessageRow, messageByExternalId } from "../store/queries/messages.ts";
import { personByIdentityId } from "../store/queries/people.ts";
import { type RunRow, runRowById } from "../store/queries/runs.ts";
import { type TaskRow, taskById } from "../store/queries/tasks.ts";
import type { Reader } from "../store/store.ts";
import { type FindInput, findMessage } from "./find-by-tail.ts";
import type { OperationDeps } from "./operation.ts";

/** The whole way of a message, as facts. No text of it, and none of what was said. */
export interface Explanation {
  readonly message: MessageRow;
  readonly context: {
    readonly id: string;
    readonly workspaceId: string;
    readonly kind: "private" | "group";
    readonly title: string;
  };
  /** Who sent it, as far as we know them: absent for a stranger. */
  readonly person:
    | { readonly userId: string; readonly displayName: string; readonly role: string }
    | undefined;
  /** What came with it and was asked for. */
  readonly files: readonly FileRow[];
  /** Of an edit: the message it changes, while that is remembered. */
  readonly editOf: string | undefined;
  /** What was made of its edits, oldest first. */
  readonly edits: readonly Pick<MessageRow, "id" | "outcome" | "reason">[];
  readonly run: ExplainedRun | undefined;
  readonly task: TaskRow | undefined;
  /** The task's own run. */
  readonly taskRun: ExplainedRun | undefined;
  readonly deliveries: readonly ExplainedDelivery[];
  /** Jobs that are still to be done, or dead. */
  readonly jobs: readonly {
    readonly id: string;
    readonly kind: string;
    readonly state: string;
    readonly attempts: number;
    readonly lastError: string | null;
    readonly runAtMs: number;
  }[];
  /** What was committed because of it, oldest first. */
  readonly commits: readonly {
    readonly seq: number;
    readonly atMs: number;
    readonly name: string;
    readonly actor: string;
  }[];
}

export interface ExplainedRun {
  readonly run: RunRow;
  readonly steps: readonly {
    readonly number: number;
    readonly kind: string;
    readonly name: string;
    readonly state: string;
    readonly error: string | null;
    readonly startedAtMs: number;
    readonly finishedAtMs: number | null;
    readonly measures: Measures;
  }[];
  /** What people were asked about, in that order. */
  readonly approvals: readonly ExplainedApproval[];
  /** Of all of it, from the moment it was asked for. */
  readonly measures: Measures;
}

interface ExplainedApproval extends DecidedApproval {
  readonly id: string;
  readonly tool: string;
}

interface ExplainedDelivery {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  /** A part was sent again without knowing whether it had arrived. */
  readonly isMarked: boolean;
  readonly error: string | null;
  readonly updatedAtMs: number;
}

/**
 * Tells what became of a message: who sent it, which rule decided, its run, task and replies.
 * @throws AppError `not_found`, `access_denied`, `invalid_input` (not a unique tail).
 */
export async function explainMessage(
  deps: OperationDeps,
  actor: Actor,
  input: FindInput,
): Promise<Explanation> {
  const { store } = deps;
  const message = await findMessage(deps, actor, input);
  const context = await store.first(contextById, { id: message.context_id });
  const task =
    message.task_id === null ? undefined : await store.first(taskById, { id: message.task_id });
  const run = await explainRun(store, message.run_id);
  // A part of an album is answered with the first of it.
  const first = run?.run.message_id ?? task?.message_id ?? message.id;
  const answered = new Set([message.id, first]);
  const deliveries = (
    await Promise.all([...answered].map((id) => store.all(deliveriesOfMessage, { messageId: id })))
  ).flat();
  const jobs = await store.all(jobsOfCause, { cause: message.cause });
  const commits = await store.all(auditOfCause, { cause: message.cause });
  return {
    message,
    context: {
      id: message.context_id,
      workspaceId: context?.workspace_id ?? "",
      kind: context?.kind ?? "private",
      title: context?.title ?? "",
    },
    person: await personOf(store, message),
    files: await filesOfMessages(store, [message.id]),
    ...(await explainEdits(store, message)),
    run,
    task,
    taskRun: await explainRun(store, task?.run_id ?? null),
    deliveries: deliveries.map((row) => ({
      id: row.id,
      kind: row.kind,
      state: row.state,
      isMarked: row.marked === 1,
      error: row.error,
      updatedAtMs: row.updated_at_ms,
    })),
    jobs: jobs.map((row) => ({
      id: row.id,
      kind: row.kind,
      state: row.state,
      attempts: row.attempts,
      lastError: row.last_error,
      runAtMs: row.run_at_ms,
    })),
    commits: commits.map((row) => ({
      seq: row.seq,
      atMs: row.at_ms,
      name: row.name,
      actor: row.actor,
    })),
  };
}

async function personOf(store: Reader, message: MessageRow): Promise<Explanation["person"]> {
  if (message.identity_id === null) return undefined;
  const person = await store.first(personByIdentityId, { id: message.identity_id });
  if (person === undefined) return undefined;
  return { userId: person.user_id, displayName: person.display_name, role: person.role };
}

async function explainEdits(
  store: Reader,
  { connector, account, edit_of: editOf, external_message_id: externalMessageId }: MessageRow,
): Promise<Pick<Explanation, "editOf" | "edits">> {
  if (editOf !== null) {
    const key = { connector, account, externalMessageId: editOf };
    return { editOf: (await store.first(messageByExternalId, key))?.id, edits: [] };
  }
  const edits = await store.all(editsOfMessage, { connector, account, externalMessageId });
  return {
    editOf: undefined,
    edits: edits.map(({ id, outcome, reason }) => ({ id, outcome, reason })).reverse(),
  };
}

async function explainRun(store: Reader, runId: string | null): Promise<ExplainedRun | undefined> {
  const run = runId === null ? undefined : await store.first(runRowById, { id: runId });
  if (run === undefined) return undefined;
  const steps = await store.all(namedStepsOfRun, { runId: run.id });
  const approvals = await store.all(approvalsOfWork, { runId: run.id, taskId: run.task_id });
  const usage = await store.first(usageOfRun, { runId: run.id });
  return {
    run,
    steps: steps.map((row) => ({
      number: row.number,
      kind: row.kind,
      name: row.name,
      state: row.state,
      error: row.error,
      startedAtMs: row.started_at_ms,
      finishedAtMs: row.finished_at_ms,
      measures: measuresOf(row, row.started_at_ms, row.finished_at_ms),
    })),
    approvals: approvals.map((row) => ({
      id: row.id,
      tool: row.tool,
      state: row.state,
      execution: row.execution,
      decider: row.decider_name ?? "",
      note: row.note ?? "",
      decidedAtMs: row.decided_at_ms,
      expiresAtMs: row.expires_at_ms,
    })),
    measures: measuresOf(usage, run.created_at_ms, run.finished_at_ms),
  };
}

interface Usage {
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cost_micro_usd: number | null;
}

function measuresOf(usage: Usage | undefined, fromMs: number, toMs: number | null): Measures {
  return {
    durationMs: toMs === null ? undefined : toMs - fromMs,
    inputTokens: Number(usage?.input_tokens ?? 0),
    outputTokens: Number(usage?.output_tokens ?? 0),
    costMicroUsd: Number(usage?.cost_micro_usd ?? 0),
  };
}
