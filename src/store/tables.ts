import type { Generated } from "kysely";
import type { Role } from "../core/access/role.ts";
import type { EpochMs } from "../core/clock.ts";
import type { DeliveryKind, DeliveryState } from "../core/delivery/delivery.ts";
import type { JobKind, JobPool } from "../core/job/job.ts";
import type {
  ConnectorName,
  MessageKind,
  OutcomeKind,
  Trust,
} from "../core/message/inbound-message.ts";
import type { RunKind, RunState, StepKind, StepState } from "../core/run/run.ts";
import type { RouteClass, TaskKind, TaskPriority, TaskStatus } from "../core/task/task.ts";

/** 0 or 1. */
type Flag = number;
/** Raised by one with every change of the row; what `seen` compares. */
type Version = number;

export interface WorkspacesTable {
  id: string;
  name: string;
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
  created_at_ms: EpochMs;
  version: Version;
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
  status: "pending" | "approved" | "denied" | "expired";
  decided_by: string | null;
  reason: string | null;
  expires_at_ms: EpochMs;
  created_at_ms: EpochMs;
  version: Version;
}

export interface MessagesTable {
  /** Order of acceptance, across the store. */
  seq: Generated<number>;
  id: string;
  context_id: string;
  connector: ConnectorName;
  account: string;
  external_message_id: string;
  kind: MessageKind;
  sender_external_id: string | null;
  sender_name: string | null;
  identity_id: string | null;
  text: string;
  addressed: Flag;
  reply_to_external_id: string | null;
  payload: string | null;
  trust: Trust;
  outcome: OutcomeKind | "pending";
  reason: string | null;
  /** Which rule of the gateway decided: `command:help`, `conversation`, `not_paired`, … */
  rule: string | null;
  run_id: string | null;
  task_id: string | null;
  cause: string;
  sent_at_ms: EpochMs;
  received_at_ms: EpochMs;
  settled_at_ms: EpochMs | null;
  version: Version;
}

export interface DedupeTable {
  connector: string;
  account: string;
  external_message_id: string;
  message_id: string;
  expires_at_ms: EpochMs;
}

export interface CursorsTable {
  /** `<connector>:<account>` */
  id: string;
  connector: string;
  account: string;
  value: string;
  updated_at_ms: EpochMs;
  version: Version;
}

export interface DeliveriesTable {
  seq: Generated<number>;
  id: string;
  context_id: string;
  connector: ConnectorName;
  account: string;
  external_id: string;
  kind: DeliveryKind;
  body: string;
  state: DeliveryState;
  parts: string | null;
  parts_sent: number;
  receipts: string;
  marked: Flag;
  error: string | null;
  dropped_by: string | null;
  drop_reason: string | null;
  reply_to_external_id: string | null;
  message_id: string | null;
  run_id: string | null;
  task_id: string | null;
  cause: string;
  created_at_ms: EpochMs;
  updated_at_ms: EpochMs;
  version: Version;
}

export interface JobsTable {
  seq: Generated<number>;
  id: string;
  kind: JobKind;
  pool: JobPool;
  lane: string;
  /** 1 for the one job of its lane that may run; the others wait. */
  head: Flag;
  state: "ready" | "running" | "dead";
  priority: number;
  /** Not before this instant; 0: at once. */
  run_at_ms: EpochMs;
  /** When the wait for `run_at_ms` began: a wall clock before it was set back, and the wait is over. */
  delayed_from_ms: EpochMs;
  attempts: number;
  interruptions: number;
  claim_token: string | null;
  /** The process (SQLite: its epoch) that claimed it. */
  claimed_by: string | null;
  /** Postgres: by the database's clock. */
  lease_until_ms: EpochMs | null;
  cancel_at_ms: EpochMs | null;
  payload: string;
  cause: string;
  last_error: string | null;
  created_at_ms: EpochMs;
}

interface LeasesTable {
  name: string;
  owner: string;
  token: string;
  until_ms: EpochMs;
}

export interface TasksTable {
  seq: Generated<number>;
  id: string;
  workspace_id: string;
  context_id: string;
  kind: TaskKind;
  title: string;
  prompt: string;
  status: TaskStatus;
  route_class: RouteClass | null;
  priority: TaskPriority;
  due_at_ms: EpochMs | null;
  assigned_lane: string;
  source_connector: string;
  source_external_id: string;
  source_user_id: string;
  source_text: string;
  requested_by_user_id: string | null;
  retry_of_task: string | null;
  message_id: string | null;
  run_id: string | null;
  attempts: number;
  result_summary: string | null;
  result_text: string | null;
  result_path: string | null;
  error_message: string | null;
  /** Made by the caller that is `source_user_id`, and unique there. */
  idempotency_key: string | null;
  request_digest: string | null;
  taint: Flag;
  cause: string;
  created_at_ms: EpochMs;
  started_at_ms: EpochMs | null;
  finished_at_ms: EpochMs | null;
  updated_at_ms: EpochMs;
  version: Version;
}

export interface RunsTable {
  seq: Generated<number>;
  id: string;
  kind: RunKind;
  workspace_id: string;
  context_id: string;
  user_id: string | null;
  message_id: string | null;
  task_id: string | null;
  state: RunState;
  model: string | null;
  error: string | null;
  taint: Flag;
  cause: string;
  created_at_ms: EpochMs;
  started_at_ms: EpochMs | null;
  finished_at_ms: EpochMs | null;
  version: Version;
}

export interface RunStepsTable {
  id: string;
  run_id: string;
  number: number;
  kind: StepKind;
  name: string;
  state: StepState;
  request_digest: string;
  result: string | null;
  error: string | null;
  taint: Flag;
  started_at_ms: EpochMs;
  finished_at_ms: EpochMs | null;
}

export interface UsageTable {
  id: string;
  run_id: string;
  step_id: string;
  workspace_id: string;
  user_id: string | null;
  model: string;
  state: "reserved" | "settled" | "released";
  reserved_micro_usd: number;
  cost_micro_usd: number;
  input_tokens: number;
  output_tokens: number;
  created_at_ms: EpochMs;
}

export interface CountersTable {
  key: string;
  window_start_ms: EpochMs;
  count: number;
}

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

interface ProbesTable {
  id: string;
  finished_at_ms: EpochMs;
}

interface SettingsTable {
  key: string;
  value: string;
}

interface MigrationsTable {
  name: string;
  applied_at_ms: EpochMs;
}

export interface Tables {
  workspaces: WorkspacesTable;
  contexts: ContextsTable;
  users: UsersTable;
  identities: IdentitiesTable;
  pairings: PairingsTable;
  messages: MessagesTable;
  dedupe: DedupeTable;
  cursors: CursorsTable;
  deliveries: DeliveriesTable;
  jobs: JobsTable;
  leases: LeasesTable;
  tasks: TasksTable;
  runs: RunsTable;
  run_steps: RunStepsTable;
  usage: UsageTable;
  counters: CountersTable;
  audit: AuditTable;
  login_codes: LoginCodesTable;
  sessions: SessionsTable;
  probes: ProbesTable;
  settings: SettingsTable;
  migrations: MigrationsTable;
}
