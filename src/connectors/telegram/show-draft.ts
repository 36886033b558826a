import { OVER, withTimeout } from "../../core/abort.ts";
import type { Address } from "../../core/message/inbound-message.ts";
import type { Beside } from "./beside.ts";
import { parsePlace } from "./chat-place.ts";
import type { Pace } from "./pace.ts";
import type { TelegramPorts } from "./ports.ts";
import type { CallResult, TelegramApi } from "./telegram-api.ts";
import type { TelegramFailure } from "./telegram-failure.ts";
import type { WorkGroup } from "./work-group.ts";

/** An answer that is done sooner shows nothing: most are. */
const FIRST_AFTER_MS = 1_000;
const NEXT_AFTER_MS = 1_000;
/** Telegram takes a draft away after thirty seconds. */
const SHOWN_FOR_MS = 20_000;
const CALL_TIMEOUT_MS = 5_000;
/** How long an answer that is done waits for its last draft: one that came later would stand below it. */
const LAST_DRAFT_MS = 2_000;

/** An answer that is being written. */
export interface GrowingText {
  /** Telegram animates the changes of one id. Not 0. */
  readonly id: number;
  /** All of it by now, as Telegram's HTML; `undefined`: nothing to show. */
  read(): Promise<string | undefined>;
}

/** A draft in a private chat. */
export interface ShownDraft {
  /** No draft is sent from now on. Settles once the last one has arrived, or after two seconds. Never rejects. */
  settle(): Promise<void>;
}

interface Deps extends Pick<TelegramPorts, "clock" | "log"> {
  readonly api: TelegramApi;
  readonly pace: Pick<Pace, "takeSpareSlot">;
  readonly works: WorkGroup;
  readonly beside: Pick<Beside, "begin">;
}

interface Shown {
  readonly html: string;
  readonly atMs: number;
}

/** Shows how an answer grows in a private chat, until `signal` aborts. */
export type ShowDraft = (to: Address, text: GrowingText, signal: AbortSignal) => ShownDraft;

/**
 * Shows growing answers as drafts of Telegram. All of it is best effort, and only what the pace has to spare: whatever
 * fails, the answer itself is a message of its own. A server that knows no drafts is not asked again.
 */
export function createDraftShow({ api, pace, works, beside, clock, log }: Deps): ShowDraft {
  let isOff = false;
  let restUntilMs = 0;

  return (to, text, signal) => {
    const last = new AbortController();
    const over = new AbortController();
    let ended = Promise.resolve();
    beside.begin(signal, (either) => {
      const waits = AbortSignal.any([either, last.signal]);
      const calls = AbortSignal.any([either, over.signal]);
      ended = show(to, text, waits, calls).catch(() => undefined);
      works.run(ended, either);
    });
    return {
      async settle() {
        last.abort(OVER);
        await withTimeout(clock, LAST_DRAFT_MS, signal, async (limited) => {
          limited.addEventListener("abort", () => over.abort(OVER), { once: true });
          await ended;
        });
      },
    };
  };

  /** Rejects when the wait is aborted. */
  async function show(
    to: Address,
    text: GrowingText,
    waits: AbortSignal,
    calls: AbortSignal,
  ): Promise<void> {
    let shown: Shown | undefined;
    let waitMs: number | undefined = FIRST_AFTER_MS;
    while (waitMs !== undefined && !isOff) {
      await clock.sleep(waitMs, waits);
      waitMs = NEXT_AFTER_MS;
      const html = await text.read();
      if (html === undefined || waits.aborted || !mayShow(to, html, shown)) continue;
      const sent = await sendDraft(api, to, { id: text.id, html }, calls);
      if (sent.ok) shown = { html, atMs: clock.monotonicMs() };
      else waitMs = waitAfter(sent.failure);
    }
  }

  /** Whether there is something to show, and room for it. */
  function mayShow({ externalId }: Address, html: string, shown: Shown | undefined): boolean {
    const now = clock.monotonicMs();
    const isNews = shown?.html !== html || now - shown.atMs >= SHOWN_FOR_MS;
    if (!isNews || now < restUntilMs) return false;
    return pace.takeSpareSlot(parsePlace(externalId).chatId, now);
  }

  /** Until the next draft of this answer; `undefined`: there is none. */
  function waitAfter(failure: TelegramFailure): number | undefined {
    switch (failure.kind) {
      case "flood":
        restUntilMs = Math.max(restUntilMs, clock.monotonicMs() + failure.retryAfterMs);
        return NEXT_AFTER_MS;
      case "unreachable":
      case "uncertain":
        return CALL_TIMEOUT_MS;
      case "refused":
        if (failure.status === 404) turnOff();
        return undefined;
      case "unauthorized":
      case "conflict":
      case "bad_format":
      case "migrated":
        return undefined;
    }
  }

  function turnOff(): void {
    if (isOff) return;
    isOff = true;
    log.write("info", "the Bot API server knows no drafts; answers are shown when they are done", {
      connector: "telegram",
    });
  }
}

function sendDraft(
  api: TelegramApi,
  { externalId }: Address,
  draft: { readonly id: number; readonly html: string },
  signal: AbortSignal,
): Promise<CallResult<true>> {
  const { chatId, threadId } = parsePlace(externalId);
  const payload = {
    chat_id: Number(chatId),
    ...(threadId === undefined ? {} : { message_thread_id: threadId }),
    draft_id: draft.id,
    text: draft.html,
    parse_mode: "HTML" as const,
  };
  return api.call(
    (raw, limited) => raw.sendMessageDraft(payload, limited),
    CALL_TIMEOUT_MS,
    signal,
  );
}
