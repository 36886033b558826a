import { expect, test } from "vitest";
import { z } from "zod";
import { OPEN_TO_ALL } from "../../test/support/open-to-all.ts";
import { createNoWalls } from "../sandbox/no-walls.ts";
import type { Action } from "../tools/admin/action.ts";
import { createToolbox } from "../tools/toolbox.ts";
import { listTools, type ToolParts } from "./list-tools.ts";

const action = (name: string, does: Action["does"]): Action => ({
  name,
  description: "x",
  targets: [],
  payload: z.unknown(),
  payloadSchema: {},
  sensitivity: "outward",
  does,
});
const WEBHOOK = {
  kind: "webhook",
  url: "https://example.org",
  method: "POST",
  headers: {},
} as const;
const PARTS: ToolParts = {
  code: {
    sandbox: createNoWalls(),
    allowedCommands: ["ls"],
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
  search: { searxngUrl: undefined, braveApiKey: undefined, braveApiBase: "" },
  network: { allowedHosts: [] },
  mail: { from: undefined },
  modelRules: OPEN_TO_ALL,
  skillsRoot: "/nowhere",
  actions: [action("call", WEBHOOK), action("count", { kind: "command", argv: ["wc"] })],
};
const names = (parts: ToolParts) => listTools(parts).map(({ name }) => name);

test("every tool has a name of its own, and arguments a model can be told", () => {
  for (const { inputSchema } of createToolbox(listTools(PARTS)).offered)
    expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
});

test("without an action there is no tool to set one off", () => {
  expect(names(PARTS)).toContain("run_action");
  expect(names({ ...PARTS, actions: [] })).not.toContain("run_action");
});

test("nothing that runs a program is offered when that is switched off", () => {
  const off = listTools({ ...PARTS, runsPrograms: false });
  expect(off.filter((tool) => tool.class === "code" || tool.effect === "execute")).toEqual([]);
  const description = off.find(({ name }) => name === "run_action")?.description;
  expect(description).toContain("- call:");
  expect(description).not.toContain("- count:");
});
