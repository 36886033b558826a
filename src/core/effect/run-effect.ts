import type { EpochMs } from "../clock.ts";
import type { RunKind, RunState } from "../run/run.ts";

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
      readonly kind: "model";
      readonly name: string;
      readonly requestDigest: string;
    }
  | {
      readonly type: "end-step";
      readonly id: string;
      readonly state: "finished" | "failed" | "unknown";
      /** JSON of what came back, or null. */
      readonly result: string | null;
      readonly error: string | null;
      /** Whose words came back, where they are a stranger's. */
      readonly taintedBy?: string | undefined;
      /** When it ended, where that was before the commit. */
      readonly atMs?: EpochMs;
    }
  /** A tool call that a model asked for, as a step of its own. */
  | {
      readonly type: "open-call";
      readonly id: string;
      readonly runId: string;
      readonly number: number;
      /** The number of the model's step that asked. */
      readonly round: number;
      /** As the model named it. */
      readonly callId: string;
      readonly tool: string;
      /** JSON */
      readonly arguments: string;
      readonly state: "ready" | "waiting" | "denied" | "failed";
      /** JSON of what the model is told; null while it is open. */
      readonly result: string | null;
      readonly error: string | null;
    }
  /** From `waiting`: its approval was given; from `unknown`: to do it again was approved. */
  | {
      readonly type: "begin-call";
      readonly id: string;
      /** When, where that is written down later. */
      readonly atMs?: EpochMs;
      readonly from: "ready" | "waiting" | "unknown";
    }
  /** Its approval was not given. What nobody knows the end of stays `unknown`. */
  | {
      readonly type: "deny-call";
      readonly id: string;
      readonly from: "ready" | "waiting" | "unknown";
      /** JSON of what the model is told. */
      readonly result: string;
    }
  /** It could have begun, and now a person is asked first. */
  | { readonly type: "hold-call"; readonly id: string }
  /** The process died during it: what only reads goes back to where it may begin, anything else is `unknown`. */
  | {
      readonly type: "interrupt-call";
      readonly id: string;
      readonly to: "ready" | "waiting" | "unknown";
    }
  /** What the run was told last: the layers of its prompt, and its tools. */
  | {
      readonly type: "pin-run";
      readonly id: string;
      readonly promptDigest: string;
      readonly toolsDigest: string;
    }
  /** Which model the run goes on with: the one that answered it last. */
  | { readonly type: "keep-model"; readonly id: string; readonly model: string }
  /** The run has read what a stranger wrote, and stays tainted. */
  | { readonly type: "taint-run"; readonly id: string; readonly by: readonly string[] };
