import { backoffMs } from "./backoff.ts";
import type { ConnectionStatus } from "./connection-status.ts";
import type { TelegramPorts } from "./ports.ts";

type Deps = Pick<TelegramPorts, "clock" | "log" | "random">;

/** Runs `run` until it ends or `signal` aborts, again and again: a fault of ours in it must not leave the channel dead. */
export async function keepRunning(
  { clock, log, random }: Deps,
  status: ConnectionStatus,
  run: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let faults = 1; ; faults += 1) {
    try {
      return await run(signal);
    } catch (error) {
      signal.throwIfAborted();
      log.write("error", "telegram is started again", { connector: "telegram", error });
      status.broken();
      await clock.sleep(backoffMs(faults, random), signal);
    }
  }
}
