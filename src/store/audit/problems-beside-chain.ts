import type { AnchorFile } from "./read-anchor.ts";

interface RecordFacts {
  readonly anchor: AnchorFile;
  /** Rows in the chain. */
  readonly chained: number;
  /** Rows that have a place before its first. */
  readonly beforeFirst: number;
  /** Rows that wait for their place. */
  readonly unsealed: number;
  /** Whether the store holds anything that only a commit with a row can have written. */
  readonly holdsWork: boolean;
}

/** What is wrong with a record although every row of its chain may be sound. */
export function problemsBesideChain(facts: RecordFacts): readonly string[] {
  const { chained, beforeFirst, unsealed, holdsWork, anchor } = facts;
  return [
    ...(chained > 0 ? problemsOfAnchor(anchor) : []),
    ...(beforeFirst > 0
      ? [`there are rows before row 1, where none belongs: ${beforeFirst} of them`]
      : []),
    ...(chained + unsealed === 0 && holdsWork
      ? ["there is no row, but the store holds work: the whole record was deleted"]
      : []),
  ];
}

function problemsOfAnchor({ path, isThere, lines, unreadable }: AnchorFile): readonly string[] {
  const blind = "nothing here tells whether the end was cut off";
  if (!isThere) return [`${path} is gone: ${blind}`];
  if (lines.length === 0) return [`${path} holds no line that can be read: ${blind}`];
  if (unreadable.length === 0) return [];
  return [
    `lines of ${path} cannot be read (${unreadable.length}, the first is line ${unreadable[0]}): somebody else wrote to it`,
  ];
}
