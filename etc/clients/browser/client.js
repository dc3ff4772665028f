// Calls a gateway from a page of its own in Chromium: over HTTP/2, with fetch and EventSource, with
// Connect's client over Connect and gRPC-Web, and over a WebSocket.
//
// Run by etc/clients/browser/run. Ends with 1 at the first answer that is not as expected.
"use strict";

const assert = require("node:assert");
const puppeteer = require("puppeteer-core");

function expect(what, actual, expected) {
  assert.deepStrictEqual(actual, expected, what);
  console.log(`ok  ${what}`);
}

// The functions below run in the page.

function navigationProtocol() {
  return performance.getEntriesByType("navigation")[0].nextHopProtocol;
}

function protocols() {
  const names = performance.getEntriesByType("resource").map((entry) => entry.nextHopProtocol);
  return [...new Set(names.filter((name) => name !== ""))]; // what was cancelled has none
}

async function post(message) {
  const response = await fetch("/v1/echo", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message }),
  });
  return { status: response.status, message: (await response.json()).message };
}

async function many(count) {
  const messages = Array.from({ length: count }, async (_, i) => {
    const response = await fetch(`/v1/echo/${i}`);
    return (await response.json()).message;
  });
  return Promise.all(messages);
}

async function failure() {
  const response = await fetch("/v1/users/none");
  return { status: response.status, code: (await response.json()).code };
}

/** Reads a stream to its end, however often it breaks off: the browser takes it up by itself. */
function events(target) {
  return new Promise((resolve, reject) => {
    const numbers = [];
    let connections = 0;
    const source = new EventSource(target);
    source.onopen = () => connections++;
    source.onmessage = (event) => numbers.push(Number(JSON.parse(event.data).index));
    source.onerror = () => source.readyState === EventSource.CLOSED && reject(new Error("closed"));
    source.addEventListener("end", () => {
      source.close();
      resolve({ numbers, connections });
    });
  });
}

/** With Connect's client and a WebSocket; page.js is what the page does. */
async function visitWithClients(page, script, token) {
  await page.setExtraHTTPHeaders({});
  await page.addScriptTag({ path: script });
  for (const protocol of ["Connect", "gRPC-Web"]) {
    for (const useBinaryFormat of [true, false]) {
      const options = { protocol, useBinaryFormat, token };
      const found = await page.evaluate((asked) => heddle.call(asked), options);
      const error = { code: "DataLoss", message: "100% ½ 糸", reasons: ["ASKED"] };
      for (const [what, expected] of Object.entries({
        unary: "hello, wörld 糸",
        "server stream": Array.from({ length: 1000 }, (_, i) => i + 1),
        errors: [error, error],
        "deadline: code": "DeadlineExceeded",
        "cancel: code": "Canceled",
      })) {
        expect(`${protocol}, ${useBinaryFormat ? "binary" : "JSON"}: ${what}`, found[what], expected);
      }
    }
  }

  const messages = ["a", "b", "c"];
  expect(
    "WebSocket: chat",
    await page.evaluate((asked) => heddle.chat(asked), { token, messages }),
    { answers: messages, protocol: "heddle.json", code: 1000 },
  );
}

async function visit(page, gateway, script, token) {
  const headers = { authorization: `Bearer ${token}` };
  await page.setExtraHTTPHeaders(headers);
  await page.goto(`${gateway}/health/live`);
  expect("page: protocol", await page.evaluate(navigationProtocol), "h2");

  const text = "hello, wörld 糸";
  expect("fetch: answer", await page.evaluate(post, text), { status: 200, message: text });
  const large = "0123456789".repeat(100_000);
  const echoed = await page.evaluate(post, large);
  expect("fetch: a megabyte both ways", echoed.message === large, true);
  expect(
    "fetch: many at once",
    await page.evaluate(many, 50),
    Array.from({ length: 50 }, (_, i) => `${i}`),
  );
  expect("fetch: error", await page.evaluate(failure), { status: 404, code: 5 });

  const numbers = Array.from({ length: 20 }, (_, i) => i + 1);
  const stream = "/v1/echo:stream?message=x&count=20";
  expect("events: whole", await page.evaluate(events, stream), { numbers, connections: 1 });

  // The gateway ends each connection after a second, in the middle of the stream.
  await page.setExtraHTTPHeaders({ ...headers, "x-server-timeout": "1" });
  const resumed = await page.evaluate(events, `${stream}&interval=0.1s`);
  expect("events: none lost and none twice", resumed.numbers, numbers);
  expect("events: over several connections", resumed.connections > 1, true);

  await visitWithClients(page, script, token);

  expect("protocols of all", await page.evaluate(protocols), ["h2"]);
}

async function main(executablePath, script, gateway, token) {
  const browser = await puppeteer.launch({
    executablePath,
    // The sandbox wants rights that a container does not give; the certificate is the test's own.
    args: ["--no-sandbox", "--disable-gpu", "--ignore-certificate-errors"],
  });
  try {
    await visit(await browser.newPage(), gateway, script, token);
  } finally {
    await browser.close();
  }
}

main(...process.argv.slice(2)).catch((error) => {
  console.error("FAILED ", error);
  process.exitCode = 1;
});
