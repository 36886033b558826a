import type { JobHandler } from "../orchestrator/job-handler.ts";

/** `settle` hands all of this to the commit: the one job that leaves no audit row. */
const DONE = {
  name: "finish-probe",
  actor: "system",
  seen: [],
  settle: { kind: "done" },
  unaudited: true,
} as const;

/** Finishes a readiness probe: that a worker came this far is all it proves. */
export const runProbe: JobHandler<"probe"> = {
  kind: "probe",
  async run(context) {
    const { probeId } = context.job.payload;
    await context.settle(async () => ({ ...DONE, effects: [{ type: "finish-probe", probeId }] }));
  },
  async onGiveUp() {
    return { effects: [], seen: [] };
  },
};
