import { APICallError } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import { judgeFailure } from "./judge-failure.ts";

const NOW = Date.parse("2026-11-21T20:00:00Z");

test.each<[Record<string, string>, number | undefined]>([
  [{ "retry-after": "4" }, 4_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": "Sat, 21 Nov 2026 20:00:12 GMT" }, 12_000],
  [{ "retry-after": "Sat, 21 Nov 2026 19:59:00 GMT" }, undefined],
  [{ "retry-after-ms": "250", "retry-after": "4" }, 250],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-1" }, undefined],
  [{}, undefined],
])("a provider that says %j is waited for so long", (responseHeaders, waitMs) => {
  const error = new APICallError({
    message: "slow down",
    url: "https://provider.test",
    requestBodyValues: {},
    statusCode: 429,
    responseHeaders,
  });
  expect(judgeFailure(error, false, NOW).retryAfterMs).toBe(waitMs);
});

test("an answer that is cut before its first piece is another model's, or this one's later, and counts", () => {
  const error = new APICallError({
    message: "Failed to process successful response",
    url: "https://provider.test",
    requestBodyValues: {},
    statusCode: 200,
  });
  const passing = { isFinal: false, isPassing: true, isBilled: true };
  expect(judgeFailure(error, false, NOW)).toMatchObject(passing);
});
