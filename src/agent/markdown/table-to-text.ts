/** Longer cells are neither cut nor waited for by the cells below them. */
const WIDEST_COLUMN = 40;

export type Align = "left" | "right" | "center" | null | undefined;

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const NARROWLESS = /[\p{M}\p{Cf}]/u;

/** A table as text in aligned columns, a rule under its first row. */
export function tableToText(rows: readonly (readonly string[])[], align: readonly Align[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 1, Math.min(WIDEST_COLUMN, displayWidth(cell)));
    }
  }
  const lines = rows.map((row) =>
    widths
      .map((width, column) => pad(row[column] ?? "", width, align[column]))
      .join(" | ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("-|-");
  return [...lines.slice(0, 1), rule, ...lines.slice(1)].join("\n");
}

function pad(cell: string, width: number, align: Align): string {
  const missing = Math.max(0, width - displayWidth(cell));
  const left = align === "right" ? missing : align === "center" ? Math.floor(missing / 2) : 0;
  return " ".repeat(left) + cell + " ".repeat(missing - left);
}

/** Columns a terminal gives the text: two for East Asian letters and emoji, none for combining marks. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (NARROWLESS.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}
