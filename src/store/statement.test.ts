import { expect, test } from "vitest";
import { builderFor, statement } from "./statement.ts";

const byLane = statement((db, p: { lane: string; limit: number }) =>
  db.selectFrom("jobs").select("id").where("lane", "=", p.lane).limit(p.limit),
);

test("a statement is compiled once a dialect and bound by name", () => {
  const compiled = byLane.compiled("postgres");
  expect(byLane.compiled("postgres")).toBe(compiled);
  expect(compiled.sql).toContain('"lane" = $1 limit $2');
  expect(compiled.bind({ limit: 3, lane: "in:ctx" })).toEqual(["in:ctx", 3]);
});

test("SQLite's planner never sees a bound value, in declared and in composed queries", () => {
  expect(byLane.compiled("sqlite").sql).toContain('"lane" = +? limit +?');
  const composed = builderFor("sqlite").selectFrom("jobs").select("id").where("lane", "=", "x");
  expect(composed.compile().sql).toContain('"lane" = +?');
});
