import type { PairingView } from "../../../src/client/shapes/pairing.ts";
import { AccountText } from "../parts/account-text.tsx";
import { ItemFacts } from "../parts/item.tsx";
import { NameText } from "../parts/name-text.tsx";

/** Who asks: what the platform vouches for first, because anybody can call themselves anything. */
export function Requester({ pairing }: { readonly pairing: PairingView }) {
  return (
    <div>
      <AccountText connector={pairing.connector} id={pairing.connector_user_id} />
      <ItemFacts>
        Calls themselves <NameText name={pairing.display_name} />
      </ItemFacts>
    </div>
  );
}
