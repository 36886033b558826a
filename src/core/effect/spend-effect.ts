import type { Purpose } from "../model/model-ref.ts";
import type { SpendScope } from "../spend/spend-scope.ts";

/** What may change about money. */
export type SpendEffect =
  /** Puts the most a call can cost aside, in every scope. Refused with `spend_cap` when one has not that much left. */
  | {
      readonly type: "reserve-usage";
      readonly id: string;
      readonly runId: string;
      readonly stepId: string;
      readonly workspaceId: string;
      readonly contextId: string;
      readonly userId: string | null;
      /** The key of the API that asked, when one did. */
      readonly keyId: string | null;
      readonly purpose: Purpose;
      /** The task, or the turn's run: what the money is spent on, over restarts. */
      readonly workId: string;
      /** In UTC: `2026-11-21`. */
      readonly day: string;
      /** `formatModelRef` */
      readonly model: string;
      readonly reservedMicroUsd: number;
      readonly scopes: readonly SpendScope[];
    }
  /** `released`: nothing was spent. Either way what was put aside is free again. */
  | {
      readonly type: "settle-usage";
      readonly id: string;
      readonly state: "settled" | "released";
      readonly inputTokens: number;
      readonly outputTokens: number;
      readonly costMicroUsd: number;
    }
  /** A person has allowed more than the cap. */
  | {
      readonly type: "raise-spend";
      readonly scope: Pick<SpendScope, "key" | "day">;
      readonly byMicroUsd: number;
    };
