import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { HttpEnv } from "./route.ts";

const NAME = "agent_runtime_session";
/** No `Secure`: the page is served over plain HTTP on loopback. `Strict`: no other site can make a browser send it. */
const ATTRIBUTES = { httpOnly: true, sameSite: "Strict", path: "/" } as const;

export function readSessionCookie(context: Context<HttpEnv>): string | undefined {
  return getCookie(context, NAME);
}

export function setSessionCookie(
  context: Context<HttpEnv>,
  token: string,
  maxAgeSeconds: number,
): void {
  setCookie(context, NAME, token, { ...ATTRIBUTES, maxAge: maxAgeSeconds });
}

export function clearSessionCookie(context: Context<HttpEnv>): void {
  deleteCookie(context, NAME, ATTRIBUTES);
}
