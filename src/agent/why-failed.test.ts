import { expect, test } from "vitest";
import { AppError } from "../core/errors.ts";
import { MAX_INTERRUPTIONS } from "../core/job/job.ts";
import { ModelFailed } from "../core/model/model-failed.ts";
import { whyGivenUp } from "./why-failed.ts";

const OURS = new AppError("unavailable", "what is for the log");
const MODEL = new ModelFailed("unavailable", "The provider of m is away.");

test.each([
  [{ attempts: 5, interruptions: 1 }, OURS, "I tried 5 times and have stopped trying."],
  [{ attempts: 1, interruptions: 1 }, OURS, "It failed in a way that trying again does not help."],
  [
    { attempts: 5, interruptions: 0 },
    MODEL,
    "I tried 5 times and have stopped trying. The provider of m is away.",
  ],
  [{ attempts: 1, interruptions: 0 }, MODEL, "The provider of m is away."],
  [
    { attempts: 1, interruptions: MAX_INTERRUPTIONS + 1 },
    OURS,
    "The runtime ended 26 times while I worked on it, so I have stopped trying.",
  ],
])("tells of a job that was given up only what happened: %j, %s", (job, error, said) => {
  expect(whyGivenUp(job, error)).toBe(said);
});
