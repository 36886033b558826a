import type { Role } from "../core/access/role.ts";
import type { Readers } from "../core/approval/judge-reply.ts";
import type { Preset } from "../core/approval/policy.ts";
import type { Clock } from "../core/clock.ts";
import type { Seen } from "../core/effect/commit.ts";
import type { Guard } from "../core/guardrail/guardrail.ts";
import type { Log } from "../core/log.ts";
import type { CallTimes } from "../core/run/call-times.ts";
import type { ToolClass } from "../core/tool/tool-facts.ts";
import type { MeteredGate } from "../llm/metered-gate.ts";
import type { ModelCall } from "../llm/model-call.ts";
import type { ModelWork } from "../llm/model-step.ts";
import type { AskedFor } from "../operations/ask-for-approval.ts";
import type { Store } from "../store/store.ts";
import type { Toolbox } from "../tools/toolbox.ts";
import type { JournalStep } from "./journal.ts";
import type { RunLimits } from "./limits.ts";
import type { PromptRules, Told } from "./prompt/told.ts";

/** What every piece of work is done with. */
export interface WorkDeps extends EndingDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly callTimes: Pick<CallTimes, "add">;
  readonly gate: MeteredGate;
  readonly toolbox: Toolbox;
  readonly approvals: ApprovalRules;
  readonly limits: RunLimits;
  readonly prompts: PromptRules;
  /** What may not be in an answer. */
  readonly outputGuard: Guard;
  /** As the store hides secrets in what it is given. */
  readonly redact: (text: string) => string;
  /** The folder of a workspace. */
  readonly folderOf: (workspaceId: string) => string;
}

/** What an answer becomes a reply with. */
export interface EndingDeps {
  readonly store: Store;
  /** Whether a model may offer this command as a button. */
  readonly mayOffer: (command: string) => boolean;
}

/** When a person is asked, and for how long. */
export interface ApprovalRules {
  readonly preset: Preset;
  /** Of these classes nobody approves what they asked for themselves. */
  readonly twoPersonClasses: readonly ToolClass[];
  /** How long a call of such a tool waits for a decision. */
  lifeMsOf(toolClass: ToolClass): number;
  /** How long mail and posts wait once they are approved, so that they can be taken back. */
  readonly undoMs: number;
}

/** What the work stands on at this moment; read anew before every decision. */
export interface WorkFacts {
  /** What changes about the work while it is done makes the next commit a conflict. */
  readonly seen: readonly Seen[];
  /** Of whoever the work is for. `undefined`: nobody we know any more. */
  readonly role: Role | undefined;
  /** What the role rests on. */
  readonly roleSeen: readonly Seen[];
  /** The one that answered last, or that it begins with. */
  readonly model: string | undefined;
  readonly isTainted: boolean;
  /** Whether a person typed this address, or our own search returned it. */
  readonly isGivenAddress: (address: string) => boolean;
  /** One line each. */
  readonly taintedBy: readonly string[];
}

/** One piece of work: a turn or a task. */
export interface Work extends Pick<ModelCall, "purpose" | "onText"> {
  readonly told: Told;
  readonly work: ModelWork;
  /** Where it came from, for the cards of its approvals. */
  readonly origin: Omit<AskedFor, "approval">;
  /** Of what it ends with. */
  readonly readers: Readers;
  readonly readFacts: () => Promise<WorkFacts>;
  readonly readSteps: () => Promise<readonly JournalStep[]>;
  /** An intermediate commit under the claim of the work's job. */
  readonly commit: ModelCall["commit"];
}
