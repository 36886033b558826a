import type { Measurement } from "../measurement.ts";
import { MAIN } from "../processes/start-runtime.ts";
import { timeNode } from "../processes/time-command.ts";
import { median, round } from "../statistics.ts";

const ROUNDS = 21;

export const helpCommand: Measurement = {
  title: "Help",
  method: "node dist/main.js --help beside node -e 0, in turns, the compile cache warm.",
  async run() {
    await timeNode(MAIN, "--help");
    const rounds = [];
    for (let n = 0; n < ROUNDS; n += 1) {
      rounds.push({ node: await timeNode("-e", "0"), help: await timeNode(MAIN, "--help") });
    }
    return [
      {
        name: "node dist/main.js --help, beside node -e 0",
        value: round(median(rounds.map(({ node, help }) => help / node)), 1),
        unit: "×",
        aim: { kind: "at most", value: 4 },
        details: {
          helpMs: round(median(rounds.map(({ help }) => help)), 0),
          nodeMs: round(median(rounds.map(({ node }) => node)), 0),
          rounds: rounds.map(({ node, help }) => round(help / node, 1)),
        },
      },
    ];
  },
};
