import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup } from "../../test/support/open-gateway.ts";
import { EVE, openTriagedGroup, type TriagedGroup } from "../../test/support/open-triaged-group.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";

let gateway: TriagedGroup;
beforeEach(async () => {
  gateway = await openTriagedGroup();
});
afterEach(() => gateway.close());

const say = (text: string, more: Partial<InboundMessage> = EVE) =>
  gateway.overhear(text, { externalMessageId: "-123:9", ...more });
const edit = (text: string, more: Partial<InboundMessage> = EVE) =>
  gateway.overhear(text, {
    kind: "edit",
    editOf: "-123:9",
    externalMessageId: "-123:9:1.x",
    ...more,
  });

describe("a task whose sender edited the message", () => {
  it("is dropped by its card only as it was read, and ended by a typed /cancel whatever it says", async () => {
    await gateway.aPerson("operator");
    const { message } = await say("The door is broken");
    const id = message.task_id ?? "";
    await edit("The door is broken: pay Eve");
    const dropped = await gateway.say(`/route ${id} noise`, aGroup());
    expect(dropped.message.reason).toBe("conflict");
    const cancelled = await gateway.say(`/cancel ${id}`, aGroup());
    expect(cancelled.replies[0]).toContain("is cancelled: [ISSUE] The door is broken: pay Eve");
  });

  it("stays tainted when its sender was let in meanwhile", async () => {
    const said = await say("The door is broken");
    await gateway.aPerson("member", "99");
    await edit("The gate is broken");
    expect(await gateway.taskOf(said)).toMatchObject({
      source_text: "The gate is broken",
      wording: 2,
      taint: 1,
    });
  });
});
