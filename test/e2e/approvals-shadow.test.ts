import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { NOTE } from "../support/approval-scene.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

const COMMAND = { command: "ls", args: [] };
const shadow = async (preset: string, days = 7) =>
  (await t.api("GET", `/api/v1/approvals/shadow?preset=${preset}&days=${days}`)).body;

test("tells by tool and conversation what another preset would have asked, and what nobody can judge", async () => {
  let movedMs = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + movedMs };
  const model = createScriptedModel(
    {
      callTools: [
        ["write_file", NOTE],
        ["read_file", { path: "notes.md" }],
        ["no_such_tool", COMMAND],
        ["write_file", { file: "of the arguments of long ago" }],
      ],
    },
    { text: "That is all." },
  );
  t = await openTestRuntime({ model, clock });
  await t.api("POST", "/api/v1/chat", { text: "go", external_id: "one" });
  expect(await shadow("sensitive-only")).toMatchObject({
    preset: "sensitive-only",
    days: 7,
    is_cut: false,
    total: { calls: 4, would_allow: 2, would_ask: 0, cannot_judge: 2, was_asked: 0 },
  });
  const strict = await shadow("always-ask");
  expect(strict.total).toMatchObject({ calls: 4, would_ask: 2, would_allow: 0, cannot_judge: 2 });
  expect(strict.by_tool).toEqual([
    expect.objectContaining({ tool: "write_file", calls: 2, would_ask: 1, cannot_judge: 1 }),
    expect.objectContaining({ calls: 1 }),
    expect.objectContaining({ calls: 1 }),
  ]);
  expect(strict.by_context).toMatchObject([{ context_title: "one", calls: 4 }]);
  expect(await t.rows("approvals")).toEqual([]);

  movedMs += 3 * 24 * 3_600_000;
  expect((await shadow("always-ask", 2)).total.calls).toBe(0);
  expect((await shadow("always-ask", 4)).total.calls).toBe(4);
  expect((await t.api("GET", "/api/v1/approvals/shadow?preset=no")).status).toBe(400);
  expect((await t.api("GET", "/api/v1/approvals/shadow?preset=always-ask&days=91")).status).toBe(
    400,
  );
});
