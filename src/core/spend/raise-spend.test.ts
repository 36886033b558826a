import { describe, expect, test } from "vitest";
import { forecastSpend } from "./forecast.ts";
import { askToRaise, raiseSpendArguments, raiseSpendEffects } from "./raise-spend.ts";

const DAY = "2026-11-21";
const CENT = 10_000;
const work = { key: "work:task_1", day: DAY, capMicroUsd: 100 * CENT };

describe("the forecast", () => {
  test("of work that has not begun is its first call, at the most it can cost", () => {
    const soFar = { costsMicroUsd: [], neededMicroUsd: 500, roundsLeft: 20 };
    expect(forecastSpend(soFar)).toEqual({ rounds: 1, costMicroUsd: 500, neededMicroUsd: 500 });
  });

  test("expects as many calls again, each dearer by what the last ones grew", () => {
    const soFar = { costsMicroUsd: [100, 120, 140], neededMicroUsd: 500, roundsLeft: 20 };
    expect(forecastSpend(soFar)).toEqual({
      rounds: 3,
      costMicroUsd: 160 + 180 + 200,
      neededMicroUsd: 160 + 180 + (500 + 40),
    });
  });

  test("goes no further than the limits of the run, and one call at least", () => {
    const costsMicroUsd = [100, 100, 100];
    expect(forecastSpend({ costsMicroUsd, neededMicroUsd: 500, roundsLeft: 2 }).rounds).toBe(2);
    expect(forecastSpend({ costsMicroUsd, neededMicroUsd: 500, roundsLeft: 0 }).rounds).toBe(1);
  });

  test("does not hope for calls to become cheaper", () => {
    const soFar = { costsMicroUsd: [900, 100], neededMicroUsd: 500, roundsLeft: 9 };
    expect(forecastSpend(soFar).costMicroUsd).toBe(200);
  });
});

describe("the question for more", () => {
  const reached = {
    scope: work,
    usedMicroUsd: 95 * CENT,
    allowedMicroUsd: 100 * CENT,
    neededMicroUsd: 9 * CENT,
  };

  test("asks for what is missing, in a sum that people say, and tells why", () => {
    const question = askToRaise(reached, { costsMicroUsd: [], roundsLeft: 9 });
    expect(question.arguments).toEqual({
      scope: "work:task_1",
      day: DAY,
      by_micro_usd: 4 * CENT,
      needs_micro_usd: 9 * CENT,
      because:
        "This work may spend $1.00 and $0.95 of it is used. The work likely needs one more call of the model, for about $0.09; what is not needed is not spent.",
    });
  });

  test("of a day says which", () => {
    const scope = { key: `user:usr_1:${DAY}`, day: DAY, capMicroUsd: 1 };
    const question = askToRaise({ ...reached, scope }, { costsMicroUsd: [], roundsLeft: 9 });
    expect(question.arguments.because).toContain(
      "The person it is for may spend $1.00 on 2026-11-21 (UTC)",
    );
  });

  test("always lets the next call fit, and is whole cents with two digits", () => {
    for (let used = 0; used <= 30; used += 1) {
      const usedMicroUsd = used * 345_678;
      const costsMicroUsd = Array.from({ length: used }, (_, index) => 1_000 * index + 7);
      const { arguments: args } = askToRaise(
        { ...reached, usedMicroUsd, allowedMicroUsd: usedMicroUsd },
        { costsMicroUsd, roundsLeft: 50 },
      );
      expect(args.by_micro_usd).toBeGreaterThanOrEqual(reached.neededMicroUsd);
      expect(args.by_micro_usd % CENT).toBe(0);
      expect(String(args.by_micro_usd / CENT)).toMatch(/^\d{1,2}0*$/);
      expect(raiseSpendArguments.parse(args)).toEqual(args);
    }
  });
});

describe("an approved raise", () => {
  const args = {
    scope: `day:${DAY}`,
    day: DAY,
    by_micro_usd: 5,
    needs_micro_usd: 4,
    because: "it is needed",
  };
  const on = (day: string) => Date.parse(`${day}T12:00:00Z`);

  test("holds for its day alone; that of a piece of work for as long as it lasts", () => {
    expect(raiseSpendEffects(args, on(DAY))[0]).toEqual({
      type: "raise-spend",
      scope: { key: `day:${DAY}`, day: DAY },
      byMicroUsd: 5,
    });
    expect(raiseSpendEffects(args, on("2026-11-22"))).toEqual([]);
    const ofWork = { ...args, scope: "work:task_1" };
    expect(raiseSpendEffects(ofWork, on("2026-11-29"))).toHaveLength(1);
  });

  test("of a cap that other work shares has what waits there looked at again", () => {
    expect(raiseSpendEffects(args, on(DAY))[1]).toMatchObject({
      type: "enqueue-job",
      job: {
        kind: "release-at-cap",
        payload: { scope: args.scope, day: DAY },
      },
    });
  });

  test.each([
    { ...args, scope: "everything" },
    { ...args, by_micro_usd: 0 },
    { ...args, by_micro_usd: 0.5 },
    { ...args, by_micro_usd: -1 },
    { ...args, by_micro_usd: 10 ** 13 },
    { ...args, needs_micro_usd: 0 },
    { ...args, day: "tomorrow" },
    { ...args, and: "more" },
  ])("is nothing else than it says: %o", (other) => {
    expect(raiseSpendArguments.safeParse(other).success).toBe(false);
  });
});
