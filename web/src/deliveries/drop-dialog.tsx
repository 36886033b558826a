import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { DeadLetterView } from "../../../src/client/shapes/dead-letter.ts";
import type { DeliveryView } from "../../../src/client/shapes/delivery.ts";
import { dropDeadLetter, dropDelivery } from "../api/deliveries.ts";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { useAction } from "../parts/use-action.ts";
import { KIND_WORDS } from "./delivery-words.ts";

export type Droppable =
  | { readonly kind: "delivery"; readonly delivery: DeliveryView }
  | { readonly kind: "dead-letter"; readonly letter: DeadLetterView };

interface DropDialogProps {
  readonly thing: Droppable;
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}

/** Gives something up for good. */
export function DropDialog({ thing, onClose, onDone }: DropDialogProps) {
  const [reason, setReason] = useState("");
  const action = useAction();
  const name = nameOf(thing);

  function drop(): void {
    action.run(async (signal) => {
      if (thing.kind === "delivery") await dropDelivery(thing.delivery.id, reason.trim(), signal);
      else await dropDeadLetter(thing.letter.id, reason.trim(), signal);
      onDone(`${name} is dropped.`);
      return undefined;
    });
  }

  return (
    <ConfirmDialog
      title="Give this up for good?"
      confirm="Drop"
      action={action}
      onConfirm={drop}
      onClose={onClose}
    >
      <p>
        {name} {isReply(thing) ? "is never sent" : "is never done again"}. Who dropped it stays on
        record, and why.
      </p>
      <TextInput
        label="Reason"
        description="May be left empty."
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}

function isReply(thing: Droppable): boolean {
  return thing.kind === "delivery" || thing.letter.kind === "deliver";
}

function nameOf(thing: Droppable): string {
  if (thing.kind === "delivery") {
    return `The reply to ${thing.delivery.connector} ${thing.delivery.external_id}`;
  }
  return `“${KIND_WORDS[thing.letter.kind]}” (${thing.letter.id})`;
}
