import type { EpochMs } from "../clock.ts";
import type { RouteClass, TaskKind, TaskPriority, TaskStatus } from "../task/task.ts";
import type { Routing } from "../triage/routing.ts";

/** What may change about tasks. */
export type TaskEffect =
  | {
      readonly type: "create-task";
      readonly id: string;
      readonly workspaceId: string;
      readonly contextId: string;
      readonly kind: TaskKind;
      readonly title: string;
      readonly prompt: string;
      readonly routeClass: RouteClass | null;
      readonly priority: TaskPriority;
      readonly dueAtMs: EpochMs | null;
      readonly assignedLane: string;
      readonly sourceConnector: string;
      readonly sourceExternalId: string;
      readonly sourceUserId: string;
      readonly sourceText: string;
      readonly requestedByUserId: string | null;
      readonly retryOfTask: string | null;
      readonly messageId: string | null;
      readonly taint: boolean;
      /** How many tasks made one another before it. Absent: a person asked for it. */
      readonly depth?: number;
      /** It waits, as blocked and without a job, until a person sets it going. */
      readonly waits?: true;
      /** Conflict when `sourceUserId` has used the key for a task before. */
      readonly idempotency?: IdempotencyKey;
    }
  | {
      readonly type: "move-task";
      readonly id: string;
      readonly from: readonly TaskStatus[];
      readonly to: TaskStatus;
      readonly runId: string | null;
      readonly resultSummary: string | null;
      readonly resultText: string | null;
      readonly errorMessage: string | null;
      /** What is written into it may be a stranger's words: it is tainted from now on. */
      readonly taint?: true;
    }
  | { readonly type: "set-task-file"; readonly id: string; readonly resultPath: string }
  | RouteTask
  | RewordTask
  | MarkOverdue;

/**
 * Puts up to `MAX_SWEPT_ROWS` open tasks whose time has passed, and that are in none yet, into a notice. Conflict when
 * there are none. To be routed takes a task out again.
 */
interface MarkOverdue {
  readonly type: "mark-overdue";
  readonly notice: string;
  readonly dueBeforeMs: EpochMs;
}

/** Says what a task is, how urgent and due when. Conflict when it is over. */
interface RouteTask extends Routing {
  readonly type: "route-task";
  readonly id: string;
  /** Of a task whose words name what it is; else they stay. */
  readonly words: {
    readonly title: string;
    readonly prompt: string;
    readonly sourceText: string;
  } | null;
}

/**
 * A task that waits for a person's say is of other words from now on: its next wording. Conflict when it does not wait.
 */
interface RewordTask extends Routing {
  readonly type: "reword-task";
  readonly id: string;
  readonly title: string;
  readonly prompt: string;
  readonly sourceText: string;
  readonly taint: boolean;
}

/** What makes a repeated request harmless. */
export interface IdempotencyKey {
  readonly key: string;
  /** SHA-256 of what was asked: the same key for something else is refused. */
  readonly digest: string;
}
