import { expect, test } from "vitest";
import { formatBanner } from "./format-banner.ts";

const channel = (connector: string, message = "") =>
  ({ connector, account: "", state: message === "" ? "running" : "stopped", message }) as const;
const STATUS = {
  url: "http://127.0.0.1:8080",
  dataDir: "/srv/data",
  model: "offline",
  channels: [],
};
const LINKS = { login: "http://127.0.0.1:8080/#login=abc", pairing: undefined };

test("names page, data, model and each channel with what is wrong with it", () => {
  const channels = [
    { ...channel("telegram"), account: "@my_bot" },
    channel("email", "wrong password."),
  ];
  expect(formatBanner({ ...STATUS, channels }, LINKS)).toEqual([
    "agent-runtime is running at http://127.0.0.1:8080 (Ctrl-C stops it)",
    "Page      http://127.0.0.1:8080/#login=abc (works once, for 10 minutes)",
    "Data      /srv/data",
    "Model     offline",
    "Telegram  running as @my_bot",
    "Email     stopped: wrong password.",
  ]);
});

test("never takes more than eight lines, and none of them is left out without a word", () => {
  const channels = ["telegram", "discord", "email", "web", "cli"].map((name) => channel(name));
  const lines = formatBanner(
    { ...STATUS, channels },
    { ...LINKS, pairing: "https://t.me/b?start=c" },
  );
  expect(lines).toHaveLength(8);
  expect(lines[6]).toBe("Also      email running, web running, cli running");
  expect(lines[7]).toMatch(/^Pair {6}https:\/\/t\.me\/b\?start=c /);
});
