import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { AppError } from "../core/errors.ts";
import { defineTool } from "../tools/tool.ts";

let agent: TestAgent;
afterEach(() => agent.close());

test("a call that died with the runtime and cannot be made any more is asked about by nobody", async () => {
  const begun = Promise.withResolvers<void>();
  let isAllowed = true;
  const post = defineTool({
    name: "post",
    class: "network",
    description: "Posts something.",
    input: z.strictObject({}),
    effect: "send",
    timeLimitMs: 5_000,
    sensitivityOf() {
      if (!isAllowed) throw new AppError("access_denied", "That is not to be reached.");
      return "outward";
    },
    describe: () => "Post",
    run: (_input, _scene, signal) =>
      new Promise((_resolve, reject) => {
        begun.resolve();
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  });
  agent = await openTestAgent([post]);
  const first = await agent.startWorkers(createScriptedModel({ callTool: "post", input: {} }));
  await agent.say("post it");
  await agent.until("runs", ([run]) => run?.state === "parked");
  const [approval] = await agent.rows("approvals");
  await agent.decide(approval?.id ?? "", true);
  await begun.promise;
  await first.stop();

  // As when an operator takes a host or a program out of its list before the next start.
  isAllowed = false;
  const model = createScriptedModel({ text: "ok" });
  await agent.startWorkers(model);
  await agent.until("runs", ([run]) => run?.finished_at_ms != null);
  expect(await agent.rows("runs")).toMatchObject([{ state: "succeeded" }]);
  expect(await agent.rows("approvals")).toMatchObject([{ execution: "unknown" }]);
  expect(JSON.stringify(model.calls[0]?.prompt)).toContain("nobody knows whether it happened");
});
