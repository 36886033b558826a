import { afterEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import type { ModelRules } from "../core/access/model-rules.ts";
import { formatButtonData } from "../core/delivery/button-data.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { GuardMode } from "../core/guardrail/guardrail.ts";
import { buttons, doc } from "../core/rich-text/build.ts";
import { createTask } from "../operations/create-task.ts";
import { contextByAddress } from "../store/queries/contexts.ts";

let gateway: Gateway;
afterEach(() => gateway.close());

const open = async (modelRules: Partial<ModelRules>): Promise<void> => {
  gateway = await openGateway({ modelRules });
};

/** How much work for a model is queued. */
async function started(): Promise<number> {
  const jobs = await gateway.store.list((db) =>
    db.selectFrom("jobs").select("kind").where("kind", "in", ["run-turn", "run-task"]),
  );
  return jobs.length;
}

async function contextId(externalId: string): Promise<string> {
  const address = { connector: "telegram", account: "900100", externalId } as const;
  return (await gateway.store.first(contextByAddress, address))?.id ?? "";
}

/** Presses a button that we really sent, and that stands for a task. */
async function pressTaskButton() {
  const context = { connector: "telegram", account: "900100", external_id: "7" } as const;
  const reply = queueReply({
    context: { ...context, id: await contextId("7") },
    body: doc(buttons({ label: "Do it", command: "/task water the plants" })),
    messageId: null,
    runId: null,
    taskId: null,
    replyToExternalId: null,
    now: gateway.clock.now(),
  });
  await gateway.commit("test-button", async () => ({ effects: [reply], seen: [] }));
  const data = formatButtonData(reply.id, 0);
  return await gateway.say("", { kind: "button", button: { data, callbackId: "c" } });
}

describe("the model is set to work by nobody", () => {
  it.each<[string, Partial<ModelRules>, string]>([
    ["while it is switched off", { enabled: false }, "model_off"],
    ["outside the conversations it may work in", { allowedContextIds: ["ctx_1"] }, "context_not_"],
    ["whose role may not use it", { allowedRoles: ["operator", "admin"] }, "role_not_allowed"],
  ])("%s: not by talk, a command, a button or the API", async (_when, rules, reason) => {
    await open(rules);
    const { actor } = await gateway.aPerson("member");
    const talk = await gateway.say("hello");
    expect(talk.message).toMatchObject({ outcome: "answered", rule: "conversation" });
    expect(talk.message.reason).toContain(reason);
    expect(talk.replies).toHaveLength(1);
    const typed = await gateway.say("/task water the plants");
    expect(typed.message).toMatchObject({ outcome: "answered", reason: "access_denied" });
    expect(typed.replies).toEqual(talk.replies);
    const pressed = await pressTaskButton();
    expect(pressed.message).toMatchObject({
      outcome: "dropped",
      reason: "access_denied",
      told_presser: talk.replies[0],
    });
    expect(pressed.replies).toEqual([]);
    const place = {
      address: { connector: "api", account: "key", externalId: "c" },
      title: "",
    } as const;
    await expect(
      createTask(gateway.deps(), actor, { prompt: "x", place, messageId: null }),
    ).rejects.toMatchObject({ code: "access_denied" });
    expect((await gateway.say("/status")).message.reason).toBeNull();
    expect((await gateway.say("/help")).replies[0]).not.toContain("Write anything else");
    expect(await started()).toBe(0);
  });

  it("in private chats where that is off; the page, the terminal and the API are none", async () => {
    await open({ allowDm: false });
    const { actor } = await gateway.aPerson("member");
    expect((await gateway.say("hello")).message.reason).toBe("private_off");
    const task = await gateway.say("/task water the plants");
    expect(task.message.reason).toBe("access_denied");
    expect(await started()).toBe(0);
    const address = { connector: "web", account: "web", externalId: "w" } as const;
    const { identityId } = gateway.owner;
    const onPage = await gateway.say("hello", { address }, { identityId });
    expect(onPage.message.outcome).toBe("pending");
    const place = {
      address: { connector: "api", account: "key", externalId: "c" },
      title: "",
    } as const;
    await gateway.commit("create-task", (deps) =>
      createTask(deps, actor, { prompt: "x", place, messageId: null }),
    );
    expect(await started()).toBe(2);
  });

  it.each([
    ["viewer", "Your role (viewer) may look, but not talk to me."],
    ["member", "The model does not work in this conversation."],
  ] as const)("whom it would not answer, which /help tells a %s", async (role, told) => {
    await open({ allowedContextIds: ["ctx_1"] });
    await gateway.aPerson(role);
    expect((await gateway.say("/help")).replies[0]).toContain(told);
  });

  it("while it is switched off: who asks reads who turns it on and how", async () => {
    await open({ enabled: false });
    await gateway.aPerson("member");
    for (const text of ["hello", "/task water the plants"]) {
      const [reply] = (await gateway.say(text)).replies;
      expect(reply).toMatch(/work on no tasks.*AGENT_RUNTIME_LLM_ENABLED=true and a restart/u);
    }
  });

  it("by no command that is offered: plain words for one are told why", async () => {
    await open({ enabled: false });
    await gateway.aPerson("member");
    const refused = (await gateway.say("hello")).replies;
    for (const text of [
      "create a task to water the plants",
      "how do I ask you to create a task?",
    ]) {
      const { message, replies } = await gateway.say(text);
      expect(message).toMatchObject({ outcome: "answered", reason: "model_off" });
      expect(message.rule).toMatch(/^(request|question):task$/u);
      expect(replies).toEqual(refused);
    }
    expect((await gateway.say("show my tasks")).message.reason).toBeNull();
  });

  it("and works where and for whom it may", async () => {
    await open({ allowDm: false, allowedRoles: ["member"] });
    await gateway.aPerson("member");
    expect((await gateway.say("hello", aGroup())).message.outcome).toBe("pending");
    expect((await gateway.say("/task water the plants", aGroup())).message.outcome).toBe("task");
    expect(await started()).toBe(2);
  });
});

describe("the limit of a window", () => {
  it("is one for talk, commands, buttons and the API, in every conversation of a person", async () => {
    await open({ rateLimitPerWindow: 4, rateLimitWindowSeconds: 60 });
    const { actor } = await gateway.aPerson("member");
    const place = {
      address: { connector: "api", account: "key", externalId: "c" },
      title: "",
    } as const;
    const overHttp = () =>
      gateway.commit("create-task", (deps) =>
        createTask(deps, actor, { prompt: "x", place, messageId: null }),
      );
    expect((await gateway.say("hello")).message.outcome).toBe("pending");
    expect((await gateway.say("/task one", aGroup())).message.outcome).toBe("task");
    expect((await pressTaskButton()).message.outcome).toBe("task");
    await overHttp();
    await expect(overHttp()).rejects.toMatchObject({ code: "rate_limited" });
    const first = await gateway.say("hello");
    expect(first.message).toMatchObject({ outcome: "dropped", reason: "rate_limited" });
    expect(first.replies[0]).toContain("4 requests");
    const second = await gateway.say("hello");
    expect(second.message).toMatchObject({ outcome: "dropped", reason: "rate_limited" });
    expect(second.replies).toEqual([]);
    const task = await gateway.say("/task two");
    expect(task.message).toMatchObject({ outcome: "answered", reason: "rate_limited" });
    expect(task.replies[0]).toContain("4 requests from one person in 60 s. Ask again in 60 s.");
    gateway.clock.advance(20_000);
    expect((await gateway.say("/task three")).replies[0]).toContain("Ask again in 40 s.");
    expect((await pressTaskButton()).message.reason).toBe("rate_limited");
    expect((await gateway.say("/status")).message.reason).toBeNull();
    expect(await started()).toBe(4);
    gateway.clock.advance(40_000);
    expect((await gateway.say("hello")).message.outcome).toBe("pending");
  });

  it("holds also for what arrives at once", async () => {
    await open({ rateLimitPerWindow: 2 });
    await gateway.aPerson("member");
    const batch = ["1", "2", "3", "4", "5"].map((externalId) =>
      gateway.aMessage({ ...aGroup(externalId), externalMessageId: externalId }),
    );
    const { messages } = await gateway.receive(batch);
    await gateway.work();
    const all = await Promise.all(messages.map(({ id }) => gateway.handled(id)));
    const outcomes = all.map(({ message }) => message.outcome).sort();
    expect(outcomes).toEqual(["dropped", "dropped", "dropped", "pending", "pending"]);
    expect(all.flatMap(({ replies }) => replies)).toHaveLength(1);
    expect(await started()).toBe(2);
  });

  it("is each person's own, and none for who looks after the runtime", async () => {
    await open({ rateLimitPerWindow: 1 });
    const as = (id: string) => ({
      address: { connector: "telegram", account: "900100", externalId: id } as const,
      sender: { externalUserId: id, displayName: id },
    });
    await gateway.aPerson("member", "7");
    await gateway.aPerson("member", "8");
    await gateway.aPerson("admin", "9");
    for (const id of ["7", "8", "9", "9"]) {
      expect((await gateway.say("hello", as(id))).message.outcome).toBe("pending");
    }
    expect((await gateway.say("hello", as("8"))).message.reason).toBe("rate_limited");
  });
});

describe("groups that need no mention", () => {
  it("are answered when a paired person speaks, and told nothing when they may not", async () => {
    await open({ requireMentionInGroups: false, allowedRoles: ["member"] });
    const heard = { ...aGroup(), addressed: false };
    expect((await gateway.say("hello", heard)).message.reason).toBe("not_paired");
    await gateway.aPerson("member");
    expect((await gateway.say("hello", heard)).message).toMatchObject({
      outcome: "pending",
      text: "hello",
    });
    await gateway.aPerson("operator", "8");
    const sender = { externalUserId: "8", displayName: "Bob" };
    const refused = await gateway.say("hello", { ...heard, sender });
    expect(refused.message).toMatchObject({ reason: "not_addressed", text: "" });
    expect(refused.replies).toEqual([]);
    expect(await started()).toBe(1);
  });
});

describe("what the input guardrail keeps from models", () => {
  const CARD = "4111 1111 1111 1111";
  const rules = (input: GuardMode) => ({
    guardrails: { input, output: "disabled", values: ["cards"] } as const,
  });

  it("starts no work where it blocks: not by talk, a command or a retry, and says what to do", async () => {
    await open(rules("block"));
    const { actor } = await gateway.aPerson("member");
    const talk = await gateway.say(`Pay with ${CARD}`);
    expect(talk.message).toMatchObject({ outcome: "answered", reason: "guardrail" });
    const typed = await gateway.say(`/task pay with ${CARD}`);
    for (const { replies } of [talk, typed]) {
      expect(JSON.stringify(replies)).toContain("a card number");
      expect(JSON.stringify(replies)).toContain("Take that out");
      expect(JSON.stringify(replies)).not.toContain("1111");
    }
    const place = { contextId: await contextId("7") };
    const asked = createTask(gateway.deps(), actor, { prompt: CARD, place, messageId: null });
    await expect(asked).rejects.toMatchObject({ code: "invalid_input" });
    expect(await started()).toBe(0);
    await gateway.say("Pay with what you have");
    expect(await started()).toBe(1);
  });

  it.each(["disabled", "observe", "redact"] as const)("%s: holds nobody up", async (mode) => {
    await open(rules(mode));
    await gateway.aPerson("member");
    await gateway.say(`Pay with ${CARD}`);
    expect(await started()).toBe(1);
  });
});
