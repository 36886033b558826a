/**
 * What parked runs, open calls and approvals owe one another between any two commits of a runtime; tests that make rows by
 * hand need not keep to it. Each query finds rows that must not exist, in the SQL of SQLite.
 */
export const FORBIDDEN_IN_WORK: Readonly<Record<string, string>> = {
  "a finished run has an open call": `select s.id from run_steps s join runs r on r.id = s.run_id
       where (s.state in ('ready', 'waiting', 'started') or (s.state = 'unknown' and s.kind = 'tool' and s.result is null))
         and r.state in ('succeeded', 'failed', 'cancelled', 'budget_exceeded')`,
  "a parked run waits for nobody": `select id from runs r where state = 'parked'
       and not exists (select 1 from approvals a where a.run_id = r.id and (a.state = 'pending' or a.execution = 'delayed'))`,
  "a parked run has a live job": `select r.id from runs r join jobs j on json_extract(j.payload, '$.runId') = r.id
         or json_extract(j.payload, '$.taskId') = r.task_id
       where r.state = 'parked' and j.kind in ('run-turn', 'run-task') and j.state <> 'dead'`,
  "a blocked task has no run that waits": `select id from tasks t where status = 'blocked'
       and not exists (select 1 from runs r where r.id = t.run_id and r.state in ('parked', 'queued'))`,
  "a person is asked about work that is over": `select a.id from approvals a join runs r on r.id = a.run_id
       where a.state = 'pending' and r.state in ('succeeded', 'failed', 'cancelled', 'interrupted', 'budget_exceeded')`,
  "a person is asked about a call that does not wait": `select a.id from approvals a left join run_steps s on s.id = a.step_id
       where a.state = 'pending' and coalesce(s.state, '') <> (case a.is_repeat when 1 then 'unknown' else 'waiting' end)`,
  "a call is asked about twice at once":
    "select step_id as id from approvals where state = 'pending' group by step_id having count(*) > 1",
  "a call waits and nobody is asked": `select s.id from run_steps s where s.state = 'waiting'
       and not exists (select 1 from approvals a where a.step_id = s.id and a.state in ('pending', 'approved'))`,
  "an approval waits and no time ends it": `select id from approvals a where state = 'pending'
       and not exists (select 1 from jobs j where j.kind = 'expire-approval' and j.state <> 'dead' and json_extract(j.payload, '$.approvalId') = a.id)`,
  "a call can be taken back and no time ends that": `select id from approvals a where execution = 'delayed'
       and not exists (select 1 from jobs j where j.kind = 'end-delay' and j.state <> 'dead' and json_extract(j.payload, '$.approvalId') = a.id)`,
  "a call can be taken back of work that is over": `select a.id from approvals a join run_steps s on s.id = a.step_id
       where a.execution = 'delayed' and s.state not in ('waiting', 'unknown')`,
  "an approved call is being done and has not begun, or has ended": `select a.id from approvals a left join run_steps s on s.id = a.step_id
       where a.execution = 'executing' and coalesce(s.state, '') <> 'started'`,
  "a call has begun that nobody approved":
    "select id from approvals where execution <> 'not_executed' and state <> 'approved'",
};
