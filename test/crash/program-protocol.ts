/** What the program of the whole runtime and its parent must agree on. */
export const SPEED = 5;
export const TRACE_FILE = "seams.log";
export const LOG_FILE = "runtime.log";

export type ToProgram =
  | { readonly kind: "pairing-link" }
  | { readonly kind: "jump"; readonly durationMs: number }
  | { readonly kind: "stop" };

export type FromProgram =
  | { readonly kind: "ready"; readonly url: string }
  | { readonly kind: "pairing-link"; readonly link: string }
  | { readonly kind: "model-called"; readonly text: string };
