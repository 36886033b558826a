import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors.ts";
import { isSenderProven } from "../core/message/sender-proof.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { type StartedPairing, type StartPairingInput, startPairing } from "./start-pairing.ts";

/** Telegram's and Discord's ids of people. A name would never match, or would match somebody else one day. */
const IMMUTABLE_ID = /^[1-9]\d{0,19}$/u;

/**
 * Asks for somebody else, by the id their platform vouches for. They are let in only when the code is approved.
 * @throws AppError `access_denied`, `invalid_input` (a connector that vouches for nobody, a name for an id), `conflict`.
 */
export async function requestPairing(
  deps: OperationDeps,
  actor: Actor,
  input: Omit<StartPairingInput, "contextId">,
): Promise<StartedPairing> {
  const { seen } = await authorize(deps, actor, "decide:pairing");
  if (!isSenderProven(input.connector)) {
    throw new AppError(
      "invalid_input",
      `connector: ${input.connector} does not prove who writes. It must be telegram or discord.`,
    );
  }
  if (!IMMUTABLE_ID.test(input.externalUserId)) {
    throw new AppError(
      "invalid_input",
      "connector_user_id: must be the number the platform knows the person by, not a name.",
    );
  }
  const started = await startPairing(deps, { ...input, contextId: null });
  return { ...started, seen: [...seen, ...started.seen] };
}
