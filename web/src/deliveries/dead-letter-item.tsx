import type { DeadLetterView } from "../../../src/client/shapes/dead-letter.ts";
import { replayDeadLetter } from "../api/deliveries.ts";
import { Item, ItemFacts } from "../parts/item.tsx";
import { Problem } from "../parts/problem.tsx";
import { useAction } from "../parts/use-action.ts";
import { fullTime } from "../time/time-words.ts";
import { AgainOrDrop } from "./again-or-drop.tsx";
import { KIND_WORDS } from "./delivery-words.ts";

interface DeadLetterItemProps {
  readonly letter: DeadLetterView;
  readonly onDrop: () => void;
  readonly onDone: (sentence: string) => void;
}

/** Work that was given up, why, and what to do. Only what would do something is offered. */
export function DeadLetterItem({ letter, onDrop, onDone }: DeadLetterItemProps) {
  const action = useAction();

  function replay(): void {
    onDone("");
    action.run(async (signal) => {
      await replayDeadLetter(letter.id, signal);
      onDone(`“${KIND_WORDS[letter.kind]}” is done again.`);
      return undefined;
    });
  }

  return (
    <Item
      title={KIND_WORDS[letter.kind]}
      buttons={
        <AgainOrDrop
          again="Do again"
          isBusy={action.isBusy}
          onAgain={letter.can_replay ? replay : undefined}
          onDrop={letter.can_drop ? onDrop : undefined}
        />
      }
    >
      <ItemFacts isImportant>{letter.error}</ItemFacts>
      <ItemFacts>{letter.advice}</ItemFacts>
      <ItemFacts>{fullTime(letter.created_at)}</ItemFacts>
      <ItemFacts isId>{[letter.id, letter.about].filter(Boolean).join(" · ")}</ItemFacts>
      <Problem text={action.problem} />
    </Item>
  );
}
