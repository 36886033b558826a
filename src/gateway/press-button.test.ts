import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { formatButtonData } from "../core/delivery/button-data.ts";
import { laneOf } from "../core/job/lanes.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";
import { listButtons } from "../core/rich-text/list-buttons.ts";
import { changeRole } from "../operations/change-role.ts";
import { usedButtons } from "../store/queries/button-uses.ts";
import { deliveriesOfMessage } from "../store/queries/deliveries.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { taskById } from "../store/queries/tasks.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

async function press(
  text: string,
  deliveryId: string,
  index: number,
  more: Partial<InboundMessage> = {},
) {
  const data = formatButtonData(deliveryId, index);
  return await gateway.say(text, { kind: "button", button: { data, callbackId: "c" }, ...more });
}

describe("buttons", () => {
  it("run the command they were made with", async () => {
    await gateway.aPerson("member");
    const task = await gateway.say("/task write the report");
    const delivery = task.bodies[0];
    expect(listButtons(delivery?.body ?? [])).toHaveLength(1);
    const { message } = await press("", delivery?.id ?? "", 0);
    expect(message).toMatchObject({ outcome: "answered", rule: "button:cancel" });
    const row = await gateway.store.first(taskById, { id: task.message.task_id ?? "" });
    expect(row?.status).toBe("cancelled");
  });

  it("do nothing when unknown, forged or pressed in another chat", async () => {
    await gateway.aPerson("member");
    const task = await gateway.say("/task write the report");
    const id = task.bodies[0]?.id ?? "";
    for (const pressed of [
      await press("", id, 7),
      await press("", "dlv_0000000000000000", 0),
      await press("", id, 0, aGroup("-55")),
      await gateway.say("", { kind: "button", button: { data: "/cancel all", callbackId: "c" } }),
      await gateway.say("", { kind: "button" }),
    ]) {
      expect(pressed.message).toMatchObject({ outcome: "dropped", reason: "unknown_button" });
      expect(pressed.replies).toEqual([]);
    }
    const row = await gateway.store.first(taskById, { id: task.message.task_id ?? "" });
    expect(row?.status).toBe("queued");
  });

  it("of a topic work when the press names its chat alone, and those of another chat do not", async () => {
    await gateway.aPerson("member");
    const asked = {
      ...aGroup("-55:3"),
      chat: { ...aGroup().chat, part: { of: "-55", title: "T" } },
    };
    const task = await gateway.say("/task write the report", asked as Partial<InboundMessage>);
    const id = task.bodies[0]?.id ?? "";
    for (const elsewhere of ["-5", "-55:", "-55:31", "-555"]) {
      const { message } = await press("", id, 0, aGroup(elsewhere));
      expect(message.reason).toBe("unknown_button");
    }
    const address = { connector: "telegram", account: "900101", externalId: "-55" } as const;
    expect((await press("", id, 0, { ...aGroup(), address })).message.reason).toBe(
      "unknown_button",
    );
    const { message } = await press("", id, 0, aGroup("-55"));
    expect(message).toMatchObject({ outcome: "answered", rule: "button:cancel" });
    const [reply] = await gateway.store.all(deliveriesOfMessage, { messageId: message.id });
    expect(reply?.external_id).toBe("-55:3");
  });

  it("start one thing, however often they are pressed", async () => {
    await gateway.aPerson("member");
    const asked = await gateway.say("/task write the report");
    const id = asked.bodies[0]?.id ?? "";
    const data = formatButtonData(id, 0);
    const press = { kind: "button", button: { data, callbackId: "c" } } as const;
    const { messages } = await gateway.receive([
      gateway.aMessage({ ...press, text: "" }),
      gateway.aMessage({ ...press, text: "" }),
    ]);
    await gateway.work();
    const [first, second] = await Promise.all(
      messages.map(async (one) => (await gateway.handled(one.id)).message),
    );
    expect(first).toMatchObject({ outcome: "answered", rule: "button:cancel", reason: null });
    expect(second).toMatchObject({ outcome: "dropped", reason: "button_used" });
    expect(await gateway.store.all(usedButtons, { deliveryId: id })).toEqual([{ button_index: 0 }]);
  });

  it("that started nothing may be pressed again", async () => {
    const { userId } = await gateway.aPerson("member");
    const task = await gateway.say("/task write the report");
    const id = task.bodies[0]?.id ?? "";
    const become = (role: "viewer" | "member") =>
      gateway.commit("change-role", (deps) =>
        changeRole(deps, gateway.ownerActor, { user: userId, role }),
      );
    await become("viewer");
    expect((await press("", id, 0)).message.reason).toBe("access_denied");
    expect(await gateway.store.all(usedButtons, { deliveryId: id })).toEqual([]);
    await become("member");
    expect((await press("", id, 0)).message.outcome).toBe("answered");
  });

  it("that end what is over say so, and are taken off", async () => {
    await gateway.aPerson("member");
    const task = await gateway.say("/task write the report");
    const id = task.bodies[0]?.id ?? "";
    await gateway.say(`/cancel ${task.message.task_id}`);
    const { message, replies } = await press("", id, 0);
    expect(message).toMatchObject({
      outcome: "dropped",
      rule: "button:cancel",
      reason: "conflict",
      told_presser: expect.stringContaining("has finished already: cancelled"),
    });
    expect(replies).toEqual([]);
    const [withdrawal] = await gateway.store.all(jobsOfLane, { lane: laneOf.buttons(id) });
    const payload = JSON.stringify({ deliveryId: id, pointlessIndex: 0 });
    expect(withdrawal).toMatchObject({ kind: "withdraw-buttons", payload });
    // Somebody may still see it, or not have been told in time.
    expect((await press("", id, 0)).message.told_presser).toContain("has finished already");
  });

  it("of an answer to somebody else in a group do nothing", async () => {
    await gateway.aPerson("member");
    await gateway.aPerson("admin", "8");
    const task = await gateway.say("/task write the report", aGroup());
    const { message, replies } = await press("", task.bodies[0]?.id ?? "", 0, {
      ...aGroup(),
      sender: { externalUserId: "8", displayName: "Bob" },
    });
    expect(message).toMatchObject({ outcome: "dropped", reason: "button_for_another" });
    expect(replies).toEqual([]);
    const row = await gateway.store.first(taskById, { id: task.message.task_id ?? "" });
    expect(row?.status).toBe("queued");
  });

  it("do not lend their maker's role to a stranger", async () => {
    await gateway.aPerson("member");
    const task = await gateway.say("/task write the report", aGroup());
    const { message, replies } = await press("", task.bodies[0]?.id ?? "", 0, {
      ...aGroup(),
      sender: { externalUserId: "666", displayName: "Eve" },
    });
    expect(message.reason).toBe("not_paired");
    expect(replies).toEqual([]);
  });
});
