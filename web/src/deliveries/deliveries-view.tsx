import { useState } from "react";
import { may } from "../../../src/core/access/permission.ts";
import { ViewPage } from "../parts/view-page.tsx";
import { useConsole } from "../shell/console-context.ts";
import { DeadLetterList } from "./dead-letter-list.tsx";
import { DeliveryList } from "./delivery-list.tsx";
import { DropDialog, type Droppable } from "./drop-dialog.tsx";

/** What could not be delivered or done, and what to do about it. */
export function DeliveriesView() {
  const { role } = useConsole();
  const [dropping, setDropping] = useState<Droppable>();
  const [done, setDone] = useState("");

  function drop(thing: Droppable): void {
    setDone("");
    setDropping(thing);
  }

  return (
    <ViewPage title="Deliveries" done={done}>
      <DeliveryList onDrop={(delivery) => drop({ kind: "delivery", delivery })} onDone={setDone} />
      {may(role, "manage:dead-letters") && (
        <DeadLetterList
          onDrop={(letter) => drop({ kind: "dead-letter", letter })}
          onDone={setDone}
        />
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
