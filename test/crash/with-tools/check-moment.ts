import { openAuditKey } from "../../../src/store/audit/audit-key.ts";
import { checkInvariants } from "../../support/check-invariants.ts";
import { FORBIDDEN_IN_WORK } from "../../support/work-invariants.ts";
import type { Scene } from "../whole-runtime/scene.ts";

/** What holds at every moment of it. */
export function checkMoment({ dbPath, dataDir }: Scene): void {
  checkInvariants(dbPath, openAuditKey(dataDir), FORBIDDEN_IN_WORK);
}
