import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding, Measurement, Place } from "../measurement.ts";
import { findStrace } from "../processes/find-strace.ts";
import { runProgram } from "../processes/run-program.ts";
import { type BotApi, openTelegramRuntime, startBotApi } from "../processes/telegram-runtime.ts";
import { median, percentile, round } from "../statistics.ts";

const CHATS = 200;
const WARM_UP = 2_000;
const MESSAGES = 3_000;
const ROUNDS = 5;

const LOAD = { kind: "as fast as it goes", chats: CHATS } as const;

export const telegramReplies: Measurement = {
  title: "Telegram",
  method:
    `Replies to /help a second in ${CHATS} chats with one open question each, beside a bare grammy bot that starts replies of the same length without waiting for them. ` +
    "Each has a Bot API server of its own, in a process of its own; they take turns. The syncs are those strace saw during one more round.",
  async run(place) {
    return [await compareRates(place), ...(await countSyncs(place))];
  },
};

async function compareRates(place: Place): Promise<Finding> {
  const runtime = await openTelegramRuntime(place);
  const { replyLength } = await runtime.api.ask({ ...LOAD, messages: WARM_UP });
  const bareApi = await startBotApi();
  const bare = await runProgram(new URL("../processes/bare-bot-program.ts", import.meta.url), [
    bareApi.token,
    bareApi.url,
    String(replyLength),
  ]);
  try {
    await bareApi.ask({ ...LOAD, messages: WARM_UP });
    const rounds = [];
    for (let n = 0; n < ROUNDS; n += 1) {
      rounds.push({ bare: await measureRate(bareApi), ours: await measureRate(runtime.api) });
    }
    return {
      name: "Telegram /help replies a second, beside a bare grammy bot",
      value: round(median(rounds.map(({ bare, ours }) => ours.perSecond / bare.perSecond))),
      unit: "×",
      aim: { kind: "at least", value: 0.6 },
      ifMissed:
        "A /help is some 25 SQL statements in four commits, three of them with an audit row; the bare bot stores nothing. " +
        "Half of the time goes to SQLite, a fifth of that to waiting for the disk; the rest is spread thin.",
      details: {
        runtimePerSecond: round(median(rounds.map(({ ours }) => ours.perSecond)), 0),
        barePerSecond: round(median(rounds.map(({ bare }) => bare.perSecond)), 0),
        replyAfterP50Ms: round(median(rounds.map(({ ours }) => ours.p50Ms)), 1),
        replyAfterP99Ms: round(median(rounds.map(({ ours }) => ours.p99Ms)), 1),
        serverLoadBesideRuntime: round(median(rounds.map(({ ours }) => ours.serverLoad))),
        serverLoadBesideBare: round(median(rounds.map(({ bare }) => bare.serverLoad))),
        rounds: rounds.map(({ bare, ours }) => round(ours.perSecond / bare.perSecond)),
      },
    };
  } finally {
    await bare.program.stop();
    await bareApi.stop();
    await runtime.stop();
  }
}

async function measureRate(api: BotApi) {
  const { durationMs, repliedAfterMs, serverLoad } = await api.ask({ ...LOAD, messages: MESSAGES });
  return {
    perSecond: (MESSAGES * 1_000) / durationMs,
    p50Ms: median(repliedAfterMs),
    p99Ms: percentile(repliedAfterMs, 0.99),
    serverLoad,
  };
}

async function countSyncs(place: Place): Promise<readonly Finding[]> {
  const strace = findStrace();
  if (strace === undefined) {
    console.log("  Syncs a message: not counted, strace is not there or may not trace.");
    return [];
  }
  const trace = join(place.makeDirectory(), "syncs.txt");
  const runtime = await openTelegramRuntime(place, [
    ...strace,
    "-ttt",
    "-e",
    "trace=fsync,fdatasync,sync_file_range,msync",
    "-o",
    trace,
  ]);
  try {
    await runtime.api.ask({ ...LOAD, messages: WARM_UP });
    const { startedAtMs, endedAtMs, durationMs } = await runtime.api.ask({
      ...LOAD,
      messages: MESSAGES,
    });
    const syncs = readFileSync(trace, "utf8")
      .split("\n")
      .filter((line) => / f(?:data)?sync\(/.test(line))
      .map((line) => Number(/\d+\.\d+/.exec(line)?.[0]) * 1_000)
      .filter((atMs) => atMs >= startedAtMs && atMs <= endedAtMs).length;
    return [
      {
        name: "fsync and fdatasync calls at that load",
        value: round(syncs / MESSAGES, 3),
        unit: "a message",
        aim: { kind: "under", value: 0.5 },
        details: {
          syncs,
          messages: MESSAGES,
          repliesPerSecondUnderStrace: round((MESSAGES * 1_000) / durationMs, 0),
        },
      },
    ];
  } finally {
    await runtime.stop();
  }
}
