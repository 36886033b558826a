import type { Selectable } from "kysely";
import { statement } from "../statement.ts";
import type { Reader } from "../store.ts";
import type { FilesTable } from "../tables/files.ts";
import { forAdminsOnly } from "./for-admins-only.ts";

export type FileRow = Selectable<FilesTable>;

export const fileById = statement((db, p: { id: string }) =>
  db.selectFrom("files").selectAll().where("id", "=", p.id),
);

/** What came with these messages, in order. */
export function filesOfMessages(store: Reader, ids: readonly string[]): Promise<FileRow[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return store.list<FileRow>((db) =>
    db.selectFrom("files").selectAll().where("message_id", "in", ids).orderBy("seq"),
  );
}

/** A file with all that fetching it rests on: where it came from, and whether it is still wanted. */
export const fileWorkById = statement((db, p: { id: string }) =>
  db
    .selectFrom("files")
    .innerJoin("contexts", "contexts.id", "files.context_id")
    .innerJoin("messages", "messages.id", "files.message_id")
    .leftJoin("tasks", "tasks.id", "messages.task_id")
    .selectAll("files")
    .select([
      "contexts.connector",
      "contexts.account",
      "contexts.external_id",
      "contexts.kind as context_kind",
      "contexts.title as context_title",
      "messages.external_message_id",
      "messages.outcome",
      "messages.received_at_ms",
      "tasks.id as task_id",
      "tasks.status as task_status",
      "tasks.requested_by_user_id",
      forAdminsOnly.as("is_hidden"),
    ])
    .where("files.id", "=", p.id),
);
