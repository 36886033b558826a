import { type Readers, readersOf } from "../core/approval/judge-reply.ts";
import type { EpochMs } from "../core/clock.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { withoutButtons } from "../core/rich-text/without-buttons.ts";
import { type Happened, tellAdmins } from "../operations/tell-admins.ts";
import type { TaskWork } from "../store/queries/runs.ts";
import type { Store } from "../store/store.ts";
import { adminNotice } from "./agent-replies.ts";

/**
 * Says what became of a task where it was asked for, or, when that is nobody's business there, to admins alone. A
 * model's buttons are for whoever it answers: admins get its words without them.
 */
export async function tellRequester(
  store: Store,
  work: TaskWork,
  body: RichText,
  now: EpochMs,
): Promise<Decision> {
  if (!isForAdminsOnly(work)) return { effects: [replyAbout(work, body, now)], seen: [] };
  return await tellAdminsOf(store, work, withoutButtons(body), now);
}

/** Says it also to admins, unless `tellRequester` did. */
export async function tellAdminsToo(
  store: Store,
  work: TaskWork,
  body: RichText,
  now: EpochMs,
): Promise<Decision> {
  if (isForAdminsOnly(work)) return { effects: [], seen: [] };
  return await tellAdminsOf(store, work, body, now);
}

export function isForAdminsOnly(work: TaskWork): boolean {
  return work.context_kind === "group" && work.is_for_admins_only === 1;
}

/** Of what is told of it. */
export function readersOfResult(task: TaskWork): Readers {
  if (isForAdminsOnly(task)) return "paired";
  return readersOf({ kind: task.context_kind, isForAdmins: task.context_is_admin === 1 });
}

function tellAdminsOf(
  store: Store,
  work: TaskWork,
  body: RichText,
  now: EpochMs,
): Promise<Decision> {
  return tellAdmins({ store, now }, adminNotice(work.context_title, body), {
    ...happenedTo(work),
    taskId: work.task_id,
  });
}

/** Where it is told besides is where admins look after its workspace. */
export function happenedTo(work: TaskWork): Happened {
  return {
    workspaceId: work.workspace_id,
    toldInContextId: isForAdminsOnly(work) ? null : work.context_id,
  };
}

function replyAbout(work: TaskWork, body: RichText, now: EpochMs): Effect {
  return queueReply({
    context: {
      id: work.context_id,
      connector: work.connector,
      account: work.account,
      external_id: work.external_id,
    },
    body,
    messageId: work.message_id,
    runId: work.run_id,
    taskId: work.task_id,
    // It comes later than an answer would: in any chat it shows what it belongs to.
    replyToExternalId: work.external_message_id,
    now,
  });
}
