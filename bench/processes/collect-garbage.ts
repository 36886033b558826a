interface Target {
  readonly webSocketDebuggerUrl: string;
}

/** Has a Node that listens for a debugger on `port` collect all its garbage, and waits until it has. */
export async function collectGarbage(port: number): Promise<void> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as Target[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? "");
  const happened = (event: string) =>
    new Promise((resolve, reject) => {
      socket.addEventListener(event, resolve, { once: true });
      socket.addEventListener("error", () => reject(new Error("no debugger listens")), {
        once: true,
      });
    });
  await happened("open");
  const answered = happened("message");
  socket.send(JSON.stringify({ id: 1, method: "HeapProfiler.collectGarbage" }));
  await answered;
  // A Node that ends before this would wait for its debugger to go, and say so.
  const closed = happened("close");
  socket.close();
  await closed;
}
