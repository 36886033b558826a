import { may } from "../../core/access/permission.ts";
import { nameForAll } from "../../core/approval/approval-card.ts";
import { bold, buttons, code, doc, list, p } from "../../core/rich-text/build.ts";
import { shorten } from "../../core/shorten.ts";
import { cancelTask } from "../../operations/cancel-task.ts";
import { runningWork } from "../../operations/running-work.ts";
import { takeBackCall } from "../../operations/take-back-call.ts";
import { mayEnd } from "../../operations/task-access.ts";
import type { RunRow } from "../../store/queries/runs.ts";
import type { TaskRow } from "../../store/queries/tasks.ts";
import { stopTurns } from "../stop-turns.ts";
import { cancelButton } from "./cancel-button.ts";
import type { Command, CommandCall, CommandResult } from "./command.ts";
import { namesAction } from "./decide-approval.ts";

const SHORTEST_TAIL = 6;
const LONGEST_LINE = 200;

export const cancelCommand: Command = {
  name: "cancel",
  aliases: [],
  args: "[task or approval]",
  summary: "End a task, or take back what waits to be sent; alone it lists what is running",
  permission: "cancel:own-work",
  run: async (call) => {
    const typed = call.args.trim();
    if (typed === "") return await listCancellable(call);
    if (namesAction(typed)) return await takeBack(call, typed);
    const turn = await findTurn(call, typed.toLowerCase());
    if (turn !== undefined) return await stopTurns(call.deps, call.facts, turn.id);
    return await cancelOne(call, typed);
  },
};

async function cancelOne({ deps, facts }: CommandCall, typed: string): Promise<CommandResult> {
  const { effects, seen, taskId, title, status, outcomes } = await cancelTask(deps, facts.actor, {
    task: typed,
    contextId: facts.context.id,
  });
  const fate = status === "cancelled" ? "is cancelled" : "stops at its next step";
  const said = p("Task ", code(taskId), ` ${fate}: `, code(title));
  return { reply: doc(...outcomes, said), effects, seen };
}

async function takeBack({ deps, facts }: CommandCall, typed: string): Promise<CommandResult> {
  const { effects, seen, approval } = await takeBackCall(deps, facts.actor, {
    approval: typed,
    contextId: facts.context.id,
  });
  const line = code(shorten(nameForAll(approval), LONGEST_LINE));
  return { reply: doc(p(bold("Taken back: "), line, ". It is not sent.")), effects, seen };
}

async function findTurn({ deps, facts }: CommandCall, typed: string): Promise<RunRow | undefined> {
  if (typed.length < SHORTEST_TAIL) return undefined;
  const { turns } = await runningWork(deps, facts.actor, { contextId: facts.context.id });
  const named = turns.filter(({ id }) => id.endsWith(typed));
  return named.length === 1 ? named[0] : undefined;
}

async function listCancellable({ deps, facts }: CommandCall): Promise<CommandResult> {
  const { actor, context, takenBackRunId } = facts;
  const work = await runningWork(deps, actor, { contextId: context.id });
  const isMine = (userId: string | null) =>
    userId === actor.userId || may(actor.role, "cancel:any-work");
  const turns = work.turns.filter((run) => run.id !== takenBackRunId && isMine(run.user_id));
  const tasks = work.tasks.filter((task) => mayEnd(actor, task));
  if (turns.length + tasks.length === 0) {
    const said =
      takenBackRunId === undefined
        ? "Nothing that you may cancel is running here."
        : "One waiting message is cancelled. Nothing else that you may cancel is running here.";
    return { reply: doc(p(said)) };
  }
  return {
    reply: doc(
      p("What shall end?"),
      list(...turns.map(turnLine), ...tasks.map(taskLine)),
      buttons(
        ...turns.map((run) => cancelButton(run.id, turnTitle(run))),
        ...tasks.map((task) => cancelButton(task.id, task.title)),
      ),
    ),
  };
}

function turnTitle(run: RunRow): string {
  return run.state === "queued" ? "a waiting answer" : "the answer I am writing";
}

function turnLine(run: RunRow) {
  return p(code(run.id), ` ${run.state}: ${turnTitle(run)}`);
}

function taskLine(task: TaskRow) {
  return p(code(task.id), ` ${task.status}: `, code(task.title));
}
