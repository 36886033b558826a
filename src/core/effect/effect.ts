import type { Role } from "../access/role.ts";
import type { EpochMs } from "../clock.ts";
import type { DeliveryKind, DeliveryState } from "../delivery/delivery.ts";
import type { NewJob } from "../job/job.ts";
import type { Address, MessageKind, OutcomeKind, Trust } from "../message/inbound-message.ts";
import type { RichText } from "../rich-text/rich-text.ts";
import type { RunKind, RunState, StepKind, StepState } from "../run/run.ts";
import type { RouteClass, TaskKind, TaskPriority, TaskStatus } from "../task/task.ts";
import type { AccessEffect } from "./access-effect.ts";
import type { UseButton } from "./button-effect.ts";
import type { ContextEffect, ContextHolds } from "./context-effect.ts";
import type { ReplaceMessage } from "./edit-effect.ts";
import type { FileEffect } from "./file-effect.ts";
import type { PairingEffect } from "./pairing-effects.ts";
import type { RequeueJob } from "./requeue-job.ts";
import type { RouteEffect } from "./route-effect.ts";

/**
 * Everything a step may change, as plain data. `store/effects/` holds one case each.
 * An effect whose guard no longer holds (state moved on, row is there already) makes the whole commit a conflict,
 * unless its comment says otherwise.
 */
export type Effect =
  | AccessEffect
  // conversations and people
  | {
      readonly type: "create-workspace";
      readonly id: string;
      readonly name: string;
      readonly ownerUserId: string | null;
    }
  | {
      readonly type: "create-context";
      readonly id: string;
      readonly workspaceId: string;
      readonly address: Address;
      readonly kind: "private" | "group";
      readonly title: string;
      /** What holds there from the start; else nothing is set. */
      readonly holds?: ContextHolds;
    }
  | ContextEffect
  | { readonly type: "move-context"; readonly id: string; readonly workspaceId: string }
  | {
      readonly type: "create-user";
      readonly id: string;
      readonly displayName: string;
      readonly role: Role;
      readonly workspaceId: string;
    }
  | {
      readonly type: "link-identity";
      readonly id: string;
      readonly userId: string;
      readonly connector: string;
      readonly externalUserId: string;
      readonly displayName: string;
    }
  | PairingEffect
  | {
      readonly type: "create-login-code";
      readonly codeHash: string;
      readonly userId: string;
      readonly expiresAtMs: EpochMs;
    }
  /** Refused with `login_code_used` when it is used, expired or unknown. */
  | { readonly type: "use-login-code"; readonly codeHash: string }
  | {
      readonly type: "create-session";
      readonly tokenHash: string;
      readonly userId: string;
      readonly expiresAtMs: EpochMs;
    }
  | { readonly type: "end-session"; readonly tokenHash: string }
  /** Takes one of `limit`; the first one opens a window. Refused with `counter_full` when none is left in an open window. */
  | {
      readonly type: "count";
      readonly key: string;
      readonly windowMs: number;
      readonly limit: number;
    }
  // the inbox
  /** A duplicate (same connector, account and external message id) is skipped in silence with its job: a redelivery is a no-op. */
  | {
      readonly type: "record-message";
      readonly id: string;
      readonly contextId: string;
      readonly address: Address;
      readonly externalMessageId: string;
      readonly kind: MessageKind;
      readonly senderExternalId: string | null;
      readonly senderName: string | null;
      readonly identityId: string | null;
      readonly text: string;
      readonly addressed: boolean;
      readonly replyToExternalId: string | null;
      readonly editOf: string | null;
      /** JSON of `button`, `files`, `albumId` and `dropReason`, or null. */
      readonly payload: string | null;
      readonly trust: Trust;
      readonly sentAtMs: EpochMs;
      readonly receivedAtMs: EpochMs;
      readonly rememberUntilMs: EpochMs;
      readonly job: NewJob;
    }
  /** Refused with `cursor_moved` when the cursor is not at `fromVersion` (0: it must not exist). */
  | {
      readonly type: "set-cursor";
      readonly connector: string;
      readonly account: string;
      readonly value: string;
      readonly fromVersion: number;
    }
  | {
      readonly type: "settle-message";
      readonly id: string;
      readonly outcome: OutcomeKind;
      readonly reason: string | null;
    }
  /** What was decided of a still pending message, who it turned out to be from, and the work that came of it. */
  | {
      readonly type: "decide-message";
      readonly id: string;
      readonly rule: string;
      /** `null` leaves what the arrival said. */
      readonly identityId: string | null;
      readonly trust: Trust;
      readonly runId: string | null;
      readonly taskId: string | null;
      /** `pending`: that work will settle it. */
      readonly outcome: OutcomeKind | "pending";
      readonly reason: string | null;
      /** What was said was not meant for us: neither its text nor what came with it is kept. */
      readonly forgetText?: boolean;
    }
  | FileEffect
  | ReplaceMessage
  // the outbox
  | {
      readonly type: "queue-delivery";
      readonly id: string;
      readonly contextId: string;
      readonly address: Address;
      readonly kind: DeliveryKind;
      readonly body: RichText;
      readonly replyToExternalId: string | null;
      readonly messageId: string | null;
      readonly runId: string | null;
      readonly taskId: string | null;
      /** `null` where the reader fetches it from the store: then it is sent when this commits. */
      readonly job: NewJob | null;
    }
  | {
      readonly type: "move-delivery";
      readonly id: string;
      readonly fromVersion: number;
      readonly to: DeliveryState;
      /** JSON array of the rendered parts; `null` leaves it as it is. */
      readonly parts: string | null;
      readonly partsSent: number;
      /** JSON array: the platform's message id of each part sent. */
      readonly receipts: string;
      /** True when a part was sent again without knowing whether it had arrived. */
      readonly marked: boolean;
      readonly error: string | null;
    }
  /** Gives a dead delivery up for good; why it was dead stays with it. */
  | {
      readonly type: "drop-delivery";
      readonly id: string;
      readonly droppedBy: string;
      readonly reason: string;
    }
  | UseButton
  // work
  | {
      readonly type: "create-run";
      readonly id: string;
      readonly kind: RunKind;
      readonly workspaceId: string;
      readonly contextId: string;
      readonly userId: string | null;
      readonly messageId: string | null;
      readonly taskId: string | null;
      readonly taint: boolean;
    }
  | {
      readonly type: "move-run";
      readonly id: string;
      readonly from: readonly RunState[];
      readonly to: RunState;
      readonly model: string | null;
      readonly error: string | null;
    }
  | {
      readonly type: "start-step";
      readonly id: string;
      readonly runId: string;
      readonly number: number;
      readonly kind: StepKind;
      readonly name: string;
      readonly requestDigest: string;
    }
  | {
      readonly type: "end-step";
      readonly id: string;
      readonly state: Exclude<StepState, "started">;
      /** JSON of what came back, or null. */
      readonly result: string | null;
      readonly error: string | null;
    }
  | {
      readonly type: "reserve-usage";
      readonly id: string;
      readonly runId: string;
      readonly stepId: string;
      readonly workspaceId: string;
      readonly userId: string | null;
      readonly model: string;
      readonly reservedMicroUsd: number;
    }
  | {
      readonly type: "settle-usage";
      readonly id: string;
      readonly state: "settled" | "released";
      readonly inputTokens: number;
      readonly outputTokens: number;
      readonly costMicroUsd: number;
    }
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
    }
  | RouteEffect
  | { readonly type: "set-task-file"; readonly id: string; readonly resultPath: string }
  // the queue
  | { readonly type: "enqueue-job"; readonly job: NewJob }
  /** Asks a running job to end at its next step; the flag outlives a restart. */
  | { readonly type: "cancel-job"; readonly jobId: string }
  /** Takes a job that nobody has claimed out of its lane. Conflict when it is running. */
  | { readonly type: "remove-job"; readonly jobId: string; readonly lane: string }
  | RequeueJob
  /** Puts a dead letter back at the end of its lane with fresh attempts. */
  | { readonly type: "replay-job"; readonly jobId: string; readonly lane: string }
  /** Deletes a dead letter. */
  | { readonly type: "drop-job"; readonly jobId: string }
  | { readonly type: "finish-probe"; readonly probeId: string }
  | { readonly type: "set-setting"; readonly key: string; readonly value: string }
  /** Deletes at most `MAX_SWEPT_ROWS` of what is past its time. */
  | {
      readonly type: "sweep";
      readonly table: "dedupe" | "login_codes" | "sessions" | "counters" | "pairings";
      readonly beforeMs: EpochMs;
    };

export type EffectOf<T extends Effect["type"]> = Extract<Effect, { type: T }>;

/** What makes a repeated request harmless. */
export interface IdempotencyKey {
  readonly key: string;
  /** SHA-256 of what was asked: the same key for something else is refused. */
  readonly digest: string;
}

/** More at once would hold everybody else up. */
export const MAX_SWEPT_ROWS = 500;
