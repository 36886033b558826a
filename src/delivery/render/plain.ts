import type { OutboundPart } from "../../core/delivery/outbound-part.ts";
import { layOut } from "../../core/rich-text/lay-out.ts";
import type { ChannelFormat } from "../ports.ts";
import { NO_MARKUP, writeSpans } from "./markup.ts";
import { EMPTY_REPLY, REPEATED } from "./phrases.ts";
import { splitSpans } from "./split-spans.ts";

/** For channels with nothing better: plain text in parts of at most `limit` code units, buttons as lines. */
export function createPlainFormat({ limit }: { readonly limit: number }): ChannelFormat {
  return {
    render(body) {
      const spans = layOut(body, { as: "plain", longestUrl: 0 });
      const parts = [...splitSpans(spans, NO_MARKUP, limit - REPEATED.length)];
      if (parts.length === 0) return [toPart(EMPTY_REPLY)];
      return parts.map((part) => toPart(writeSpans(part, NO_MARKUP)));
    },
    renderInstead: () => undefined,
    markRepeated: (part) => toPart(REPEATED + part.plain),
  };
}

function toPart(text: string): OutboundPart {
  return { formatted: text, plain: text, buttons: [] };
}
