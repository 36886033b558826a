import { createSocket } from "node:dgram";

/** The addresses of a name, as they are told to who asks for the `count`th time; 1 is the first. */
export type Zone = (name: string, count: number) => readonly string[];

export interface NameServer {
  /** How often each name was asked about. */
  readonly asked: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const HEAD_BYTES = 12;
const A = 1;

/** Answers over UDP where resolvers look for it. Nothing it says may be kept. */
export async function openNameServer(zone: Zone): Promise<NameServer> {
  const asked = new Map<string, number>();
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const { name, type, end } = readQuestion(query);
    const addresses = type === A ? answersFor(name) : [];
    const head = Buffer.from(query.subarray(0, HEAD_BYTES));
    // A response, by who knows; one question, so many answers, nothing else.
    head.writeUInt16BE(0x8580, 2);
    head.writeUInt16BE(addresses.length, 6);
    head.fill(0, 8);
    const answer = Buffer.concat([
      head,
      query.subarray(HEAD_BYTES, end),
      ...addresses.map(toRecord),
    ]);
    socket.send(answer, from.port, from.address);
  });

  function answersFor(name: string): readonly string[] {
    const count = (asked.get(name) ?? 0) + 1;
    asked.set(name, count);
    return zone(name, count);
  }

  await new Promise<void>((ready) => socket.bind(53, "127.0.0.1", ready));
  return { asked, close: () => new Promise((done) => socket.close(done)) };
}

function readQuestion(query: Buffer) {
  const labels: string[] = [];
  let at = HEAD_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join("."), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** The name that was asked about, an address of the internet, not to be kept, four bytes. */
function toRecord(address: string): Buffer {
  return Buffer.from([
    0xc0,
    HEAD_BYTES,
    0,
    A,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    4,
    ...address.split(".").map(Number),
  ]);
}
