/** The same conversation has another address on its platform. Conflict when it moved on, or somebody is there already. */
export interface RelocateContext {
  readonly type: "relocate-context";
  readonly id: string;
  readonly fromExternalId: string;
  readonly toExternalId: string;
}
