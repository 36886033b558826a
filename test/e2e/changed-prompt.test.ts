import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

test("/explain tells that a run goes on with another prompt than it began with", async () => {
  const model = createScriptedModel(
    { callTool: "http_request", input: { method: "POST", url: "https://example.net/", body: "x" } },
    { text: "Then not." },
  );
  t = await openTestRuntime({ telegram: true, model });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "post it");
  const card = await t.telegram.nextSent(({ text }) => text.startsWith("Approve this?"));
  mkdirSync(join(t.dataDir, "context"), { recursive: true });
  writeFileSync(join(t.dataDir, "context/SOUL.md"), "Be dry.");
  t.telegram.press(card, "Deny", owner.user);
  await t.telegram.nextSent(({ text }) => text.endsWith("Then not."));

  const run = await t.row("runs", ({ state }) => state === "succeeded");
  expect(run.first_prompt_digest).not.toBe(run.prompt_digest);
  const { body } = await t.api("GET", `/api/v1/messages/${run.message_id}/explain`);
  expect(body.run).toMatchObject({ first_prompt_digest: run.first_prompt_digest });
  expect(body.lines).toContain(
    `  Its prompt was changed while it went on: first ${run.first_prompt_digest}.`,
  );
  expect(body.lines.join("\n")).not.toContain("Its tools were changed");
  t.telegram.say(owner.chat, owner.user, `/explain ${run.message_id}`);
  const told = await t.telegram.nextSent(({ text }) => text.startsWith("Message "));
  expect(told.text).toContain(`Told at first: prompt ${run.first_prompt_digest?.slice(0, 12)}`);
});
