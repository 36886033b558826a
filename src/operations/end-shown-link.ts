import { AppError } from "../core/errors.ts";
import { expirePairings } from "./expire-pairings.ts";
import { type CodeAttempt, findPendingPairing } from "./find-pending-pairing.ts";
import type { OperationDeps } from "./operation.ts";
import type { Refused } from "./refused.ts";

/** Ends the owner's link that was sent where others read it: whoever of them is first would be the owner. Always refused. */
export async function endShownLink(
  deps: OperationDeps,
  attempt: Omit<CodeAttempt, "of">,
): Promise<Refused> {
  const found = await findPendingPairing(deps, { ...attempt, of: "owner" });
  if (found.status === "refused") return found;
  const error = new AppError(
    "conflict",
    "Others read this link here, so it no longer works. Print another with `agent-runtime pairing link` and open it in a private chat.",
  );
  return { ...expirePairings([found.pairing], "shown in a group"), status: "refused", error };
}
