import { expect, test } from "vitest";
import { z } from "zod";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import { NEVER } from "../core/abort.ts";
import { createCallTimes } from "../core/run/call-times.ts";
import type { EffectKind } from "../core/tool/tool-facts.ts";
import { runTool } from "./run-tool.ts";
import { defineTool, type ToolScene } from "./tool.ts";

const sleepy = (effect: EffectKind) =>
  defineTool({
    name: "sleepy",
    class: "network",
    description: "Never ends by itself.",
    input: z.strictObject({}),
    effect,
    timeLimitMs: 30_000,
    sensitivityOf: () => "read",
    describe: () => "Sleep",
    run: (_input, _scene, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  });

test.each<[EffectKind, string]>([
  ["read", ""],
  ["fetch", ""],
  ["write", " Whether it was done all the same is not known: do not simply repeat it."],
  ["send", " Whether it was done all the same is not known: do not simply repeat it."],
  ["execute", " Whether it was done all the same is not known: do not simply repeat it."],
])(
  "a call that takes too long is ended, and says what is known of it: %s",
  async (effect, doubt) => {
    const clock = createFakeClock();
    const deps = { clock, log: { write: () => undefined }, callTimes: createCallTimes() };
    const ended = runTool(deps, sleepy(effect), {}, {} as ToolScene, NEVER);
    clock.advance(30_000);
    expect(await ended).toEqual({
      state: "failed",
      text: `sleepy was ended: it took longer than 30 s.${doubt}`,
      ...(doubt === "" ? {} : { isInDoubt: true }),
    });
  },
);
