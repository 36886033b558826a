import { useMemo, useState } from "react";
import type { DeliveryView } from "../../../src/client/shapes/delivery.ts";
import { may } from "../../../src/core/access/permission.ts";
import type { DeliveryState } from "../../../src/core/delivery/delivery.ts";
import { listDeliveries } from "../api/deliveries.ts";
import { createLiveList } from "../live/create-live-list.ts";
import { useObserved } from "../live/observable.ts";
import { useLive } from "../live/use-live.ts";
import { ViewPage } from "../parts/view-page.tsx";
import { useConsole } from "../shell/console-context.ts";
import { DeadLetterList } from "./dead-letter-list.tsx";
import { DeliveryList } from "./delivery-list.tsx";
import { DropDialog, type Droppable } from "./drop-dialog.tsx";
import { ExplainDialog } from "./explain-dialog.tsx";

const TOPICS = ["deliveries"];

/** What could not be delivered or done, and what to do about it. */
export function DeliveriesView() {
  const { role } = useConsole();
  const [state, setState] = useState<DeliveryState | undefined>("dead");
  const replies = useMemo(
    () => createLiveList<DeliveryView>((cursor, signal) => listDeliveries(state, cursor, signal)),
    [state],
  );
  const { items } = useObserved(replies.state);
  const [dropping, setDropping] = useState<Droppable>();
  const [done, setDone] = useState("");
  useLive(TOPICS, replies);

  const [explained, setExplained] = useState<string>();

  function drop(thing: Droppable): void {
    setDone("");
    setDropping(thing);
  }

  return (
    <ViewPage title="Deliveries" done={done}>
      <DeliveryList
        list={replies}
        state={state}
        onChoose={setState}
        onExplain={setExplained}
        onDrop={(delivery) => drop({ kind: "delivery", delivery })}
        onDone={setDone}
      />
      {may(role, "manage:dead-letters") && (
        <DeadLetterList
          shownDeliveries={new Set(items?.map(({ id }) => id))}
          onDrop={(letter) => drop({ kind: "dead-letter", letter })}
          onDone={setDone}
        />
      )}
      {explained !== undefined && (
        <ExplainDialog messageId={explained} onClose={() => setExplained(undefined)} />
      )}
      {dropping !== undefined && (
        <DropDialog
          thing={dropping}
          onClose={() => setDropping(undefined)}
          onDone={(sentence) => {
            setDropping(undefined);
            setDone(sentence);
          }}
        />
      )}
    </ViewPage>
  );
}
