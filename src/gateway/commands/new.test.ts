import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../../test/support/open-gateway.ts";
import { ROLES } from "../../core/access/role.ts";
import { formatButtonData } from "../../core/delivery/button-data.ts";
import { queueReply } from "../../core/delivery/queue-reply.ts";
import type { InboundMessage } from "../../core/message/inbound-message.ts";
import { buttons, doc } from "../../core/rich-text/build.ts";
import { listButtons } from "../../core/rich-text/list-buttons.ts";
import { contextById } from "../../store/queries/contexts.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

const starts = () =>
  gateway.store.list((db) => db.selectFrom("conversation_starts").select("message_seq"));

function press(deliveryId: string, where: Partial<InboundMessage> = {}) {
  const data = formatButtonData(deliveryId, 0);
  return gateway.say("", { ...where, kind: "button", button: { data, callbackId: "c" } });
}

describe.each(ROLES)("%s", (role) => {
  const inPrivate = role !== "viewer";
  const inGroup = role === "admin" || role === "overlord";
  it(`begins anew ${inPrivate ? "in private" : "nowhere"}${inGroup ? " and in a group" : ""}`, async () => {
    await gateway.aPerson(role);
    const { message } = await gateway.say("/new");
    expect(message.reason).toBe(inPrivate ? null : "access_denied");
    expect(await starts()).toEqual(inPrivate ? [{ message_seq: message.seq }] : []);
    const there = await gateway.say("/new", aGroup());
    expect(there.message.reason).toBe(inGroup ? null : "access_denied");
    expect(await starts()).toHaveLength(Number(inPrivate) + Number(inGroup));
  });
});

it("a stranger begins nothing anew", async () => {
  expect((await gateway.say("/new", aGroup())).message.reason).toBe("not_paired");
  expect(await starts()).toEqual([]);
});

it("says what goes and what stays, and takes nothing behind its name", async () => {
  await gateway.aPerson("member");
  const { replies } = await gateway.say("/reset");
  expect(replies[0]).toContain("what was said here before is told to me no more");
  expect(replies[0]).not.toContain("/cancel");
  expect(await starts()).toHaveLength(1);
  const refused = await gateway.say("/new and sum up what I said");
  expect(refused.message.reason).toBe("invalid_input");
  expect(await starts()).toHaveLength(1);
});

it("says that what waits for its answer goes on", async () => {
  await gateway.aPerson("member");
  await gateway.say("tell me a story");
  expect((await gateway.say("/new")).replies[0]).toContain("goes on with what it knew");
  const runs = await gateway.store.list((db) => db.selectFrom("runs").select("state"));
  expect(runs).toEqual([{ state: "queued" }]);
});

it.each([
  "start over",
  "Please start a new conversation.",
  "New conversation",
  "let's start afresh",
])("“%s” offers it as a button, which begins anew when it is pressed", async (text) => {
  await gateway.aPerson("member");
  const { message, bodies } = await gateway.say(text);
  expect(message.rule).toBe("request:new");
  const [offered] = bodies;
  expect(listButtons(offered?.body ?? []).map(({ command }) => command)).toEqual(["/new"]);
  expect(await starts()).toEqual([]);
  const delivery = (await gateway.store.list((db) => db.selectFrom("deliveries").select("id"))).at(
    -1,
  );
  const pressed = await press(delivery?.id ?? "");
  expect(pressed.message).toMatchObject({ rule: "button:new", reason: null });
  expect(await starts()).toEqual([{ message_seq: pressed.message.seq }]);
});

it.each(["start over", "how do I ask you to start over?"])(
  "“%s” in a group offers nothing to whoever may not begin anew there, and says who may",
  async (text) => {
    await gateway.aPerson("operator");
    const { message, bodies, replies } = await gateway.say(text, { ...aGroup(), addressed: true });
    expect(message).toMatchObject({ rule: expect.stringMatching(/:new$/u), outcome: "answered" });
    expect(bodies.flatMap(({ body }) => listButtons(body))).toEqual([]);
    expect(replies.join()).toContain("takes the role admin or higher");
    expect((await gateway.say("/help", aGroup())).replies[0]).not.toContain("/new");
    expect((await gateway.say("/help")).replies[0]).toContain("/new");
  },
);

it("“start over” in a group is a button for an admin", async () => {
  await gateway.aPerson("admin");
  const { bodies } = await gateway.say("start over", { ...aGroup(), addressed: true });
  expect(bodies.flatMap(({ body }) => listButtons(body))).toHaveLength(1);
});

it("a button that a model wrote begins nothing anew", async () => {
  await gateway.aPerson("member");
  const { message } = await gateway.say("/help");
  const context = await gateway.store.first(contextById, { id: message.context_id });
  if (context === undefined) throw new Error("no conversation");
  const reply = queueReply({
    context,
    body: doc(buttons({ label: "Go on", command: "/new" })),
    messageId: null,
    runId: "run_of_a_model",
    taskId: null,
    replyToExternalId: null,
    now: gateway.clock.now(),
  });
  await gateway.commit("test-button", async () => ({ effects: [reply], seen: [] }));
  expect((await press(reply.id)).message.reason).toBe("typed_only");
  expect(await starts()).toEqual([]);
});
