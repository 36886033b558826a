import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { JobKind, JobPayloads } from "../core/job/job.ts";
import { FINAL_RUN_STATES } from "../core/run/run.ts";
import { FINAL_TASK_STATUSES } from "../core/task/task.ts";
import { approvalById } from "../store/queries/approvals.ts";
import { type DeliveryRow, deliveryById } from "../store/queries/deliveries.ts";
import { fileById } from "../store/queries/files.ts";
import type { JobRow } from "../store/queries/jobs.ts";
import { messageById } from "../store/queries/messages.ts";
import { runRowById } from "../store/queries/runs.ts";
import { taskById } from "../store/queries/tasks.ts";
import type { Reader } from "../store/store.ts";

/** Who gives something up, and why. */
export interface Drop {
  readonly by: string;
  readonly reason: string;
}

/** What can be done about a dead letter, as things stand. */
export interface Standing {
  /** The delivery, task, run or message it works on; empty when there is none. */
  readonly about: string;
  /** What must change, besides the job, for it to be done again; `undefined`: doing it again would do nothing. */
  readonly replay: Decision | undefined;
  /** What must change, besides the job, when it is given up; `undefined`: something would be left open for ever. */
  readonly drop: ((drop: Drop) => Decision) | undefined;
  /** What to do, in a sentence or two. */
  readonly advice: string;
}

const NOTHING: Decision = { effects: [], seen: [] };
const DROP_IT = "There is nothing left to do. Drop it.";
const ASK_AGAIN = "Who asked can ask again. Drop it.";

type Judges = {
  readonly [K in JobKind]: (store: Reader, payload: JobPayloads[K]) => Promise<Standing>;
};

const JUDGES: Judges = {
  async deliver(store, { deliveryId }) {
    const row = await store.first(deliveryById, { id: deliveryId });
    return row === undefined ? over(deliveryId, DROP_IT) : judgeDelivery(row);
  },
  async "run-task"(store, { taskId: id }) {
    const row = await store.first(taskById, { id });
    if (row === undefined) return over(id, DROP_IT);
    if (!FINAL_TASK_STATUSES.includes(row.status)) {
      return open(id, { table: "tasks", id, version: row.version }, "The task");
    }
    const advice =
      row.status === "failed"
        ? `The task has failed and that was told. Do it again as a new one: agent-runtime tasks retry ${id}. Then drop this.`
        : `The task is ${row.status}. ${DROP_IT}`;
    return over(id, advice);
  },
  async "run-turn"(store, { runId: id }) {
    const row = await store.first(runRowById, { id });
    if (row === undefined) return over(id, DROP_IT);
    if (FINAL_RUN_STATES.includes(row.state)) {
      return over(id, `The answer is over (${row.state}) and that was told. ${ASK_AGAIN}`);
    }
    return open(id, { table: "runs", id, version: row.version }, "The answer");
  },
  async "handle-message"(store, { messageId: id }) {
    const row = await store.first(messageById, { id });
    if (row === undefined) return over(id, DROP_IT);
    if (row.outcome !== "pending") {
      return over(id, `The message is settled (${row.outcome}) and that was told. ${ASK_AGAIN}`);
    }
    return open(id, { table: "messages", id, version: row.version }, "The message");
  },
  async "save-file"(store, { fileId: id }) {
    const row = await store.first(fileById, { id });
    if (row?.state === "waiting") {
      return {
        about: id,
        replay: NOTHING,
        drop: undefined,
        advice: "The file is still waited for. Replay it.",
      };
    }
    return over(id, `Its sender was told and can send it again. ${DROP_IT}`);
  },
  "withdraw-buttons": async (_store, { deliveryId }) => ({
    about: deliveryId,
    replay: NOTHING,
    drop: () => NOTHING,
    advice: "A used button is still shown. Replay it to take it off, or drop it: it does nothing.",
  }),
  "project-file": async (_store, { taskId }) => ({
    about: taskId,
    replay: NOTHING,
    drop: () => NOTHING,
    advice: "Replay it to write the task's file again, or drop it: the result itself is kept.",
  }),
  async "expire-approval"(store, { approvalId: id }) {
    const row = await store.first(approvalById, { id });
    if (row?.state !== "pending") return over(id, DROP_IT);
    return open(id, { table: "approvals", id, version: row.version }, "The approval");
  },
  async "end-delay"(store, { approvalId: id }) {
    const row = await store.first(approvalById, { id });
    if (row?.execution !== "delayed") return over(id, DROP_IT);
    return open(id, { table: "approvals", id, version: row.version }, "The approval");
  },
  "release-at-cap": async (_store, { scope }) => ({
    about: scope,
    replay: NOTHING,
    drop: () => NOTHING,
    advice:
      "What waits at this cap can be decided by people. Replay it to look once more what fits.",
  }),
  probe: async () => over("", `The runtime asks itself afresh. ${DROP_IT}`),
  sweep: async () => over("", `The next sweep is planned already. ${DROP_IT}`),
  "tell-overdue": async () => over("", `The next look is planned already. ${DROP_IT}`),
};

/** Looks at what a dead letter works on: whether doing it again, or giving it up, would be the truth. */
export async function judgeDeadLetter(store: Reader, job: JobRow): Promise<Standing> {
  const judge = JUDGES[job.kind] as (store: Reader, payload: unknown) => Promise<Standing>;
  return await judge(store, JSON.parse(job.payload));
}

function judgeDelivery(row: DeliveryRow): Standing {
  const seen = [{ table: "deliveries", id: row.id, version: row.version }] as const;
  const drop = ({ by, reason }: Drop): Effect => ({
    type: "drop-delivery",
    id: row.id,
    droppedBy: by,
    reason,
  });
  switch (row.state) {
    case "dead":
      return {
        about: row.id,
        replay: { effects: [move(row, waitingState(row))], seen },
        drop: (by) => ({ effects: [drop(by)], seen }),
        advice: "Put right what is wrong and replay it to send it again, or drop it.",
      };
    case "pending":
    case "sending":
    case "unknown":
      return {
        about: row.id,
        replay: { effects: [], seen },
        drop: (by) => ({ effects: [move(row, "dead"), drop(by)], seen }),
        advice: "The delivery is still open. Replay it to send it, or drop it.",
      };
    case "sent":
    case "kept":
    case "failed":
    case "dropped":
      return over(row.id, `The delivery is ${row.state}. ${DROP_IT}`);
  }
}

/** What may have arrived already is sent again with a mark. */
export function waitingState(row: DeliveryRow): "pending" | "unknown" {
  return row.marked === 1 ? "unknown" : "pending";
}

function move(row: DeliveryRow, to: "pending" | "unknown" | "dead"): Effect {
  return {
    type: "move-delivery",
    id: row.id,
    fromVersion: row.version,
    to,
    parts: null,
    partsSent: row.parts_sent,
    receipts: row.receipts,
    marked: row.marked === 1,
    error: to === "dead" ? row.error : null,
  };
}

/** Its job was given up, and that is all that happened: it only needs to be done. */
function open(about: string, seen: Decision["seen"][number], what: string): Standing {
  return {
    about,
    replay: { effects: [], seen: [seen] },
    drop: undefined,
    advice: `${what} is still open. Replay it.`,
  };
}

function over(about: string, advice: string): Standing {
  return { about, replay: undefined, drop: () => NOTHING, advice };
}
