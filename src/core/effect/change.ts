/** Told after a commit, never inside: something of this kind and id is different now. Re-read; never trust the event. */
export interface Change {
  readonly topic: ChangeTopic;
  readonly id: string;
}
type ChangeTopic =
  | "jobs"
  | "messages"
  | "files"
  | "deliveries"
  | "tasks"
  | "runs"
  | "contexts"
  | "workspaces"
  | "pairings"
  | "approvals"
  | "mcp_tools"
  | "users"
  | "keys"
  | "cursors"
  | "cancels"
  | "probes"
  | "settings";
