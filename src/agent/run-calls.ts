import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect, EffectOf } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { addTaints } from "../core/taint/taint-source.ts";
import { REPEATABLE } from "../core/tool/tool-facts.ts";
import { tellApprovers } from "../operations/tell-approvers.ts";
import { type EndedCall, runTool } from "../tools/run-tool.ts";
import type { ToolScene } from "../tools/tool.ts";
import type { WorkOnReads } from "./end-reads-later.ts";
import { findRunnable, isStillThat, NOT_THIS_CALL, type Runnable } from "./find-runnable.ts";
import type { OpenCall } from "./journal.ts";
import type { Work, WorkDeps, WorkFacts } from "./work-scene.ts";

const MOST_AT_ONCE = 4;
const MOST_TRIES = 5;
const LONGEST_RESULT = 200_000;
/** What a read took longer for is not done again for the sake of a commit. */
const LONGEST_UNWRITTEN_MS = 100;

type Found = NonNullable<Awaited<ReturnType<typeof findRunnable>>>;

/**
 * Runs the open calls that may run, in the order in which they were asked for; what still waits for a person stays. What
 * has an effect is journaled as begun before it touches the world, by itself. Reads that follow one another run side by
 * side, and are written down once they have ended: a crash before that leaves them to be done again.
 */
export async function runOpenCalls(
  deps: WorkDeps,
  work: WorkOnReads,
  open: readonly OpenCall[],
  signal: AbortSignal,
): Promise<void> {
  const isRead = ({ name }: OpenCall): boolean => {
    const tool = deps.toolbox.find(name);
    return tool !== undefined && REPEATABLE.includes(tool.effect);
  };
  for (const calls of inGroups(open, isRead)) {
    if (!calls.every(isRead)) await work.writeEnds();
    await runTogether(deps, work, calls, signal);
  }
}

/** Those that may run at once. */
function inGroups(
  open: readonly OpenCall[],
  isRead: (call: OpenCall) => boolean,
): readonly (readonly OpenCall[])[] {
  const groups: OpenCall[][] = [];
  for (const call of open) {
    const last = groups.at(-1);
    const [first] = last ?? [];
    const joins = isRead(call) && first !== undefined && isRead(first);
    if (joins && last !== undefined && last.length < MOST_AT_ONCE) last.push(call);
    else groups.push([call]);
  }
  return groups;
}

/** Each is judged at the last moment: what the one before has read may have tainted the run. */
async function runTogether(
  deps: WorkDeps,
  work: WorkOnReads,
  calls: readonly OpenCall[],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const facts = await work.readFacts();
  const taken = new Set<number | null>();
  const found: Found[] = [];
  for (const call of calls) {
    const one = await findRunnable(deps, work, facts, { call, taken });
    if (one !== undefined) found.push(one);
  }
  // What an approver answers for is not what was read before.
  if (found.some((one) => one.kind === "run" && one.approvalId !== undefined))
    await work.writeEnds();
  await begin(
    deps,
    work,
    facts,
    found.filter((one) => !isQuiet(one)),
  );
  const runnable = found.flatMap((one) => (one.kind === "run" ? [one] : []));
  if (runnable.length > 0) await runAndEnd(deps, work, runnable, signal);
}

/** It may be done again without asking, and uses up no approval. */
function isQuiet(one: Found): one is Runnable {
  return one.kind === "run" && one.approvalId === undefined && REPEATABLE.includes(one.tool.effect);
}

async function begin(deps: WorkDeps, work: Work, facts: WorkFacts, found: readonly Found[]) {
  const beginning = found.flatMap(({ effects }) => effects);
  if (beginning.length === 0) return;
  const asked = found.flatMap((one) => one.seen ?? []);
  const seen = [...facts.seen, ...facts.roleSeen, ...asked];
  const runnable = found.flatMap((one) => (one.kind === "run" ? [one] : []));
  const actor = actorOf(work, runnable);
  if ((await commit(deps, work, "start-tool-call", seen, beginning, actor)) !== "committed") {
    throw new AppError("unavailable", "The facts changed while a tool was about to be called.");
  }
}

/** What a tool decided on facts that have changed since, and that touched nothing outside, is decided again. */
async function runAndEnd(
  deps: WorkDeps,
  work: WorkOnReads,
  runnable: readonly Runnable[],
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
    const facts = await work.readFacts();
    const startedAtMs = deps.clock.now();
    const ended = await Promise.all(
      runnable.map(async (one) => {
        const scene = sceneOf(deps, work, facts, one);
        // The commit before took its time: what the operator's files say may have changed meanwhile.
        const end: EndedCall = isStillThat(deps, work, one)
          ? await runTool(deps, one.tool, one.input, scene, signal)
          : { state: "failed", text: NOT_THIS_CALL };
        return { one, end, atMs: deps.clock.now() };
      }),
    );
    const taints = ended.flatMap(({ end }) => end.taintedBy ?? []);
    const rests = ended.flatMap(({ end }) => end.seen ?? []);
    const begun = runnable.filter(isQuiet).flatMap((one) => beginning(one, startedAtMs));
    const ends = ended.map(({ one, end, atMs }) => ({ ...endOf(one, end), atMs }));
    const more = [
      ...ended.flatMap(({ one, end }) => moreOf(one, end)),
      ...taintRun(work, facts, taints),
    ];
    const isShort = deps.clock.now() - startedAtMs < LONGEST_UNWRITTEN_MS;
    if (isShort && runnable.every(isQuiet) && more.length === 0 && rests.length === 0) {
      return work.endLater([...begun, ...ends]);
    }
    const result = await commitEnds(deps, work, ended, {
      seen: [...facts.seen, ...rests],
      effects: [...begun, ...ends, ...more],
    });
    if (result === "committed") return;
    if (result !== "conflict") return await endRefused(deps, work, runnable);
    if (rests.length === 0) break;
  }
  throw new AppError("unavailable", "The facts kept changing while a tool was being called.");
}

interface Ended {
  readonly one: Runnable;
  readonly end: EndedCall;
}

/**
 * Whoever approved what failed reads so on its card. A card that is written anew in this very moment is read again: no call
 * is made, or asked about, a second time for its sake.
 */
async function commitEnds(
  deps: WorkDeps,
  work: Work,
  ended: readonly Ended[],
  { seen, effects }: Decision,
) {
  const actor = actorOf(
    work,
    ended.map(({ one }) => one),
  );
  for (let attempt = 1; ; attempt += 1) {
    const told = await tellOfFailures(deps, ended);
    const all = [...effects, ...told];
    const result = await commit(deps, work, "end-tool-call", seen, all, actor);
    if (result !== "conflict" || told.length === 0 || attempt === MOST_TRIES) return result;
  }
}

async function tellOfFailures(
  { store, clock }: WorkDeps,
  ended: readonly Ended[],
): Promise<readonly Effect[]> {
  const now = clock.now();
  const told = ended.map(async ({ one: { approvalId }, end }) =>
    approvalId === undefined || end.state === "finished"
      ? []
      : await tellApprovers({ store, now }, approvalId, {
          kind: end.isInDoubt === true ? "unknown" : "failed",
          why: null,
        }),
  );
  return (await Promise.all(told)).flat();
}

/** The store did not take what the tool wanted to change, so nothing of it has happened. */
async function endRefused(deps: WorkDeps, work: Work, runnable: readonly Runnable[]) {
  const end: EndedCall = { state: "failed", text: "It was refused: a limit is reached." };
  const now = deps.clock.now();
  const effects = runnable.flatMap((one) => [
    ...(isQuiet(one) ? beginning(one, now) : []),
    endOf(one, end),
    ...moreOf(one, end),
  ]);
  const { seen } = await work.readFacts();
  const ended = runnable.map((one) => ({ one, end }));
  if ((await commitEnds(deps, work, ended, { seen, effects })) !== "committed") {
    throw new AppError("unavailable", "The facts kept changing while a tool was being called.");
  }
}

function sceneOf(
  deps: WorkDeps,
  { work }: Work,
  { isTainted, taintedBy }: WorkFacts,
  { role, approverId }: Runnable,
): ToolScene {
  const { runId, contextId, workspaceId, userId } = work;
  return {
    store: deps.store,
    now: deps.clock.now(),
    runId,
    contextId,
    workspaceId,
    workspace: deps.folderOf(workspaceId),
    userId,
    role,
    approverId,
    isTainted,
    taintedBy,
  };
}

function beginning({ effects }: Runnable, atMs: EpochMs): readonly EffectOf<"begin-call">[] {
  return effects.flatMap((effect) => (effect.type === "begin-call" ? [{ ...effect, atMs }] : []));
}

function endOf({ call }: Runnable, end: EndedCall): EffectOf<"end-step"> {
  const isLong = end.text.length > LONGEST_RESULT;
  const text = isLong ? `${end.text.slice(0, LONGEST_RESULT)}\n(The rest is left out.)` : end.text;
  return {
    type: "end-step",
    id: call.id,
    state: end.state,
    result: JSON.stringify({ text }),
    error: null,
    taintedBy: end.taintedBy,
  };
}

/** What its end changes besides its step. */
function moreOf({ approvalId }: Runnable, end: EndedCall): readonly Effect[] {
  const own = end.effects ?? [];
  if (approvalId === undefined) return own;
  const failed = end.isInDoubt === true ? "unknown" : "failed";
  const to = end.state === "finished" ? "succeeded" : failed;
  return [...own, { type: "move-execution", id: approvalId, from: ["executing"], to }];
}

/** What else the run has read, besides what it is tainted by already. */
export function taintRun(
  { work }: Work,
  { taintedBy }: WorkFacts,
  taints: readonly string[],
): Effect[] {
  const by = addTaints(taintedBy, taints);
  return by === taintedBy ? [] : [{ type: "taint-run", id: work.runId, by }];
}

/** Who answers for what is done: of an approved call both who approved it and whom it is for. */
function actorOf({ work }: Work, runnable: readonly Runnable[]): string {
  const approvers = new Set(runnable.flatMap(({ approverId }) => approverId ?? []));
  if (approvers.size === 0) return SYSTEM_ACTOR.id;
  return `${[...approvers].join(" and ")} for ${work.userId ?? "nobody"}`;
}

async function commit(
  { clock }: WorkDeps,
  work: Work,
  name: string,
  seen: readonly Seen[],
  effects: readonly Effect[],
  actor: string = SYSTEM_ACTOR.id,
) {
  return await work.commit({ name, actor, now: clock.now(), seen, effects });
}
