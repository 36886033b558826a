import type { Clock } from "../core/clock.ts";
import { newId } from "../core/ids.ts";
import { createLoginCode } from "../operations/create-login-code.ts";
import { createOwnerLink } from "../operations/create-owner-link.ts";
import type { Owner } from "../operations/ensure-owner.ts";
import { commitDecision } from "../store/commit-decision.ts";
import type { Store } from "../store/store.ts";

interface OwnerLinkDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly owner: Pick<Owner, "userId" | "identityId">;
  /** Where the page is reached. */
  readonly url: () => string;
  readonly botName: () => string | undefined;
}

/** The links for the machine's owner: each works once, within ten minutes. Not for a log. */
export function createOwnerLinks(deps: OwnerLinkDeps) {
  const { store, owner } = deps;
  const step = (name: string) => ({ name, actor: owner.identityId, cause: newId("commit") });
  return {
    /** Logs the owner in on the page. */
    async createLoginUrl(): Promise<string> {
      const { code } = await commitDecision(deps, step("create-login-code"), (now) =>
        createLoginCode({ store, now }, { userId: owner.userId }),
      );
      return `${deps.url()}/#login=${code}`;
    },
    /** Pairs the owner's Telegram account; `undefined` while no bot is known. */
    async createPairingLink(): Promise<string | undefined> {
      const bot = deps.botName();
      if (bot === undefined) return undefined;
      const { code } = await commitDecision(deps, step("create-owner-link"), (now) =>
        createOwnerLink({ store, now }, { connector: "telegram" }),
      );
      return `https://t.me/${bot}?start=${code}`;
    },
  };
}
