import { type Clock, systemClock } from "../../../src/core/clock.ts";
import { isRefusal, sentenceFor } from "../api/api-error.ts";
import { createRereader } from "./create-rereader.ts";
import { createCell, type Observable } from "./observable.ts";

export interface ListPage<T> {
  readonly items: readonly T[];
  /** `null` on the last page. */
  readonly next_cursor: string | null;
}

interface LiveListState<T> {
  /** `undefined` until they were read once. */
  readonly items: readonly T[] | undefined;
  readonly hasMore: boolean;
  /** Why the server does not give them. */
  readonly problem: string | undefined;
}

export interface LiveList<T> {
  readonly state: Observable<LiveListState<T>>;
  /** Reads as many pages as are shown. A refusal is kept as `problem`; other failures are thrown. */
  reread(signal: AbortSignal): Promise<void>;
  /** Shows one page more. */
  more(signal: AbortSignal): Promise<void>;
}

/** A list of the API that can be read again and again while pages are added to it. */
export function createLiveList<T>(
  readPage: (cursor: string | undefined, signal: AbortSignal) => Promise<ListPage<T>>,
  clock: Clock = systemClock,
): LiveList<T> {
  const state = createCell<LiveListState<T>>({
    items: undefined,
    hasMore: false,
    problem: undefined,
  });
  let wanted = 1;

  async function readPages(signal: AbortSignal): Promise<void> {
    const items: T[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null && items.length < wanted) {
      const page: ListPage<T> = await readPage(cursor, signal);
      items.push(...page.items);
      cursor = page.next_cursor;
    }
    state.update(() => ({ items, hasMore: cursor !== null, problem: undefined }));
  }

  const reread = createRereader(async (signal) => {
    try {
      await readPages(signal);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      state.update((current) => ({ ...current, problem: sentenceFor(error) }));
    }
  }, clock);

  return {
    state,
    reread,
    more(signal) {
      wanted = (state.get().items?.length ?? 0) + 1;
      return reread(signal);
    },
  };
}
