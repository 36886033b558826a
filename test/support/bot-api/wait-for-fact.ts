/** Facts that arrive one by one. `next` hands out each fact at most once. */
export interface FactLog<T> {
  readonly all: readonly T[];
  add(fact: T): void;
  /** The first fact not handed out yet for which `matches` holds; rejects when none came in time. */
  next(matches?: (fact: T) => boolean, withinMs?: number): Promise<T>;
  /** Fails every wait that still goes on. */
  close(): void;
}

interface Waiter<T> {
  readonly matches: (fact: T) => boolean;
  readonly resolve: (fact: T) => void;
  readonly reject: (error: Error) => void;
}

/** What did not come by then never will, also on a machine that is busy. */
const FACT_WITHIN_MS = 30_000;

export function createFactLog<T>(
  what: string,
  keep: boolean,
  describe: (fact: T) => string,
): FactLog<T> {
  const all: T[] = [];
  const taken = new Set<T>();
  const waiters = new Set<Waiter<T>>();

  return {
    all,
    add(fact) {
      if (keep) all.push(fact);
      for (const waiter of waiters) {
        if (!waiter.matches(fact)) continue;
        waiters.delete(waiter);
        if (keep) taken.add(fact);
        waiter.resolve(fact);
        return;
      }
    },
    next(matches = () => true, withinMs = FACT_WITHIN_MS) {
      const found = all.find((fact) => !taken.has(fact) && matches(fact));
      if (found !== undefined) {
        taken.add(found);
        return Promise.resolve(found);
      }
      return new Promise<T>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiters.delete(waiter);
          const seen = all.slice(-10).map(describe).join("\n  ");
          reject(new Error(`No such ${what} within ${withinMs} ms. Last seen:\n  ${seen}`));
        }, withinMs);
        const waiter: Waiter<T> = {
          matches,
          resolve(fact) {
            clearTimeout(timer);
            resolve(fact);
          },
          reject(error) {
            clearTimeout(timer);
            reject(error);
          },
        };
        waiters.add(waiter);
      });
    },
    close() {
      for (const waiter of waiters) waiter.reject(new Error(`The server closed; no ${what} came.`));
      waiters.clear();
    },
  };
}
