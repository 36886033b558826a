import { useState } from "react";
import type { DeadLetterView } from "../../../src/client/shapes/dead-letter.ts";
import { listDeadLetters } from "../api/deliveries.ts";
import { createLiveList } from "../live/create-live-list.ts";
import { useLive } from "../live/use-live.ts";
import { ItemList } from "../parts/item-list.tsx";
import { DeadLetterItem } from "./dead-letter-item.tsx";

const TOPICS = ["jobs", "deliveries", "tasks", "runs"];

interface DeadLetterListProps {
  readonly onDrop: (letter: DeadLetterView) => void;
  readonly onDone: (sentence: string) => void;
}

/** Work of every kind that was given up. */
export function DeadLetterList({ onDrop, onDone }: DeadLetterListProps) {
  const [list] = useState(() => createLiveList(listDeadLetters));
  useLive(TOPICS, list);
  return (
    <ItemList
      title="Dead letters"
      list={list}
      empty="There are none. Work of any kind that was given up stays here until it is done again or dropped."
    >
      {(letter) => <DeadLetterItem letter={letter} onDrop={() => onDrop(letter)} onDone={onDone} />}
    </ItemList>
  );
}
