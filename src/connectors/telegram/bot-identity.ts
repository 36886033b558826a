/** Who we are on this platform. */
export interface BotIdentity {
  /** The bot id in decimal: cursors and messages are kept under it, so a new token of the same bot changes nothing. */
  readonly account: string;
  readonly username: string;
  /** Whether Telegram gives us all that is said in groups: the bot's privacy mode was off when it told who we are. */
  readonly hearsGroups: boolean;
}
