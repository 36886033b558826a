/** Who we are on this platform. */
export interface BotIdentity {
  /** The bot id in decimal: cursors and messages are kept under it, so a new token of the same bot changes nothing. */
  readonly account: string;
  readonly username: string;
}
