/** The text so far of an answer that is still being written. */
export interface Draft {
  readonly contextId: string;
  readonly runId: string;
  readonly text: string;
}
