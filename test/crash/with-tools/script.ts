/** A call that a script asks for. `id` names it wherever it takes effect. */
export interface ScriptedCall {
  readonly verb: string;
  readonly id: string;
}

/**
 * What a model does for a text such as `q1: look l1 + write w1; post o1`: round by round the calls it asks for, then it
 * answers. Empty for any other text.
 */
export function readScript(text: string): { name: string; rounds: readonly ScriptedCall[][] } {
  const found = /\b(q\d+): ([a-z0-9 +;]+)/.exec(text);
  const [, name = "", script = ""] = found ?? [];
  if (found === null) return { name, rounds: [] };
  const rounds = script.split(";").map((round) =>
    round.split("+").map((call) => {
      const [verb = "", id = ""] = call.trim().split(" ");
      return { verb, id };
    }),
  );
  return { name, rounds };
}
