import type { Config } from "../config/config.ts";
import { AppError } from "../core/errors.ts";
import type { AuditReport } from "../store/audit/audit-walk.ts";
import { formatHead, parseHead } from "../store/audit/chain.ts";
import { readAuditHead, verifyAudit } from "../store/audit/verify-audit.ts";

/** Where the audit ends now, as `<count>:<hash>`. Works beside a running service. */
export function readHead(config: Config): string {
  return formatHead(readAuditHead({ dbPath: config.storage.dbPath }));
}

export interface AuditFindings {
  readonly head: string;
  readonly checked: number;
  /** The first of them. */
  readonly problems: readonly string[];
  readonly problemCount: number;
}

/** Walks the whole audit offline. `knownHead` is what `readHead` gave earlier. @throws AppError `invalid_input` */
export function verifyRecord(config: Config, knownHead: string | undefined): AuditFindings {
  const known = knownHead === undefined ? undefined : parseHead(knownHead);
  if (knownHead !== undefined && known === undefined) {
    throw new AppError(
      "invalid_input",
      "This is no head. Give what `agent-runtime audit head` printed: a number, a colon and 64 digits.",
    );
  }
  const report: AuditReport = verifyAudit(config.storage, known);
  return { ...report, head: formatHead(report.head) };
}
