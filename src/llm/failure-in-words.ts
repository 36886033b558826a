import { AppError } from "../core/errors.ts";
import type { Failure, Trouble } from "./judge-failure.ts";

const LATER = "Try again later.";
const BY_WHOM = "Whoever runs me";

/** What follows "The provider of openai/gpt-6-sol", and what to do. */
const SAID: Readonly<Record<Exclude<Trouble, "silent">, readonly [what: string, todo: string]>> = {
  key: ["refuses the key", `${BY_WHOM} has to set one that it takes.`],
  money: ["wants money before it answers", `${BY_WHOM} has to see to the account there.`],
  name: ["knows no such model", `${BY_WHOM} has to set its name, or the address, right.`],
  busy: ["has been asked too much", LATER],
  faulty: ["has a fault of its own", LATER],
  unreachable: ["cannot be reached", `${LATER} If that does not help, its address may be wrong.`],
  "broken-off": ["broke off before the answer was whole", LATER],
  moved: ["sends us elsewhere, where I do not go", `${BY_WHOM} has to set its address right.`],
  request: ["does not take this request", "Trying the same again does not help."],
};

/** Why a model has not answered, in words of ours alone, for whoever waits for the answer. */
export function failureInWords(
  model: string,
  error: unknown,
  { trouble, sign }: Pick<Failure, "trouble" | "sign">,
): string {
  if (trouble === "silent") {
    const why = error instanceof AppError ? ` ${error.message}` : "";
    return `No answer came from ${model}.${why} ${LATER}`;
  }
  const [what, todo] = SAID[trouble];
  return `The provider of ${model} ${what}${sign === undefined ? "" : ` (${sign})`}. ${todo}`;
}
