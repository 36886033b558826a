import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { checkInvariants } from "../support/check-invariants.ts";
import {
  type CrashScenario,
  choosePoints,
  crashAt,
  recordPoints,
  untriedSides,
} from "./harness.ts";
import type { CrashPoint } from "./seams.ts";
import { AUDIT_KEY, MESSAGES, outsideFile, storeFile } from "./two-rooms.ts";

const scenario: CrashScenario = {
  program: fileURLToPath(new URL("./two-rooms-program.ts", import.meta.url)),
  check(directory) {
    checkInvariants(storeFile(directory), AUDIT_KEY);
    const database = new Database(storeFile(directory), { readonly: true });
    const messages = database.prepare("select id, outcome from messages order by seq").all() as {
      id: string;
      outcome: string;
    }[];
    database.close();
    expect(messages.map((message) => message.outcome)).toEqual(MESSAGES.map(() => "answered"));

    const said = readFileSync(outsideFile(directory), "utf8").trim().split("\n");
    for (const { id } of messages) {
      const about = said.filter((line) => line.startsWith(id));
      expect(about.length).toBeGreaterThan(0);
      // Said once without a mark; again only with one.
      expect(about.filter((line) => !line.endsWith("again")).length).toBeLessThanOrEqual(1);
    }
  },
};

test("loses nothing and repeats nothing silently, wherever the process is killed", async () => {
  const points = await recordPoints(scenario);
  const killed: CrashPoint[] = [];
  for (const point of choosePoints(points, false)) {
    if (await crashAt(scenario, point)) killed.push(point);
  }
  expect(untriedSides(points, killed)).toEqual([]);
}, 600_000);

test("names a seam that was killed on one side only", () => {
  const points: CrashPoint[] = [
    { seam: "claim", side: "before", occurrence: 1 },
    { seam: "claim", side: "after", occurrence: 1 },
  ];
  expect(untriedSides(points, points.slice(0, 1))).toEqual(["after claim"]);
});
