/** What the doctor asks about the store. Everything only reads and works beside a running service. */
export interface StoreInspector {
  /** Whether a process holds the data directory now. */
  isInUse(): boolean;
  /** `undefined` when there is no store yet. @throws AppError `unavailable` when it cannot be read. */
  inspect(): StoreFacts | undefined;
}

export interface StoreFacts {
  /** The store's file when a process with another data directory holds it. */
  readonly usedFromElsewhere: string | undefined;
  /** What to do about the key of the audit when a start would refuse to go on without it. */
  readonly keyProblem: string | undefined;
  /** What the quick integrity check found; empty when nothing. */
  readonly damage: readonly string[];
  /** Migrations that the next start will apply. */
  readonly pendingMigrations: readonly string[];
  /** Migrations of the file that this version does not know: a newer version wrote it. */
  readonly unknownMigrations: readonly string[];
  /** Sums of money and calls that do not fit together; `undefined` of a store that has to be brought up to date first. */
  readonly wrongSpend: readonly string[] | undefined;
  /** `<count>:<hash>` */
  readonly auditHead: string;
}

/** Those that can be used, and what is wrong with others. */
interface NamedExtensions {
  readonly names: readonly string[];
  readonly problems: readonly string[];
}

/** What the operator has added to the agent's tools, as its files say. */
export interface Extensions {
  readonly mcp: {
    /** Why none of the servers file is used. */
    readonly problem: string | undefined;
    readonly servers: readonly { readonly id: string; readonly problem: string | undefined }[];
  };
  readonly plugins: NamedExtensions;
  readonly actions: NamedExtensions;
  /** What is wrong when all tools, without those of MCP servers, leave little room in requests. */
  findRoomProblem(): Promise<string | undefined>;
}

/** How a channel is, in numbers. */
export interface ChannelHealth {
  readonly connector: string;
  /** The bot or key it speaks for; empty before it has said who it is. */
  readonly account: string;
  readonly isUp: boolean;
  /** How long ago it was last heard from; `undefined` before the first time. */
  readonly silentMs: number | undefined;
}
