import { findFreePort } from "../../test/support/find-free-port.ts";
import type { Measurement } from "../measurement.ts";
import { collectGarbage } from "../processes/collect-garbage.ts";
import { readResidentMb } from "../processes/read-resident-mb.ts";
import { openTelegramRuntime } from "../processes/telegram-runtime.ts";
import { median, round } from "../statistics.ts";

const CHATS = 1_000;
const STEP = 5_000;
const WARM_UP = 20_000;
const MESSAGES = 100_000;
/** The figures at both ends are the median of this many readings, one a step. */
const AT_AN_END = 3;
const BYTES_A_MB = 1_024 * 1_024;

export const flatMemory: Measurement = {
  title: "Flat memory",
  method:
    `${MESSAGES.toLocaleString("en")} /help in ${CHATS} chats with one open question each, all answered and kept. Resident memory of dist/main.js as ps counts it, read every ${STEP} messages once its garbage was collected; ` +
    `the slope is that of the straight line that fits the readings after ${WARM_UP.toLocaleString("en")} best.`,
  async run(place) {
    const port = await findFreePort();
    const { api, runtime, stop } = await openTelegramRuntime(place, [
      "env",
      `NODE_OPTIONS=--inspect=127.0.0.1:${port} --inspect-publish-uid=http`,
    ]);
    try {
      const residentMb: number[] = [];
      const withGarbageMb: number[] = [];
      const perSecond: number[] = [];
      for (let done = STEP; done <= MESSAGES; done += STEP) {
        const load = { kind: "as fast as it goes", chats: CHATS, messages: STEP } as const;
        const { durationMs } = await api.ask(load);
        perSecond.push(round((STEP * 1_000) / durationMs, 0));
        if (done < WARM_UP) continue;
        withGarbageMb.push(round(readResidentMb(runtime.pid), 0));
        await collectGarbage(port);
        residentMb.push(readResidentMb(runtime.pid));
      }
      const first = median(residentMb.slice(0, AT_AN_END));
      const last = median(residentMb.slice(-AT_AN_END));
      return [
        {
          name: `Resident memory after ${MESSAGES.toLocaleString("en")} messages, beside after ${WARM_UP.toLocaleString("en")}`,
          value: round(last / first),
          unit: "×",
          aim: { kind: "at most", value: 1.1 },
          ifMissed: "A slope that stays over several runs is a leak.",
          details: {
            firstMb: round(first, 0),
            lastMb: round(last, 0),
            readingsMb: residentMb.map((one) => round(one, 0)),
            withGarbageMb,
          },
        },
        {
          name: "Growth of it between those",
          value: round((slopeOf(residentMb) * BYTES_A_MB) / STEP, 0),
          unit: "bytes a message",
          details: { answeredPerSecond: perSecond },
        },
      ];
    } finally {
      await stop();
    }
  },
};

/** Of the straight line with the least squares through `values`, from one to the next. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let above = 0;
  let below = 0;
  for (const [index, value] of values.entries()) {
    above += (index - middle) * (value - mean);
    below += (index - middle) ** 2;
  }
  return above / below;
}
