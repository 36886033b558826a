import { expect, test } from "vitest";
import { MAX_INTERRUPTIONS } from "../core/job/job.ts";
import { whyGivenUp } from "./why-failed.ts";

test.each([
  [{ attempts: 5, interruptions: 1 }, "I tried 5 times"],
  [{ attempts: 1, interruptions: 1 }, "trying again does not help"],
  [{ attempts: 1, interruptions: MAX_INTERRUPTIONS + 1 }, "The runtime ended 26 times"],
])("tells of a job that was given up only what happened: %j", (job, said) => {
  expect(whyGivenUp(job)).toContain(said);
});
