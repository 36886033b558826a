import { describe, expect, test } from "vitest";
import { checkDay } from "./check-day.ts";
import { liveDay } from "./day.ts";
import { killAt, killAtAll, killLater, shareOut, sidesOf } from "./kill-plan.ts";
import type { CrashPlan } from "./program-protocol.ts";
import { chooseSeed } from "./random.ts";
import { openScene } from "./scene.ts";

/** Every commit and every outside call of a day. A seam that is not here, or is never killed, fails. */
const SEAMS = [
  "claim",
  "commit approve-pairing",
  "commit ask-to-reply",
  "commit begin-task",
  "commit begin-turn",
  "commit bind-context",
  "commit cancel-task",
  "commit cancel-turn",
  "commit count-file",
  "commit create-owner-link",
  "commit create-task",
  "commit create-workspace",
  "commit decide-approval",
  "commit deliver",
  "commit end-tool-call",
  "commit ensure-owner",
  "commit fail-model-step",
  "commit finish-task",
  "commit finish-turn",
  "commit give-up",
  "commit handle-message",
  "commit leave-draft",
  "commit mark-overdue",
  "commit move-chat",
  "commit park-run",
  "commit plan-rounds",
  "commit project-task-file",
  "commit queue-draft",
  "commit receive-messages",
  "commit reset-context",
  "commit route-task",
  "commit save-file",
  "commit set-setting",
  "commit start-model-step",
  "commit start-tool-call",
  "commit stop-task",
  "commit summarise-conversation",
  "commit sweep",
  "commit taint-run",
  "commit tell-overdue",
  "commit withdraw-buttons",
  "outside answerCallbackQuery",
  "outside deleteMessage",
  "outside editMessageReplyMarkup",
  "outside editMessageText",
  "outside file",
  "outside getFile",
  "outside getMe",
  "outside getUpdates",
  "outside model",
  "outside publish",
  "outside sendChatAction",
  "outside sendDocument",
  "outside sendMessage",
  "outside sendMessageDraft",
  "outside setMyCommands",
];
/** Passed only when a restart meets work that ended just before it. */
const ONLY_AFTER_DEATHS = [
  "commit task-already-over",
  "commit turn-already-over",
  "commit job-retry",
  "commit recover-tool-calls",
];
const SIDES = sidesOf(SEAMS);
const KNOWN = new Set(sidesOf([...SEAMS, ...ONLY_AFTER_DEATHS]));
const isLong = process.env["AGENT_RUNTIME_TEST_LONG"] === "1";
const seed = chooseSeed();
const shares = shareOut(SEAMS, 4, seed);
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
  // The short form has time for one side of every seam: two parts of four. Which side differs from run to run.
  test.for(isLong ? [0, 1, 2, 3] : [0, 1])(
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
