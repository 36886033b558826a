const MICRO = 1_000_000;
const LEAST_DECIMALS = 2;

/** Millionths of a dollar as people read money, never rounded: `$5.00`, `$0.0042`, `$0.000001`. */
export function formatUsd(microUsd: number): string {
  const sign = microUsd < 0 ? "-" : "";
  const whole = Math.floor(Math.abs(microUsd) / MICRO);
  const rest = String(Math.abs(microUsd) % MICRO).padStart(6, "0");
  return `${sign}$${whole}.${rest.replace(/0+$/, "").padEnd(LEAST_DECIMALS, "0")}`;
}
