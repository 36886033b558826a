import { MOST_STEPS } from "./think.ts";

/** What a person is told; never the text of an error. */
export const WHY_UNFINISHED = `The model did not come to an answer within ${MOST_STEPS} steps.`;
export const WHY_GIVEN_UP = "I tried more than once and have stopped trying.";
