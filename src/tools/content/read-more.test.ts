import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel } from "../../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../../test/support/start-agent.ts";
import { NEVER } from "../../core/abort.ts";
import { defineTool, type ToolScene } from "../tool.ts";
import { readMoreTool } from "./read-more.ts";

/** Every place in it is told from every other, and some characters are two units long. */
const LONG = Array.from({ length: 4_000 }, (_, n) => `${n}😀`).join(" ");
const searchTool = defineTool({
  name: "search",
  class: "content",
  description: "Finds much.",
  input: z.object({}),
  effect: "read",
  timeLimitMs: 1_000,
  sensitivityOf: () => "read",
  describe: () => "Search",
  run: async () => ({ text: LONG, taintedBy: "the page x" }),
});

let agent: TestAgent;
let step: string;
beforeEach(async () => {
  agent = await openTestAgent([searchTool, readMoreTool]);
  await agent.say("search for it");
  const model = createScriptedModel({ callTool: "search" }, { text: "found" });
  await agent.startWorkers(model);
  await agent.until("messages", ([message]) => message?.outcome === "answered");
  const told = JSON.stringify(model.calls[1]?.prompt);
  step = /read_more with step \\+"(step_\w+)/u.exec(told)?.[1] ?? "";
});
afterEach(() => agent.close());

function readMore(input: unknown, contextId = agent.contextId) {
  const scene = { store: agent.store, contextId } as unknown as ToolScene;
  return readMoreTool.run(readMoreTool.input.parse(input), scene, NEVER);
}

test("a long result is kept whole, and read to its end page by page, nothing twice and no character torn", async () => {
  let read = "";
  for (let from: number | undefined = 0; from !== undefined; ) {
    const { text, taintedBy } = await readMore({ step, from });
    expect(taintedBy).toBe("the page x");
    expect(text.length).toBeLessThan(9_000);
    const [, page = "", rest = ""] = /^(.*)\n\(These are characters (.*)\)$/su.exec(text) ?? [];
    expect(page.isWellFormed()).toBe(true);
    read += page;
    const next = /from (\d+) shows more/u.exec(rest)?.[1];
    from = next === undefined ? undefined : Number(next);
  }
  expect(read).toBe(LONG);
});

test("a result of another conversation, or of no call, is not there", async () => {
  await expect(readMore({ step }, "ctx_other")).rejects.toMatchObject({ code: "not_found" });
  await expect(readMore({ step: "step_none" })).rejects.toMatchObject({ code: "not_found" });
  const [answer] = (await agent.rows("run_steps")).filter(({ kind }) => kind === "model");
  await expect(readMore({ step: answer?.id })).rejects.toMatchObject({ code: "not_found" });
  await expect(readMore({ step, from: LONG.length })).rejects.toMatchObject({
    code: "invalid_input",
  });
});
