import { Badge, Button } from "@mantine/core";
import type { ContextView } from "../../../src/client/shapes/context.ts";
import { may } from "../../../src/core/access/permission.ts";
import { PULLED_CONNECTORS } from "../../../src/core/delivery/delivery.ts";
import { AccountText } from "../parts/account-text.tsx";
import { Item, ItemFacts } from "../parts/item.tsx";
import { NameText } from "../parts/name-text.tsx";
import { useConsole } from "../shell/console-context.ts";
import { isAnythingSet, nameOfContext, settingWords } from "./context-words.ts";

interface ContextItemProps {
  readonly context: ContextView;
  readonly onBind: () => void;
  readonly onReset: () => void;
}

/** A conversation: where it is, whose it is, and what holds in it. Only what would do something is offered. */
export function ContextItem({ context, onBind, onReset }: ContextItemProps) {
  const { role } = useConsole();
  const name = nameOfContext(context);
  const mayBind = may(role, "manage:workspaces") && !PULLED_CONNECTORS.has(context.connector);
  return (
    <Item
      title={<NameText name={name} />}
      aside={<SupervisionBadge {...context} />}
      buttons={
        <>
          {mayBind && (
            <Button
              variant="default"
              size="compact-sm"
              fw={500}
              aria-label={`Move ${name}`}
              onClick={onBind}
            >
              Move…
            </Button>
          )}
          {isAnythingSet(context) && (
            <Button
              variant="default"
              c="var(--mantine-color-error)"
              size="compact-sm"
              fw={500}
              aria-label={`Reset ${name}`}
              onClick={onReset}
            >
              Reset…
            </Button>
          )}
        </>
      }
    >
      <ItemFacts>
        <AccountText connector={context.connector} id={context.external_id} />, {context.kind}
      </ItemFacts>
      <ItemFacts>
        In the workspace <NameText name={context.workspace_name} />
      </ItemFacts>
      <ItemFacts>{settingWords(context)}</ItemFacts>
      <ItemFacts isId>{`${context.id} · ${context.workspace_id}`}</ItemFacts>
    </Item>
  );
}

function SupervisionBadge({
  supervises,
  is_asleep,
}: Pick<ContextView, "supervises" | "is_asleep">) {
  if (supervises === "nothing") return null;
  return (
    <Badge variant="light" size="sm" radius="sm" color="indigo" tt="none" fw={600}>
      {supervises === "hub" ? "hub" : "admin channel"}
      {is_asleep ? ", asleep" : ""}
    </Badge>
  );
}
