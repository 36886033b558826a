import type { Dialect } from "../dialect.ts";

const SEALING = [
  "alter table audit add column place bigint",
  "create unique index audit_place on audit (place)",
  "create index audit_unsealed on audit (seq) where place is null",
];

const CONTEXT_INDEXES = [
  "create index contexts_person on contexts (connector, external_id)",
  "create index contexts_workspace on contexts (workspace_id)",
  "create index contexts_admin on contexts (workspace_id) where is_admin = 1",
];

const PAIRINGS = [
  `create table pairings (
    id text primary key, code_hash text not null unique, code_hint text not null,
    connector text not null, external_user_id text, display_name text not null, context_id text,
    user_id text, role text, slot integer, status text not null,
    decided_by text, approver_user_id text, reason text,
    expires_at_ms bigint not null, created_at_ms bigint not null, version integer not null)`,
  "create index pairings_identity on pairings (connector, external_user_id, status)",
  "create index pairings_pending on pairings (id) where status = 'pending'",
  `create unique index pairings_slot on pairings (connector, external_user_id, slot)
    where status = 'pending'`,
];

const CARD_INDEXES = [
  "create index deliveries_card on deliveries (card, seq) where card is not null",
  `create unique index deliveries_revision on deliveries (revises, revision)
    where revises is not null`,
];

const LOGIN = [
  `create table login_codes (
    code_hash text primary key, user_id text not null references users (id), used_at_ms bigint,
    expires_at_ms bigint not null)`,
  "create index login_codes_user on login_codes (user_id)",
  `create table sessions (
    token_hash text primary key, user_id text not null references users (id),
    created_at_ms bigint not null, expires_at_ms bigint not null)`,
  "create index sessions_user on sessions (user_id)",
];

function filesTable(growingKey: Dialect["growingKey"]): string[] {
  return [
    `create table files (
      seq ${growingKey}, id text not null unique, message_id text not null references messages (id),
      workspace_id text not null references workspaces (id), context_id text not null references contexts (id),
      user_id text not null, kind text not null, source_id text not null, name text, declared_bytes bigint,
      state text not null, reason text, path text, sha256 text, size_bytes bigint, media_type text,
      taint integer not null, cause text not null, created_at_ms bigint not null, settled_at_ms bigint)`,
    "create index files_message on files (message_id, seq)",
  ];
}

const TASK_INDEXES = [
  "create index tasks_context on tasks (context_id, seq)",
  `create unique index tasks_one_retry on tasks (retry_of_task)
    where status in ('queued', 'running', 'blocked')`,
  `create unique index tasks_idempotency on tasks (source_user_id, idempotency_key)
    where idempotency_key is not null`,
  `create index tasks_ended on tasks (status, seq)
    where status in ('succeeded', 'failed', 'cancelled')`,
  "create index tasks_requester on tasks (requested_by_user_id, seq)",
  "create index tasks_workspace on tasks (workspace_id, seq)",
  "create index tasks_open on tasks (seq) where status in ('queued', 'running', 'blocked')",
  `create index tasks_due on tasks (due_at_ms)
    where overdue_notice is null and status in ('queued', 'running', 'blocked')`,
  `create index tasks_overdue on tasks (overdue_notice, workspace_id, priority, due_at_ms)
    where overdue_notice is not null and status in ('queued', 'running', 'blocked')`,
];

/** What a person is asked before it is done. */
const approvals = (growingKey: string) => [
  `create table approvals (
    seq ${growingKey}, id text not null unique, run_id text not null references runs (id), step_id text not null,
    workspace_id text not null references workspaces (id), context_id text not null references contexts (id),
    requested_by_user_id text, is_repeat integer not null, line text not null, tool text not null, tool_class text not null, sensitivity text not null,
    arguments text not null, digest text not null, policy_version text not null, tainted_by text not null,
    slot integer, undo_ms integer not null, state text not null, execution text not null, decided_by text, decided_by_user_id text,
    note text, expires_at_ms bigint not null, remind_at_ms bigint not null, reminded_at_ms bigint,
    created_at_ms bigint not null, decided_at_ms bigint, executed_at_ms bigint, version integer not null)`,
  "create unique index approvals_slot on approvals (context_id, slot) where state = 'pending'",
  "create index approvals_run on approvals (run_id)",
  "create index approvals_step on approvals (step_id)",
  "create unique index approvals_open_step on approvals (step_id) where state = 'pending'",
  "create index approvals_open on approvals (seq) where state = 'pending'",
  "create index approvals_user on approvals (requested_by_user_id, seq)",
  "create index approvals_context on approvals (context_id, seq)",
  "create index approvals_due on approvals (remind_at_ms) where state = 'pending'",
];

/** What the servers of tools said, and which of it a person has let in. */
const MCP_TOOLS = [
  `create table mcp_tools (
    id text primary key, server text not null, name text not null, definition text, digest text,
    waiting_definition text, waiting_digest text, approved_by text, approved_at_ms bigint,
    created_at_ms bigint not null, version integer not null)`,
  "create index mcp_tools_server on mcp_tools (server)",
];

/** What every call of a model cost, and how much of each cap is used. */
const SPEND = [
  `create table usage (
    id text primary key, run_id text not null references runs (id), step_id text not null,
    workspace_id text not null, context_id text not null, user_id text, key_id text, purpose text not null,
    work_id text not null, day text not null, model text not null, state text not null,
    reserved_micro_usd bigint not null, cost_micro_usd bigint not null,
    input_tokens bigint not null, output_tokens bigint not null, created_at_ms bigint not null)`,
  "create index usage_run on usage (run_id)",
  "create index usage_day on usage (day, work_id)",
  "create index usage_work on usage (work_id, created_at_ms)",
  "create index usage_open on usage (day) where state = 'reserved'",
  `create table spend (
    key text primary key, day text not null, began_at_ms bigint not null, spent_micro_usd bigint not null,
    reserved_micro_usd bigint not null, raised_micro_usd bigint not null)`,
  "create index spend_began on spend (began_at_ms)",
];

/** What is kept of a conversation beside its messages. */
const MEMORY = [
  `create table rules (
    context_id text not null references contexts (id), number integer not null, message_id text not null unique,
    text text not null, created_at_ms bigint not null, dropped_at_ms bigint,
    primary key (context_id, number))`,
  `create table conversation_starts (
    context_id text not null references contexts (id), message_seq bigint not null, reply_seq bigint not null,
    created_at_ms bigint not null, primary key (context_id, message_seq))`,
  `create table summaries (
    context_id text not null references contexts (id), start_seq bigint not null, text text not null,
    up_to_message_seq bigint not null, up_to_reply_seq bigint not null, tainted_by text not null,
    written_at_ms bigint not null, version integer not null, primary key (context_id, start_seq))`,
];

export const firstTables = {
  name: "0001-first-tables",
  statements: ({ growingKey, keyedTable, bytewise, isSealedLater }: Dialect): string[] => [
    `create table workspaces (
      id text primary key, name text not null, name_key text unique, owner_user_id text,
      created_at_ms bigint not null)`,
    `create table users (
      id text primary key, display_name text not null, role text not null,
      workspace_id text not null references workspaces (id),
      created_at_ms bigint not null, version integer not null)`,
    `create table identities (
      id text primary key, user_id text not null references users (id), connector text not null,
      external_user_id text not null, display_name text not null,
      created_at_ms bigint not null, version integer not null,
      unique (connector, external_user_id))`,
    "create index identities_user on identities (user_id)",
    `create table contexts (
      id text primary key, workspace_id text not null references workspaces (id),
      connector text not null, account text not null, external_id text${bytewise} not null,
      kind text not null, title text not null,
      is_admin integer not null, is_hub integer not null, admin_user_id text,
      prompt text, addressing text, is_triaged integer not null,
      created_at_ms bigint not null, version integer not null,
      unique (connector, account, external_id))`,
    ...CONTEXT_INDEXES,
    `create table former_addresses (
      connector text not null, account text not null, external_id text not null,
      context_id text not null references contexts (id),
      primary key (connector, account, external_id))${keyedTable}`,
    ...PAIRINGS,
    `create table api_keys (
      id text primary key, user_id text not null unique references users (id), name text not null,
      prefix text not null, key_hash text not null unique, created_by text not null, revoked_by text,
      created_at_ms bigint not null, last_used_at_ms bigint, revoked_at_ms bigint)`,
    `create table messages (
      seq ${growingKey}, id text not null unique, context_id text not null references contexts (id),
      connector text not null, account text not null, external_message_id text not null, kind text not null,
      sender_external_id text, sender_name text, identity_id text, text text not null,
      addressed integer not null, reply_to_external_id text, edit_of text, album_id text, payload text, trust text not null,
      outcome text not null, reason text, rule text, told_presser text,
      run_id text, task_id text, cause text not null,
      sent_at_ms bigint not null, received_at_ms bigint not null, settled_at_ms bigint, version integer not null)`,
    "create index messages_context on messages (context_id, seq)",
    "create index messages_kept on messages (context_id, seq) where outcome <> 'dropped'",
    "create index messages_pending on messages (seq) where outcome = 'pending'",
    "create index messages_album on messages (context_id, album_id, seq) where album_id is not null",
    "create index messages_task on messages (task_id) where task_id is not null",
    ...filesTable(growingKey),
    `create index messages_edits on messages (connector, account, edit_of, sent_at_ms)
      where edit_of is not null`,
    `create table dedupe (
      connector text not null, account text not null, external_message_id text not null,
      message_id text not null, expires_at_ms bigint not null,
      primary key (connector, account, external_message_id))${keyedTable}`,
    "create index dedupe_expiry on dedupe (expires_at_ms)",
    `create table cursors (
      id text primary key, connector text not null, account text not null, value text not null,
      updated_at_ms bigint not null, version integer not null)`,
    `create table deliveries (
      seq ${growingKey}, id text not null unique, context_id text not null references contexts (id),
      connector text not null, account text not null, external_id text not null, kind text not null,
      body text not null, state text not null, parts text, parts_sent integer not null,
      receipts text not null, marked integer not null, error text, dropped_by text, drop_reason text,
      reply_to_external_id text,
      message_id text, run_id text, task_id text, card text, mail text,
      revises text, revision integer, cause text not null,
      created_at_ms bigint not null, updated_at_ms bigint not null, version integer not null)`,
    ...CARD_INDEXES,
    "create index deliveries_context on deliveries (context_id, seq)",
    "create index deliveries_message on deliveries (message_id)",
    "create unique index deliveries_one_draft on deliveries (run_id) where kind = 'draft'",
    "create index deliveries_open on deliveries (state, seq) where state <> 'sent'",
    `create table button_uses (
      delivery_id text not null references deliveries (id), button_index integer not null,
      message_id text not null, used_at_ms bigint not null,
      primary key (delivery_id, button_index))${keyedTable}`,
    `create table jobs (
      seq ${growingKey}, id text not null unique, kind text not null, pool text not null, lane text not null,
      head integer not null, state text not null, priority integer not null,
      run_at_ms bigint not null, delayed_from_ms bigint not null,
      attempts integer not null, interruptions integer not null, claim_token text, claimed_by text,
      lease_until_ms bigint, cancel_at_ms bigint, cancelled_by text, payload text not null, cause text not null,
      last_error text, created_at_ms bigint not null)`,
    "create unique index jobs_one_head on jobs (lane) where head = 1",
    "create index jobs_cause on jobs (cause)",
    `create index jobs_ready on jobs (pool, priority, seq, run_at_ms, delayed_from_ms)
      where head = 1 and state = 'ready'`,
    "create index jobs_behind on jobs (lane, seq) where head = 0 and state = 'ready'",
    "create index jobs_dead on jobs (seq) where state = 'dead'",
    "create index jobs_leased on jobs (lease_until_ms) where lease_until_ms is not null",
    "create index jobs_cancelled on jobs (id) where cancel_at_ms is not null",
    `create table leases (
      name text primary key, owner text not null, token text not null, until_ms bigint not null)`,
    `create table tasks (
      seq ${growingKey}, id text not null unique, workspace_id text not null references workspaces (id),
      context_id text not null references contexts (id), kind text not null, title text not null,
      prompt text not null, status text not null, route_class text, priority text not null, due_at_ms bigint,
      overdue_notice text, assigned_lane text not null, source_connector text not null, source_external_id text not null,
      source_user_id text not null, source_text text not null, wording integer not null,
      requested_by_user_id text,
      retry_of_task text, depth integer not null, message_id text, run_id text, attempts integer not null,
      result_summary text, result_text text, result_path text, error_message text,
      idempotency_key text, request_digest text, taint integer not null,
      cause text not null, created_at_ms bigint not null, started_at_ms bigint, finished_at_ms bigint,
      updated_at_ms bigint not null, version integer not null)`,
    ...TASK_INDEXES,
    `create table runs (
      seq ${growingKey}, id text not null unique, kind text not null,
      workspace_id text not null references workspaces (id), context_id text not null references contexts (id),
      user_id text, message_id text, task_id text, state text not null, model text, error text,
      taint integer not null, tainted_by text not null, prompt_digest text, tools_digest text,
      first_prompt_digest text, first_tools_digest text,
      cause text not null, created_at_ms bigint not null,
      started_at_ms bigint, finished_at_ms bigint, version integer not null)`,
    "create index runs_context on runs (context_id, seq)",
    "create index runs_message on runs (message_id)",
    "create index runs_task on runs (task_id)",
    "create index runs_open on runs (seq) where state in ('queued', 'running', 'parked')",
    `create table run_steps (
      id text primary key, run_id text not null references runs (id), number integer not null,
      kind text not null, name text not null, state text not null, request_digest text not null,
      round integer, call_id text, arguments text,
      result text, error text, tainted_by text, started_at_ms bigint not null, finished_at_ms bigint,
      unique (run_id, number))`,
    ...SPEND,
    ...MEMORY,
    ...approvals(growingKey),
    ...MCP_TOOLS,
    `create table counters (
      key text primary key, window_start_ms bigint not null, count integer not null)`,
    "create index counters_window on counters (window_start_ms)",
    `create table audit (
      seq ${growingKey}, at_ms bigint not null, name text not null, actor text not null, cause text not null,
      effects text not null, ids text not null, digest text not null, hash text not null)`,
    "create index audit_cause on audit (cause)",
    ...(isSealedLater ? SEALING : []),
    ...LOGIN,
    "create table probes (id text primary key, finished_at_ms bigint not null)",
    "create table settings (key text primary key, value text not null)",
  ],
};
