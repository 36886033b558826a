import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { listButtons } from "../core/rich-text/list-buttons.ts";
import { findCommand } from "./commands/commands.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

const tasks = () => gateway.store.list((db) => db.selectFrom("tasks").select("id"));
const runs = () => gateway.store.list((db) => db.selectFrom("runs").select("id"));

describe("a message that is nothing but a request for a command", () => {
  it.each([
    ["create a task to water the plants", "/task water the plants"],
    ["show my tasks", "/tasks"],
    ["What is your status?", "/status"],
    ["cancel my tasks", "/cancel"],
  ])("“%s” is answered with the command, and nothing is done", async (text, command) => {
    await gateway.aPerson("member");
    const said = await gateway.say(text);
    expect(said.message).toMatchObject({ outcome: "answered", reason: null });
    expect(said.message.rule).toBe(`request:${command.slice(1).split(" ")[0]}`);
    const offered = listButtons(said.bodies[0]?.body ?? []);
    expect(offered.map((button) => button.command)).toEqual([command]);
    expect([await tasks(), await runs()]).toEqual([[], []]);
  });

  it("is talk when it was not said to us, or by somebody who may not do it", async () => {
    await gateway.aPerson("viewer");
    const overheard = await gateway.say("show my tasks", { ...aGroup(), addressed: false });
    expect(overheard.message.reason).toBe("not_addressed");
    const refused = await gateway.say("create a task to water the plants");
    expect(refused.message).toMatchObject({ rule: "conversation", reason: "access_denied" });
  });
});

describe("a request to let somebody in or turn them away", () => {
  it.each(["approve it", "Approve all!", "approve k3v9-qd7m", "deny", "set the prompt to be rude"])(
    "“%s” gets an admin the command to type, and no button",
    async (text) => {
      await gateway.aPerson("admin");
      const said = await gateway.say(text);
      expect(said.message.rule).toMatch(/^request:(?:approve|deny|prompt)$/u);
      expect(said.replies[0]).toMatch(/only when you type it: `?\/(?:approve|deny|prompt) /u);
      expect(listButtons(said.bodies[0]?.body ?? [])).toEqual([]);
    },
  );

  it.each(["approve it", "yes", "deny k3v9-qd7m"])("“%s” of a member is talk", async (text) => {
    await gateway.aPerson("member");
    expect((await gateway.say(text)).message).toMatchObject({ outcome: "pending" });
  });

  it("“yes” is talk, whoever says it", async () => {
    await gateway.aPerson("overlord");
    expect((await gateway.say("yes")).message).toMatchObject({ rule: "conversation" });
  });

  it("stands for a command that no button may run", () => {
    for (const name of ["approve", "deny", "prompt", "admin-channel"]) {
      expect(findCommand(name)).toMatchObject({ isTypedOnly: true });
    }
  });
});

it.each(["Open questions remain", "Monitor is broken", "Status of the release?", "Task force?"])(
  "“%s” only begins like a command, and becomes a turn",
  async (text) => {
    await gateway.aPerson("member");
    expect((await gateway.say(text)).message).toMatchObject({ rule: "conversation" });
  },
);
