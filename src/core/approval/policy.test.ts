import { describe, expect, test } from "vitest";
import { ROLES, type Role } from "../access/role.ts";
import type { Sensitivity } from "../tool/tool-facts.ts";
import { type CallFacts, judgeCall, PRESETS, type Verdict } from "./policy.ts";

const SENSITIVITIES = ["read", "fetch", "write", "guarded", "outward"] as const;

/** As the documentation has it: columns viewer, member, operator, admin, tainted. Written apart from the code. */
const PROMISED = `
  read     allow  allow  allow  allow  allow
  fetch    deny   allow  allow  allow  ask
  write    deny   allow  allow  allow  ask
  guarded  deny   ask    allow  allow  ask
  outward  deny   ask    ask    ask    ask`;

const ROWS = new Map(
  PROMISED.trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([name = "", ...verdicts]) => [name, verdicts as Verdict[]]),
);

const COLUMN: Readonly<Record<Role, number>> = {
  viewer: 0,
  member: 1,
  operator: 2,
  admin: 3,
  overlord: 3,
};
const call = (facts: Partial<CallFacts>): CallFacts => ({
  sensitivity: "read",
  effect: "read",
  isMcp: false,
  role: "member",
  isTainted: false,
  isGivenAddress: false,
  ...facts,
});
const everyCall = SENSITIVITIES.flatMap((sensitivity) =>
  ROLES.flatMap((role) => [true, false].map((isTainted) => ({ sensitivity, role, isTainted }))),
);

function promised(sensitivity: Sensitivity, role: Role, isTainted: boolean): Verdict | undefined {
  const row = ROWS.get(sensitivity);
  return role !== "viewer" && isTainted ? row?.[4] : row?.[COLUMN[role]];
}

describe("the policy", () => {
  test.each(everyCall)("$sensitivity by $role, tainted: $isTainted, is as documented", (facts) => {
    const { sensitivity, role, isTainted } = facts;
    expect(judgeCall("sensitive-only", call(facts))).toBe(promised(sensitivity, role, isTainted));
  });

  test("lets a tainted run fetch only what a person or our search named", () => {
    const fetch = call({ sensitivity: "fetch", isTainted: true });
    expect(judgeCall("sensitive-only", fetch)).toBe("ask");
    expect(judgeCall("sensitive-only", { ...fetch, isGivenAddress: true })).toBe("allow");
    expect(
      judgeCall("sensitive-only", { ...fetch, sensitivity: "outward", isGivenAddress: true }),
    ).toBe("ask");
  });

  test("refuses whoever is not known, under every preset", () => {
    for (const preset of PRESETS)
      for (const sensitivity of SENSITIVITIES)
        expect(judgeCall(preset, call({ sensitivity, role: undefined }))).toBe("deny");
  });

  test.each(PRESETS)("%s frees neither tainted runs nor what goes out to others", (preset) => {
    const strict = { ask: 1, deny: 2, allow: 0 };
    for (const facts of everyCall.filter((one) => one.isTainted || one.sensitivity === "outward")) {
      const chosen = judgeCall(preset, call(facts));
      expect(strict[chosen]).toBeGreaterThanOrEqual(
        strict[judgeCall("sensitive-only", call(facts))],
      );
    }
  });

  test("never-ask asks for nothing else, always-ask for everything, mcp-only for MCP tools", () => {
    const guarded = call({ sensitivity: "guarded" });
    expect(judgeCall("never-ask", guarded)).toBe("allow");
    expect(judgeCall("mcp-only", guarded)).toBe("allow");
    expect(judgeCall("mcp-only", call({ isMcp: true }))).toBe("ask");
    expect(judgeCall("always-ask", call({ role: "overlord" }))).toBe("ask");
    expect(judgeCall("always-ask", call({ role: "viewer", sensitivity: "fetch" }))).toBe("deny");
  });

  test("lets a viewer's run write nothing, not even what all others may write", () => {
    const scratch = { sensitivity: "read", effect: "write" } as const;
    expect(judgeCall("never-ask", call({ ...scratch, role: "viewer" }))).toBe("deny");
    expect(judgeCall("sensitive-only", call({ ...scratch, isTainted: true }))).toBe("allow");
  });
});
