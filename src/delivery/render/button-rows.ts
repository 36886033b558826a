import type { OutboundPart } from "../../core/delivery/outbound-part.ts";
import type { Button } from "../../core/rich-text/rich-text.ts";
import { cleanText } from "../../core/rich-text/span.ts";
import { cutBetweenGraphemes } from "./cut-between-graphemes.ts";

const MOST_IN_A_ROW = 3;
const LONGEST_ROW = 42;
const LONGEST_LABEL = 64;

type Rows = OutboundPart["buttons"];

/** Buttons in rows of at most three, fewer when their labels are long. */
export function arrangeButtons(
  buttons: readonly Button[],
  buttonData: (index: number) => string,
): Rows {
  const rows: { label: string; data: string }[][] = [];
  let room = 0;
  for (const [index, button] of buttons.entries()) {
    const label = shortLabel(button);
    const last = rows.at(-1);
    if (last === undefined || last.length === MOST_IN_A_ROW || label.length > room) {
      rows.push([]);
      room = LONGEST_ROW;
    }
    rows.at(-1)?.push({ label, data: buttonData(index) });
    room -= label.length;
  }
  return rows;
}

function shortLabel(button: Button): string {
  const label = cleanText(button.label).replace(/\s+/g, " ").trim() || button.command;
  if (label.length <= LONGEST_LABEL) return label;
  return `${label.slice(0, cutBetweenGraphemes(label, 0, LONGEST_LABEL - 1))}…`;
}
