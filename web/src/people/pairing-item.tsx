import { Button } from "@mantine/core";
import type { PairingView } from "../../../src/client/shapes/pairing.ts";
import { AccountText } from "../parts/account-text.tsx";
import { Item, ItemFacts } from "../parts/item.tsx";
import { NameText } from "../parts/name-text.tsx";
import { ItemTime } from "../time/item-time.tsx";
import { TimeLeft } from "./time-left.tsx";

interface PairingItemProps {
  readonly pairing: PairingView;
  readonly onDecide: () => void;
}

export function PairingItem({ pairing, onDecide }: PairingItemProps) {
  const { connector, connector_user_id: id } = pairing;
  return (
    <Item
      title={<AccountText connector={connector} id={id} />}
      buttons={
        <Button size="compact-sm" aria-label={`Decide about ${connector} ${id}`} onClick={onDecide}>
          Decide…
        </Button>
      }
    >
      <ItemFacts>
        Calls themselves <NameText name={pairing.display_name} />
      </ItemFacts>
      <ItemFacts>
        Asked at <ItemTime iso={pairing.created_at} />, code begins with{" "}
        <code>{pairing.token_hint}</code>, <TimeLeft pairing={pairing} />
      </ItemFacts>
    </Item>
  );
}
