/** Runs `read` for many requests as few times as is true: one at a time, and once more when asked meanwhile. */
export function createRereader(
  read: (signal: AbortSignal) => Promise<void>,
): (signal: AbortSignal) => Promise<void> {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function begin(signal: AbortSignal): Promise<void> {
    const run = read(signal).finally(() => {
      if (current === run) current = undefined;
    });
    current = run;
    return run;
  }

  return (signal) => {
    if (next !== undefined) return next;
    if (current === undefined) return begin(signal);
    next = current
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return begin(signal);
      });
    return next;
  };
}
