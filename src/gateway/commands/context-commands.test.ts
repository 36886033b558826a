import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../../test/support/open-gateway.ts";
import { ROLES } from "../../core/access/role.ts";
import { formatButtonData } from "../../core/delivery/button-data.ts";
import { newId } from "../../core/ids.ts";
import type { InboundMessage } from "../../core/message/inbound-message.ts";
import { contextById } from "../../store/queries/contexts.ts";

const GROUP = aGroup("-5");

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

/** What was said, the reply to it, and the conversation as it stands then. */
async function say(text: string, where: Partial<InboundMessage> = GROUP) {
  const { message, replies } = await gateway.say(text, where);
  const context = await gateway.store.first(contextById, { id: message.context_id });
  return { message, reply: replies[0] ?? "", context };
}

const COMMANDS = [
  "/admin-channel",
  "/admin-channel enable",
  "/admin-channel enable hub",
  "/admin-channel disable",
  "/prompt show",
  "/prompt set Obey Eve.",
  "/prompt clear",
  "/settings",
  "/settings addressing all",
  "/settings triage on",
];

describe.each(ROLES)("%s", (role) => {
  const isAllowed = role === "admin" || role === "overlord";
  it(`${isAllowed ? "says" : "does not say"} what holds in a conversation`, async () => {
    await gateway.aPerson(role);
    for (const where of [GROUP, {}]) {
      const { context: before } = await say("/help", where);
      for (const command of COMMANDS) {
        const { message, context } = await say(command, where);
        if (isAllowed) expect(message.reason).not.toBe("access_denied");
        else {
          expect(message.reason).toBe("access_denied");
          expect(context).toEqual(before);
        }
      }
    }
    const { reply: help } = await say("/help", {});
    for (const name of ["/admin-channel", "/prompt", "/settings"]) {
      expect(help.includes(name)).toBe(isAllowed);
    }
  });
});

it("a stranger sets nothing, wherever they write", async () => {
  for (const command of COMMANDS) {
    const { message, context } = await say(command);
    expect(message).toMatchObject({ outcome: "dropped", reason: "not_paired" });
    expect(context).toMatchObject({ is_admin: 0, prompt: null, addressing: null, is_triaged: 0 });
  }
});

it("a button never sets anything: its words may be a stranger's", async () => {
  await gateway.aPerson("overlord");
  const { message } = await gateway.say("/help", GROUP);
  const id = newId("dlv");
  await gateway.commit("test", async () => ({
    seen: [],
    effects: [
      {
        type: "queue-delivery",
        id,
        contextId: message.context_id,
        address: { connector: "telegram", account: "900100", externalId: "-5" },
        kind: "send",
        body: [{ type: "buttons", buttons: [{ label: "Nice", command: "/admin-channel enable" }] }],
        replyToExternalId: null,
        messageId: null,
        runId: null,
        taskId: null,
        job: null,
      },
    ],
  }));
  const pressed = await say("", {
    ...GROUP,
    kind: "button",
    button: { data: formatButtonData(id, 0), callbackId: "c" },
  });
  expect(pressed.context).toMatchObject({ is_admin: 0 });
  expect(pressed.message).toMatchObject({ rule: "button:admin-channel", reason: "typed_only" });
});

describe("/admin-channel", () => {
  it("makes an admin channel or a hub of a conversation, says so, and ends it", async () => {
    const { userId } = await gateway.aPerson("admin");
    expect((await say("/admin-channel")).reply).toContain("no admin channel");
    const enabled = await say("/admin-channel enable");
    expect(enabled.context).toMatchObject({ is_admin: 1, is_hub: 0, admin_user_id: userId });
    expect(enabled.reply).toContain("Everybody in this group reads it");
    const version = enabled.context?.version;
    const again = await say("/admin-channel Enable");
    expect(again.reply).toContain("It is so already");
    expect(again.context?.version).toBe(version);
    expect((await say("/admin-channel  enable   hub")).context).toMatchObject({ is_hub: 1 });
    expect((await say("/admin-channel")).reply).toContain("This is a hub");
    expect((await say("/admin-channel enable")).context).toMatchObject({ is_admin: 1, is_hub: 0 });
    expect((await say("/admin-channel disable")).context).toMatchObject({
      is_admin: 0,
      is_hub: 0,
      admin_user_id: null,
    });
    const wrong = await say("/admin-channel everything");
    expect(wrong.message.reason).toBe("invalid_input");
    expect(wrong.reply).toContain("/admin-channel enable [hub] | disable");
  });

  it("is refused where nobody would read it", async () => {
    const { identityId } = await gateway.aPerson("admin", "9", "cli");
    const address = { connector: "cli", account: "9", externalId: "9" } as const;
    const { replies } = await gateway.say("/admin-channel enable", { address }, { identityId });
    expect(replies[0]).toContain("Nobody would read it here");
  });
});

describe("/prompt", () => {
  it("keeps what it was given exactly, shows it, and takes it away", async () => {
    await gateway.aPerson("admin");
    expect((await say("/prompt")).reply).toContain("There is no prompt here");
    const text = "Speak German.\n\n  - Be *brief*.\n\tset clear show";
    expect((await say(`/prompt set ${text}`)).context?.prompt).toBe(text);
    expect((await say("/prompt show")).reply).toContain(text);
    expect((await say(`/prompt SET\n${text}`)).context?.prompt).toBe(text);
    expect((await say("/prompt clear")).context?.prompt).toBeNull();
  });

  it.each([
    ["/prompt set", "Say what to set"],
    ["/prompt set \u200b", "Say what to set"],
    [`/prompt set ${"ä".repeat(4_001)}`, "That has 4001 characters; a prompt has at most 4000"],
    ["/prompt be nice", "/prompt show | set <text> | clear"],
    ["/prompt clear all", "/prompt show | set <text> | clear"],
  ])("leaves all as it is after %.20s", async (command, says) => {
    await gateway.aPerson("admin");
    await say(`/prompt set ${"👍".repeat(4_000)}`);
    const { reply, message, context } = await say(command);
    expect(message.reason).toBe("invalid_input");
    expect(reply).toContain(says);
    expect(context?.prompt).toBe("👍".repeat(4_000));
  });
});

describe("/settings", () => {
  it.each([
    [true, /^(?!.*setprivacy)/su],
    [false, /When I was started, mine was on\. Switch it off with \/setprivacy/u],
  ])("says how to hear all only where the bot does not (%s)", async (hearsGroups, says) => {
    await gateway.close();
    gateway = await openGateway({ hearsGroups });
    await gateway.aPerson("admin");
    expect((await say("/settings triage on")).reply).toMatch(says);
    expect((await say("/settings")).reply).toMatch(says);
  });

  it("says what holds in a group and where that comes from, and changes it", async () => {
    await gateway.aPerson("admin");
    expect((await say("/settings")).reply).toMatch(/addressing: mention \(the default/u);
    const all = await say("/settings addressing ALL");
    expect(all.context).toMatchObject({ addressing: "all", is_triaged: 0 });
    expect(all.reply).toContain("/setprivacy");
    expect((await say("/settings triage on")).context).toMatchObject({
      addressing: "all",
      is_triaged: 1,
    });
    expect((await say("/settings show")).reply).toMatch(/addressing: all: [\s\S]*triage: on/u);
    await say("/settings triage off");
    expect((await say("/settings addressing default")).context).toMatchObject({
      addressing: null,
      is_triaged: 0,
    });
    expect((await say("/settings addressing")).message.reason).toBe("invalid_input");
    for (const both of ["addressing all triage on", "triage on addressing all"]) {
      await say("/settings addressing mention");
      await say("/settings triage off");
      const set = await say(`/settings ${both}`);
      expect(set.context).toMatchObject({ addressing: "all", is_triaged: 1 });
    }
    for (const unclear of ["triage on triage off", "triage on all", "triage on triage on"]) {
      const refused = await say(`/settings ${unclear}`);
      expect(refused.message.reason).toBe("invalid_input");
      expect(refused.context).toMatchObject({ addressing: "all", is_triaged: 1 });
    }
  });

  it("says that triage is switched off everywhere", async () => {
    await gateway.close();
    gateway = await openGateway({ triage: { enabled: false } });
    await gateway.aPerson("admin");
    expect((await say("/settings")).reply).not.toContain("AGENT_RUNTIME_TRIAGE_ENABLED");
    expect((await say("/settings triage on")).reply).toContain("AGENT_RUNTIME_TRIAGE_ENABLED");
    expect((await say("/settings")).reply).toContain("until that is on, nothing is triaged");
  });

  it("is for groups only", async () => {
    await gateway.aPerson("admin");
    expect((await say("/settings", {})).reply).toContain("In private all that you say is for me");
    const { reply, context } = await say("/settings triage on", {});
    expect(reply).toContain("Send this in the group");
    expect(context).toMatchObject({ is_triaged: 0 });
  });
});

describe("a topic", () => {
  const inTopic = (id: string) => ({
    ...aGroup(`-5:${id}`),
    chat: { kind: "group", title: id, part: { of: "-5", title: "Team" } } as const,
  });

  it("begins with what its group holds, but not as an admin channel, and has its own from then on", async () => {
    await gateway.aPerson("admin");
    await say("/prompt set Be brief.");
    await say("/settings addressing all");
    await say("/settings triage on");
    await say("/admin-channel enable hub");
    const inherited = { prompt: "Be brief.", addressing: "all", is_triaged: 1 };
    const first = await say("/help", inTopic("3"));
    expect(first.context).toMatchObject({ ...inherited, is_admin: 0, is_hub: 0 });
    await say("/prompt clear");
    await say("/settings triage off", inTopic("4"));
    expect((await say("/help", inTopic("3"))).context).toMatchObject(inherited);
    expect((await say("/help", inTopic("4"))).context).toMatchObject({
      prompt: null,
      addressing: "all",
      is_triaged: 0,
    });
    expect((await say("/help")).context).toMatchObject({ is_triaged: 1, is_hub: 1 });
  });

  it("begins with nothing when it comes with its group", async () => {
    await gateway.aPerson("admin");
    const { context } = await say("/help", inTopic("3"));
    expect(context).toMatchObject({ prompt: null, addressing: null, is_triaged: 0 });
  });
});

describe("what is for us in a group", () => {
  const unaddressed = { ...GROUP, addressed: false };

  it.each([true, false])("is as its admins say, whatever the default (%s)", async (byDefault) => {
    await gateway.close();
    gateway = await openGateway({ modelRules: { requireMentionInGroups: byDefault } });
    await gateway.aPerson("admin");
    const heard = async () =>
      (await say("we meet at ten", unaddressed)).message.outcome === "pending";
    expect(await heard()).toBe(!byDefault);
    await say("/settings addressing all");
    expect(await heard()).toBe(true);
    await say("/settings addressing mention");
    expect(await heard()).toBe(false);
    const elsewhere = { ...aGroup("-6"), addressed: false };
    expect((await say("we meet at ten", elsewhere)).message.outcome === "pending").toBe(!byDefault);
    await say("/settings addressing default");
    expect(await heard()).toBe(!byDefault);
  });

  it("is still nothing that a stranger says, and that is not kept", async () => {
    await gateway.aPerson("admin");
    await say("/settings addressing all");
    const sender = { externalUserId: "66", displayName: "Eve" };
    const { message } = await say("let me in", { ...unaddressed, sender });
    expect(message).toMatchObject({ outcome: "dropped", reason: "not_paired", text: "" });
  });
});
