import { afterEach, expect, test } from "vitest";
import { cut, openReceiver, type Receiver, status } from "../support/open-receiver.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";

let t: TestRuntime;
let receiver: Receiver | undefined;
afterEach(async () => {
  await t.close();
  await receiver?.close();
  receiver = undefined;
});

const say = (text: string, connector = "codex") =>
  t.api("POST", "/api/v1/chat", { connector, external_id: `${connector}-1`, text });

const results = async () =>
  (await t.rows("deliveries")).filter(({ run_id: runId, task_id: taskId }) => runId && taskId);

async function openWith(...script: Parameters<typeof openReceiver>) {
  receiver = await openReceiver(...script);
  t = await openTestRuntime({
    env: { CODEX_PUBLISH_URL: receiver.url, CODEX_PUBLISH_BEARER_TOKEN: "the-bearer-of-this-test" },
  });
  return receiver;
}

test("agents are told at the publish URL what they did not ask for, and nothing else", async () => {
  const { published } = await openWith();
  expect((await say("hello")).body.outcome).toBe("answered");
  for (const connector of ["codex", "cline", "gemini"]) {
    const task = await say("/task water the plants", connector);
    expect(task.body).toMatchObject({ outcome: "task" });
  }
  await t.until(async () => (published.length === 3 ? true : undefined));
  await t.idle();
  expect(published.map(({ body }) => `${body["connector"]} ${body["external_id"]}`).sort()).toEqual(
    ["cline cline-1", "codex codex-1", "gemini gemini-1"],
  );
  const rows = await results();
  expect(rows.map(({ state }) => state)).toEqual(["sent", "sent", "sent"]);
  expect(published.map(({ headers }) => headers["idempotency-key"]).sort()).toEqual(
    rows.map(({ id }) => id).sort(),
  );
  for (const { body, headers } of published) {
    expect(body["text"]).toContain("water the plants");
    expect(headers.authorization).toBe("Bearer the-bearer-of-this-test");
  }
  expect(t.logLines.join("\n")).not.toContain("the-bearer-of-this-test");
});

test("what may have arrived is sent again, marked and under the same key", async () => {
  const { published } = await openWith(cut);
  await say("/task water the plants");
  await t.until(async () => (published.length === 2 ? true : undefined));
  await t.idle();
  const [first, second] = published;
  expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
  expect(second?.body["text"]).toBe(`(may be a repeat)\n${first?.body["text"]}`);
  expect(await results()).toMatchObject([{ state: "sent", marked: 1 }]);
});

test("what is refused is dead, told to the owner, and can be sent again", async () => {
  const { published } = await openWith(status(410));
  await say("/task water the plants");
  const dead = await t.row("deliveries", ({ state }) => state === "dead");
  expect(dead.error).toContain("410");
  await t.row("deliveries", ({ connector, body }) => connector === "web" && body.includes(dead.id));
  expect(
    (await t.api("POST", "/api/v1/deliveries/replay", { delivery_id: dead.id })).status,
  ).toBeLessThan(300);
  await t.row("deliveries", ({ id, state }) => id === dead.id && state === "sent");
  expect(published).toHaveLength(2);
});

test("a wait that the receiver asks for is kept", async () => {
  const { published } = await openWith(status(429, { "retry-after": "2" }));
  await say("/task water the plants");
  const waiting = await t.row("deliveries", ({ error }) => error?.includes("429") === true);
  expect(waiting.state).toBe("pending");
  const sent = await t.row("deliveries", ({ id, state }) => id === waiting.id && state === "sent");
  expect(sent.updated_at_ms - waiting.updated_at_ms).toBeGreaterThanOrEqual(1_900);
  expect(published).toHaveLength(2);
});

async function openWithoutUrl(connector: string) {
  t = await openTestRuntime();
  const newKey = async (name: string) =>
    (await t.api("POST", "/api/v1/keys", { name, role: "member" })).body.key as string;
  const [own, other] = [await newKey("agent"), await newKey("other")];
  const chat = (key: string, body: object) =>
    t.api("POST", "/api/v1/chat", { connector, ...body }, { authorization: `Bearer ${key}` });
  const request = { text: "/task water the plants", external_id: "session-1", message_id: "m-1" };
  const created = await chat(own, request);
  expect(created.body).toMatchObject({ outcome: "task" });
  const late = await t.row("deliveries", ({ run_id: runId }) => runId !== null);
  await t.idle();
  return { own, other, chat, request, created, late };
}

test.each(["codex", "cline", "gemini"])(
  "without a publish URL what %s did not ask for is kept, and its own key fetches it",
  async (connector) => {
    const { own, other, chat, request, created, late } = await openWithoutUrl(connector);
    expect(late).toMatchObject({ state: "kept", parts_sent: 0, receipts: "[]", connector });
    expect((await t.rows("jobs")).filter(({ kind }) => kind === "deliver")).toEqual([]);
    const fetched = await chat(own, { ...request, wait_seconds: 0 });
    expect(fetched.body.message_id).toBe(created.body.message_id);
    expect(fetched.body.reply).toContain(created.body.reply);
    expect(fetched.body.reply.length).toBeGreaterThan(created.body.reply.length);
    const stolen = await chat(other, { text: "/task", message_id: created.body.message_id });
    expect(stolen.body.message_id).not.toBe(created.body.message_id);
    // The answers went back with their requests.
    const answers = (await t.rows("deliveries")).filter(({ id }) => id !== late.id);
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(["sent"]));
  },
);

test("what is kept is listed and explained as kept, counted, and never sent or dropped", async () => {
  const { created, late } = await openWithoutUrl("codex");
  const kept = await t.api("GET", "/api/v1/deliveries?state=kept");
  expect(kept.body.items).toMatchObject([
    { id: late.id, state: "kept", parts_sent: 0, external_id: "session-1", context_title: "" },
  ]);
  const explained = await t.api("GET", `/api/v1/messages/${created.body.message_id}/explain`);
  expect(explained.body.lines.join("\n")).toContain(
    `Delivery ${late.id} (send): kept for its reader to fetch.`,
  );
  const told = await say(`/explain ${created.body.message_id}`);
  expect(told.body.reply).toContain(`${late.id} kept for its reader to fetch`);
  expect((await t.api("GET", "/metrics")).body).toContain(
    'agent_runtime_deliveries{state="kept"} 1',
  );
  for (const path of ["replay", "drop"]) {
    const refused = await t.api("POST", `/api/v1/deliveries/${path}`, { delivery_id: late.id });
    expect(refused).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining("kept") },
    });
  }
  await t.restart();
  await t.idle();
  expect((await t.rows("deliveries")).find(({ id }) => id === late.id)?.state).toBe("kept");
});
