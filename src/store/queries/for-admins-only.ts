import { sql } from "kysely";
import { statement } from "../statement.ts";

/**
 * 1 for a task that no group hears of, else 0. What is said about people is not said before them: it is for whoever looks
 * after the group. Nor is what triage took for work and a person for noise: nobody there waits for it.
 */
export const forAdminsOnly = sql<0 | 1>`case
  when tasks.route_class = 'moderation' then 1
  when tasks.route_class = 'noise' and exists (
    select 1 from messages as triaged where triaged.id = tasks.message_id and triaged.rule like 'triage:%'
  ) then 1
  else 0 end`;

export const isTaskForAdminsOnly = statement((db, p: { id: string }) =>
  db.selectFrom("tasks").select(forAdminsOnly.as("is_hidden")).where("tasks.id", "=", p.id),
);
