import type { ApprovePairingRequest } from "../../../src/client/shapes/pairing.ts";
import { toRole } from "../parts/role-words.ts";

/** Who a person becomes: somebody new (`role:member`), or somebody who is there (`user:usr_…`). */
export type AsWhom = `role:${string}` | `user:${string}`;

export const AS_MEMBER: AsWhom = "role:member";

/** What an approval says of it. */
export function toApproval(asWhom: AsWhom): Pick<ApprovePairingRequest, "role" | "target_user_id"> {
  const [kind, rest = ""] = asWhom.split(/:(.*)/su);
  if (kind === "user") return { target_user_id: rest };
  const role = toRole(rest);
  return role === undefined ? {} : { role };
}
