import type { KeyObject } from "node:crypto";
import { AppError } from "../../core/errors.ts";
import type { Anchor } from "../audit/anchor.ts";
import { type AuditHead, chainHash, EMPTY_HEAD } from "../audit/chain.ts";
import type { AuditRow } from "../effects/compile-commit.ts";
import { insertAudit, lastAudit } from "../queries/bookkeeping.ts";
import { type Connection, isUniqueViolation } from "./connection.ts";

/** The chain of audit rows as this process extends it, one transaction after the other. */
export interface AuditRecord {
  begin(): void;
  rollback(): void;
  committed(isSynced: boolean): void;
  /** @throws AppError `unavailable` once another process has written here. */
  append(row: AuditRow): void;
  /** Once somebody else has extended the record, nothing that is known of the rows can be relied on. */
  refuseIfShared(): void;
}

export function openAuditRecord(
  connection: Connection,
  auditKey: KeyObject,
  anchor: Anchor,
): AuditRecord {
  let head: AuditHead = connection.get(lastAudit, {}) ?? EMPTY_HEAD;
  if (head.seq === EMPTY_HEAD.seq) anchor.begin();
  let headBefore = head;
  let anchored = head;
  let isShared = false;

  function refuseIfShared(): void {
    if (isShared) throw writtenByAnother(connection.database.name);
  }

  return {
    refuseIfShared,
    begin() {
      headBefore = head;
    },
    rollback() {
      head = headBefore;
    },
    committed(isSynced) {
      // The anchor must not know of rows that a loss of power can still take.
      if (!isSynced || head === anchored) return;
      anchored = head;
      anchor.note(head);
    },
    append(row) {
      const next = { seq: head.seq + 1, hash: chainHash(auditKey, head, row) };
      try {
        connection.run(insertAudit, { ...row, ...next });
      } catch (error) {
        isShared = isUniqueViolation(error);
        refuseIfShared();
        throw error;
      }
      head = next;
    },
  };
}

function writtenByAnother(file: string): AppError {
  return new AppError(
    "unavailable",
    `Another process writes to ${file}, so this one has stopped writing. Stop the other one, then start this one again.`,
  );
}
