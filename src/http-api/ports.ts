import type { Actor } from "../core/access/actor.ts";
import type { SpendRules } from "../core/spend/spend-rules.ts";
import type { JudgePastCall } from "../operations/shadow-approvals.ts";

/** What the API shows of a connector. */
export interface ChannelState {
  readonly connector: string;
  /** The bot or key it speaks for; empty before it has said who it is. */
  readonly account: string;
  readonly state: "starting" | "running" | "degraded" | "stopped" | "disabled";
  /** What is wrong and what to do about it; empty when nothing is. No secret in it. */
  readonly message: string;
}

/** A growing answer. Only for people to look at: the final reply is a row. */
export interface Draft {
  readonly contextId: string;
  readonly runId: string;
  readonly text: string;
}

/** The answers that are being written now. */
export interface DraftFeed {
  /**
   * Names the run of each at once, and again when it has grown. Contract: `listener` must not throw. Returns the
   * unsubscribe.
   */
  subscribe(listener: (runId: string) => void): () => void;
  /** Its newest text, without secrets; `undefined` when its turn has ended. */
  find(runId: string): Draft | undefined;
}

/** How an MCP server that the operator has enabled is. */
interface McpServerState {
  readonly id: string;
  readonly state: "connecting" | "connected" | "down" | "unusable";
  /** What is wrong; empty when nothing is. */
  readonly message: string;
  /** What of its tools is left out, one sentence each. */
  readonly problems: readonly string[];
}

export type Readiness =
  | { readonly isReady: true }
  | { readonly isReady: false; readonly reasons: readonly string[] };

/** What the API needs from rooms it may not import; bound in `app/`. */
export interface HttpApiPorts {
  /** Who a bearer token belongs to; compares in constant time. `Actor.id` is an identity, `Actor.userId` is set. */
  authenticate(token: string): Promise<Actor | undefined>;
  /** Takes up to five seconds. Contract: never rejects. */
  checkReadiness(): Promise<Readiness>;
  /** Prometheus text, version 0.0.4. */
  renderMetrics(): Promise<string>;
  listChannels(): readonly ChannelState[];
  modelName(): string;
  readonly spendRules: SpendRules;
  /** `problem`: why none of the operator's file is used. */
  readMcpServers(): {
    readonly problem: string | undefined;
    /** What is wrong when all tools together take most of a request. */
    readonly roomProblem: string | undefined;
    /** Files of the operator that say something else by now: they are read at the start. */
    readonly changedFiles: readonly string[];
    readonly servers: readonly McpServerState[];
  };
  /** The one redaction point, for texts that are kept whole and shown without secrets. */
  redact(text: string): string;
  readonly drafts: DraftFeed;
  /** What the policy says today of a call that was made. */
  readonly judgePastCall: JudgePastCall;
}
