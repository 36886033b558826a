import { afterEach, expect, test } from "vitest";
import { createHeldModel } from "../support/held-model.ts";
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

test("without a publish URL an agent fetches its results", async () => {
  t = await openTestRuntime({ model: createHeldModel() });
  expect((await say("/help")).body.outcome).toBe("answered");
  expect((await t.rows("jobs")).filter(({ kind }) => kind === "deliver")).toEqual([]);
  expect((await t.rows("deliveries")).map(({ state }) => state)).toEqual(["sent"]);
});
