import { Button } from "@mantine/core";
import type { KeyView } from "../../../src/client/shapes/key.ts";
import { Item, ItemFacts } from "../parts/item.tsx";
import { NameText } from "../parts/name-text.tsx";
import { RoleBadge } from "../parts/role-badge.tsx";
import { showableName } from "../parts/showable-name.ts";
import { fullTime } from "../time/time-words.ts";
import { lastUsedWords } from "./last-used-words.ts";

interface KeyItemProps {
  readonly apiKey: KeyView;
  /** Left out for one that is revoked. */
  readonly onRevoke: (() => void) | undefined;
}

export function KeyItem({ apiKey, onRevoke }: KeyItemProps) {
  return (
    <Item
      title={<NameText name={apiKey.name} />}
      aside={<RoleBadge role={apiKey.role} />}
      buttons={
        onRevoke && (
          <Button
            variant="default"
            c="var(--mantine-color-error)"
            size="compact-sm"
            fw={500}
            aria-label={`Revoke ${showableName(apiKey.name)}, ${apiKey.prefix}`}
            onClick={onRevoke}
          >
            Revoke…
          </Button>
        )
      }
    >
      <ItemFacts>
        <code>{apiKey.prefix}…</code>, made {fullTime(apiKey.created_at)}
      </ItemFacts>
      <ItemFacts>
        {apiKey.revoked_at === null
          ? lastUsedWords(apiKey.last_used_at_unix, Date.now())
          : `Revoked ${fullTime(apiKey.revoked_at)}`}
      </ItemFacts>
    </Item>
  );
}
