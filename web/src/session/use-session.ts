import { useCallback, useEffect, useState } from "react";
import type { RuntimeInfo } from "../../../src/client/shapes/info.ts";
import { closeSession, getInfo, openSession } from "../api/api.ts";
import { ApiError, isUnauthenticated } from "../api/api-error.ts";
import { pause } from "../live/pause.ts";
import { reconnectDelayMs } from "../live/reconnect-delay.ts";
import { takeLoginCode } from "./login-code.ts";
import { isToldByOtherTab, tellOtherTabs } from "./tell-other-tabs.ts";

type Session =
  | { readonly kind: "checking"; readonly isUnreachable: boolean }
  | { readonly kind: "logged-out"; readonly why: "no-session" | "link-used" | "ended" }
  | { readonly kind: "logged-in"; readonly info: RuntimeInfo };

const ENDED: Session = { kind: "logged-out", why: "ended" };

export interface SessionControls {
  readonly session: Session;
  /** The server no longer knows this page. */
  readonly expire: () => void;
  readonly logOut: () => Promise<void>;
}

/** Who is looking at this page. Follows login links, also one pasted into a tab that is already open. */
export function useSession(): SessionControls {
  const [session, setSession] = useState<Session>({ kind: "checking", isUnreachable: false });

  useEffect(() => {
    let attempt = new AbortController();
    function show(next: Session): void {
      setSession((before) => (isEndOf(before, next) ? ENDED : next));
    }
    function begin(code: string | undefined): void {
      attempt.abort();
      attempt = new AbortController();
      findSession(code, show, attempt.signal).catch(() => undefined);
    }
    function onFragment(): void {
      const code = takeLoginCode();
      if (code !== undefined) begin(code);
    }
    function onStorage(event: StorageEvent): void {
      if (isToldByOtherTab(event)) begin(undefined);
    }
    begin(takeLoginCode());
    addEventListener("hashchange", onFragment);
    addEventListener("storage", onStorage);
    return () => {
      removeEventListener("hashchange", onFragment);
      removeEventListener("storage", onStorage);
      attempt.abort();
    };
  }, []);

  const expire = useCallback(() => setSession(ENDED), []);
  const logOut = useCallback(async () => {
    await closeSession(new AbortController().signal);
    tellOtherTabs();
    setSession(ENDED);
  }, []);
  return { session, expire, logOut };
}

function isEndOf(before: Session, next: Session): boolean {
  const isOut = next.kind === "logged-out" && next.why === "no-session";
  return isOut && before.kind === "logged-in";
}

/** Asks until the runtime answers who this is. */
async function findSession(
  code: string | undefined,
  show: (session: Session) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      const isRefused = code !== undefined && !(await tryCode(code, signal));
      show(await readSession(isRefused, signal));
      return;
    } catch {
      if (signal.aborted) return;
      show({ kind: "checking", isUnreachable: true });
      await pause(reconnectDelayMs(failures, Math.random()), signal);
    }
  }
}

async function readSession(isRefused: boolean, signal: AbortSignal): Promise<Session> {
  try {
    return { kind: "logged-in", info: await getInfo(signal) };
  } catch (error) {
    if (!isUnauthenticated(error)) throw error;
    return { kind: "logged-out", why: isRefused ? "link-used" : "no-session" };
  }
}

/** False when the server refuses the code. A page that is logged in already stays so. */
async function tryCode(code: string, signal: AbortSignal): Promise<boolean> {
  try {
    await openSession(code, signal);
    tellOtherTabs();
    return true;
  } catch (error) {
    const isRefused =
      error instanceof ApiError &&
      error.status >= 400 &&
      error.status < 500 &&
      error.status !== 429;
    if (isRefused) return false;
    throw error;
  }
}
