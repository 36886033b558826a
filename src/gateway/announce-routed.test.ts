import { afterEach, describe, expect, it } from "vitest";
import { aGroup } from "../../test/support/open-gateway.ts";
import { EVE, openTriagedGroup, type TriagedGroup } from "../../test/support/open-triaged-group.ts";
import { formatButtonData } from "../core/delivery/button-data.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import { PRIORITY } from "../core/job/lanes.ts";
import { buttons, code, doc, p } from "../core/rich-text/build.ts";
import { toPlainText } from "../core/rich-text/to-plain-text.ts";

let gateway: TriagedGroup;
afterEach(() => gateway.close());

async function open(options: Parameters<typeof openTriagedGroup>[0] = {}): Promise<void> {
  gateway = await openTriagedGroup(options);
}
const overhear: TriagedGroup["overhear"] = (text, more) => gateway.overhear(text, more);
const taskOf: TriagedGroup["taskOf"] = (said) => gateway.taskOf(said);

describe("admins are told of a routed task", () => {
  it("what it is, whose words they are, and the words as nothing to tap", async () => {
    await open();
    const said = await overhear("broken: /approve abcd @admin https://x.example", EVE);
    const [told] = await gateway.announcements(said);
    expect(told?.text).toMatch(/issue, p2, because it says “broken”\. Task task_\w+/u);
    expect(told?.text).toContain("A stranger, telegram 99 (Eve), wrote in Team:");
    expect(told?.text).toContain("It waits: nothing is done until you start it.");
    expect(told?.buttons.map(({ label }) => label)).toEqual([
      "Start",
      "Priority p1",
      "Priority p3",
      "Class question",
      "Class task",
      "Class moderation",
      "Drop",
    ]);
    expect(told?.body).toContainEqual({
      type: "code-block",
      language: "",
      code: "broken: /approve abcd @admin https://x.example",
    });
  });

  it.each([
    [{ enabled: false }, "nothing starts it now: the model is switched off."],
    [{ allowedContextIds: ["ctx_1"] }, "the model does not work in this conversation."],
    [{ allowedRoles: ["member" as const] }, "the model works for no role that could start it."],
    [{ allowedRoles: ["admin" as const] }, "for whose role the model works (admin)."],
  ])("what starting it takes where the rules are %j", async (modelRules, told) => {
    await open({ modelRules });
    const [card] = await gateway.announcements(await overhear("the door is broken", EVE));
    expect(card?.text).toContain(told);
    expect(card?.text).not.toContain("until you start it");
  });

  it("who wrote it as nothing to tap, whatever they call themselves", async () => {
    await open();
    const displayName = "Eve), an admin, wrote https://x.example @admin";
    const sender = { externalUserId: "99", displayName };
    const [told] = await gateway.announcements(await overhear("it is broken", { sender }));
    const paragraph = told?.body.find(
      (block) => block.type === "paragraph" && toPlainText([block]).includes("99"),
    );
    expect(paragraph).toEqual(
      p("A stranger, ", code(`telegram 99 (${displayName})`), ", wrote", " in ", code("Team"), ":"),
    );
  });

  it("not at all when the configuration says so", async () => {
    await open({ triage: { notifyAdmin: false } });
    const said = await overhear("the door is broken", EVE);
    expect(await gateway.announcements(said)).toEqual([]);
  });
});

describe("a button of the announcement", () => {
  /** An announcement in a group of those who look after things. */
  async function announced(options: Parameters<typeof openTriagedGroup>[0] = {}) {
    await open(options);
    await gateway.say("/status", aGroup("-9"));
    await gateway.set("-9", { supervision: { of: "hub", userId: gateway.owner.userId } });
    const said = await overhear("the door is broken", EVE);
    const [told] = await gateway.announcements(said);
    if (told === undefined) throw new Error("nobody was told");
    return { said, told };
  }
  function press(
    deliveryId: string,
    index: number,
    sender = { externalUserId: "7", displayName: "" },
  ) {
    const data = formatButtonData(deliveryId, index);
    return gateway.say("", {
      ...aGroup("-9"),
      kind: "button",
      button: { data, callbackId: "c" },
      sender,
    });
  }

  it("starts the task for an operator, as its class and priority say, and once", async () => {
    const { said, told } = await announced();
    await gateway.aPerson("operator");
    const index = told.buttons.findIndex(({ label }) => label === "Priority p1");
    const pressed = await press(told.id, index);
    expect(pressed.message).toMatchObject({
      outcome: "answered",
      rule: "button:route",
      reason: null,
    });
    expect(pressed.replies[0]).toMatch(/is issue, p1, route lane operations, due .* UTC/u);
    expect(await taskOf(said)).toMatchObject({
      status: "queued",
      priority: "p1",
      taint: 1,
      jobs: [{ priority: PRIORITY.p1 }],
    });
    const again = (await press(told.id, index)).message;
    expect(again).toMatchObject({
      outcome: "dropped",
      reason: "button_outdated",
      told_presser: expect.stringMatching(
        /^This has changed since\. Started as issue, p1, as The operator \(idn_\w+\) decided\.$/u,
      ),
    });
    const [now] = await gateway.announcements(said);
    expect(now?.text).toContain("Started as issue, p1");
    expect(now?.buttons.map(({ label }) => label)).toEqual([
      "Priority p2",
      "Priority p3",
      "Class question",
      "Class task",
      "Class moderation",
      "Drop",
    ]);
    const drop = now?.buttons.findIndex(({ label }) => label === "Drop") ?? -1;
    expect((await press(now?.id ?? "", drop)).message.reason).toBeNull();
    const [dropped] = await gateway.announcements(said);
    expect(dropped?.text).toMatch(
      /^noise, p3.*It is over: cancelled\..*Dropped, as The operator/su,
    );
    expect(dropped?.buttons).toEqual([]);
    expect((await taskOf(said)).title).toBe("[NOISE] the door is broken");
  });

  it("does nothing for a member but tell them, and is left for others", async () => {
    const { said, told } = await announced();
    await gateway.aPerson("member", "8");
    const member = { externalUserId: "8", displayName: "" };
    const refused = await press(told.id, 0, member);
    expect(refused.message).toMatchObject({ outcome: "dropped", reason: "access_denied" });
    expect(refused.replies).toEqual([]);
    expect((await press(told.id, 0, EVE.sender)).message.reason).toBe("not_paired");
    expect(await taskOf(said)).toMatchObject({ status: "blocked", jobs: [] });
    await gateway.aPerson("operator");
    expect((await press(told.id, 0)).message.reason).toBeNull();
  });

  it("is not used up while the task goes on waiting", async () => {
    const modelRules = { rateLimitPerWindow: 1, rateLimitWindowSeconds: 60 };
    const { said, told } = await announced({ modelRules });
    await gateway.aPerson("operator");
    await gateway.say("/task water the plants");
    const start = told.buttons.findIndex(({ label }) => label === "Start");
    const early = await press(told.id, start);
    expect(early.message).toMatchObject({ outcome: "answered", reason: "rate_limited" });
    expect(early.replies[0]).toContain("It still waits.");
    gateway.clock.advance(61_000);
    expect((await press(told.id, start)).message.reason).toBeNull();
    expect((await taskOf(said)).status).toBe("queued");
    expect((await press(told.id, start)).message.reason).toBe("button_outdated");
  });

  it("that a model wrote sets nothing going", async () => {
    const { said } = await announced();
    await gateway.aPerson("overlord");
    const { id, connector, account, external_id } = await gateway.contextAt("-9");
    const reply = queueReply({
      context: { id, connector, account, external_id },
      body: doc(buttons({ label: "Help", command: `/route ${said.message.task_id} issue` })),
      messageId: null,
      runId: "run_of_a_model",
      taskId: null,
      replyToExternalId: null,
      now: gateway.clock.now(),
    });
    await gateway.commit("test-button", async () => ({ effects: [reply], seen: [] }));
    const pressed = await press(reply.id, 0);
    expect(pressed.message).toMatchObject({ outcome: "dropped", reason: "typed_only" });
    expect(await taskOf(said)).toMatchObject({ status: "blocked" });
  });
});

describe("/route", () => {
  it("says what it did, and what to type when it does not understand", async () => {
    await open();
    await gateway.aPerson("operator");
    const said = await overhear("the door is broken", EVE);
    const tail = said.message.task_id?.slice(-6);
    const here = aGroup();
    const refused = await gateway.say(`/route ${tail} issue soon`, here);
    expect(refused.message.reason).toBe("invalid_input");
    expect(refused.replies[0]).toMatch(/neither a priority \(p1, p2, p3\) nor a due window \(2d/u);
    const routed = await gateway.say(`/route ${tail} question urgent 90m`, here);
    expect(routed.replies[0]).toMatch(/is question, p1, route lane support, due/u);
    const noise = await gateway.say(`/route ${tail} noise`, here);
    expect(noise.replies[0]).toContain("is noise and cancelled");
    const asked = await gateway.say("/task paint the door", here);
    await gateway.say(`/cancel ${asked.message.task_id}`, here);
    const over = await gateway.say(`/route ${asked.message.task_id} issue`, here);
    expect(over.replies[0]).toContain("is over (cancelled), so there is nothing to route.");
  });
});
