import { type Finding, isMet } from "./measurement.ts";

const HEADER = ["", "aim", "measured", "met"];

/** The table at the end, and under it what lies behind each missed aim. */
export function formatFindings(findings: readonly Finding[]): string {
  const rows = [HEADER, ...findings.map(toRow)];
  const widths = HEADER.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const missed = findings
    .filter((finding) => isMet(finding) === false)
    .map(
      ({ name, ifMissed = "", details }) =>
        `\nMissed: ${name}. ${ifMissed}\n  ${JSON.stringify(details)}`,
    );
  return [...lines, ...missed].join("\n");
}

function toRow(finding: Finding): readonly string[] {
  const { name, value, unit, aim } = finding;
  const met = isMet(finding);
  return [
    name,
    aim === undefined ? "" : `${aim.kind} ${aim.value} ${unit}`,
    `${value} ${unit}`,
    met === undefined ? "" : met ? "yes" : "NO",
  ];
}
