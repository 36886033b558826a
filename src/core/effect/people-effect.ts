import type { Role } from "../access/role.ts";
import type { EpochMs } from "../clock.ts";

/** Who there is: people, their accounts, their logins, and how much of something they used. */
export type PeopleEffect =
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
    };
