import { describe, expect, test } from "vitest";
import { OF_WORK } from "../killed-seams.ts";
import {
  type Killing,
  killAt,
  killAtAll,
  killLater,
  shareOut,
  sidesOf,
} from "../whole-runtime/kill-plan.ts";
import type { CrashPlan } from "../whole-runtime/program-protocol.ts";
import { chooseSeed } from "../whole-runtime/random.ts";
import { openScene } from "../whole-runtime/scene.ts";
import { checkWork } from "./check-work.ts";
import { liveWorkDay } from "./work-day.ts";
import { type CountingWorld, openWorld } from "./world.ts";

/** Passed as well, and killed at in the day of messages. */
const KILLED_ELSEWHERE = [
  "commit approve-pairing",
  "commit create-owner-link",
  "commit ensure-owner",
  "commit job-retry",
  "commit plan-rounds",
  "commit project-task-file",
  "commit receive-messages",
  "commit record-mcp-tools",
  "commit set-setting",
  "commit sweep",
  "commit task-already-over",
  "commit tell-overdue",
  "commit turn-already-over",
  "outside answerCallbackQuery",
  "outside editMessageReplyMarkup",
  "outside editMessageText",
  "outside getMe",
  "outside getUpdates",
  "outside sendChatAction",
  "outside sendMessage",
  "outside setMyCommands",
];
/** Where a death leaves in doubt what a tool, a person or a model has done. */
const DELICATE = OF_WORK.filter((seam) =>
  /tool|approval|delay|park|spend|taint|outside/.test(seam),
);
const KNOWN = new Set(sidesOf([...OF_WORK, ...KILLED_ELSEWHERE]));
const seed = chooseSeed();
/** Each has one side of every seam. */
const shares = shareOut(OF_WORK, 2, seed);
const killing: Killing = {
  seed,
  live: workThrough,
  // Nothing is recovered unless the process died in a call.
  onTheWayTo: (side) =>
    side.endsWith("recover-tool-calls") ? ["after commit start-tool-call"] : [],
};

/** Lives a day of work in which the process is killed as planned, checks it, and says where it was killed. */
async function workThrough(plan: CrashPlan): Promise<readonly string[]> {
  const { promise: opened, resolve } = Promise.withResolvers<CountingWorld>();
  const scene = await openScene(plan, async (pass, dataDir) => {
    const world = await openWorld(pass, dataDir);
    resolve(world);
    return world;
  });
  try {
    const day = await liveWorkDay(scene, await opened);
    await scene.stop();
    checkWork(scene, await opened, day);
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

describe.concurrent(`killed at every seam of work with tools (seed ${seed})`, () => {
  test.for([0, 1])(
    "does nothing twice unasked and pays nothing twice, however often the process is killed: part %i",
    { timeout: 900_000 },
    (index) => killAtAll(shares[index] ?? [], killing),
  );
});

describe.concurrent(`one at a time, with tools (seed ${seed})`, oneAtATime);

/** Delicate sides in a day of their own, then later passings at random. */
function oneAtATime(): void {
  test.for(sidesOf(DELICATE))(
    "does nothing twice unasked and pays nothing twice, killed %s",
    { timeout: 900_000 },
    (side) => killAt(side, killing),
  );

  test(
    "does nothing twice unasked and pays nothing twice, killed at random later passings",
    {
      timeout: 900_000,
    },
    () => killLater(sidesOf(OF_WORK), killing),
  );
}
