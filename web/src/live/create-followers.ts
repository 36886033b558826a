/** Something on the page that shows rows of `topics`. */
export interface Follower {
  readonly topics: readonly string[];
  reread(signal: AbortSignal): Promise<void>;
}

export interface Followers {
  /** Returns how to stop. */
  add(follower: Follower): () => void;
  rereadAll(signal: AbortSignal): Promise<void>;
  onChange(topics: ReadonlySet<string>, signal: AbortSignal): Promise<void>;
}

/** What is on the page right now and must be read again when its rows change. */
export function createFollowers(): Followers {
  const followers = new Set<Follower>();

  async function reread(which: readonly Follower[], signal: AbortSignal): Promise<void> {
    await Promise.all(which.map((follower) => follower.reread(signal)));
  }

  return {
    add(follower) {
      followers.add(follower);
      return () => followers.delete(follower);
    },
    rereadAll: (signal) => reread([...followers], signal),
    onChange: (topics, signal) =>
      reread(
        [...followers].filter((follower) => follower.topics.some((topic) => topics.has(topic))),
        signal,
      ),
  };
}
