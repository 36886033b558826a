import type { Measurement, Place } from "../measurement.ts";
import { readResidentMb } from "../processes/read-resident-mb.ts";
import { startRuntime } from "../processes/start-runtime.ts";
import { median, round } from "../statistics.ts";

const STARTS = 3;
const IDLE_MS = 5_000;

export const idleMemory: Measurement = {
  title: "Memory",
  method: `Resident memory of dist/main.js serve without Telegram, ${IDLE_MS / 1_000} s after it was ready, as ps counts it (1 MB = 1024 KiB); the median of ${STARTS} starts.`,
  async run(place) {
    const residentMb = [];
    for (let n = 0; n < STARTS; n += 1) residentMb.push(await measureOnce(place));
    return [
      {
        name: "Idle resident memory, without Telegram",
        value: round(median(residentMb), 0),
        unit: "MB",
        aim: { kind: "under", value: 130 },
        details: { starts: residentMb.map((one) => round(one, 0)) },
      },
    ];
  },
};

async function measureOnce(place: Place): Promise<number> {
  const runtime = await startRuntime({ dataDir: place.makeDirectory() });
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const residentMb = readResidentMb(runtime.pid);
  await runtime.stop();
  return residentMb;
}
