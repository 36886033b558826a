import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { Clock, EpochMs } from "../core/clock.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { FileFailure } from "../core/message/inbound-file.ts";
import { type CounterLimit, takeFromCounter } from "../operations/take-from-counter.ts";
import { tellAdmins } from "../operations/tell-admins.ts";
import type { JobContext } from "../orchestrator/job-handler.ts";
import type { fileWorkById } from "../store/queries/files.ts";
import type { Statement } from "../store/statement.ts";
import type { Store } from "../store/store.ts";
import { adminNotice, fileFailedReply, fileOfTaskFailedNotice } from "./agent-replies.ts";

export type FileWork = RowOf<typeof fileWorkById>;
type RowOf<S> = S extends Statement<infer _P, infer R> ? R : never;

interface EndFileDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly filesMaxPerDay: number;
}

const NOTHING: Decision = { effects: [], seen: [] };
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Whether this person may send one more file today: nothing is fetched in vain. */
export async function mayStillSend(deps: EndFileDeps, work: FileWork): Promise<boolean> {
  const { store, clock, filesMaxPerDay } = deps;
  if (filesMaxPerDay === 0) return true;
  const limit = dayOf(work, filesMaxPerDay);
  return (await takeFromCounter({ store, now: clock.now() }, limit)) !== undefined;
}

/**
 * Takes one of today's files of this person; false when others that were fetched meanwhile took the last. On its own,
 * before the file is kept: what is kept may be the file of another message too, and is not taken away again.
 */
export async function takeOneOfDay(
  { clock, filesMaxPerDay }: EndFileDeps,
  work: FileWork,
  { commit }: Pick<JobContext, "commit">,
): Promise<boolean> {
  if (filesMaxPerDay === 0) return true;
  const one: Effect = { type: "count", ...dayOf(work, filesMaxPerDay) };
  const step = { name: "count-file", actor: SYSTEM_ACTOR.id, now: clock.now() };
  return (await commit({ ...step, effects: [one], seen: [] })) === "committed";
}

/**
 * What follows when it never will be: its sender is told, and an admin when it is we who failed. Of what an operator set
 * going only admins are told.
 */
export async function failedFile(
  { store, filesMaxPerDay }: EndFileDeps,
  work: FileWork,
  reason: FileFailure,
  now: EpochMs,
): Promise<Decision> {
  const fail: Effect = { type: "fail-file", id: work.id, reason };
  if (reason === "cancelled") return { ...NOTHING, effects: [fail] };
  const once = reason === "daily_limit" ? await takeNotice({ store, now }, work) : [];
  if (once === undefined) return { ...NOTHING, effects: [fail] };
  if (isForAdmins(work)) {
    const told = await tellAdmins({ store, now }, fileOfTaskFailedNotice(work, reason), {
      workspaceId: work.workspace_id,
      toldInContextId: null,
    });
    return { effects: [fail, ...once, ...told.effects], seen: told.seen };
  }
  const body = fileFailedReply(work, reason, filesMaxPerDay);
  const reply = queueReply({
    context: { ...work, id: work.context_id },
    body,
    messageId: work.message_id,
    runId: null,
    taskId: null,
    replyToExternalId: work.context_kind === "group" ? work.external_message_id : null,
    now,
  });
  const { effects, seen } =
    reason === "not_saved"
      ? await tellAdmins({ store, now }, adminNotice(work.context_title, body), {
          workspaceId: work.workspace_id,
          toldInContextId: work.context_id,
        })
      : NOTHING;
  return { effects: [fail, ...once, reply, ...effects], seen };
}

/** Who set a stranger's report going, or one about people, is told of it; the group it was made in is not. */
function isForAdmins({ task_id: taskId, is_hidden, requested_by_user_id, user_id }: FileWork) {
  return taskId !== null && (is_hidden === 1 || requested_by_user_id !== user_id);
}

function dayOf({ user_id }: Pick<FileWork, "user_id">, limit: number): CounterLimit {
  return { key: `files:${user_id}`, windowMs: DAY_MS, limit };
}

/** Whoever sends too many reads so once an hour. */
async function takeNotice(
  deps: Parameters<typeof takeFromCounter>[0],
  { user_id }: FileWork,
): Promise<readonly Effect[] | undefined> {
  const key = `files-notice:${user_id}`;
  const one = await takeFromCounter(deps, { key, windowMs: HOUR_MS, limit: 1 });
  return one === undefined ? undefined : [one];
}
