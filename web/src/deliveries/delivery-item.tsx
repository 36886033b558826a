import { Badge, Button } from "@mantine/core";
import type { DeliveryView } from "../../../src/client/shapes/delivery.ts";
import { replayDelivery } from "../api/deliveries.ts";
import { AccountText } from "../parts/account-text.tsx";
import { Item, ItemFacts } from "../parts/item.tsx";
import { NameText } from "../parts/name-text.tsx";
import { Problem } from "../parts/problem.tsx";
import { useAction } from "../parts/use-action.ts";
import { fullTime } from "../time/time-words.ts";
import { AgainOrDrop } from "./again-or-drop.tsx";
import { arrivalWords, STATE_COLORS, STATE_WORDS } from "./delivery-words.ts";

interface DeliveryItemProps {
  readonly delivery: DeliveryView;
  readonly onExplain: () => void;
  readonly onDrop: () => void;
  readonly onDone: (sentence: string) => void;
}

/** A reply: where it goes, how far it came and why not further. None of what is said in it. */
export function DeliveryItem(props: DeliveryItemProps) {
  const { delivery, onExplain, onDrop, onDone } = props;
  const { connector, external_id: chat, state } = delivery;
  const replay = useAction();

  function sendAgain(): void {
    onDone("");
    replay.run(async (signal) => {
      await replayDelivery(delivery.id, signal);
      onDone(`The reply to ${connector} ${chat} is sent again.`);
      return undefined;
    });
  }

  return (
    <Item
      title={<AccountText connector={connector} id={chat} />}
      aside={
        <Badge variant="light" size="sm" radius="sm" color={STATE_COLORS[state]} tt="none" fw={600}>
          {STATE_WORDS[state]}
        </Badge>
      }
      buttons={
        <>
          {delivery.message_id !== "" && (
            <Button variant="subtle" color="gray" size="compact-sm" fw={500} onClick={onExplain}>
              Explain
            </Button>
          )}
          {state === "dead" && (
            <AgainOrDrop
              again="Send again"
              isBusy={replay.isBusy}
              onAgain={sendAgain}
              onDrop={onDrop}
            />
          )}
        </>
      }
    >
      {delivery.context_title !== "" && (
        <ItemFacts>
          Called <NameText name={delivery.context_title} />
        </ItemFacts>
      )}
      <ItemFacts isImportant>{delivery.error}</ItemFacts>
      {delivery.drop_reason !== "" && <ItemFacts>Dropped: {delivery.drop_reason}</ItemFacts>}
      <ItemFacts>{arrivalWords(delivery)}</ItemFacts>
      <ItemFacts>{fullTime(delivery.updated_at)}</ItemFacts>
      <ItemFacts isId>
        {[delivery.id, delivery.message_id, delivery.task_id].filter(Boolean).join(" · ")}
      </ItemFacts>
      <Problem text={replay.problem} />
    </Item>
  );
}
