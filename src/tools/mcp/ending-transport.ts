import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";

/** A transport that knows why it ended, in our words, save what a program wrote last. */
export type EndingTransport = Transport & { why(): string | undefined };
