import type { Seen } from "../core/effect/commit.ts";
import type { ContextHolds } from "../core/effect/context-effect.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import type { Address, ConnectorName } from "../core/message/inbound-message.ts";
import { storableText } from "../core/message/storable-text.ts";
import { type ContextRow, contextByAddress } from "../store/queries/contexts.ts";
import type { Reader } from "../store/store.ts";

const NAMES: Record<ConnectorName, string> = {
  telegram: "Telegram",
  discord: "Discord",
  email: "E-mail",
  web: "Page",
  cli: "Terminal",
  api: "API",
  codex: "Codex",
  cline: "Cline",
  gemini: "Gemini",
};

export interface NewContext {
  readonly address: Address;
  readonly kind: "private" | "group";
  readonly title: string;
  /** The workspace of the person whose private chat this is; `undefined`: a workspace of its own. */
  readonly workspaceId: string | undefined;
  /** What holds there from the start; `undefined`: nothing is set. */
  readonly holds?: ContextHolds | undefined;
}

export interface FoundContext {
  readonly row: Pick<
    ContextRow,
    "id" | "workspace_id" | "connector" | "account" | "external_id" | "kind"
  > &
    Partial<Pick<ContextRow, "prompt" | "addressing" | "is_triaged" | "version">>;
  readonly effects: readonly Effect[];
  /** The conversation as it was found; none when these effects create it. */
  readonly seen: readonly Seen[];
}

/** The conversation as it stands, for what is decided about it. */
export function foundContext(row: ContextRow): FoundContext {
  return { row, effects: [], seen: [{ table: "contexts", id: row.id, version: row.version }] };
}

/** The conversation at an address, with the effects that create it when there is none. Addresses are compared exactly. */
export async function findOrCreateContext(
  store: Reader,
  wanted: NewContext,
): Promise<FoundContext> {
  const { address, kind } = wanted;
  const existing = await store.first(contextByAddress, address);
  if (existing !== undefined) return foundContext(existing);

  const id = newId("ctx");
  const title = storableText(wanted.title);
  const workspaceId = wanted.workspaceId ?? newId("ws");
  const effects: Effect[] = [];
  if (wanted.workspaceId === undefined) {
    effects.push({
      type: "create-workspace",
      id: workspaceId,
      name: `${NAMES[address.connector]}: ${title === "" ? address.externalId : title}`,
      ownerUserId: null,
    });
  }
  const holds = wanted.holds === undefined ? {} : { holds: wanted.holds };
  effects.push({ type: "create-context", id, workspaceId, address, kind, title, ...holds });
  return {
    row: {
      id,
      workspace_id: workspaceId,
      connector: address.connector,
      account: address.account,
      external_id: address.externalId,
      kind,
    },
    effects,
    seen: [],
  };
}
