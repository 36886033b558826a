import Database from "better-sqlite3";
import { chainHash, EMPTY_HEAD } from "../../src/store/audit/chain.ts";
import type { AuditTable } from "../../src/store/tables/bookkeeping.ts";

/** Each query finds rows that must not exist; what it says is the promise that is broken. In the SQL of SQLite. */
export const FORBIDDEN: Readonly<Record<string, string>> = {
  "a message is neither settled nor on its way": `select id from messages m where outcome = 'pending'
       and not exists (select 1 from jobs j where j.cause = m.cause and j.state <> 'dead')
       and not exists (select 1 from jobs j where json_extract(j.payload, '$.runId') = m.run_id and j.state <> 'dead')
       and not exists (select 1 from runs r where r.id = m.run_id and r.state = 'parked')`,
  "a settled message has no instant or a pending one has":
    "select id from messages where (outcome = 'pending') <> (settled_at_ms is null)",
  "an outcome is unknown":
    "select id from messages where outcome not in ('pending', 'answered', 'task', 'dropped', 'failed')",
  "a dropped or failed message has no reason":
    "select id from messages where outcome in ('dropped', 'failed') and coalesce(reason, '') = ''",
  "a message was accepted twice":
    "select connector || account || external_message_id as id from messages group by 1 having count(*) > 1",
  "a message was not remembered": `select id from messages m where not exists (select 1 from dedupe d where d.message_id = m.id)
       and received_at_ms > (select max(received_at_ms) - 86400000 from messages)`,
  "an open delivery has no job": `select id from deliveries d where state in ('pending', 'sending', 'unknown')
       and not exists (select 1 from jobs j where j.kind = 'deliver' and json_extract(j.payload, '$.deliveryId') = d.id)`,
  "a finished delivery still has a live job": `select d.id from deliveries d join jobs j on j.kind = 'deliver' and json_extract(j.payload, '$.deliveryId') = d.id
       where d.state in ('sent', 'kept', 'failed', 'dead', 'dropped') and j.state <> 'dead'`,
  "a kept delivery claims to have been sent, or is nobody's to fetch": `select id from deliveries where state = 'kept'
       and (parts_sent <> 0 or parts is not null or receipts <> '[]' or error is not null or connector not in ('codex', 'cline', 'gemini'))`,
  "an agent was sent nothing, and it is claimed": `select id from deliveries d where state = 'sent' and parts_sent = 0
       and connector in ('codex', 'cline', 'gemini')
       and not exists (select 1 from messages m where m.id = d.message_id and m.settled_at_ms = d.created_at_ms)`,
  "a file that is waited for has no job": `select id from files f where state = 'waiting'
       and not exists (select 1 from jobs j where j.kind = 'save-file' and json_extract(j.payload, '$.fileId') = f.id)`,
  "a saved file has no place or hash, or another one has": `select id from files
       where (state = 'saved') <> (path is not null and sha256 is not null and size_bytes is not null)`,
  "a failed file has no reason":
    "select id from files where (state = 'failed') <> (reason is not null)",
  "an open task has no job": `select id from tasks t where status in ('queued', 'running')
       and not exists (select 1 from jobs j where j.kind = 'run-task' and json_extract(j.payload, '$.taskId') = t.id)`,
  "a finished task still has a live job": `select t.id from tasks t join jobs j on j.kind = 'run-task' and json_extract(j.payload, '$.taskId') = t.id
       where t.status in ('succeeded', 'failed', 'cancelled') and j.state <> 'dead'`,
  "a finished task has no instant":
    "select id from tasks where (status in ('succeeded', 'failed', 'cancelled')) <> (finished_at_ms is not null)",
  "a task that is never due is told as overdue":
    "select id from tasks where overdue_notice is not null and due_at_ms is null",
  "an overdue task waits in a notice that nobody will tell": `select value as id from settings where key = 'overdue_notice' and value <> ''
       and not exists (select 1 from jobs where kind = 'tell-overdue' and state <> 'dead')`,
  "an open run has no job": `select id from runs r where state in ('queued', 'running')
       and not exists (select 1 from jobs j where json_extract(j.payload, '$.runId') = r.id
                        or json_extract(j.payload, '$.taskId') = r.task_id)`,
  "a finished run has an open step": `select s.id from run_steps s join runs r on r.id = s.run_id
       where s.state = 'started' and r.state in ('succeeded', 'failed', 'cancelled', 'budget_exceeded')`,
  "a finished run holds a reservation": `select u.id from usage u join runs r on r.id = u.run_id
       where u.state = 'reserved' and r.state in ('succeeded', 'failed', 'cancelled', 'budget_exceeded')`,
  "a sum of money is not that of its calls": `select s.key as id from spend s left join usage u on s.key in
         ('day:' || u.day, 'work:' || u.work_id, 'workspace:' || u.workspace_id || ':' || u.day,
          coalesce('key:' || u.key_id, 'user:' || u.user_id) || ':' || u.day)
       group by s.key having s.spent_micro_usd <> coalesce(sum(u.cost_micro_usd), 0)
         or s.reserved_micro_usd <> coalesce(sum(case u.state when 'reserved' then u.reserved_micro_usd else 0 end), 0)`,
  "a call counts in too few sums": `select id from usage u where (select count(*) from spend s where s.key in
         ('day:' || u.day, 'work:' || u.work_id, 'workspace:' || u.workspace_id || ':' || u.day,
          coalesce('key:' || u.key_id, 'user:' || u.user_id) || ':' || u.day))
       < (case when coalesce(u.key_id, u.user_id) is null then 3 else 4 end)
       and u.created_at_ms > (select max(created_at_ms) from usage) - 86400000`,
  "a call counts for other work than that of its run": `select u.id from usage u join runs r on r.id = u.run_id
       where u.work_id <> coalesce(r.task_id, r.id) or u.context_id <> r.context_id`,
  "a call that nobody paid for costs something, or one that is under way does":
    "select id from usage where state in ('reserved', 'released') and cost_micro_usd <> 0",
  "a lane has live jobs and no head": `select lane as id from jobs where state <> 'dead' group by lane having sum(head) <> 1`,
  "the head is not the oldest of its lane's jobs": `select j.id from jobs j where j.head = 0 and j.state = 'ready'
       and exists (select 1 from jobs h where h.lane = j.lane and h.head = 1 and h.seq > j.seq and h.attempts = 0)`,
  "a job that is not the head runs": "select id from jobs where state = 'running' and head = 0",
  "a job runs without a claim":
    "select id from jobs where (state = 'running') <> (claim_token is not null)",
  "a job counts less than nothing": "select id from jobs where attempts < 0 or interruptions < 0",
  "a message was answered without a reply": `select id from messages m where outcome = 'answered' and not exists (select 1 from deliveries d where d.message_id = m.id or d.run_id = m.run_id)`,
  "a key has no identity of its own, or a revoked one still has": `select id from api_keys k
       where (revoked_at_ms is null) <> ((select count(*) from identities i where i.user_id = k.user_id) = 1)`,
  "a revoked key still has a page open":
    "select k.id from api_keys k join sessions s on s.user_id = k.user_id where k.revoked_at_ms is not null",
  "an address that a chat has left leads to who is there":
    "select context_id as id from former_addresses f join contexts c on c.id = f.context_id where c.external_id = f.external_id",
  "a message made a task that is not there":
    "select id from messages m where outcome = 'task' and not exists (select 1 from tasks t where t.message_id = m.id or t.id = m.task_id)",
};

/**
 * What must hold in every store between any two commits, and `more`. @throws Error naming every broken invariant and its rows.
 */
export function checkInvariants(
  dbPath: string,
  auditKey: Buffer,
  more: Readonly<Record<string, string>> = {},
): void {
  const database = new Database(dbPath, { readonly: true });
  try {
    // One moment of a store that others may be writing to.
    database.exec("begin");
    const broken: string[] = [];
    for (const [meaning, sql] of Object.entries({ ...FORBIDDEN, ...more })) {
      const rows = database.prepare<[], { id: string }>(sql).all();
      if (rows.length > 0) broken.push(`${meaning}: ${rows.map((row) => row.id).join(", ")}`);
    }
    broken.push(...brokenAudit(database, auditKey));
    broken.push(
      ...(database.pragma("foreign_key_check") as unknown[]).map(
        (row) => `foreign key: ${JSON.stringify(row)}`,
      ),
    );
    if (broken.length > 0) throw new Error(`broken invariants in ${dbPath}:\n${broken.join("\n")}`);
  } finally {
    database.close();
  }
}

function brokenAudit(database: Database.Database, auditKey: Buffer): string[] {
  let head = EMPTY_HEAD;
  for (const row of database
    .prepare<[], AuditTable & { seq: number }>("select * from audit order by seq")
    .iterate()) {
    if (row.seq !== head.seq + 1 || row.hash !== chainHash(auditKey, head, row))
      return [`the audit chain breaks at row ${row.seq}`];
    head = { seq: row.seq, hash: row.hash };
  }
  return [];
}
