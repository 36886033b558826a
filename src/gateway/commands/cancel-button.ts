import type { Button } from "../../core/rich-text/rich-text.ts";

const LABEL_LENGTH = 30;

/** A button that cancels one task or turn, labelled with what it is. */
export function cancelButton(id: string, title: string): Button {
  const characters = Array.from(title);
  const label =
    characters.length > LABEL_LENGTH ? `${characters.slice(0, LABEL_LENGTH - 1).join("")}…` : title;
  return { label: `Cancel: ${label}`, command: `/cancel ${id}` };
}
