import type { OutboundPart } from "../../core/delivery/outbound-part.ts";
import type { RichText } from "../../core/rich-text/rich-text.ts";
import type { Span } from "../../core/rich-text/span.ts";
import { toMarkdown } from "../../core/rich-text/to-markdown.ts";
import type { ChannelFormat } from "../ports.ts";
import { writeButtons } from "./button-lines.ts";
import { type Markup, writeSpans } from "./markup.ts";
import { EMPTY_REPLY, GROWING, IN_THE_FILE, ONLY_BUTTONS, REPEATED } from "./phrases.ts";
import { splitSpans } from "./split-spans.ts";

type ButtonData = (index: number) => string;

/** What one chat service asks of its messages. */
export interface MessageStyle {
  readonly markup: Markup;
  /** The most that a message may count, and that the text beside a file may. */
  readonly limit: number;
  readonly captionLimit: number;
  layOut(body: RichText): readonly Span[];
  /** The same without any format; never longer than the formatted. */
  writePlain(spans: readonly Span[]): string;
  buttonsUnder(body: RichText, buttonData: ButtonData): OutboundPart["buttons"];
}

/** More messages than this at once bury a chat, and its pace makes them take long. */
const MOST_PARTS = 10;
const FILE_NAME = "reply.md";

/** Messages in the markup of a service, buttons under the last one. What would need more than ten is one attached file. */
export function createMessageFormat(style: MessageStyle): ChannelFormat {
  const { markup } = style;
  // Room for either mark: before a repeat, below a draft.
  const limit = style.limit - Math.max(REPEATED.length, GROWING.length);
  const captionLimit = style.captionLimit - REPEATED.length - IN_THE_FILE.length - 2;

  function renderMessages(body: RichText, buttonData: ButtonData): readonly OutboundPart[] {
    const buttons = style.buttonsUnder(body, buttonData);
    const parts = [...splitSpans(style.layOut(body), markup, limit)].map(toPart);
    const last = parts.pop() ?? phrasePart(buttons.length > 0 ? ONLY_BUTTONS : EMPTY_REPLY);
    return [...parts, { ...last, buttons }];
  }

  function toPart(spans: readonly Span[]): OutboundPart {
    return { formatted: writeSpans(spans, markup), plain: style.writePlain(spans), buttons: [] };
  }

  /** Everything in one file, with its buttons under it. */
  function renderFile(body: RichText, buttonData: ButtonData): OutboundPart {
    return {
      ...phrasePart(IN_THE_FILE),
      buttons: style.buttonsUnder(body, buttonData),
      file: { name: FILE_NAME, text: `${toMarkdown(body.flatMap(writeButtons))}\n` },
    };
  }

  /** The same, with the beginning to be read at once. */
  function renderLong(body: RichText, buttonData: ButtonData): OutboundPart {
    const [beginning = []] = splitSpans(style.layOut(body), markup, captionLimit);
    const formatted = `${writeSpans(beginning, markup)}\n\n${IN_THE_FILE}`;
    return { ...renderFile(body, buttonData), formatted };
  }

  return {
    render(body, buttonData) {
      const parts = renderMessages(body, buttonData);
      return parts.length > MOST_PARTS ? [renderLong(body, buttonData)] : parts;
    },
    /** What is refused as messages goes as a file; a file that stood for too many messages goes as those. */
    renderInstead(refused, body, buttonData) {
      const parts = renderMessages(body, buttonData);
      const isLong = parts.length > MOST_PARTS;
      if (refused.file !== undefined) return isLong ? parts : undefined;
      return isLong ? undefined : [renderFile(body, buttonData)];
    },
    markRepeated: (part) => ({
      ...part,
      formatted: REPEATED + part.formatted,
      plain: REPEATED + part.plain,
    }),
  };
}

function phrasePart(phrase: string): OutboundPart {
  return { formatted: phrase, plain: phrase, buttons: [] };
}
