import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuMsOf } from "../../test/support/cpu-ms.ts";
import { AppError } from "./errors.ts";
import { createRedactor, MASK } from "./redact.ts";

const TELEGRAM_TOKEN = "7123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_";
const SHAPED = [
  ["Telegram bot token", TELEGRAM_TOKEN],
  ["bearer", "Bearer abcdefghijklmnop"],
  ["basic", "Basic dXNlcjpwYXNzd29yZA=="],
  ["OpenAI key", "sk-proj-abcdefghijklmnop1234"],
  ["key of ours", "ark_k3v9qd7m_0123456789abcdefghjkmnpqrstvwxyz"],
  ["Slack token", "xoxb-1234567890-abcdefghij"],
  ["GitHub token", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"],
  ["JSON web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N"],
  ["password in a URL", "postgres://agent:hunter2hunter2@db.example:5432/x"],
  ["token in a query", "https://x.example/a?access_token=abcdef123456"],
  ["one-time code in a fragment", "http://127.0.0.1:8080/#code=k3v9qd7mk3v9qd7m"],
  ["private key", "-----BEGIN PRIVATE KEY-----\nMIIEvAIBADANBg\n-----END PRIVATE KEY-----"],
] as const;

describe("redact", () => {
  test("leaves ordinary text as it is", () => {
    const { redact } = createRedactor([]);
    for (const text of [
      "Bearer of bad news, the token: none.",
      "Meet at 12:30 or 10:15, room 123:45",
      "https://example.org/a?page=2&x=y#top",
      "task_k3v9qd7mk3v9qd7m is done; password=",
      "AGENT_RUNTIME_ADMIN_TOKEN must have at least 16 characters",
    ]) {
      expect(redact(text)).toBe(text);
    }
  });

  test.each(SHAPED)("masks what is shaped like a %s, whoever made it", (_name, secret) => {
    const { redact } = createRedactor([]);
    const masked = redact(`before ${secret} after`);
    expect(masked).toContain(MASK);
    const tail = /[\w-]{8,}(?=[^\w-]*$)/.exec(secret.replace(/@.*/, ""))?.[0] ?? "";
    if (tail !== "KEY-----") expect(masked).not.toContain(tail);
    expect(masked).toMatch(/^before /);
    expect(masked).toMatch(/ after$/);
  });

  test.each(SHAPED)(
    "finds a %s inside JSON, after a line break, and leaves it JSON",
    (_name, secret) => {
      const { redact } = createRedactor([]);
      for (const text of [secret, `line\n${secret}`, `"${secret}"`, `${secret}\n`, `${secret}\\`]) {
        for (const value of [
          { text, mail: "a@b.c" },
          { inner: JSON.stringify({ text, mail: "a@b.c" }) },
        ]) {
          const masked = redact(JSON.stringify(value));
          expect(masked).toContain(MASK);
          expect(masked).toContain("a@b.c");
          expect(() => JSON.parse(masked)).not.toThrow();
        }
      }
    },
  );

  test("does not take an address further on for the password of a URL", () => {
    const { redact } = createRedactor([]);
    const text = JSON.stringify({ url: "http://127.0.0.1:8080", mail: "x@y.example" });
    expect(redact(text)).toBe(text);
  });

  test("masks the bot token inside the URL of a failed request and keeps the rest of it", () => {
    const { redact } = createRedactor([]);
    expect(redact(`POST https://api.telegram.org/bot${TELEGRAM_TOKEN}/getMe failed`)).toBe(
      `POST https://api.telegram.org/bot${MASK}/getMe failed`,
    );
  });

  test("masks the password of a URL and keeps user and host", () => {
    const { redact } = createRedactor([]);
    expect(redact("postgres://agent:p@ss:word@db:5432/x")).toBe(
      `postgres://agent:${MASK}@db:5432/x`,
    );
  });

  test("masks known secrets also as they stand in URLs and in JSON", () => {
    const secret = 'can"ary/ö 1';
    const { redact } = createRedactor([secret]);
    expect(redact(`?x=${encodeURIComponent(secret)}`)).toBe(`?x=${MASK}`);
    expect(redact(JSON.stringify({ a: secret }))).toBe(`{"a":"${MASK}"}`);
  });

  test("masks a secret added later, in texts and in fields", () => {
    const redactor = createRedactor(["canary-first"]);
    redactor.addSecret("canary-later");
    expect(redactor.redact("canary-first canary-later")).toBe(`${MASK} ${MASK}`);
    expect(redactor.redactFields({ a: "canary-later" })).toEqual({ a: MASK });
  });

  test("ignores values too short to be secrets", () => {
    expect(createRedactor(["", "a", "12345"]).redact("a 12345 b")).toBe("a 12345 b");
  });

  test("no known secret survives, wherever it stands, and a second pass changes nothing", () => {
    const secrets = fc.array(
      fc
        .string({ minLength: 6, maxLength: 40, unit: "binary" })
        .filter((text) => !MASK.includes(text)),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(
        secrets,
        fc.array(fc.string({ unit: "binary" }), { minLength: 6, maxLength: 6 }),
        (known, gaps) => {
          const { redact } = createRedactor(known);
          const text = known.map((secret, index) => `${gaps[index]} ${secret}`).join(" ");
          const clean = redact(text);
          // A gap may by chance finish a secret begun by the mask itself; only whole secrets between gaps count.
          for (const secret of known)
            if (!`${MASK}${MASK}`.includes(secret)) expect(clean).not.toContain(secret);
          expect(redact(clean)).toBe(clean);
        },
      ),
    );
  });

  test("suspects every text that holds something to mask, and no ordinary one", () => {
    const { redact, suspects } = createRedactor(["canary-secret"]);
    const piece = fc.oneof(
      fc.constantFrom("canary-secret", ...SHAPED.map(([, secret]) => secret)),
      fc.string(),
      fc.constantFrom(
        "xtoken=",
        "sk-",
        " ",
        "\n",
        ":",
        "://",
        "@",
        "?",
        "a".repeat(40),
        "1".repeat(9),
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.string(), (pieces, around) => {
        const text = pieces.join("");
        if (redact(text) !== text) expect(suspects(`${around}${text}${around}`)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    for (const text of [
      "Running here: nothing",
      "See https://example.org/a?page=2#top",
      "a@b.c: 5",
    ])
      expect(suspects(text)).toBe(false);
  });

  test.each([
    ["digits", "1".repeat(200_000)],
    ["jwt starts", "eyJ".repeat(70_000)],
    ["url starts", "://a:".repeat(40_000)],
    ["query starts", "?token".repeat(35_000)],
    ["key heads", "-----BEGIN PRIVATE KEY-----".repeat(8_000)],
    ["dashes", "sk-".repeat(70_000)],
    ["beginnings of keys", "ark_k3v9qd7m_".repeat(20_000)],
    ["bearers", "Bearer ".repeat(30_000)],
    ["dots", "eyJaaaaaaaa.".repeat(20_000)],
  ])("is not slowed down by 200,000 characters of %s", (_name, text) => {
    const { redact } = createRedactor(["canary-secret"]);
    expect(cpuMsOf(() => redact(text))).toBeLessThan(2_000);
  });
});

describe("redactFields", () => {
  const canary = "canary-7f3a9b";
  const { redactFields } = createRedactor([canary]);

  test("masks by the name of the key and leaves counts of tokens alone", () => {
    expect(
      redactFields({
        token: "x",
        "Set-Cookie": "a=b",
        nested: {
          adminToken: "x",
          API_KEY: "x",
          password: "x",
          clientSecret: "x",
          authorization: ["x"],
        },
        inputTokens: 12,
        hasToken: true,
        password: "",
        tokenPath: "/data/admin-token",
      }),
    ).toEqual({
      token: MASK,
      "Set-Cookie": MASK,
      nested: {
        adminToken: MASK,
        API_KEY: MASK,
        password: MASK,
        clientSecret: MASK,
        authorization: MASK,
      },
      inputTokens: 12,
      hasToken: true,
      password: "",
      tokenPath: "/data/admin-token",
    });
  });

  test("spells out an error with its code, stack and causes, all redacted", () => {
    const root = Object.assign(new Error(`connect ${canary}`), {
      code: "ECONNREFUSED",
      config: { x: canary },
    });
    const error = new AppError("unavailable", "no answer", {
      cause: new Error("middle", { cause: root }),
    });
    const shown = redactFields({ error });
    expect(shown).toMatchObject({
      error: {
        name: "AppError",
        code: "unavailable",
        message: "no answer",
        cause: { message: "middle", cause: { code: "ECONNREFUSED", message: `connect ${MASK}` } },
      },
    });
    expect(JSON.stringify(shown)).toContain("redact.test.ts");
    expect(JSON.stringify(shown)).not.toContain(canary);
  });

  test("survives circles, throwing getters, odd types and errors that cause themselves", () => {
    const circle: Record<string, unknown> = {
      when: new Date(0),
      big: 1n,
      map: new Map([["a", new Set([1])]]),
    };
    circle["self"] = circle;
    Object.defineProperty(circle, "bad", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    const error = new Error("loop");
    error.cause = error;
    expect(redactFields({ circle, error, bytes: Buffer.from(canary), f: () => 1 })).toMatchObject({
      circle: {
        when: "1970-01-01T00:00:00.000Z",
        big: "1",
        map: { a: [1] },
        self: "[circular]",
        bad: "[unreadable]",
      },
      error: { message: "loop", cause: "[circular]" },
      bytes: `[${canary.length} bytes]`,
      f: "[function]",
    });
  });

  test("is bounded in depth, breadth and length, and never shows a secret cut in half", () => {
    let deep: unknown = "end";
    for (let level = 0; level < 1_000; level += 1) deep = { deep };
    const wide = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`k${index}`, { a: [1, 2, 3] }]),
    );
    const secret = "abcdefghijklmnopqrstuvwxyz".repeat(8);
    const long = createRedactor([secret]).redactFields({ text: `x${secret}`.repeat(10_000) });
    expect(JSON.stringify(redactFields({ deep, wide })).length).toBeLessThan(20_000);
    expect(String(long["text"]).length).toBeLessThan(10_000);
    expect(String(long["text"])).not.toContain("abcdef");
  });

  test("no canary survives in any shape of value", () => {
    const value = fc.anything({
      values: [fc.string(), fc.constant(canary), fc.constant(`a${canary}b`)],
      withMap: true,
      withSet: true,
    });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("a", canary, "b"), value), (fields) => {
        expect(JSON.stringify(redactFields(fields)) ?? "").not.toContain(canary);
      }),
    );
  });
});
