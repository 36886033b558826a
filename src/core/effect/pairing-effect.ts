import type { Role } from "../access/role.ts";
import type { EpochMs } from "../clock.ts";

/** What may change about requests to be let in. */
export type PairingEffect =
  | {
      readonly type: "create-pairing";
      readonly id: string;
      readonly codeHash: string;
      readonly codeHint: string;
      readonly connector: string;
      /** `null`: whoever uses it first (the link printed for the owner). */
      readonly externalUserId: string | null;
      readonly displayName: string;
      readonly contextId: string | null;
      /** Set when the approver is already known: the owner's own link. */
      readonly userId: string | null;
      readonly role: Role | null;
      /** Conflict while another open request of the same identity holds it. `null` for the owner's link. */
      readonly slot: number | null;
      readonly expiresAtMs: EpochMs;
    }
  | {
      readonly type: "decide-pairing";
      readonly id: string;
      readonly status: "approved" | "denied" | "expired";
      readonly decidedBy: string;
      /** Whose identity or key decided; `null` when time did. */
      readonly approverUserId: string | null;
      readonly reason: string | null;
      /** Who the person is from now on. */
      readonly userId: string | null;
    };
