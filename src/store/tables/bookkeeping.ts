import type { Generated } from "kysely";
import type { EpochMs } from "../../core/clock.ts";

export interface AuditTable {
  seq: Generated<number>;
  at_ms: EpochMs;
  name: string;
  actor: string;
  cause: string;
  /** Effect types, comma-separated. */
  effects: string;
  /** Ids of the rows changed, `topic:id`, comma-separated. */
  ids: string;
  /** SHA-256 of the effects as canonical JSON: binds their text without holding it. */
  digest: string;
  /** HMAC over the previous row's hash and this row. Empty until sealed (Postgres). */
  hash: string;
}

export interface SettingsTable {
  key: string;
  value: string;
}

export interface MigrationsTable {
  name: string;
  applied_at_ms: EpochMs;
}
