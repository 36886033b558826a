import type { Measurement } from "../measurement.ts";
import type { ParkingAnswer, ParkingQuestion } from "../processes/parking-program.ts";
import { runProgram } from "../processes/run-program.ts";
import { startProvider } from "../processes/start-provider.ts";
import { round } from "../statistics.ts";

const PARKED = 200;
const WARM_UP = 50;
/** A call of a tool and an answer. */
const STEPS = 2;

export const parkedApprovals: Measurement = {
  title: "Parked approvals",
  method:
    `${PARKED} turns in as many conversations, each parked at a call that waits for an approval; then all are approved at once and run to their answers, by a provider (aimock) that takes no time to think. ` +
    `Before that, ${WARM_UP} warm up. The heap of the process is read once its garbage is collected.`,
  async run(place) {
    const provider = await startProvider(STEPS);
    const { program } = await runProgram<ParkingQuestion, ParkingAnswer, object>(
      new URL("../processes/parking-program.ts", import.meta.url),
      [place.makeDirectory(), provider.url],
    );
    try {
      await program.ask({ park: WARM_UP });
      const before = await program.ask({ approve: "all" });
      const parked = await program.ask({ park: PARKED });
      const resumed = await program.ask({ approve: "all" });
      return [
        {
          name: `${PARKED} approvals decided at once: from there to the answer, each`,
          value: round(resumed.durationMs / PARKED, 1),
          unit: "ms",
          details: {
            resumedPerSecond: round((PARKED * 1_000) / resumed.durationMs, 0),
            parkedPerSecond: round((PARKED * 1_000) / parked.durationMs, 0),
          },
        },
        {
          name: `What ${PARKED} parked turns hold in memory`,
          value: round(parked.heapMb - before.heapMb, 1),
          unit: "MB",
          aim: { kind: "under", value: 5 },
          ifMissed: "A parked turn is rows: what stays in memory besides is a leak.",
          details: {
            beforeMb: round(before.heapMb, 1),
            parkedMb: round(parked.heapMb, 1),
            resumedMb: round(resumed.heapMb, 1),
          },
        },
      ];
    } finally {
      await program.stop();
      await provider.stop();
    }
  },
};
