import { toPlainText } from "../../core/rich-text/to-plain-text.ts";
import type { ChannelFormat } from "../ports.ts";
import { escapeHtml, writeEmailHtml } from "./email-html.ts";
import { EMPTY_REPLY, REPEATED } from "./phrases.ts";
import { VISIBLE } from "./visible.ts";

/** One mail, whatever its length: `formatted` is its HTML, `plain` its text; buttons are lines to answer with. */
export const emailFormat: ChannelFormat = {
  render(body) {
    const plain = toPlainText(body);
    if (!VISIBLE.test(plain)) return [{ formatted: EMPTY_REPLY, plain: EMPTY_REPLY, buttons: [] }];
    return [{ formatted: writeEmailHtml(body), plain, buttons: [] }];
  },
  renderInstead: () => undefined,
  markRepeated: (part) => ({
    ...part,
    formatted: `<p>${escapeHtml(REPEATED.trim())}</p>\n${part.formatted}`,
    plain: REPEATED + part.plain,
  }),
};
