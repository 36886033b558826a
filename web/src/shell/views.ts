import type { Permission } from "../../../src/core/access/permission.ts";

/** The views of the page in their order; each is offered to whoever has its permission. */
export const VIEWS = [
  { id: "chat", label: "Chat", permission: "read:status" },
  { id: "spend", label: "Spend", permission: "read:status" },
  { id: "approvals", label: "Approvals", permission: "decide:approval" },
  { id: "tools", label: "Tools", permission: "manage:tools" },
  { id: "people", label: "People", permission: "decide:pairing" },
  { id: "contexts", label: "Contexts", permission: "read:all" },
  { id: "keys", label: "Keys", permission: "manage:access" },
  { id: "deliveries", label: "Deliveries", permission: "manage:deliveries" },
] as const satisfies readonly {
  readonly id: string;
  readonly label: string;
  readonly permission: Permission;
}[];

export type View = (typeof VIEWS)[number];

/** The view a fragment names (`#/people`); the conversation when it names none. */
export function viewOf(fragment: string): View {
  return VIEWS.find((view) => fragment === hrefOf(view)) ?? VIEWS[0];
}

export function hrefOf(view: View): string {
  return `#/${view.id}`;
}
