import { afterEach, expect, test, vi } from "vitest";
import { createFastClock } from "../crash/whole-runtime/fast-clock.ts";
import type { Chat } from "../support/bot-api/chats.ts";
import type { Fault } from "../support/bot-api/faults.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { type Person, pairOwner } from "../support/pair-people.ts";

const CHATS = 300;
const EACH = 3;
const WITHIN_MS = 120_000;
/** What one chat is told at a time; at one a second no test waits so long. */
const BUSY = 130;
const REPEATED = "(may be a repeat)\n";

vi.setConfig({ testTimeout: WITHIN_MS });
let t: TestRuntime;
afterEach(() => t.close());

/** In each of many groups the owner says `/n1` to `/n3`: no commands, so that each reply names what it answers. */
function saySeveral(owner: Person): readonly Chat[] {
  const groups = Array.from({ length: CHATS }, (_, n) => t.telegram.group(-10_000 - n, `G ${n}`));
  for (let n = 1; n <= EACH; n += 1) {
    for (const chat of groups) t.telegram.say(chat, owner.user, `/n${n}@runtime_bot`);
  }
  return groups;
}

async function everybodyIsAnswered(groups: readonly Chat[]) {
  for (const { id } of groups) {
    await t.telegram.nextSent(
      ({ chatId, text }) => chatId === id && text.includes(`/n${EACH}`),
      WITHIN_MS,
    );
  }
}

/** What each chat was told, in order. */
function toldByChat(): ReadonlyMap<number, readonly string[]> {
  const told = new Map<number, string[]>();
  for (const { chatId, text } of t.telegram.sent) {
    const name = `${text.startsWith(REPEATED) ? "again " : ""}${/\/n(\d)/.exec(text)?.[1]}`;
    if (chatId < 0) told.set(chatId, [...(told.get(chatId) ?? []), name]);
  }
  return told;
}

test("300 chats at once are all answered, in order in each, through a storm of faults", async () => {
  t = await openTestRuntime({
    telegram: true,
    // No faster: a send that is given up after 30 s of this must not arrive after its repeat.
    clock: createFastClock(2, Date.now()),
    env: { INBOUND_MAX_PER_MINUTE: "0" },
  });
  const storm: readonly Fault[] = [
    { kind: "flood", retryAfter: 2 },
    { kind: "status", status: 500 },
    { kind: "status", status: 502, accepted: true },
    { kind: "reset-before" },
    { kind: "reset-after" },
    { kind: "broken-json" },
    { kind: "html", status: 403 },
  ];
  const owner = await pairOwner(t);
  for (let n = 0; n < 28; n += 1) {
    t.telegram.fault("sendMessage", storm[n % storm.length] as Fault);
    t.telegram.fault("sendMessage", { kind: "slow", delayMs: n % 3 }, 20);
  }
  await everybodyIsAnswered(saySeveral(owner));
  await t.idle();
  const told = toldByChat();
  expect(told.size).toBe(CHATS);
  for (const said of told.values()) {
    // What may have arrived is said again, before the next one, and of its copies all but one are marked.
    const numbers = said.map((one) => one.replace("again ", ""));
    const fresh = numbers.filter((one, at) => one !== numbers[at - 1]);
    expect(fresh).toEqual(["1", "2", "3"]);
    const unmarked = said.filter((one) => !one.startsWith("again "));
    expect(unmarked).toEqual([...new Set(unmarked)]);
  }
});

test("a chat that is told to wait, and one that is told much, hold up none of 300 others", async () => {
  t = await openTestRuntime({
    telegram: { limits: { perChatPerSecond: 1, perChatBurst: 5 } },
    env: {
      INBOUND_MAX_PER_MINUTE: "0",
      TELEGRAM_MAX_PER_SECOND: "0",
      TELEGRAM_MAX_PER_CHAT_PER_SECOND: "1",
    },
  });
  const owner = await pairOwner(t);
  for (let n = 0; n < BUSY; n += 1) t.telegram.say(owner.chat, owner.user, "/n0");
  await everybodyIsAnswered(saySeveral(owner));
  // Five at once and one a second: the owner's chat is far from done, and nobody waited for it.
  const busy = t.telegram.sent.filter(({ text }) => text.includes("/n0")).length;
  expect(busy).toBeLessThan(BUSY);
  expect([...toldByChat().values()]).toEqual(Array(CHATS).fill(["1", "2", "3"]));
});
