import type { DeliveryView } from "../../../src/client/shapes/delivery.ts";
import { DELIVERY_STATES, type DeliveryState } from "../../../src/core/delivery/delivery.ts";
import type { LiveList } from "../live/create-live-list.ts";
import { ItemList } from "../parts/item-list.tsx";
import { SelectField } from "../parts/select-field.tsx";
import { DeliveryItem } from "./delivery-item.tsx";
import { NONE_WORDS, STATE_WORDS } from "./delivery-words.ts";

interface DeliveryListProps {
  /** Those in `state`; all when it is left out. */
  readonly list: LiveList<DeliveryView>;
  readonly state: DeliveryState | undefined;
  readonly onChoose: (state: DeliveryState | undefined) => void;
  readonly onExplain: (messageId: string) => void;
  readonly onDrop: (delivery: DeliveryView) => void;
  readonly onDone: (sentence: string) => void;
}

/** Replies in one state. */
export function DeliveryList(props: DeliveryListProps) {
  const { list, state, onChoose, onExplain, onDrop, onDone } = props;
  return (
    <ItemList
      title="Replies"
      list={list}
      empty={state === undefined ? "There are no replies yet." : NONE_WORDS[state]}
      control={<StateField value={state} onChange={onChoose} />}
    >
      {(delivery) => (
        <DeliveryItem
          delivery={delivery}
          onExplain={() => onExplain(delivery.message_id)}
          onDrop={() => onDrop(delivery)}
          onDone={onDone}
        />
      )}
    </ItemList>
  );
}

interface StateFieldProps {
  readonly value: DeliveryState | undefined;
  readonly onChange: (state: DeliveryState | undefined) => void;
}

function StateField({ value, onChange }: StateFieldProps) {
  return (
    <SelectField
      label="Shown replies"
      isLabelHidden
      value={value ?? ""}
      onChange={(name) => onChange(DELIVERY_STATES.find((state) => state === name))}
    >
      {(Object.keys(STATE_WORDS) as DeliveryState[]).map((state) => (
        <option key={state} value={state}>
          {STATE_WORDS[state]}
        </option>
      ))}
      <option value="">All</option>
    </SelectField>
  );
}
