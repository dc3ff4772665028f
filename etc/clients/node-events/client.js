// Reads streams of a gateway as server-sent events, with cuts in between.
//
// Meant to be read as an example, and run by etc/clients/node-events/run. Ends with 1 at the first
// answer that is not as expected.
import assert from "node:assert";
import net from "node:net";
import { EventSource } from "eventsource";

const PATIENCE_MILLIS = 60_000;

const [target, token] = process.argv.slice(2);

function expect(what, actual, expected) {
  assert.deepStrictEqual(actual, expected, what);
  console.log(`ok  ${what}`);
}

/** A network to the gateway that can be cut. */
class Network {
  sockets = new Set();

  async open() {
    const [host, port] = target.split(":");
    this.server = net.createServer((near) => {
      const far = net.connect(Number(port), host);
      this.sockets.add(near);
      for (const [from, to] of [[near, far], [far, near]]) {
        from.pipe(to);
        from.on("error", () => to.destroy()).on("close", () => to.destroy());
      }
    });
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${this.server.address().port}`;
  }

  cut() {
    this.sockets.forEach((socket) => socket.destroy());
    this.sockets.clear();
  }
}

/**
 * Reads a stream to its end or its error, however often it breaks off: the client takes it up by itself.
 *
 * @param onNumber called after each message, with how many there were
 */
function read(url, { headers = {}, onNumber = () => {} } = {}) {
  const found = { numbers: [], resumptions: 0 };
  const source = new EventSource(url, {
    fetch: (input, init) => {
      const lastEventId = init.headers["Last-Event-ID"];
      if (lastEventId) {
        assert.strictEqual(Number(lastEventId), found.numbers.at(-1));
        found.resumptions++;
      }
      const authorization = `Bearer ${token}`;
      return fetch(input, { ...init, headers: { ...init.headers, authorization, ...headers } });
    },
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${url}: no end`)), PATIENCE_MILLIS);
    const end = (outcome) => {
      clearTimeout(timer);
      source.close();
      resolve({ ...found, ...outcome });
    };
    source.onmessage = ({ data, lastEventId }) => {
      const { index } = JSON.parse(data);
      assert.strictEqual(lastEventId, index);
      found.numbers.push(Number(index));
      onNumber(found.numbers.length);
    };
    source.addEventListener("end", () => end({ isWhole: true }));
    // The gateway's error events and the client's own have one name; only the gateway's have data.
    source.addEventListener("error", (event) => {
      if (event.data) {
        end({ error: JSON.parse(event.data) });
      } else if (source.readyState === EventSource.CLOSED) {
        end({ refused: event.code });
      }
    });
  });
}

async function main() {
  const numbers = (count) => Array.from({ length: count }, (_, i) => i + 1);
  const stream = (host, query) => `http://${host}/v1/echo:stream?message=x&${query}`;

  const whole = await read(stream(target, "count=1000"));
  expect("whole", whole, { numbers: numbers(1000), resumptions: 0, isWhole: true });

  const network = new Network();
  const host = await network.open();
  const cut = await read(stream(host, "count=30&interval=0.1s"), {
    onNumber: (count) => [5, 20].includes(count) && network.cut(),
  });
  expect("cut: none lost and none twice", cut.numbers, numbers(30));
  expect("cut: taken up after each cut", cut.resumptions, 2);
  network.cut();
  network.server.close();

  const failed = await read(stream(target, "count=3&error.code=15&error.message=100%25%20%C2%BD"));
  expect("error: what came before it", failed.numbers, [1, 2, 3]);
  expect("error: code and message", [failed.error.code, failed.error.message], [15, "100% ½"]);

  const refused = await read(stream(target, "count=1"), { headers: { authorization: "Bearer other" } });
  expect("no token: refused, and not asked for again", refused, {
    numbers: [],
    resumptions: 0,
    refused: 401,
  });
}

main().then(
  () => process.exit(), // connections that idle would keep the process
  (error) => {
    console.error("FAILED ", error);
    process.exit(1);
  },
);
