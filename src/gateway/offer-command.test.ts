import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { listButtons } from "../core/rich-text/list-buttons.ts";
import { conversationMessages } from "../store/queries/conversation.ts";
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

  it("is talk when a file came with it, which a button pressed later would leave behind", async () => {
    await gateway.aPerson("member");
    const files = [{ kind: "photo", sourceId: "1", name: "plants.jpg", sizeBytes: 3 }] as const;
    const said = await gateway.say("create a task to water the plants", { files });
    expect(said.message.rule).toBe("conversation");
    expect(said.replies).toEqual([]);
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

  it.each(["approve it", "yes", "reject half-done work"])(
    "“%s” of a member is talk",
    async (text) => {
      await gateway.aPerson("member");
      expect((await gateway.say(text)).message).toMatchObject({ outcome: "pending" });
    },
  );

  it.each([
    ["admin", /only when you type it: `?\/(?:approve <code>|deny <code>)/u],
    ["member", /takes the role admin/u],
    ["viewer", /takes the role admin/u],
  ] as const)("that holds a code reaches no model, also from a %s", async (role, reply) => {
    await gateway.aPerson(role);
    const files = [{ kind: "photo", sourceId: "f1", name: "a.jpg", sizeBytes: 9 }] as const;
    for (const more of [{}, { files }, { isQuoted: true as const }]) {
      for (const text of [
        "approve token ABCD2345",
        "deny token k3v9-qd7m because spam",
        "To let me in, send:\n/approve k3v9-qd7m",
        "please /deny@runtime_bot K3V9QD7M spam",
      ]) {
        const said = await gateway.say(text, more);
        expect(said.message).toMatchObject({ outcome: "answered", run_id: null });
        expect(said.replies).toEqual([expect.stringMatching(reply)]);
        expect(said.replies[0]).not.toMatch(/abcd2345|k3v9/iu);
        expect(listButtons(said.bodies[0]?.body ?? [])).toEqual([]);
      }
    }
    const [said] = await gateway.store.list((db) => db.selectFrom("messages").select("context_id"));
    const contextId = said?.context_id ?? "";
    expect(
      await gateway.store.all(conversationMessages, { contextId, afterSeq: 0, upToSeq: 1_000 }),
    ).toEqual([]);
    expect([await tasks(), await runs()]).toEqual([[], []]);
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

describe("a question for the command that does something", () => {
  const APPROVE = "What command do I run to approve this person?";

  it.each([
    [APPROVE, "admin", /Send `?\/approve <code> \[role\]/u, "question:approve"],
    [APPROVE, "member", /takes the role admin or higher. Ask an admin/u, "question:approve"],
    ["how do I ask you to create a task?", "member", /Send `?\/task <prompt>/u, "question:task"],
    ["how do I ask you to create a task?", "viewer", /takes the role member/u, "question:task"],
    ["what command do I run to route a task?", "operator", /\/route <task-id>/u, "question:route"],
    ["what command do I run to route a task?", "member", /role operator/u, "question:route"],
    ["how do I ask about pending pairings?", "admin", /pairing list/u, "question:terminal"],
    ["how do I ask about pending pairings?", "operator", /role admin/u, "question:terminal"],
    ["what is the command to make Ann an admin?", "admin", /Ask the owner/u, "question:terminal"],
    [
      "what is the command to change the settings?",
      "admin",
      /In a group, send `?\/settings/u,
      "question:settings",
    ],
  ] as const)(
    "“%s” of somebody with the role %s is answered for them",
    async (text, role, reply, rule) => {
      await gateway.aPerson(role);
      const said = await gateway.say(text);
      expect(said.message).toMatchObject({ outcome: "answered", reason: null, rule });
      expect(said.replies).toEqual([expect.stringMatching(reply)]);
      expect(listButtons(said.bodies[0]?.body ?? [])).toEqual([]);
      expect([await tasks(), await runs()]).toEqual([[], []]);
    },
  );

  it("gives the command as a button where it is complete as it stands", async () => {
    await gateway.aPerson("member");
    const said = await gateway.say("What's the command for my tasks?");
    expect(listButtons(said.bodies[0]?.body ?? [])).toMatchObject([{ command: "/tasks" }]);
  });

  it("tells a group's settings apart from a private chat's", async () => {
    await gateway.aPerson("admin");
    const said = await gateway.say("what is the command to switch triage on?", aGroup());
    expect(said.replies[0]).toMatch(/^Send `?\/settings triage on/u);
  });

  describe("while somebody waits to be let in", () => {
    const EVE = {
      sender: { externalUserId: "99", displayName: "Eve Waiting" },
      address: { connector: "telegram", account: "900100", externalId: "99" },
    } as const;
    let code: string;
    beforeEach(async () => {
      const asked = await gateway.say("/pair", EVE);
      code = /approve (\S+)/u.exec(asked.replies[0] ?? "")?.[1] ?? "-";
    });

    it.each(["admin", "member"] as const)(
      "names them to no %s, by code, id or name",
      async (role) => {
        await gateway.aPerson(role);
        for (const text of [APPROVE, "how do I ask about pending pairings?"]) {
          const [reply] = (await gateway.say(text)).replies;
          expect(reply).toMatch(/\/approve <code>|pairing list|Ask an admin/u);
          for (const secret of [code, "Eve", "99", "pair_"]) expect(reply).not.toContain(secret);
        }
      },
    );

    it("tells themselves to ask for access, in private alone", async () => {
      const own = await gateway.say(APPROVE, EVE);
      expect(own.message).toMatchObject({ outcome: "dropped", reason: "not_paired" });
      expect(own.replies).toEqual([expect.stringContaining("Send /pair to ask for access")]);
      const { sender } = EVE;
      expect((await gateway.say(APPROVE, { sender, ...aGroup() })).replies).toEqual([]);
    });
  });

  it("is talk when it was not said to us", async () => {
    await gateway.aPerson("admin");
    const overheard = await gateway.say(APPROVE, { ...aGroup(), addressed: false });
    expect(overheard.message.reason).toBe("not_addressed");
  });
});

it.each(["Open questions remain", "Monitor is broken", "Status of the release?", "Task force?"])(
  "“%s” only begins like a command, and becomes a turn",
  async (text) => {
    await gateway.aPerson("member");
    expect((await gateway.say(text)).message).toMatchObject({ rule: "conversation" });
  },
);
