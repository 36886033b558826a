import { afterEach, beforeEach, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { formatButtonData } from "../core/delivery/button-data.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import { buttons, doc } from "../core/rich-text/build.ts";
import { contextById } from "../store/queries/contexts.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

it("a button is not for somebody who has the asker's number on another channel", async () => {
  await gateway.aPerson("member");
  await gateway.aPerson("member", "7", "web");
  const here = await gateway.say("/help", aGroup());
  const address = { connector: "web", account: "7", externalId: "7" } as const;
  const asked = await gateway.say("/help", { address });
  const context = await gateway.store.first(contextById, { id: here.message.context_id });
  if (context === undefined) throw new Error("the group is gone");
  const answer = queueReply({
    context,
    body: doc(buttons({ label: "Help", command: "/help" })),
    messageId: asked.message.id,
    runId: null,
    taskId: null,
    replyToExternalId: null,
    now: gateway.clock.now(),
  });
  await gateway.commit("answer", async () => ({ effects: [answer], seen: [] }));
  const button = { data: formatButtonData(answer.id, 0), callbackId: "c" };
  const { message } = await gateway.say("", { ...aGroup(), kind: "button", button });
  expect(message).toMatchObject({ outcome: "dropped", reason: "button_for_another" });
});
