import type { WorkspaceView } from "../../../src/client/shapes/workspace.ts";
import { Item, ItemFacts } from "../parts/item.tsx";
import { NameText } from "../parts/name-text.tsx";
import { fullTime } from "../time/time-words.ts";

export function WorkspaceItem({ workspace }: { readonly workspace: WorkspaceView }) {
  const { context_count: count, owner_user_id: owner } = workspace;
  return (
    <Item title={<NameText name={workspace.name} />}>
      <ItemFacts>
        {count === 1 ? "1 conversation" : `${count} conversations`}, since{" "}
        {fullTime(workspace.created_at)}
      </ItemFacts>
      <ItemFacts isId>
        {owner === null ? workspace.id : `${workspace.id} · owned by ${owner}`}
      </ItemFacts>
    </Item>
  );
}
