import { Bot } from "grammy";

/** The simplest bot that does the same for a person: no store, no queue. It starts replies without waiting for them. */
const [token = "", apiRoot = "", replyLength = "0"] = process.argv.slice(2);
const text = "x".repeat(Number(replyLength));
const bot = new Bot(token, { client: { apiRoot } });
bot.command("help", (context) => {
  context
    .reply(text, { parse_mode: "HTML", link_preview_options: { is_disabled: true } })
    .catch((error) => {
      console.error(error);
      process.exit(1);
    });
});
void bot.start({ onStart: () => void process.send?.({}) });
