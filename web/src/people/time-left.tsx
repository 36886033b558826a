import type { PairingView } from "../../../src/client/shapes/pairing.ts";
import { useTimeLeft } from "./use-time-left.ts";

/** How long a request can still be decided. */
export function TimeLeft({ pairing }: { readonly pairing: PairingView }) {
  const left = useTimeLeft(pairing.expires_at_unix);
  if (left === undefined) return <>ran out</>;
  return <time dateTime={pairing.expires_at}>{left} left</time>;
}
