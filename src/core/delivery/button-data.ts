/** Telegram allows 64 bytes; this is the tightest of all channels. */
const PATTERN = /^(dlv_[0-9a-z]{1,40}):(\d{1,4})$/;

/**
 * What a platform hands back when a button is pressed: the delivery it stood under and its index in
 * `listButtons(body)`. It carries no command, so a forged press can only reach a button we really sent.
 */
export function formatButtonData(deliveryId: string, index: number): string {
  return `${deliveryId}:${index}`;
}

/** The parts of `formatButtonData`, or `undefined` when we never made this. */
export function parseButtonData(data: string): { deliveryId: string; index: number } | undefined {
  const match = PATTERN.exec(data);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { deliveryId: match[1], index: Number(match[2]) };
}
