import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

test("a model that is switched off is asked on no path, and everybody is told", async () => {
  const model = createScriptedModel({ text: "I was asked." });
  t = await openTestRuntime({ model, env: { LLM_ENABLED: "false" } });
  const talk = await t.api("POST", "/api/v1/chat", { text: "hello" });
  expect(talk).toMatchObject({ status: 200, body: { handled: true, reason: "model_off" } });
  expect(talk.body.reply).toContain("switched off");
  expect((await t.api("POST", "/api/v1/chat", { text: "/task x" })).body.reply).toBe(
    talk.body.reply,
  );
  expect(await t.api("POST", "/api/v1/tasks", { prompt: "x" })).toMatchObject({
    status: 403,
    body: { code: "access_denied", error: talk.body.reply },
  });
  const page = await t.api("POST", "/api/v1/conversation/messages", {
    text: "hello",
    message_id: "m-1",
  });
  expect(page.status).toBe(202);
  expect(
    await t.row("messages", ({ id, outcome }) => id === page.body.id && outcome !== "pending"),
  ).toMatchObject({
    reason: "model_off",
  });
  await t.idle();
  expect(await t.rows("runs")).toEqual([]);
  expect(model.calls).toEqual([]);
});
