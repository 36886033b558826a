import { useEffect, useState } from "react";

/** How long until `untilUnix`, counted down by the second; `undefined` when it is over. */
export function useTimeLeft(untilUnix: number): string | undefined {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return timeLeft(untilUnix, nowMs);
}

/** `9:05`, minutes and seconds. */
export function timeLeft(untilUnix: number, nowMs: number): string | undefined {
  const seconds = Math.ceil(untilUnix - nowMs / 1_000);
  if (seconds <= 0) return undefined;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
