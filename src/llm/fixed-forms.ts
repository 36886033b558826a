/** A line such as `search: tea` that drives one tool directly, so that tools can be tried without a real model. */
export interface FixedForm {
  readonly word: string;
  /** Names of the tools that can do it; the first that is offered is taken. */
  readonly tools: readonly string[];
  /** The tool's argument that takes the text behind the colon. */
  readonly argument: string;
  readonly does: string;
}

export const FIXED_FORMS: readonly FixedForm[] = [
  { word: "run", tools: ["run_command"], argument: "command", does: "run a command" },
  {
    word: "search",
    tools: ["search_knowledge_base", "web_search"],
    argument: "query",
    does: "search",
  },
];

export interface FormRequest {
  readonly form: FixedForm;
  readonly text: string;
}

/** `undefined` when the text is not exactly `<word>: <something>`. */
export function parseFixedForm(text: string): FormRequest | undefined {
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  const word = text.slice(0, colon).trim().toLowerCase();
  const rest = text.slice(colon + 1).trim();
  const form = FIXED_FORMS.find((candidate) => candidate.word === word);
  return form === undefined || rest === "" ? undefined : { form, text: rest };
}
