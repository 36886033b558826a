import type { DraftSink, OpenDraft, TurnToShow } from "../agent/ports.ts";
import type { GrowingText, ShownDraft } from "../connectors/telegram/show-draft.ts";
import { sha256Hex } from "../core/ids.ts";
import type { Address } from "../core/message/inbound-message.ts";
import type { Redactor } from "../core/redact.ts";
import { redactRichText } from "../core/redact-rich-text.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { telegramFormat } from "../delivery/render/telegram.ts";
import type { ShowAnswer } from "../delivery/show-answer.ts";
import type { DraftHub } from "./draft-hub.ts";

/** Hexadecimal digits that always fit the ids of Telegram. */
const ID_DIGITS = 7;
/** More becomes a file in any case; what is read again every second must stay small. */
const LONGEST_SHOWN = 48 * 1_024;

/** What a channel that shows drafts in private chats offers. */
export interface DraftChannel {
  showDraft(to: Address, text: GrowingText, signal: AbortSignal): ShownDraft | undefined;
}

interface Deps {
  readonly hub: DraftHub;
  readonly channel: DraftChannel;
  readonly showAnswer: ShowAnswer;
  readonly redactor: Redactor;
}

/**
 * Growing answers go to the page, and to the chat that they are for: to a private one as its channel shows drafts, to a
 * group as a message that is edited. There they are masked as replies are, by what a reader would see.
 */
export function showDrafts({ hub, channel, showAnswer, redactor }: Deps): DraftSink {
  return {
    open(turn, commit, signal): OpenDraft {
      const page = hub.open(turn);
      const read = () => toBody(hub.find(turn.runId)?.text, redactor);
      const text = { id: draftId(turn), read: async () => render(await read()) };
      const draft =
        turn.contextKind === "private"
          ? channel.showDraft(turn.to, text, signal)
          : showAnswer({ ...turn, read, commit }, signal);
      return { ...page, settle: async () => await draft?.settle() };
    },
  };
}

/** The same for every attempt at a turn, so that a later one goes on with its draft. */
function draftId({ runId }: TurnToShow): number {
  return Number.parseInt(sha256Hex(runId).slice(0, ID_DIGITS), 16) + 1;
}

async function toBody(
  markdown: string | undefined,
  redactor: Redactor,
): Promise<RichText | undefined> {
  if (markdown === undefined || markdown.trim() === "") return undefined;
  if (markdown.length > LONGEST_SHOWN) return undefined;
  const { markdownToRichText } = await import("../agent/markdown-to-rich-text.ts");
  return redactRichText(markdownToRichText(markdown), redactor);
}

/** Of a text that takes several messages the one that is being written; nothing of what will be a file. */
function render(body: RichText | undefined): string | undefined {
  if (body === undefined) return undefined;
  const last = telegramFormat.render(body, () => "").at(-1);
  return last?.file === undefined ? last?.formatted : undefined;
}
