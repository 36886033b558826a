import { afterEach, beforeEach, expect, it } from "vitest";
import { aGroup } from "../../test/support/open-gateway.ts";
import { EVE, openTriagedGroup, type TriagedGroup } from "../../test/support/open-triaged-group.ts";

const byViewer = { sender: { externalUserId: "9", displayName: "Vera" } };

let gateway: TriagedGroup;
beforeEach(async () => {
  gateway = await openTriagedGroup();
  await gateway.aPerson("admin");
  await gateway.aPerson("viewer", "9");
});
afterEach(() => gateway.close());

it("a report about people is in no list and no explanation that the group reads, whoever asks", async () => {
  await gateway.overhear("the door is broken", EVE);
  const said = await gateway.overhear("Somebody posts spam here, it is Bob", EVE);
  const { id } = await gateway.taskOf(said);
  for (const who of [byViewer, {}]) {
    for (const command of ["/tasks", "/cancel", "/status", `/explain ${said.message.id}`]) {
      const { replies, bodies } = await gateway.say(command, { ...aGroup(), ...who });
      expect(replies).toHaveLength(1);
      expect(JSON.stringify(bodies)).not.toMatch(new RegExp(`${id}|moderation|Bob`, "iu"));
    }
  }
  const tasks = await gateway.say("/tasks", { ...aGroup(), ...byViewer });
  expect(tasks.replies[0]).toContain("[ISSUE] the door is broken");
});

it("a report about people is unknown in the group, also to an admin who names it", async () => {
  const said = await gateway.overhear("Somebody posts spam here, it is Bob", EVE);
  const { id } = await gateway.taskOf(said);
  for (const named of [id, id.slice(-8)]) {
    for (const command of [`/route ${named} issue`, `/cancel ${named}`]) {
      const { replies } = await gateway.say(command, aGroup());
      expect(replies).toEqual([`I know no task ${named}.`]);
    }
  }
  const explained = await gateway.say("/explain", {
    ...aGroup(),
    replyToExternalId: said.message.external_message_id,
  });
  expect(explained.replies).toEqual([`I know no message ${said.message.id}.`]);
  expect(await gateway.taskOf(said)).toMatchObject({
    status: "blocked",
    route_class: "moderation",
  });
  expect((await gateway.say(`/route ${id} issue`)).replies[0]).toContain("is issue");
});

it("whoever looks after the group reads it in private and where admins are told", async () => {
  const said = await gateway.overhear("Somebody posts spam here, it is Bob", EVE);
  const { id } = await gateway.taskOf(said);
  const explain = `/explain ${said.message.id}`;
  expect((await gateway.say(explain)).replies[0]).toContain(id);
  await gateway.set("-123", { supervision: { of: "hub", userId: gateway.owner.userId } });
  for (const command of ["/tasks", explain]) {
    expect((await gateway.say(command, aGroup())).replies[0]).toContain(id);
  }
});

it("what triage took for work and an admin for noise is not shown there, what somebody asked for is", async () => {
  const said = await gateway.overhear("the door is broken", EVE);
  const asked = await gateway.say("/task paint the door", aGroup());
  const [dropped, kept] = [await gateway.taskOf(said), await gateway.taskOf(asked)];
  for (const { id } of [dropped, kept]) await gateway.say(`/route ${id} noise`);
  const tasks = await gateway.say("/tasks", aGroup());
  expect(tasks.replies[0]).toContain(kept.id);
  expect(tasks.replies[0]).not.toContain(dropped.id);
  const explained = await gateway.say(`/explain ${said.message.id}`, aGroup());
  expect(explained.replies).toEqual([`I know no message ${said.message.id}.`]);
});

it("what a person asked for in private is in no list and under no id that a group reads, whoever asks", async () => {
  const { task_id: asked, id: message } = (await gateway.say("/task a private appointment"))
    .message;
  const id = asked ?? "";
  const byOperator = { sender: { externalUserId: "8", displayName: "Opal" } };
  await gateway.aPerson("operator", "8");
  for (const who of [{}, byOperator]) {
    for (const command of [
      "/tasks",
      "/cancel",
      "/status",
      `/cancel ${id}`,
      `/cancel ${id.slice(-6)}`,
      `/route ${id} issue`,
      `/explain ${message}`,
      `/explain ${message.slice(-8)}`,
    ]) {
      const { replies, bodies } = await gateway.say(command, { ...aGroup(), ...who });
      expect(replies).toHaveLength(1);
      expect(JSON.stringify(bodies)).not.toMatch(/private appointment|Running here: 1/u);
      expect(replies[0]).toMatch(/I know no|nothing|no tasks|Nothing/u);
    }
  }
  for (const command of ["/tasks", "/status", "/cancel"]) {
    expect((await gateway.say(command)).replies[0]).toContain("a private appointment");
  }
});
