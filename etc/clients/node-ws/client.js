// Calls every kind of method on a gateway over WebSockets, in JSON.
//
// Meant to be read as an example, and run by etc/clients/node-ws/run. Ends with 1 at the first
// answer that is not as expected.
"use strict";

const assert = require("node:assert");
const WebSocket = require("ws");

const ECHO = "/ws/heddle.diagnostics.v1.DiagnosticsService/";

function expect(what, actual, expected) {
  assert.deepStrictEqual(actual, expected, what);
  console.log(`ok  ${what}`);
}

/** The error that a call ended with. */
class CallError extends Error {
  constructor(status, closeCode) {
    super(status.message);
    this.status = status;
    this.closeCode = closeCode;
  }
}

/** One call: what it answers can be read with `for await`. */
class Call {
  constructor(url, token, { message, timeout, credit = 16 } = {}) {
    this.envelopes = [];
    this.canSend = 0;
    this.wake = () => {};
    this.socket = new WebSocket(url, ["heddle.json"]);
    this.socket.on("open", () => {
      const metadata = { authorization: `Bearer ${token}` };
      this.say({ type: "request", message, timeout, credit, metadata });
      this.take({ type: "credit", credit: 16 }); // what every client may send at first
    });
    this.socket.on("message", (data) => this.take(JSON.parse(data)));
    this.socket.on("close", (code) => this.take({ type: "close", code }));
    this.socket.on("error", (error) => this.take({ type: "broken", error }));
  }

  say(envelope) {
    this.socket.send(JSON.stringify(envelope));
  }

  take(envelope) {
    if (envelope.type === "credit") {
      this.canSend += envelope.credit;
    } else {
      this.envelopes.push(envelope);
    }
    this.wake();
  }

  /** Waits until something is true, which can change whenever something arrives. */
  async until(condition) {
    while (!condition()) {
      await new Promise((resolve) => (this.wake = resolve));
    }
  }

  async next() {
    await this.until(() => this.envelopes.length > 0);
    return this.envelopes.shift();
  }

  /** Sends a message, once there is credit for it. */
  async send(message) {
    await this.until(() => this.canSend > 0);
    this.canSend--;
    this.say({ type: "message", message });
  }

  halfClose() {
    this.say({ type: "half-close" });
  }

  cancel() {
    this.socket.close();
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      const envelope = await this.next();
      switch (envelope.type) {
        case "message":
          yield envelope.message;
          this.say({ type: "credit", credit: 1 });
          break;
        case "end":
          assert.strictEqual((await this.next()).code, 1000);
          return;
        case "error":
          throw new CallError(envelope.status, (await this.next()).code);
        default: // closed without an end: what came so far is not all
          throw new Error(`cut: ${JSON.stringify(envelope)} ${envelope.error ?? ""}`);
      }
    }
  }

  async all() {
    const messages = [];
    for await (const message of this) {
      messages.push(message);
    }
    return messages;
  }
}

async function failure(promise) {
  const outcome = await promise.then(
    () => "no error",
    (error) => error,
  );
  assert.ok(outcome instanceof CallError, `${outcome} (expected: an error)`);
  return [outcome.status.code, outcome.closeCode];
}

async function main(target, token) {
  const call = (method, options, by = token) =>
    new Call(`ws://${target}${ECHO}${method}`, by, options);

  const text = "hello, wörld 糸 ".repeat(1000);
  const [answer] = await call("Echo", { message: { message: text } }).all();
  expect("unary: message", answer.message, text);

  const numbers = await call("EchoStream", { message: { message: "x", count: 1000 } }).all();
  expect(
    "server stream: numbers",
    numbers.map((m) => Number(m.index)),
    Array.from({ length: 1000 }, (_, i) => i + 1),
  );

  const collect = call("EchoCollect", { message: { message: "0" } });
  for (let i = 1; i < 100; i++) {
    await collect.send({ message: `${i}` });
  }
  collect.halfClose();
  expect("client stream: count", (await collect.all())[0].message.split(" ").length, 100);

  const chat = call("EchoChat", { message: { message: "a" } });
  const answers = chat[Symbol.asyncIterator]();
  expect("chat: first answer", (await answers.next()).value.message, "a");
  await chat.send({ message: "b" });
  expect("chat: second answer", (await answers.next()).value.message, "b");
  chat.halfClose();
  expect("chat: end", (await answers.next()).done, true);

  const asked = { error: { code: 5, message: "nothing here" } };
  expect("error: codes", await failure(call("Echo", { message: asked }).all()), [5, 4005]);
  expect("no token: codes", await failure(call("Echo", {}, "wrong").all()), [16, 1008]);

  const late = { message: { count: 1, interval: "60s" }, timeout: "0.3s" };
  expect("deadline: codes", await failure(call("EchoStream", late).all()), [4, 4004]);

  const endless = call("EchoStream", { message: { message: "x", count: 10000000 } });
  await endless.next();
  endless.cancel();
  await endless.until(() => endless.envelopes.some((e) => e.type === "close"));
  console.log("ok  cancel");
}

main(...process.argv.slice(2)).catch((error) => {
  console.error("FAILED ", error);
  process.exitCode = 1;
});
