import { createMemoryStorage } from "./memory-storage.ts";

const PROBE = "agent-runtime.probe";

/** The browser's own storage, or one that lasts as long as the page where that is blocked or full. */
export function openBrowserStorage(): Storage {
  try {
    localStorage.setItem(PROBE, "1");
    localStorage.removeItem(PROBE);
    return localStorage;
  } catch {
    return createMemoryStorage();
  }
}
