import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { abortWith, OVER, withTimeout } from "./abort.ts";
import { systemClock } from "./clock.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

test("what goes on listening when the work is over is not kept", async () => {
  const lifetime = new AbortController().signal;
  const held = await withTimeout(systemClock, 60_000, lifetime, async (limited) => {
    const heavy = { holds: "a lot" };
    limited.addEventListener("abort", () => expect(heavy).toBeUndefined());
    return new WeakRef(heavy);
  });
  // Looking at it would keep it for a turn of the loop.
  for (let turns = 0; turns < 5; turns += 1) {
    await nextTurn();
    collectGarbage();
  }
  await nextTurn();
  expect(held.deref()).toBeUndefined();
});

test("work ends with either signal, and with the reason of that one", async () => {
  const reasonOf = async (end: (outer: AbortController, own: AbortController) => void) => {
    const outer = new AbortController();
    const own = new AbortController();
    return await abortWith(outer.signal, own, async (signal) => {
      end(outer, own);
      return signal.reason;
    });
  };
  expect(await reasonOf((outer) => outer.abort("outer"))).toBe("outer");
  expect(await reasonOf((_outer, own) => own.abort("own"))).toBe("own");
  expect(await reasonOf(() => undefined)).toBeUndefined();
});

test("work of a signal that has aborted already is told so, and a signal that aborts later reaches none that is over", async () => {
  const own = new AbortController();
  const early = await abortWith(AbortSignal.abort(OVER), own, async ({ reason }) => reason);
  expect(early).toBe(OVER);
  const outer = new AbortController();
  const ended = new AbortController();
  await abortWith(outer.signal, ended, async () => undefined);
  outer.abort();
  expect(ended.signal.aborted).toBe(false);
});
