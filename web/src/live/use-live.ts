import { useEffect } from "react";
import { useConsole } from "../shell/console-context.ts";
import type { LiveList } from "./create-live-list.ts";

/** Keeps `list` true as long as it is shown. `topics` must stay the same array. */
export function useLive(topics: readonly string[], list: Pick<LiveList<unknown>, "reread">): void {
  const { follow } = useConsole();
  useEffect(() => follow({ topics, reread: list.reread }), [follow, topics, list]);
}
