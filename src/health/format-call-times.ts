import { CALL_BOUNDS_MS, type CallSeries } from "../core/run/call-times.ts";

const NAME = "agent_runtime_call_seconds";

/** The histogram of calls as Prometheus reads it; its own library only takes what it has counted itself. */
export function formatCallTimes(all: readonly CallSeries[]): string {
  return [
    `# HELP ${NAME} How long calls of models and tools took, since the process began.`,
    `# TYPE ${NAME} histogram`,
    ...all.flatMap(seriesLines),
    "",
  ].join("\n");
}

function seriesLines({ kind, name, outcome, count, sumMs, within }: CallSeries): string[] {
  const labels = `kind="${kind}",name="${escapeLabel(name)}",outcome="${outcome}"`;
  return [
    ...CALL_BOUNDS_MS.map(
      (boundMs, at) => `${NAME}_bucket{${labels},le="${boundMs / 1_000}"} ${within[at]}`,
    ),
    `${NAME}_bucket{${labels},le="+Inf"} ${count}`,
    `${NAME}_sum{${labels}} ${sumMs / 1_000}`,
    `${NAME}_count{${labels}} ${count}`,
  ];
}

function escapeLabel(label: string): string {
  return label.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
