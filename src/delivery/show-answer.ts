import { NEVER, OVER, withTimeout } from "../core/abort.ts";
import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { Clock } from "../core/clock.ts";
import type { OutboundPart } from "../core/delivery/outbound-part.ts";
import { queueDraft } from "../core/delivery/queue-reply.ts";
import type { Effect } from "../core/effect/effect.ts";
import { describeError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Address, ConnectorName } from "../core/message/inbound-message.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { takeDraftOut } from "../operations/withdraw-draft.ts";
import type { JobContext } from "../orchestrator/job-handler.ts";
import { type DeliveryRow, draftOfRun } from "../store/queries/deliveries.ts";
import type { Store } from "../store/store.ts";
import { draftPart } from "./draft-part.ts";
import type { Channel, MessageEdits } from "./ports.ts";

/** An answer that is done sooner is one message and no more: most are. */
const FIRST_AFTER_MS = 3_000;
/** Telegram takes twenty messages a minute in a group, edits among them. */
const NEXT_AFTER_MS = 4_000;
const LOOK_AGAIN_MS = 1_000;
const CALL_TIMEOUT_MS = 10_000;
/** How long an answer that is done waits for the edit under way: one that came later would undo it. */
const LAST_EDIT_MS = 2_000;

/** An answer that is being written. */
interface GrowingAnswer {
  readonly contextId: string;
  readonly runId: string;
  readonly to: Address;
  readonly messageId: string | null;
  readonly replyToExternalId: string | null;
  /** All of it by now, without secrets; `undefined`: nothing to show. */
  read(): Promise<RichText | undefined>;
  /** Of the job that writes it, so that nothing is shown once that has ended. */
  readonly commit: JobContext["commit"];
}

interface ShownAnswer {
  /** Nothing more is shown. Settles once nothing is on its way, or after some seconds. Never rejects. */
  settle(): Promise<void>;
}

/** Shows how an answer grows, until `signal` aborts; `undefined` where what was sent cannot be changed. */
export type ShowAnswer = (answer: GrowingAnswer, signal: AbortSignal) => ShownAnswer | undefined;

interface Deps {
  readonly store: Store;
  readonly clock: Clock;
  readonly channels: ReadonlyMap<ConnectorName, Channel>;
  readonly log: Log;
}

interface Show extends Deps {
  readonly answer: GrowingAnswer;
  readonly format: Channel["format"];
  readonly edits: MessageEdits;
  /** Aborts when the answer is done. */
  readonly waits: AbortSignal;
  /** Aborts when it waits no longer for the last edit. */
  readonly calls: AbortSignal;
}

/**
 * Shows growing answers as one message that is edited. The message is a delivery, sent in its order among the others of
 * its chat; its edits come beside them, only the newest text, only what the pace has to spare. The reply takes its place.
 */
export function createAnswerShow(deps: Deps): ShowAnswer {
  return (answer, signal) => {
    const channel = deps.channels.get(answer.to.connector);
    const edits = channel?.sender.edits;
    if (channel === undefined || edits === undefined) return undefined;
    if (channel.account !== undefined && channel.account !== answer.to.account) return undefined;
    const last = new AbortController();
    const over = new AbortController();
    const waits = AbortSignal.any([signal, last.signal]);
    const show = { ...deps, answer, format: channel.format, edits, waits, calls: over.signal };
    const ended = grow(show).catch((error: unknown) => {
      if (error === OVER || signal.aborted) return;
      deps.log.write("warn", "answer not shown while it grows", {
        runId: answer.runId,
        error: describeError(error),
      });
    });
    return {
      async settle() {
        last.abort(OVER);
        await withTimeout(deps.clock, LAST_EDIT_MS, NEVER, async (limited) => {
          limited.addEventListener("abort", () => over.abort(OVER), { once: true });
          await ended;
        });
      },
    };
  };
}

/** Rejects when the wait is aborted. */
async function grow(show: Show): Promise<void> {
  let shown: string | undefined;
  let waitMs: number | undefined = FIRST_AFTER_MS;
  while (waitMs !== undefined) {
    await show.clock.sleep(waitMs, show.waits);
    waitMs = LOOK_AGAIN_MS;
    const body = await show.answer.read();
    const part = body === undefined ? undefined : draftPart(show.format, body);
    if (body === undefined || part === undefined || part.formatted === shown) continue;
    const next = await showNext(show, body, part);
    if (next === "shown") shown = part.formatted;
    waitMs = WAIT_AFTER[next];
  }
}

/** `waits`: there is no room now, or the draft is on its way. */
type Next = "shown" | "not_shown" | "waits" | "over";

const WAIT_AFTER: Readonly<Record<Next, number | undefined>> = {
  shown: NEXT_AFTER_MS,
  not_shown: NEXT_AFTER_MS,
  waits: LOOK_AGAIN_MS,
  over: undefined,
};

async function showNext(show: Show, body: RichText, part: OutboundPart): Promise<Next> {
  const { store, answer, edits, waits } = show;
  const draft = await store.first(draftOfRun, { runId: answer.runId });
  if (draft?.state === "failed") return "over";
  if (draft !== undefined && draft.state !== "sent") return "waits";
  if (waits.aborted || !edits.takeSpareSlot(answer.to.externalId)) return "waits";
  const isShown =
    draft === undefined ? await beginDraft(show, body) : await editDraft(show, draft, part);
  return isShown ? "shown" : "not_shown";
}

async function beginDraft(show: Show, body: RichText): Promise<boolean> {
  const { answer } = show;
  const { to } = answer;
  const context = {
    id: answer.contextId,
    connector: to.connector,
    account: to.account,
    external_id: to.externalId,
  };
  const { messageId, runId, replyToExternalId } = answer;
  const now = show.clock.now();
  const draft = queueDraft({
    context,
    body,
    messageId,
    runId,
    taskId: null,
    replyToExternalId,
    now,
  });
  return await commit(show, "queue-draft", [draft]);
}

/**
 * An edit that nobody knows the end of can come after any later one, and undo the reply, also when a later one is
 * answered first: then the draft goes, and the reply is another message.
 */
async function editDraft(show: Show, draft: DeliveryRow, part: OutboundPart): Promise<boolean> {
  const { clock, edits, answer, calls } = show;
  const [externalMessageId = ""] = JSON.parse(draft.receipts) as readonly string[];
  const change = { to: answer.to, externalMessageId, part, format: "formatted" } as const;
  const result = await withTimeout(clock, CALL_TIMEOUT_MS, calls, (limited) =>
    edits.replace(change, limited),
  );
  if (result.kind === "rejected" || result.kind === "uncertain") {
    await commit(show, "leave-draft", takeDraftOut(draft, result.error, clock.now()));
  }
  return result.kind === "done";
}

async function commit(show: Show, name: string, effects: readonly Effect[]): Promise<boolean> {
  const { answer, clock } = show;
  const step = { name, actor: SYSTEM_ACTOR.id, now: clock.now(), effects, seen: [] };
  return (await answer.commit(step)) === "committed";
}
