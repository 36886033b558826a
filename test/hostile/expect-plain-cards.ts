import { expect } from "vitest";
import { isCardOfApproval } from "../../src/core/approval/approval-card.ts";
import type { RichText } from "../../src/core/rich-text/rich-text.ts";
import { telegramFormat } from "../../src/delivery/render/telegram.ts";
import type { HostileScene } from "./open-hostile-scene.ts";

/** Whatever was asked: each of its cards, also once it is decided, is one message of Telegram with nothing in it that nobody sees. */
export async function expectPlainCards({ t }: HostileScene): Promise<void> {
  const cards = (await t.rows("deliveries")).filter(({ card }) => isCardOfApproval(card));
  const asked = (await t.rows("approvals")).map(({ id }) => `approval:${id}`);
  const shown = new Set(cards.map(({ card }) => card));
  expect(asked.filter((one) => !shown.has(one))).toEqual([]);
  const wrong = cards.flatMap(({ body }) => {
    const parts = telegramFormat.render(JSON.parse(body) as RichText, () => "dlv_x:0");
    const isPlain = parts.every(({ formatted }) => !/\p{Cf}/u.test(formatted));
    return parts.length === 1 && isPlain ? [] : [parts.map(({ formatted }) => formatted)];
  });
  expect(wrong).toEqual([]);
  const sent = t.telegram.sent.filter(({ offered }) => offered.length > 0);
  expect(sent.filter(({ method }) => method !== "sendMessage")).toEqual([]);
  expect(sent.filter(({ sentRaw }) => /\p{Cf}/u.test(sentRaw))).toEqual([]);
}
