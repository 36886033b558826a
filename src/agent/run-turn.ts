import type { EpochMs } from "../core/clock.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { JobContext, JobHandler } from "../orchestrator/job-handler.ts";
import { pendingMessagesOfRun } from "../store/queries/messages.ts";
import { stepsOfRun } from "../store/queries/runs.ts";
import type { Store } from "../store/store.ts";
import { commitStep } from "./commit-step.ts";
import {
  addressOf,
  cancelTurn,
  finishTurn,
  giveUpTurn,
  loadOpenTurn,
  moveTurn,
  partsOf,
  readersOfTurn,
  refuseTurn,
  seenTurn,
  TURN_ALREADY_OVER,
  type Turn,
} from "./end-turn.ts";
import { closeLostAnswers } from "./journal.ts";
import { keepRules } from "./memory/keep-rules.ts";
import { parkRun } from "./park-run.ts";
import type { DraftSink, OfferedCommand, OpenDraft, Presence, TurnToShow } from "./ports.ts";
import { tellTurn } from "./prompt/tell.ts";
import { readWorkFacts } from "./read-work-facts.ts";
import { taintAtBegin } from "./taint-at-begin.ts";
import { goOnWith, type Worked } from "./work.ts";
import type { WorkDeps } from "./work-scene.ts";

export interface RunTurnDeps extends WorkDeps {
  readonly presence: Presence;
  readonly drafts: DraftSink;
  readonly commands: readonly OfferedCommand[];
}

/**
 * Answers one message of a conversation. The run, the reply and the message's outcome end in one commit, so a turn
 * that was interrupted goes on again and still answers once; one that waits for people is parked, and holds nothing.
 */
export function createRunTurnHandler(deps: RunTurnDeps): JobHandler<"run-turn"> {
  const { store, clock, gate } = deps;

  async function run(context: JobContext<"run-turn">): Promise<void> {
    const { runId } = context.job.payload;
    const ended = new AbortController();
    let draft: OpenDraft | undefined;
    try {
      context.signal.throwIfAborted();
      if (!gate.isEnabled) {
        return await context.settle((now) => refuseTurn(store, runId, now));
      }
      const turn = await beginTurn(deps, context);
      if (turn === undefined) return await context.settle(async () => TURN_ALREADY_OVER);
      const shown = AbortSignal.any([context.signal, ended.signal]);
      deps.presence.show(addressOf(turn), shown);
      draft = deps.drafts.open(turnToShow(turn), context.commit, shown);
      const worked = await answer(deps, turn, context, draft);
      await draft.settle();
      if (context.isCancelled()) throw context.signal.reason;
      await context.settle((now) =>
        worked.kind === "parked"
          ? parkRun(store, runId, now)
          : finishTurn(deps, runId, worked, now),
      );
    } catch (error) {
      await draft?.settle();
      if (!context.isCancelled()) throw error;
      await context.settle((now) => cancelTurn(store, context.job, now));
    } finally {
      draft?.end();
      ended.abort();
    }
  }

  return {
    kind: "run-turn",
    run,
    onGiveUp: (job, error, now) => giveUpTurn(store, job, error, now),
  };

  /** Queued: it runs now. Running: an earlier attempt ended early, and what it left open is closed. */
  async function beginTurn(
    { gate }: RunTurnDeps,
    context: JobContext<"run-turn">,
  ): Promise<Turn | undefined> {
    const { runId } = context.job.payload;
    const decide = async (now: EpochMs) => {
      const turn = await loadOpenTurn(store, runId);
      if (turn === undefined) return { effects: [], seen: [] };
      const closed = await closeLostAnswers({ store, now }, runId);
      const isRunning = turn.run_state === "running";
      return {
        effects: isRunning
          ? closed
          : [
              ...closed,
              moveTurn(turn, "running", gate.modelFor("chat"), null),
              ...(await keepRules(store, turn)),
              ...(await taintTurn(store, turn)),
            ],
        seen: [seenTurn(turn)],
      };
    };
    await commitStep(context, clock, "begin-turn", decide, { isSyncedWithNext: true });
    return await loadOpenTurn(store, runId);
  }
}

/** What it answers is pending as long as it is open. */
async function taintTurn(store: Store, turn: Turn): Promise<readonly Effect[]> {
  const { run_id: runId, context_title: place } = turn;
  return await taintAtBegin(store, {
    runId,
    place,
    messages: await store.all(pendingMessagesOfRun, { runId }),
    isTainted: turn.run_taint === 1,
    before: JSON.parse(turn.run_tainted_by) as readonly string[],
  });
}

function turnToShow(turn: Turn): TurnToShow {
  return {
    contextId: turn.context_id,
    runId: turn.run_id,
    to: addressOf(turn),
    contextKind: turn.context_kind,
    messageId: turn.message_id,
    replyToExternalId: turn.external_message_id,
  };
}

async function answer(
  deps: RunTurnDeps,
  turn: Turn,
  context: JobContext<"run-turn">,
  draft: OpenDraft,
): Promise<Worked> {
  const { store, commands } = deps;
  const { run_id: runId, context_id: contextId, user_id: userId } = turn;
  const of = {
    contextId,
    contextKind: turn.context_kind,
    messageId: turn.message_id,
    messageSeq: turn.message_seq,
    parts: await partsOf(store, turn),
  };
  const ids = { runId, workId: runId, contextId, workspaceId: turn.workspace_id, userId };
  const readFacts = () => readWorkFacts(store, { runId, userId });
  const readSteps = () => store.all(stepsOfRun, { runId });
  const toTell = { work: ids, of, commands, commit: context.commit, readFacts, readSteps };
  const work = {
    work: ids,
    told: await tellTurn(deps, turn, toTell, context.signal),
    origin: {
      messageId: turn.message_id,
      replyToExternalId: turn.context_kind === "group" ? turn.external_message_id : null,
      taskId: null,
      isForAdminsOnly: false,
    },
    readers: readersOfTurn(turn),
    purpose: "chat",
    readFacts,
    readSteps,
    commit: context.commit,
    onText: draft.write,
  } as const;
  return await goOnWith(deps, work, context.signal);
}
