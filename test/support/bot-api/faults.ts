/** What goes wrong with the next call of a method. `accepted`: the call took effect all the same. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly accepted?: boolean }
  /** A proxy's page instead of JSON. */
  | { readonly kind: "html"; readonly status: number }
  | { readonly kind: "flood"; readonly retryAfter: number }
  | {
      readonly kind: "refuse";
      readonly status: number;
      readonly description: string;
      readonly parameters?: Readonly<Record<string, number>>;
    }
  | { readonly kind: "reset-before" }
  | { readonly kind: "reset-after" }
  /** The connection stays open and nothing ever comes. */
  | { readonly kind: "silent"; readonly accepted?: boolean }
  /** Half of the answer comes, and the connection stays open. The call took effect. */
  | { readonly kind: "stalled" }
  | { readonly kind: "broken-json" }
  /** Valid JSON, but no answer of a Bot API server. */
  | { readonly kind: "answer"; readonly body: string }
  | { readonly kind: "slow"; readonly delayMs: number }
  /** Of a download: the connection breaks after so many bytes. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** Of a download: these bytes come instead, as if they were all. */
  | { readonly kind: "bytes"; readonly bytes: Buffer };

/** Faults by method, used up one a call, in the order given. `*` is every method. */
export interface FaultScript {
  add(method: string, fault: Fault, times: number): void;
  take(method: string): Fault | undefined;
  clear(): void;
}

export function createFaultScript(): FaultScript {
  const scripts = new Map<string, { fault: Fault; left: number }[]>();

  function takeFrom(method: string): Fault | undefined {
    const script = scripts.get(method);
    const first = script?.[0];
    if (script === undefined || first === undefined) return undefined;
    if (--first.left <= 0) script.shift();
    if (script.length === 0) scripts.delete(method);
    return first.fault;
  }

  return {
    add(method, fault, times) {
      const key = method.toLowerCase();
      scripts.set(key, [...(scripts.get(key) ?? []), { fault, left: times }]);
    },
    take(method) {
      if (scripts.size === 0) return undefined;
      return takeFrom(method.toLowerCase()) ?? takeFrom("*");
    },
    clear: () => scripts.clear(),
  };
}
