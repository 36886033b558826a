import { useSyncExternalStore } from "react";
import { type View, viewOf } from "./views.ts";

/** The view that the address names, so that it survives a reload and can be linked to. */
export function useView(): View {
  return useSyncExternalStore(subscribe, () => viewOf(location.hash));
}

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}
