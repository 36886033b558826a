import { createHmac, type KeyObject } from "node:crypto";
import type { AuditRow } from "../effects/compile-commit.ts";

/** Where the chain ends: how many rows, and the hash of the last. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

export const EMPTY_HEAD: AuditHead = { seq: 0, hash: "0".repeat(64) };

/**
 * The hash that binds `row` to everything before it; only who holds the key can make one. A `KeyObject` is five times
 * as fast as a buffer, for which one is made at every call.
 */
export function chainHash(key: Buffer | KeyObject, previous: AuditHead, row: AuditRow): string {
  const fields = [
    previous.seq + 1,
    row.at_ms,
    row.name,
    row.actor,
    row.cause,
    row.effects,
    row.ids,
    row.digest,
  ];
  return createHmac("sha256", key)
    .update(previous.hash)
    .update(JSON.stringify(fields))
    .digest("hex");
}

/** `<count>:<hash>`: what `audit head` prints and `audit verify --head` takes. */
export function formatHead(head: AuditHead): string {
  return `${head.seq}:${head.hash}`;
}

export function parseHead(text: string): AuditHead | undefined {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim());
  return match?.[1] && match[2] ? { seq: Number(match[1]), hash: match[2] } : undefined;
}
