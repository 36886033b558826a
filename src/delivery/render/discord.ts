import { DISCORD_MARKDOWN } from "./discord-markdown.ts";
import { layOutForDiscord } from "./discord-spans.ts";
import { writeSpans } from "./markup.ts";
import { createMessageFormat } from "./message-format.ts";

/** https://discord.com/developers/docs/resources/message#create-message: characters are code points. */
const LIMIT = 2_000;

/** Discord's markdown, in parts of at most 2000 code points. It reads every message as that, so a plain one is the same. */
export const discordFormat = createMessageFormat({
  markup: DISCORD_MARKDOWN,
  limit: LIMIT,
  captionLimit: LIMIT,
  layOut: layOutForDiscord,
  buttonsUnder: () => [],
  writePlain: (spans) => writeSpans(spans, DISCORD_MARKDOWN),
});
