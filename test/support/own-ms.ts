const TICK_MS = 10;

/**
 * How long `work` takes, in the time that this process had for it: what other work on the machine takes hardly counts.
 * What waits for a timer, or for its turn behind something slow, shows all the same.
 */
export async function ownMsOf(work: () => Promise<unknown>): Promise<number> {
  let ticks = 0;
  const ticker = setInterval(() => {
    ticks += 1;
  }, TICK_MS);
  try {
    await work();
  } finally {
    clearInterval(ticker);
  }
  return ticks * TICK_MS;
}
