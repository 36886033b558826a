import { expect, test } from "vitest";
import { z } from "zod";
import { listTools } from "../../src/app/list-tools.ts";
import type { Role } from "../../src/core/access/role.ts";
import type { Preset } from "../../src/core/approval/policy.ts";
import type { Sensitivity } from "../../src/core/tool/tool-facts.ts";
import type { Action } from "../../src/tools/admin/action.ts";
import { judgeToolCall } from "../../src/tools/judge-call.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { OPEN_TO_ALL } from "../support/open-to-all.ts";
import { TRICKS } from "./tricks.ts";

type Kind = "run" | "ask" | "refuse";
type Column = Readonly<Record<Sensitivity | "scratch", Kind>>;

const column = (kinds: string): Column => {
  const [read, scratch, fetch, write, guarded, outward] = kinds.split(" ") as Kind[];
  return { read, scratch, fetch, write, guarded, outward } as Column;
};
const GROUND = { outside: 4001, inside: 4002, api: "http://127.0.0.1:4003" };
const DEPLOY: Action = {
  name: "deploy",
  description: "Deploys.",
  targets: ["staging"],
  payload: z.strictObject({}),
  payloadSchema: {},
  sensitivity: "outward",
  does: { kind: "webhook", url: "http://hook.test", method: "POST", headers: {} },
};
const never = () => Promise.reject(new Error("nothing runs here"));
const toolbox = createToolbox(
  listTools({
    code: {
      sandbox: { isWalled: true, run: never },
      allowedCommands: ["ls", "cat", "find", "sort"],
      limits: {
        timeMs: 1,
        outputBytes: 1,
        memoryBytes: 1,
        processes: 1,
        fileBytes: 1,
        scratchBytes: 1,
      },
    },
    runsPrograms: true,
    search: { searxngUrl: "http://search.test", braveApiKey: undefined, braveApiBase: "" },
    network: { allowedHosts: [`127.0.0.1:${GROUND.outside}`], resolve: never },
    mail: { from: "agent@example.com" },
    modelRules: OPEN_TO_ALL,
    skillsRoot: "/nowhere",
    actions: [DEPLOY],
  }),
);

test.each<[role: Role | undefined, isTainted: boolean, preset: Preset, kinds: string]>([
  ["member", false, "sensitive-only", "run run run run ask ask"],
  ["operator", false, "sensitive-only", "run run run run run ask"],
  ["admin", false, "sensitive-only", "run run run run run ask"],
  ["overlord", false, "sensitive-only", "run run run run run ask"],
  ["member", false, "never-ask", "run run run run run ask"],
  ["overlord", false, "mcp-only", "run run run run run ask"],
  ["overlord", false, "always-ask", "ask ask ask ask ask ask"],
  ["member", true, "sensitive-only", "run run ask ask ask ask"],
  ["overlord", true, "sensitive-only", "run run ask ask ask ask"],
  ["overlord", true, "never-ask", "run run ask ask ask ask"],
  ["overlord", true, "mcp-only", "run run ask ask ask ask"],
  ["viewer", false, "never-ask", "run refuse refuse refuse refuse refuse"],
  ["viewer", true, "sensitive-only", "run refuse refuse refuse refuse refuse"],
  [undefined, false, "never-ask", "refuse refuse refuse refuse refuse refuse"],
])(
  "every trick by a model at work for %s (tainted: %s) under the preset %s: %s",
  (role, isTainted, preset, kinds) => {
    const expected = column(kinds);
    const facts = { preset, role, isTainted, isGivenAddress: () => false };
    const wrong = toolbox.offered.flatMap(({ name }) => {
      const tricks = TRICKS[name]?.(GROUND) ?? [];
      expect(tricks, `nobody has tried what ${name} can be made to do`).not.toEqual([]);
      return tricks.flatMap(({ input, as }) => {
        if (as === "whatever") return [];
        const { kind } = judgeToolCall(toolbox, { tool: name, input }, facts);
        return kind === (as === "refused" ? "refuse" : expected[as])
          ? []
          : [{ name, input, as, kind }];
      });
    });
    expect(wrong).toEqual([]);
  },
);
