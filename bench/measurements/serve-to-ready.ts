import type { Measurement } from "../measurement.ts";
import { startRuntime } from "../processes/start-runtime.ts";
import { timeNode } from "../processes/time-command.ts";
import { median, round } from "../statistics.ts";

const ROUNDS = 15;

export const serveToReady: Measurement = {
  title: "Start",
  method:
    "dist/main.js serve, from the start of the process to the first 200 of /readyz, without Telegram, on a data directory that exists; beside node -e 0, in turns. " +
    "Node's compile cache is warm, as after the first start of a version.",
  async run(place) {
    await startOnce(place.makeDirectory());
    const dataDir = place.makeDirectory();
    const firstMs = await startOnce(dataDir);
    const rounds = [];
    for (let n = 0; n < ROUNDS; n += 1) {
      rounds.push({ node: await timeNode("-e", "0"), serve: await startOnce(dataDir) });
    }
    return [
      {
        name: "serve to ready, beside node -e 0",
        value: round(median(rounds.map(({ node, serve }) => serve / node)), 1),
        unit: "×",
        aim: { kind: "at most", value: 14 },
        details: {
          serveMs: round(median(rounds.map(({ serve }) => serve)), 0),
          nodeMs: round(median(rounds.map(({ node }) => node)), 0),
          newDataDirectoryMs: round(firstMs, 0),
          rounds: rounds.map(({ node, serve }) => round(serve / node, 1)),
        },
      },
    ];
  },
};

async function startOnce(dataDir: string): Promise<number> {
  const runtime = await startRuntime({ dataDir });
  await runtime.stop();
  return runtime.readyAfterMs;
}
