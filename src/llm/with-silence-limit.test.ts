import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import { NEVER } from "../core/abort.ts";
import { withSilenceLimit } from "./with-silence-limit.ts";

const LIMIT_MS = 60_000;

test("what keeps coming is never cut, and is given up once it stops", async () => {
  const clock = createFakeClock();
  const pass = async (ms: number) => {
    await setImmediate();
    clock.advance(ms);
    await setImmediate();
  };
  const silent = withSilenceLimit(clock, LIMIT_MS, NEVER, async (signal, onSign) => {
    for (let times = 0; times < 5; times += 1) {
      await pass(LIMIT_MS - 1);
      expect(signal.aborted).toBe(false);
      onSign();
    }
    await pass(LIMIT_MS);
    signal.throwIfAborted();
  });
  await expect(silent).rejects.toMatchObject({ code: "unavailable" });
});
