import type { RunKind, RunState, StepKind, StepState } from "../run/run.ts";

/** What may change about runs, their steps and what they cost. */
export type RunEffect =
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
    };
