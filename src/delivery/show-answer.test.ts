import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenDelivery, openDelivery } from "../../test/support/open-delivery.ts";
import { NEVER } from "../core/abort.ts";
import type { Address } from "../core/message/inbound-message.ts";
import { doc, p } from "../core/rich-text/build.ts";
import { draftOfRun } from "../store/queries/deliveries.ts";
import { createAnswerShow } from "./show-answer.ts";

const RUN_ID = "run_1";
const HERE: Address = { connector: "telegram", account: "77", externalId: "1001" };

let d: OpenDelivery;
beforeEach(async () => {
  d = await openDelivery();
});
afterEach(() => d.close());

/** `takeSpareSlot` is asked whether there is room. */
function show(to: Address, takeSpareSlot: () => boolean) {
  const channel = { ...d.channel, sender: { ...d.channel.sender } };
  channel.sender.edits = { ...channel.sender.edits, takeSpareSlot };
  const log = { write: () => undefined };
  const channels = new Map([["telegram", channel]] as const);
  const showAnswer = createAnswerShow({ store: d.store, clock: d.clock, channels, log });
  const answer = {
    contextId: "ctx_chat",
    runId: RUN_ID,
    to,
    messageId: null,
    replyToExternalId: null,
    read: async () => doc(p("So ")),
    commit: (step: Parameters<Parameters<typeof showAnswer>[0]["commit"]>[0]) =>
      d.store.commit({ ...step, cause: "test" }) as Promise<"committed">,
  };
  return showAnswer(answer, NEVER);
}

test("an answer is shown only when the pace has room to spare, and is looked at again each second", async () => {
  await d.commit([
    {
      type: "create-run",
      id: RUN_ID,
      kind: "turn",
      workspaceId: "ws_chat",
      contextId: "ctx_chat",
      userId: null,
      messageId: null,
      taskId: null,
      taint: false,
    },
  ]);
  let asked = 0;
  const shown = show(HERE, () => {
    asked += 1;
    return asked > 3;
  });
  d.clock.advance(3_000);
  await expect.poll(() => asked).toBe(1);
  expect(await d.store.first(draftOfRun, { runId: RUN_ID })).toBeUndefined();
  await expect
    .poll(() => {
      d.clock.advance(1_000);
      return d.store.first(draftOfRun, { runId: RUN_ID });
    })
    .toMatchObject({ state: "pending" });
  expect(asked).toBe(4);
  await shown?.settle();
  await d.run();
  const end = { from: ["queued"], to: "succeeded", model: null, error: null } as const;
  await d.commit([{ type: "move-run", id: RUN_ID, ...end }]);
});

test("an answer of another account is not shown as it grows", () => {
  expect(show({ ...HERE, account: "76" }, () => true)).toBeUndefined();
});
