import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../../test/support/open-gateway.ts";
import { formatButtonData } from "../../core/delivery/button-data.ts";
import type { InboundMessage } from "../../core/message/inbound-message.ts";
import { listButtons } from "../../core/rich-text/list-buttons.ts";
import { jobsOfLane } from "../../store/queries/jobs.ts";
import { taskById } from "../../store/queries/tasks.ts";
import { COMMANDS, isForModels } from "./commands.ts";

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

describe("the table of commands", () => {
  it("gives models none that decides, under whatever name, and none that there is not", () => {
    const named = COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(named.filter((name) => isForModels(`/${name} x`))).toEqual([
      "help",
      "status",
      "task",
      "tasks",
      "cancel",
      "explain",
      "spend",
      "pending-actions",
      "pair",
      "start",
    ]);
    for (const text of [
      "/approve-action act_1",
      "/Approve_Action act_1",
      "  /deny_action act_1",
      "/approve act_1",
      "/approve-action@some_bot act_1",
      "/nothing",
      "approve",
    ]) {
      expect(isForModels(text)).toBe(false);
    }
  });

  it("fits the menus of the channels", () => {
    for (const { name, summary } of COMMANDS) {
      expect(name).toMatch(/^[a-z][a-z-]{1,31}$/u);
      expect(summary.length).toBeLessThanOrEqual(100);
    }
    const names = COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("commands", () => {
  it("list tasks with a button only for what the asking person may end", async () => {
    await gateway.aPerson("member");
    await gateway.aPerson("member", "8");
    await gateway.aPerson("operator", "9");
    const from = (externalUserId: string) => ({
      ...aGroup(),
      sender: { externalUserId, displayName: "" },
    });
    await gateway.say("/task write the report", aGroup());
    const labels = async (id: string) => {
      const { bodies, replies } = await gateway.say("/tasks", from(id));
      expect(replies[0]).toContain("write the report");
      return listButtons(bodies[0]?.body ?? []).map(({ label }) => label);
    };
    expect(await labels("7")).toEqual(["Cancel: write the report"]);
    expect(await labels("8")).toEqual([]);
    expect(await labels("9")).toEqual(["Cancel: write the report"]);
  });

  it("tells the nearest names of an unknown one", async () => {
    await gateway.aPerson("member");
    const { message, replies } = await gateway.say("/stauts");
    expect(message).toMatchObject({ outcome: "answered", reason: "unknown_command" });
    expect(replies[0]).toContain("/status");
    const long = await gateway.say(`/${"x".repeat(10_000)}`);
    expect(long.message.reason).toBe("unknown_command");
    expect(long.replies[0]?.length).toBeLessThan(200);
  });

  it("makes a task of several lines and says its id", async () => {
    const { userId } = await gateway.aPerson("member");
    const { message, replies } = await gateway.say("/task sum up\nthe week\n  in three lines");
    expect(message).toMatchObject({ outcome: "task", rule: "command:task" });
    const task = await gateway.store.first(taskById, { id: message.task_id ?? "" });
    expect(task).toMatchObject({
      prompt: "sum up\nthe week\n  in three lines",
      title: "sum up",
      status: "queued",
      requested_by_user_id: userId,
      message_id: message.id,
      priority: "p2",
      route_class: "task",
    });
    expect(replies[0]).toContain(task?.id ?? "-");
    const usage = await gateway.say("/task");
    expect(usage.message).toMatchObject({ outcome: "answered", reason: "invalid_input" });
    expect(usage.replies[0]).toContain("/task <prompt>");
  });

  it("shows status, tasks and who one is", async () => {
    await gateway.aPerson("member");
    await gateway.say("/task write the report");
    expect((await gateway.say("/status")).replies[0]).toMatch(
      /write the report[\s\S]*telegram running[\s\S]*test model/u,
    );
    const tasks = await gateway.say("/tasks");
    expect(tasks.replies[0]).toContain("queued: write the report");
    gateway.clock.advance(24 * 60 * 60_000);
    expect((await gateway.say("/tasks")).replies[0]).toMatch(
      /queued, overdue since \d{4}-\d\d-\d\d \d\d:\d\d UTC: write the report/u,
    );
    expect((await gateway.say("/start")).replies[0]).toContain("The member");
  });

  it("cancels a task by a unique tail, once", async () => {
    await gateway.aPerson("member");
    const { message } = await gateway.say("/task write the report");
    const id = message.task_id ?? "";
    expect((await gateway.say(`/cancel ${id.slice(-5)}`)).message.reason).toBe("invalid_input");
    expect((await gateway.say("/cancel zzzzzzzz")).message.reason).toBe("not_found");
    const cancelled = await gateway.say(`/cancel ${id.slice(-6).toUpperCase()}`);
    expect(cancelled.message).toMatchObject({ outcome: "answered", reason: null });
    expect((await gateway.store.first(taskById, { id }))?.status).toBe("cancelled");
    expect(await gateway.store.all(jobsOfLane, { lane: `task:${id}` })).toEqual([]);
    expect((await gateway.say(`/cancel ${id}`)).message.reason).toBe("conflict");
  });

  it("explains the message replied to, else the one before", async () => {
    await gateway.aPerson("member");
    const task = await gateway.say("/task write the report");
    const last = await gateway.say("/explain");
    expect(last.replies[0]).toContain(task.message.id);
    expect(last.replies[0]).toContain("command:task");
    expect(last.replies[0]).toContain(task.message.task_id ?? "-");
    const replied = await gateway.say("/explain", {
      replyToExternalId: task.message.external_message_id,
    });
    expect(replied.replies[0]).toContain(task.message.id);
    const ours = `7:sent-${task.bodies[0]?.id}`;
    expect((await gateway.say("/explain", { replyToExternalId: ours })).replies[0]).toContain(
      task.message.id,
    );
    const named = await gateway.say(`/explain ${task.message.id.slice(-8)}`);
    expect(named.replies[0]).toContain(task.message.id);
    expect((await gateway.say("/explain", { replyToExternalId: "7:none" })).message.reason).toBe(
      "not_found",
    );
  });

  it("keeps one person's messages from another", async () => {
    await gateway.aPerson("member");
    const mine = await gateway.say("/task secret plans");
    await gateway.aPerson("member", "8");
    const other = {
      address: { connector: "telegram", account: "900100", externalId: "8" },
      sender: { externalUserId: "8", displayName: "Bob" },
    } as const;
    expect((await gateway.say(`/explain ${mine.message.id}`, other)).message.reason).toBe(
      "not_found",
    );
    expect((await gateway.say(`/cancel ${mine.message.task_id}`, other)).message.reason).toBe(
      "not_found",
    );
    expect((await gateway.say("/tasks", other)).replies[0]).not.toContain("secret");
  });
});

describe("stop", () => {
  it("cancels waiting turns at once and flags the running one, while that runs", async () => {
    await gateway.aPerson("member");
    const first = await gateway.say("write a novel");
    const [running] = await gateway.engine.claim("heavy", 1, gateway.clock.now());
    const second = await gateway.say("and a poem");
    const stop = await gateway.say("Stop!");
    expect(stop.message).toMatchObject({ outcome: "answered", rule: "command:stop" });
    expect(stop.replies[0]).toBe("I am stopping. One waiting message is cancelled.");
    expect((await gateway.handled(second.message.id)).message).toMatchObject({
      outcome: "failed",
      reason: "cancelled",
    });
    expect(await gateway.engine.cancelled()).toEqual([running?.id]);
    expect((await gateway.handled(first.message.id)).message.outcome).toBe("pending");
    const again = await gateway.say("stop");
    expect(again.replies[0]).toBe("I am stopping.");
  });

  it("leaves other people's turns in a group to them, save for an operator", async () => {
    await gateway.aPerson("member");
    await gateway.aPerson("member", "8");
    await gateway.aPerson("operator", "9");
    const asked = await gateway.say("write a novel", aGroup());
    const other = { ...aGroup(), sender: { externalUserId: "8", displayName: "Bob" } };
    expect((await gateway.say("stop", other)).replies[0]).toContain("somebody else");
    expect((await gateway.handled(asked.message.id)).message.outcome).toBe("pending");
    const operator = { ...aGroup(), sender: { externalUserId: "9", displayName: "Op" } };
    await gateway.say("stop", operator);
    expect((await gateway.handled(asked.message.id)).message.reason).toBe("cancelled");
  });

  it("ends one turn by the button of the list", async () => {
    await gateway.aPerson("member");
    const first = await gateway.say("one");
    const second = await gateway.say("two");
    const listed = await gateway.say("/cancel");
    const body = listed.bodies[0];
    expect(listButtons(body?.body ?? []).map(({ command }) => command)).toEqual([
      `/cancel ${first.message.run_id}`,
      `/cancel ${second.message.run_id}`,
    ]);
    await press("", body?.id ?? "", 1);
    expect((await gateway.handled(second.message.id)).message.reason).toBe("cancelled");
    expect((await gateway.handled(first.message.id)).message.outcome).toBe("pending");
  });
});
