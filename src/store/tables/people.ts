import type { Role } from "../../core/access/role.ts";
import type { EpochMs } from "../../core/clock.ts";
import type { Addressing } from "../../core/message/addressing.ts";
import type { ConnectorName } from "../../core/message/inbound-message.ts";
import type { Flag, Version } from "./column.ts";

export interface WorkspacesTable {
  id: string;
  name: string;
  /** Of a name that was chosen, and that no other may have; `null` for one after a person or a chat. */
  name_key: string | null;
  owner_user_id: string | null;
  created_at_ms: EpochMs;
}

export interface ContextsTable {
  id: string;
  workspace_id: string;
  connector: ConnectorName;
  account: string;
  external_id: string;
  kind: "private" | "group";
  title: string;
  /** Failures and routing of its workspace are told here; with `is_hub`, those of every workspace. */
  is_admin: Flag;
  is_hub: Flag;
  /** Who made it one. */
  admin_user_id: string | null;
  /** What admins want the model to know here. */
  prompt: string | null;
  /** `null`: as the configuration says for groups. */
  addressing: Addressing | null;
  /** Text of this group that is not addressed to us is triaged. */
  is_triaged: Flag;
  created_at_ms: EpochMs;
  version: Version;
}

/** Where a chat was before its platform gave it another id, and the conversation that went on from there. */
export interface FormerAddressesTable {
  connector: ConnectorName;
  account: string;
  external_id: string;
  context_id: string;
}

export interface UsersTable {
  id: string;
  display_name: string;
  role: Role;
  workspace_id: string;
  created_at_ms: EpochMs;
  version: Version;
}

export interface IdentitiesTable {
  id: string;
  user_id: string;
  connector: string;
  external_user_id: string;
  display_name: string;
  created_at_ms: EpochMs;
  version: Version;
}

export interface PairingsTable {
  id: string;
  code_hash: string;
  code_hint: string;
  connector: string;
  external_user_id: string | null;
  display_name: string;
  context_id: string | null;
  user_id: string | null;
  role: Role | null;
  slot: number | null;
  status: "pending" | "approved" | "denied" | "expired";
  decided_by: string | null;
  approver_user_id: string | null;
  reason: string | null;
  expires_at_ms: EpochMs;
  created_at_ms: EpochMs;
  version: Version;
}

/** A key is a user of its own with one identity; its role is that user's. */
export interface ApiKeysTable {
  id: string;
  user_id: string;
  name: string;
  prefix: string;
  key_hash: string;
  created_by: string;
  revoked_by: string | null;
  created_at_ms: EpochMs;
  /** Within the hour. */
  last_used_at_ms: EpochMs | null;
  revoked_at_ms: EpochMs | null;
}

export interface LoginCodesTable {
  code_hash: string;
  user_id: string;
  used_at_ms: EpochMs | null;
  expires_at_ms: EpochMs;
}

export interface SessionsTable {
  token_hash: string;
  user_id: string;
  created_at_ms: EpochMs;
  expires_at_ms: EpochMs;
}

export interface CountersTable {
  key: string;
  /** When the first of this window was taken. */
  window_start_ms: EpochMs;
  count: number;
}
