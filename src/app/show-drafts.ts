import type { DraftSink, TurnToShow } from "../agent/ports.ts";
import type { GrowingText, ShownDraft } from "../connectors/telegram/show-draft.ts";
import { sha256Hex } from "../core/ids.ts";
import type { Address } from "../core/message/inbound-message.ts";
import type { Redactor } from "../core/redact.ts";
import { redactRichText } from "../core/redact-rich-text.ts";
import { telegramFormat } from "../delivery/render/telegram.ts";
import type { DraftHub } from "./draft-hub.ts";

/** Hexadecimal digits that always fit the ids of Telegram. */
const ID_DIGITS = 7;
/** More becomes a file in any case; what is read again every second must stay small. */
const LONGEST_SHOWN = 48 * 1_024;

/** What a channel that shows drafts offers. */
export interface DraftChannel {
  showDraft(to: Address, text: GrowingText, signal: AbortSignal): ShownDraft | undefined;
}

/**
 * Growing answers go to the page, and to the private chat that they are for where its channel shows drafts. There they
 * are masked as replies are, by what a reader would see.
 */
export function showDrafts(hub: DraftHub, channel: DraftChannel, redactor: Redactor): DraftSink {
  return {
    open(turn, signal) {
      const page = hub.open(turn);
      const text = { id: draftId(turn), read: () => render(hub.find(turn.runId)?.text, redactor) };
      const draft =
        turn.contextKind === "private" ? channel.showDraft(turn.to, text, signal) : undefined;
      return { ...page, settle: async () => await draft?.settle() };
    },
  };
}

/** The same for every attempt at a turn, so that a later one goes on with its draft. */
function draftId({ runId }: TurnToShow): number {
  return Number.parseInt(sha256Hex(runId).slice(0, ID_DIGITS), 16) + 1;
}

/** Of a text that takes several messages the one that is being written; nothing of what will be a file. */
async function render(
  markdown: string | undefined,
  redactor: Redactor,
): Promise<string | undefined> {
  if (markdown === undefined || markdown.trim() === "") return undefined;
  if (markdown.length > LONGEST_SHOWN) return undefined;
  const { markdownToRichText } = await import("../agent/markdown-to-rich-text.ts");
  const body = redactRichText(markdownToRichText(markdown), redactor);
  const last = telegramFormat.render(body, () => "").at(-1);
  return last?.file === undefined ? last?.formatted : undefined;
}
