import type { ApprovalState, ExecutionState } from "../approval/approval.ts";
import type { EpochMs } from "../clock.ts";
import type { Sensitivity, ToolClass } from "../tool/tool-facts.ts";

/** What may change about approvals. */
export type ApprovalEffect =
  /** Conflict while another open one of the conversation holds the slot. */
  | {
      readonly type: "open-approval";
      readonly id: string;
      readonly runId: string;
      /** The step that waits for it. */
      readonly stepId: string;
      readonly workspaceId: string;
      readonly contextId: string;
      /** Who the work is for. */
      readonly requestedByUserId: string | null;
      /** The call may have happened already: the runtime ended while it ran. */
      readonly isRepeat: boolean;
      /** What would happen, in one line of plain text. */
      readonly line: string;
      readonly tool: string;
      readonly toolClass: ToolClass;
      readonly sensitivity: Sensitivity;
      /** JSON */
      readonly arguments: string;
      /** `digestCall` */
      readonly digest: string;
      readonly policyVersion: string;
      /** What the run has read of strangers, one line each. */
      readonly taintedBy: readonly string[];
      /** Of `MOST_OPEN_APPROVALS`; null: it is not counted among them. */
      readonly slot: number | null;
      /** How long it waits once it is approved, so that it can be taken back. */
      readonly undoMs: number;
      readonly expiresAtMs: EpochMs;
      readonly remindAtMs: EpochMs;
    }
  /** Conflict when it is decided; `approved` also when it has expired by `now`. */
  | {
      readonly type: "decide-approval";
      readonly id: string;
      readonly to: Exclude<ApprovalState, "pending">;
      /** `Actor.id`; `system` when time decided. */
      readonly decidedBy: string;
      readonly decidedByUserId: string | null;
      readonly note: string | null;
    }
  /** Conflict when it was reminded of already, or is decided. */
  | { readonly type: "remind-approval"; readonly id: string }
  /** `executing`: the approval is consumed, which happens once. `delayed`: not before a while in which it can be taken back. Conflict when it is not approved, or is in no state of `from`. */
  | {
      readonly type: "move-execution";
      readonly id: string;
      readonly from: readonly ExecutionState[];
      readonly to: ExecutionState;
    };
