import { describe, expect, test } from "vitest";
import { OF_A_DAY, ONLY_AFTER_DEATHS } from "../killed-seams.ts";
import { checkDay } from "./check-day.ts";
import { liveDay } from "./day.ts";
import { killAt, killAtAll, killLater, shareOut, sidesOf } from "./kill-plan.ts";
import type { CrashPlan } from "./program-protocol.ts";
import { chooseSeed } from "./random.ts";
import { openScene } from "./scene.ts";

const SIDES = sidesOf(OF_A_DAY);
const KNOWN = new Set(sidesOf([...OF_A_DAY, ...ONLY_AFTER_DEATHS]));
const isLong = process.env["AGENT_RUNTIME_TEST_LONG"] === "1";
const seed = chooseSeed();
const shares = shareOut(OF_A_DAY, 4, seed);
const killing = { seed, live: liveThrough };

/** Lives a day in which the process is killed as planned, checks it, and says where it was killed. */
async function liveThrough(plan: CrashPlan): Promise<readonly string[]> {
  const scene = await openScene(plan);
  try {
    const day = await liveDay(scene);
    await scene.stop();
    checkDay(scene, day);
    const unknown = [...scene.passed].filter((side) => !KNOWN.has(side));
    expect(unknown, "seams that have no name here").toEqual([]);
    return scene.killed;
  } catch (error) {
    throw new Error(
      `AGENT_RUNTIME_TEST_SEED=${seed}, killed: ${scene.killed.join(", ") || "nowhere"}\n${String(error)}`,
      { cause: error },
    );
  } finally {
    await scene.close();
  }
}

describe.concurrent(`killed at every seam (seed ${seed})`, () => {
  // The short form has time for one part of four; which sides are in it differs from run to run.
  test.for(isLong ? [0, 1, 2, 3] : [0])(
    "keeps every promise about a day of messages, however often the process is killed in it: part %i",
    { timeout: 900_000 },
    (index) => killAtAll(shares[index] ?? [], killing),
  );
});

test("every side of every seam has its part", () => {
  expect(shares.flat().toSorted()).toEqual(SIDES.toSorted());
});

if (isLong) describe.concurrent(`one at a time (seed ${seed})`, oneAtATime);

/** The long form: each side in a day of its own, then later passings at random. */
function oneAtATime(): void {
  test.for(SIDES)("keeps every promise when killed %s", { timeout: 900_000 }, (side) =>
    killAt(side, killing),
  );

  test(
    "keeps every promise when killed at random later passings of every seam",
    {
      timeout: 900_000,
    },
    () => killLater(SIDES, killing),
  );
}
