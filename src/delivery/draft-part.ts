import type { OutboundPart } from "../core/delivery/outbound-part.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { ChannelFormat } from "./ports.ts";
import { GROWING } from "./render/phrases.ts";

/**
 * What is shown of an answer that grows: the message that will be its first, marked so that nobody takes it for the
 * whole. `undefined`: the answer becomes a file, of which nothing can be shown.
 */
export function draftPart(format: ChannelFormat, body: RichText): OutboundPart | undefined {
  const [first] = format.render(body, () => "");
  if (first === undefined || first.file !== undefined) return undefined;
  return { formatted: first.formatted + GROWING, plain: first.plain + GROWING, buttons: [] };
}
