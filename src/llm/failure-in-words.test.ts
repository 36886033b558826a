import { APICallError } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import { AppError } from "../core/errors.ts";
import { failureInWords } from "./failure-in-words.ts";
import { judgeFailure } from "./judge-failure.ts";

const SECRET = "sk-canary";

function refusal(statusCode: number, responseBody = `{"error":{"message":"${SECRET}"}}`) {
  const message = SECRET;
  return new APICallError({
    message,
    url: SECRET,
    requestBodyValues: {},
    statusCode,
    responseBody,
  });
}

const unreachable = new Error(SECRET, {
  cause: Object.assign(new Error(SECRET), { code: "ECONNREFUSED" }),
});
const silent = new AppError("unavailable", "The model was silent for 60 seconds.");

test.each<[string, unknown, RegExp]>([
  ["a key that is wrong", refusal(401), /refuses the key \(401\)\. Whoever runs me/],
  ["Google's way to say so", refusal(400, '{"reason":"API_KEY_INVALID"}'), /refuses the key/],
  ["no money", refusal(402), /wants money .* \(402\)\. Whoever runs me/],
  ["OpenAI's way to say so", refusal(429, '{"code":"insufficient_quota"}'), /wants money/],
  ["Anthropic's", refusal(400, '{"message":"Your credit balance is too low"}'), /wants money/],
  ["a model that it does not know", refusal(404), /knows no such model \(404\)\. Whoever/],
  ["too much at once", refusal(429), /asked too much \(429\)\. Try again later/],
  ["a fault of the provider", refusal(503), /fault of its own \(503\)\. Try again later/],
  ["a bad request", refusal(400), /does not take this request \(400\)\. Trying the same again/],
  ["a redirect", refusal(301), /sends us elsewhere.* \(301\)\. Whoever runs me/],
  ["nobody there", unreachable, /cannot be reached \(ECONNREFUSED\)\. Try again later/],
  ["a stream that is cut", new Error(SECRET), /broke off before the answer was whole\. Try/],
  ["an answer that is cut before its first piece", refusal(200), /broke off .*\. Try again later/],
  ["silence", silent, /No answer came from m\. The model was silent for 60 seconds\. Try again/],
])("%s is told with what to do, and nothing of what the provider said", (_, error, said) => {
  const words = failureInWords("m", error, judgeFailure(error, false, 0));
  expect(words).toMatch(said);
  expect(words).not.toContain(SECRET);
});

test("what a vendor says of its key or its money leaves the call to the next model", () => {
  for (const body of ['{"code":"insufficient_quota"}', '{"reason":"API_KEY_INVALID"}']) {
    const status = body.includes("quota") ? 429 : 400;
    const failure = judgeFailure(refusal(status, body), false, 0);
    expect(failure).toMatchObject({ isFinal: false, isPassing: false });
  }
});
