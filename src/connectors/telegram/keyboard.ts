import type { OutboundPart } from "../../core/delivery/outbound-part.ts";

export function toKeyboard(rows: OutboundPart["buttons"]) {
  return {
    inline_keyboard: rows.map((row) =>
      row.map(({ label, data }) => ({ text: label, callback_data: data })),
    ),
  };
}
