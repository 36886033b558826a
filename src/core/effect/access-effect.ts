import type { Role } from "../access/role.ts";
import type { EpochMs } from "../clock.ts";

/** Who gets in and with which role: keys, roles, and the end of both. */
export type AccessEffect =
  /** `userId` is the key's own user: what it says and does stands under that name. */
  | {
      readonly type: "create-key";
      readonly id: string;
      readonly userId: string;
      readonly name: string;
      /** What may be shown of it. */
      readonly prefix: string;
      readonly hash: string;
      readonly createdBy: string;
    }
  /** Ends the key with every other way in it has opened: its identity, sessions and login codes. Conflict when it is revoked. */
  | {
      readonly type: "revoke-key";
      readonly id: string;
      readonly userId: string;
      readonly revokedBy: string;
    }
  /** Notes that a key is in use, unless that was noted after `ifBeforeMs` or the key is revoked: then nothing happens. */
  | { readonly type: "touch-key"; readonly id: string; readonly ifBeforeMs: EpochMs }
  /** Conflict when the user changed since, or when nobody else would be left who may let people in. */
  | {
      readonly type: "set-role";
      readonly userId: string;
      readonly fromVersion: number;
      readonly role: Role;
    }
  /**
   * Makes an account a stranger's again and ends its user's sessions and login codes. Conflict when the user changed
   * since, or when nobody else would be left who may let people in.
   */
  | {
      readonly type: "unlink-identity";
      readonly id: string;
      readonly userId: string;
      readonly fromVersion: number;
    };
