/** A button has done its work. Conflict when it was used before: one button starts one thing. */
export interface UseButton {
  readonly type: "use-button";
  readonly deliveryId: string;
  /** As in `listButtons(body)`. */
  readonly index: number;
  /** The press, as a message. */
  readonly messageId: string;
}
