const UNITS_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
const WINDOW = /^(?:(\d{1,8})d)?(?:(\d{1,8})h)?(?:(\d{1,8})m)?(?:(\d{1,8})s)?$/u;
const LONGEST_MS = 366 * UNITS_MS.d;

export const DUE_WINDOW_EXAMPLES = "2d, 8h, 90m or 1h30m";
/** The same with the limit, for whoever wrote none of them. */
export const DUE_WINDOW_FORMS = `${DUE_WINDOW_EXAMPLES}; at most a year, 366d`;

/** How long until something is due, in ms; `undefined` when it is not written so, not positive, or above a year. */
export function parseDueWindow(text: string): number | undefined {
  const parts = WINDOW.exec(text.trim().toLowerCase());
  if (parts === null) return undefined;
  const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = parts;
  const windowMs =
    Number(days) * UNITS_MS.d +
    Number(hours) * UNITS_MS.h +
    Number(minutes) * UNITS_MS.m +
    Number(seconds) * UNITS_MS.s;
  return windowMs > 0 && windowMs <= LONGEST_MS ? windowMs : undefined;
}
