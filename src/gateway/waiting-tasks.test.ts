import { afterEach, beforeEach, expect, it } from "vitest";
import { aGroup } from "../../test/support/open-gateway.ts";
import { EVE, openTriagedGroup, type TriagedGroup } from "../../test/support/open-triaged-group.ts";

let gateway: TriagedGroup;
beforeEach(async () => {
  gateway = await openTriagedGroup();
  await gateway.aPerson("admin");
});
afterEach(() => gateway.close());

it("what waits for somebody's say is listed in a hub and in private chats of admins, and each id is known there", async () => {
  await gateway.aPerson("admin", "8");
  await gateway.aPerson("operator", "9");
  const opal = { sender: { externalUserId: "9", displayName: "Opal" } };
  const hub = aGroup("-9");
  await gateway.say("/admin-channel enable hub", hub);
  const told = [
    await gateway.overhear("Somebody posts spam here", EVE),
    await gateway.overhear("the gate is broken", EVE),
  ];
  const admin = {
    sender: { externalUserId: "8", displayName: "Adam" },
    address: { connector: "telegram", account: "900100", externalId: "8" },
  } as const;
  for (const place of [{}, admin, hub, { ...hub, ...opal }]) {
    for (const message of told) {
      const { id } = await gateway.taskOf(message);
      for (const command of [
        "/tasks",
        "/status",
        `/explain ${id}`,
        `/explain ${message.message.id}`,
      ]) {
        const { replies } = await gateway.say(command, place);
        expect(replies[0], command).toContain(id);
      }
      const routed = await gateway.say(`/route ${id} same v2`, place);
      expect(routed.replies[0]).toContain("has no wording 2");
    }
  }
});

it("an admin channel lists what waits in the workspace it supervises, and nothing of another", async () => {
  const told = await gateway.overhear("the gate is broken", EVE);
  const { id } = await gateway.taskOf(told);
  await gateway.say("/admin-channel enable", aGroup("-9"));
  const elsewhere = await gateway.say("/tasks", aGroup("-9"));
  expect(elsewhere.replies[0]).toContain("no tasks here");
  const { workspace_id: workspaceId } = await gateway.taskOf(told);
  await gateway.set("-9", { workspaceId });
  expect((await gateway.say("/tasks", aGroup("-9"))).replies[0]).toContain(id);
});

it("what is open stands before what is over, the most urgent first, and no more than ten", async () => {
  const first = await gateway.say("/task the first");
  await gateway.say("/task the second");
  await gateway.say(`/route ${first.message.task_id} same p1`);
  for (let n = 0; n < 10; n += 1) {
    const { message } = await gateway.say(`/task dropped ${n}`);
    await gateway.say(`/cancel ${message.task_id}`);
  }
  const { replies } = await gateway.say("/tasks");
  const listed = [...(replies[0] ?? "").matchAll(/task_\w+ (?:queued|cancelled): (.+)$/gmu)].map(
    ([, title]) => title,
  );
  expect(listed.slice(0, 3)).toEqual(["the first", "the second", "dropped 9"]);
  expect(listed).toHaveLength(10);
});
