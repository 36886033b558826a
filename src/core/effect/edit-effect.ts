/**
 * A pending message, or an edit of it that waits for its answer, says from now on what a newer edit says that nobody
 * has looked at. Conflict when either is settled, when they are not of one message and one sender, or when somebody
 * has begun to answer what was said before.
 */
export interface ReplaceMessage {
  readonly type: "replace-message";
  readonly id: string;
  /** The newer edit, as a message. */
  readonly editId: string;
}
