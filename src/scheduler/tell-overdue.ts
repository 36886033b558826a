import type { Clock, EpochMs } from "../core/clock.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import type { JobContext, JobHandler } from "../orchestrator/job-handler.ts";
import { nextDueTask } from "../store/queries/overdue-tasks.ts";
import { settingByKey } from "../store/queries/settings.ts";
import type { Reader } from "../store/store.ts";
import { announceOverdue } from "./announce-overdue.ts";

/** A task may be made or routed at any time to be due before the one that was next. */
const LONGEST_WAIT_MS = 30_000;
/** What becomes overdue in between is told together. */
const BETWEEN_NOTICES_MS = 5 * 60_000;
const AFTER_GIVING_UP_MS = 60 * 60_000;
/** The notice that has tasks in it and is not told yet; empty when there is none. */
const OPEN_NOTICE = "overdue_notice";

interface Deps {
  readonly store: Reader;
  readonly clock: Clock;
}

/**
 * Tells admins of open tasks whose time has passed: each once, and again only when it was routed anew. First all of
 * them are put into one notice, so many a commit; then it is told, so that a thousand tasks make one message as well.
 */
export function createTellOverdueHandler(deps: Deps): JobHandler<"tell-overdue"> {
  const { store } = deps;
  return {
    kind: "tell-overdue",
    async run(context) {
      await gather(deps, context);
      await context.settle(async (now) => {
        const notice = await openNotice(store);
        const step = { name: "tell-overdue", actor: "system" };
        if (notice === "") {
          const untilMs = await nextLookAt(store, now);
          // Nothing was done: to record that twice a minute would bury what was.
          const settle = { kind: "snooze", untilMs } as const;
          return { ...step, effects: [], seen: [], settle, unaudited: true };
        }
        const { effects, seen } = await announceOverdue({ store, now }, notice);
        return {
          ...step,
          effects: [...effects, setOpenNotice("")],
          seen,
          settle: { kind: "snooze", untilMs: now + BETWEEN_NOTICES_MS },
        };
      });
    },
    onGiveUp: async (_job, _error, now) => ({
      effects: [nextLook(now + AFTER_GIVING_UP_MS)],
      seen: [],
    }),
  };
}

/** Puts everything that is overdue and not told into the open notice. */
async function gather({ store, clock }: Deps, context: JobContext<"tell-overdue">): Promise<void> {
  for (;;) {
    context.signal.throwIfAborted();
    const now = clock.now();
    const next = await store.first(nextDueTask, {});
    if (next?.due_at_ms == null || next.due_at_ms > now) return;
    const open = await openNotice(store);
    const notice = open === "" ? newId("notice") : open;
    await context.commit({
      name: "mark-overdue",
      actor: "system",
      now,
      effects: [{ type: "mark-overdue", notice, dueBeforeMs: now }, setOpenNotice(notice)],
      seen: [],
    });
  }
}

async function openNotice(store: Reader): Promise<string> {
  return (await store.first(settingByKey, { key: OPEN_NOTICE }))?.value ?? "";
}

function setOpenNotice(value: string): Effect {
  return { type: "set-setting", key: OPEN_NOTICE, value };
}

async function nextLookAt(store: Reader, now: EpochMs): Promise<EpochMs> {
  const next = await store.first(nextDueTask, {});
  return Math.min(
    Math.max(next?.due_at_ms ?? Number.POSITIVE_INFINITY, now),
    now + LONGEST_WAIT_MS,
  );
}

export function nextLook(runAtMs: EpochMs): Effect {
  return {
    type: "enqueue-job",
    job: {
      id: newId("job"),
      kind: "tell-overdue",
      payload: {},
      lane: laneOf.overdue(),
      priority: PRIORITY.background,
      runAtMs,
    },
  };
}
