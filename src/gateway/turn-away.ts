import { code, doc, p } from "../core/rich-text/build.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { takeHint, takeRateNotice } from "./limits.ts";
import type { MessageFacts } from "./message-facts.ts";
import { dropped, type Verdict } from "./verdict.ts";

/** Strangers read one fixed hint an hour, in private; nothing else of what they write is looked at. */
export async function notPaired(deps: OperationDeps, facts: MessageFacts): Promise<Verdict> {
  if (facts.context.kind !== "private") return dropped("not_paired");
  const hint = await takeHint(deps, facts);
  if (hint === undefined) return dropped("not_paired");
  const reply = doc(p("I do not know you yet. Send ", code("/pair"), " to ask for access."));
  return dropped("not_paired", { reply, effects: [hint] });
}

/** Who writes too much to us is told so once a minute; whoever presses is told in passing. */
export async function tooFast(
  deps: OperationDeps,
  facts: MessageFacts,
  isMeantForUs: boolean,
): Promise<Verdict> {
  if (facts.message.kind === "button") return dropped("rate_limited");
  const isOwed = facts.person !== undefined && isMeantForUs;
  const notice = isOwed ? await takeRateNotice(deps, facts) : undefined;
  if (notice === undefined) return dropped("rate_limited");
  const reply = doc(
    p("That is too much at once: I drop what you send for the rest of this minute."),
  );
  return dropped("rate_limited", { reply, effects: [notice] });
}
