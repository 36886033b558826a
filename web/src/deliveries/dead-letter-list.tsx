import { useState } from "react";
import type { DeadLetterView } from "../../../src/client/shapes/dead-letter.ts";
import { listDeadLetters } from "../api/deliveries.ts";
import { createLiveList } from "../live/create-live-list.ts";
import { useLive } from "../live/use-live.ts";
import { ItemList } from "../parts/item-list.tsx";
import { DeadLetterItem } from "./dead-letter-item.tsx";

const TOPICS = ["jobs", "deliveries", "tasks", "runs"];

interface DeadLetterListProps {
  /** Ids of deliveries that stand above already. */
  readonly shownDeliveries: ReadonlySet<string>;
  readonly onDrop: (letter: DeadLetterView) => void;
  readonly onDone: (sentence: string) => void;
}

/** Work that was given up, of every kind. */
export function DeadLetterList({ shownDeliveries, onDrop, onDone }: DeadLetterListProps) {
  const [list] = useState(() => createLiveList(listDeadLetters));
  useLive(TOPICS, list);
  return (
    <ItemList
      title="Other dead letters"
      list={list}
      shows={({ about }) => !shownDeliveries.has(about)}
      empty="There are none. Other work that was given up stays here until it is done again or dropped."
    >
      {(letter) => <DeadLetterItem letter={letter} onDrop={() => onDrop(letter)} onDone={onDone} />}
    </ItemList>
  );
}
