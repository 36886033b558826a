import type { ApiAnswer, TestRuntime } from "./open-test-runtime.ts";

/** One request as the page makes it: with its cookie and no key. */
export type PageRequest = (method: string, path: string, body?: unknown) => Promise<ApiAnswer>;

/** Logs the owner in on the page by the link of `serve`. */
export async function logInToPage(test: TestRuntime): Promise<PageRequest> {
  const link = await test.runtime.createLoginUrl();
  const origin = test.url;
  const login = await fetch(`${origin}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ code: link.split("#login=")[1] }),
  });
  const cookie = login.headers.getSetCookie()[0]?.split(";")[0];
  if (cookie === undefined) throw new Error(`not logged in: ${await login.text()}`);
  return (method, path, body) =>
    test.api(method, path, body, { authorization: undefined, cookie, origin });
}
