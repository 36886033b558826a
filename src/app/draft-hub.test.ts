import { expect, test } from "vitest";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import { createRedactor, MASK } from "../core/redact.ts";
import { createDraftHub } from "./draft-hub.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setup() {
  const clock = createFakeClock();
  const hub = createDraftHub(clock, createRedactor(["canary-secret"]));
  const told: string[] = [];
  const stop = hub.subscribe((draft) => told.push(`${draft.runId} ${draft.text}`));
  const say = (text: string, runId = "run_1") => hub.update({ contextId: "ctx_1", runId, text });
  return { clock, told, stop, say };
}

test("shows the first words at once and the newest ones when the interval is over", async () => {
  const { clock, told, say } = setup();
  say("Once");
  say("Once upon");
  say("Once upon a time");
  expect(told).toEqual(["run_1 Once"]);
  clock.advance(100);
  await turn();
  expect(told).toEqual(["run_1 Once", "run_1 Once upon a time"]);
  clock.advance(100);
  await turn();
  expect(told).toHaveLength(2);
});

test("keeps runs apart and stops telling who no longer looks", async () => {
  const { told, stop, say } = setup();
  say("a", "run_1");
  say("b", "run_2");
  stop();
  say("c", "run_3");
  await turn();
  expect(told).toEqual(["run_1 a", "run_2 b"]);
});

test("shows no secret, neither split by markup nor half of one", () => {
  const { told, say } = setup();
  say("It is canary-sec", "run_1");
  say("It is canary-**secret**. So", "run_2");
  say("日本語日本語日本語", "run_3");
  expect(told).toEqual(["run_1 It is ", `run_2 It is ${MASK}. So`, "run_3 日本語日本語日本語"]);
});
