import { expect, test } from "vitest";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import type { Guard } from "../core/guardrail/guardrail.ts";
import { createRedactor, MASK } from "../core/redact.ts";
import { createDraftHub } from "./draft-hub.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setup(guard: Guard = { mode: "disabled", values: [] }, secrets = ["canary-secret"]) {
  const clock = createFakeClock();
  const hub = createDraftHub(clock, createRedactor(secrets), guard);
  const open = (runId = "run_1") => hub.open({ contextId: "ctx_1", runId });
  /** Looks from now on, and notes every text it is told of. */
  function look() {
    const told: string[] = [];
    const stop = hub.subscribe((runId) => told.push(`${runId} ${hub.find(runId)?.text}`));
    return { told, stop };
  }
  return { clock, hub, open, look };
}

test("shows the first words at once and the newest ones when the interval is over", async () => {
  const { clock, open, look } = setup();
  const { told } = look();
  const { write } = open();
  write("Once");
  write("Once upon");
  write("Once upon a time");
  expect(told).toEqual(["run_1 Once"]);
  clock.advance(100);
  await turn();
  expect(told).toEqual(["run_1 Once", "run_1 Once upon a time"]);
  clock.advance(100);
  await turn();
  expect(told).toHaveLength(2);
});

test("keeps runs apart and stops telling who no longer looks", async () => {
  const { open, look } = setup();
  const { told, stop } = look();
  open("run_1").write("a");
  open("run_2").write("b");
  stop();
  open("run_3").write("c");
  await turn();
  expect(told).toEqual(["run_1 a", "run_2 b"]);
});

test("shows who comes later what was written so far, also when nobody looked", async () => {
  const { clock, open, look } = setup();
  const { write } = open();
  write("Once");
  write("Once upon a time");
  const first = look();
  expect(first.told).toEqual(["run_1 Once upon a time"]);
  write("Once upon a time there was");
  expect(look().told).toEqual(["run_1 Once upon a time there was"]);
  clock.advance(100);
  await turn();
  expect(first.told).toHaveLength(2);
});

test("keeps nothing of a turn that has ended, and tells nothing more of it", async () => {
  const { clock, hub, open, look } = setup();
  const { told } = look();
  const draft = open();
  draft.write("Once");
  draft.write("Once upon");
  draft.end();
  draft.write("Once upon a");
  clock.advance(100);
  await turn();
  expect(told).toEqual(["run_1 Once"]);
  expect(hub.find("run_1")).toBeUndefined();
  expect(look().told).toEqual([]);
});

test("an attempt that ends late takes nothing from the one that goes on", () => {
  const { hub, open } = setup();
  const first = open();
  const second = open();
  first.write("Old");
  second.write("New");
  first.end();
  expect(hub.find("run_1")?.text).toBe("New");
});

test("shows no secret, neither split by markup nor half of one", () => {
  const { open, look } = setup();
  const { told } = look();
  open("run_1").write("It is canary-sec");
  open("run_2").write("It is canary-**secret**. So");
  open("run_3").write("日本語日本語日本語");
  const all = ["run_1 It is ", `run_2 It is ${MASK}. So`, "run_3 日本語日本語日本語"];
  expect(told).toEqual(all);
  expect(look().told).toEqual(all);
});

test.each([
  "correct horse battery staple",
  "correct **horse** battery staple",
  "*correct* [horse](https://a.example) battery staple",
  "correct&#32;horse &#98;attery staple",
  'correct [horse](https://a.example "what a horse") battery staple',
])("never shows the first words of a secret that holds blanks: %j", (secret) => {
  const { hub, open } = setup(undefined, ["correct horse battery staple"]);
  const { write } = open();
  const answer = `It is ${secret} and all is well.`;
  const shown: string[] = [];
  for (let end = 1; end <= answer.length; end += 1) {
    write(answer.slice(0, end));
    shown.push(hub.find("run_1")?.text ?? "");
  }
  expect(shown.filter((text) => /correct|horse|battery|staple/u.test(text))).toEqual([]);
  expect(shown).toContain("It is ");
  expect(shown.at(-1)).toContain(`${MASK} and all is`);
});

test("never shows a part of a value that the guardrail keeps back, however it comes", () => {
  const { hub, open } = setup({ mode: "redact", values: ["cards"] });
  const { write } = open();
  const answer = `${"word ".repeat(30)}4111 1111 1111 1111 ${"word ".repeat(30)}`;
  const shown: string[] = [];
  for (let end = 1; end <= answer.length; end += 3) {
    write(answer.slice(0, end));
    shown.push(hub.find("run_1")?.text ?? "");
  }
  expect(shown.filter((text) => /\d/.test(text))).toEqual([]);
  expect(shown.at(-1)).toContain(`word ${MASK} word`);
});
