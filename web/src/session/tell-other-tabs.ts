const KEY = "agent-runtime.session";

/** Lets the other tabs of this browser know at once that somebody logged in or out. */
export function tellOtherTabs(): void {
  try {
    localStorage.setItem(KEY, String(Date.now()));
  } catch {
    // Storage is blocked: the other tabs find out when they next ask the runtime.
  }
}

export function isToldByOtherTab(event: StorageEvent): boolean {
  return event.key === KEY;
}
