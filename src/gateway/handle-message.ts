import type { ModelRules } from "../core/access/model-rules.ts";
import type { Clock, EpochMs } from "../core/clock.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { describeError, ERROR_POLICY } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { NewJob } from "../core/job/job.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import type { Log } from "../core/log.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { ToolClass } from "../core/tool/tool-facts.ts";
import { tellAdmins } from "../operations/tell-admins.ts";
import type { JobHandler, Settlement } from "../orchestrator/job-handler.ts";
import type { Reader } from "../store/store.ts";
import { decideMessage } from "./decide-message.ts";
import { hearAlbum } from "./hear-album.ts";
import { loadMessageFacts, type MessageFacts } from "./message-facts.ts";
import type { ChannelsInfo, ExtensionsInfo, ModelInfo } from "./ports.ts";
import type { Rules } from "./rules.ts";
import { REPLACED, takeNewestEdit } from "./take-newest-edit.ts";
import type { TriageRules } from "./triage.ts";
import type { Verdict } from "./verdict.ts";

export interface HandleMessageDeps {
  readonly store: Reader;
  readonly clock: Clock;
  readonly config: { readonly inboundMaxPerMinute: number };
  readonly triage: TriageRules;
  readonly channels: ChannelsInfo;
  readonly model: ModelInfo;
  readonly extensions: ExtensionsInfo;
  readonly modelRules: ModelRules;
  readonly twoPersonClasses: readonly ToolClass[];
  readonly log: Log;
}

/**
 * Decides what becomes of an accepted message and commits that in one step: exactly one outcome, its reply and its
 * work. Never calls a model or the network.
 */
export function createHandleMessageHandler(deps: HandleMessageDeps): JobHandler<"handle-message"> {
  const { store, clock, log, modelRules } = deps;
  const rules: Rules = {
    channels: deps.channels,
    model: deps.model,
    extensions: deps.extensions,
    inboundMaxPerMinute: deps.config.inboundMaxPerMinute,
    triage: deps.triage,
    twoPersonClasses: deps.twoPersonClasses,
  };

  return {
    kind: "handle-message",

    async run({ job, settle }) {
      const startedMs = clock.monotonicMs();
      let told: Record<string, unknown> = {};
      await settle(async (now) => {
        const loaded = await loadMessageFacts(store, job.payload.messageId);
        if (loaded.message.outcome !== "pending") return nothingLeft(loaded);
        const { facts: newest, effects } = takeNewestEdit(loaded);
        const operation = { store, now, modelRules };
        const album = await hearAlbum(operation, newest);
        if (album === "behind") {
          told = { messageId: newest.message.id, outcome: "waits for the command of its album" };
          return goBehind(newest, now);
        }
        if (typeof album === "object") {
          told = { messageId: newest.message.id, outcome: "waits for its album" };
          return waitFor(newest, album.waitUntilMs);
        }
        const facts = { ...newest, isOfOurAlbum: album === "ours" };
        const verdict = await decideMessage(rules, operation, facts);
        const { connector, context_id: contextId, id: messageId } = facts.message;
        const { rule, outcome, reason } = verdict;
        told = { messageId, contextId, connector, rule, outcome, reason };
        return settlementOf(facts, verdict, effects, now);
      });
      const durationMs = Math.round(clock.monotonicMs() - startedMs);
      log.write("info", "message handled", { ...told, durationMs });
    },

    async onGiveUp(job, error, now) {
      return await giveUp(store, job.payload.messageId, describeError(error), now);
    },
  };
}

/** A replayed job whose message has its outcome. */
function nothingLeft(facts: MessageFacts): Settlement {
  return {
    name: "handle-message",
    actor: facts.actor.id,
    effects: [],
    seen: facts.seen.slice(0, 1),
    settle: { kind: "done" },
  };
}

/** Nothing is decided yet. */
function waitFor(facts: MessageFacts, untilMs: EpochMs): Settlement {
  return { ...nothingLeft(facts), settle: { kind: "snooze", untilMs } };
}

/** Nothing is decided yet: it is handled again after all that waits in its conversation. */
function goBehind(facts: MessageFacts, now: EpochMs): Settlement {
  const { message, context } = facts;
  const job: NewJob = {
    id: newId("job"),
    kind: "handle-message",
    payload: { messageId: message.id },
    lane: laneOf.inbound(context.id),
    priority: PRIORITY.inbound,
    runAtMs: now,
  };
  return { ...nothingLeft(facts), effects: [{ type: "enqueue-job", job }] };
}

function settlementOf(
  facts: MessageFacts,
  verdict: Verdict,
  edited: readonly Effect[],
  now: EpochMs,
): Settlement {
  const { message, person, actor } = facts;
  const decided: Effect = {
    type: "decide-message",
    id: message.id,
    rule: verdict.rule,
    identityId: person?.identity_id ?? null,
    trust: person === undefined ? "stranger" : "paired",
    runId: verdict.runId ?? null,
    taskId: verdict.taskId ?? null,
    outcome: verdict.outcome,
    reason: verdict.reason,
    forgetText: isForgotten(facts, verdict),
    ...(verdict.toldPresser === undefined ? {} : { toldPresser: verdict.toldPresser }),
  };
  // What is decided last may forget a text that was still needed before.
  const effects: Effect[] = [...edited, ...(verdict.effects ?? []), decided];
  if (verdict.reply !== undefined) {
    const { replyIn: context = facts.context } = verdict;
    effects.push(replyTo({ ...facts, context }, verdict.reply, now, verdict));
  }
  return {
    name: "handle-message",
    actor: actor.id,
    effects,
    seen: withoutRepeats([...facts.seen, ...(verdict.seen ?? [])]),
    settle: { kind: "done" },
  };
}

/** What nothing came of: of somebody nobody let in, group talk that was not meant for us; what its sender took back. */
function isForgotten(
  { message, context, person }: MessageFacts,
  { outcome, reason }: Verdict,
): boolean {
  if (outcome !== "dropped") return false;
  if (person === undefined || reason === REPLACED) return true;
  return reason === "not_addressed" || (context.kind === "group" && message.addressed === 0);
}

function replyTo(
  facts: MessageFacts,
  body: RichText,
  now: EpochMs,
  { taskId, card }: { readonly taskId?: string; readonly card?: string } = {},
): Effect {
  const { message, context } = facts;
  const isThreaded = context.kind === "group" && message.kind !== "button";
  return queueReply({
    context,
    body,
    messageId: message.id,
    runId: null,
    taskId: taskId ?? null,
    card,
    replyToExternalId: isThreaded ? message.external_message_id : null,
    now,
  });
}

function withoutRepeats(seen: readonly Seen[]): readonly Seen[] {
  return [...new Map(seen.map((one) => [`${one.table}:${one.id}:${one.version}`, one])).values()];
}

/** The message failed for good: the person is told, and whoever looks after the runtime. */
async function giveUp(
  store: Reader,
  messageId: string,
  error: string,
  now: EpochMs,
): Promise<Decision> {
  const facts = await loadMessageFacts(store, messageId);
  const { message, context, person } = facts;
  if (message.outcome !== "pending") return { effects: [], seen: [] };
  const effects: Effect[] = [
    { type: "settle-message", id: message.id, outcome: "failed", reason: "internal" },
  ];
  if (person !== undefined) {
    effects.push(replyTo(facts, doc(p(ERROR_POLICY.internal.reply)), now));
  }
  const notice = doc(p("I could not handle message ", code(message.id), `: ${error}`));
  const told = await tellAdmins({ store, now }, notice, {
    workspaceId: context.workspace_id,
    toldInContextId: null,
  });
  return {
    effects: [...effects, ...told.effects],
    seen: withoutRepeats([
      { table: "messages", id: message.id, version: message.version },
      { table: "contexts", id: context.id, version: context.version },
      ...told.seen,
    ]),
  };
}
