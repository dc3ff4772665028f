// Calls every kind of thing on a gateway over each protocol that it has for clients of Connect, and
// once more with the grpc-web of Google's.
//
// Meant to be read as an example, and run by etc/clients/node-connect/run. Ends with 1 at the first
// answer that is not as expected.
import assert from "node:assert";
import crypto from "node:crypto";
import fs from "node:fs";
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { anyPack, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import grpcWeb from "grpc-web";
import xhr2 from "xhr2";

const [contract, target, token] = process.argv.slice(2);
const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, fs.readFileSync(contract)),
);
const Diagnostics = registry.getService("heddle.diagnostics.v1.DiagnosticsService");
const Users = registry.getService("heddle.users.v1.UserService");
const ErrorInfo = registry.getMessage("google.rpc.ErrorInfo");
const BadRequest = registry.getMessage("google.rpc.BadRequest");

let framing = "";

function expect(what, actual, expected) {
  assert.deepStrictEqual(actual, expected, `${framing}: ${what}`);
  console.log(`ok  ${framing}: ${what}`);
}

/** All messages of a stream. */
async function all(stream) {
  const messages = [];
  for await (const message of stream) {
    messages.push(message);
  }
  return messages;
}

/** The error that a promise ends with. */
async function failure(promise) {
  const outcome = await promise.then(
    () => "no error",
    (error) => ConnectError.from(error),
  );
  assert.ok(outcome instanceof ConnectError, `${framing}: ${outcome} (expected: an error)`);
  return outcome;
}

async function* each(...messages) {
  yield* messages;
}

async function diagnostics(client, isDuplex) {
  const text = "hello, wörld 糸";
  expect("unary", (await client.echo({ message: text })).message, text);

  const numbers = await all(client.echoStream({ message: "x", count: 1000 }));
  expect("server stream", numbers.map((m) => Number(m.index)), Array.from({ length: 1000 }, (_, i) => i + 1));

  const abc = each({ message: "a" }, { message: "b" }, { message: "c" });
  expect("client stream", (await client.echoCollect(abc)).message, "a b c");

  const chat = await all(client.echoChat(each({ message: "a" }, { message: "b" })));
  expect("chat", chat.map((m) => m.message), ["a", "b"]);
  if (isDuplex) {
    await talk(client);
  }

  const large = "0123456789".repeat(100_000);
  expect("large message", (await client.echo({ message: large })).message === large, true);

  const asked = {
    code: Code.DataLoss,
    message: "100% ½ 糸",
    details: [anyPack(ErrorInfo, create(ErrorInfo, { reason: "ASKED", domain: "example.com" }))],
  };
  for (const call of [client.echo, (request) => all(client.echoStream(request))]) {
    const error = await failure(call({ error: asked }));
    expect("error: code", error.code, Code.DataLoss);
    expect("error: message", error.rawMessage, "100% ½ 糸");
    const reasons = error.findDetails(ErrorInfo).map((info) => info.reason);
    expect("error: reason", reasons, ["ASKED"]);
  }

  const anonymous = { headers: { authorization: "Bearer other" } };
  const nobody = await failure(client.echo({ message: "x" }, anonymous));
  expect("no token: code", nobody.code, Code.Unauthenticated);

  const slow = { message: "x", count: 5, interval: { seconds: 60n } };
  const late = await failure(all(client.echoStream(slow, { timeoutMs: 300 })));
  expect("deadline: code", late.code, Code.DeadlineExceeded);

  const abort = new AbortController();
  const endless = { message: "x", count: 10_000_000 };
  const stream = client.echoStream(endless, { signal: abort.signal })[Symbol.asyncIterator]();
  await stream.next();
  abort.abort();
  const drained = all({ [Symbol.asyncIterator]: () => stream });
  expect("cancel: code", (await failure(drained)).code, Code.Canceled);
}

/** A chat in which each message waits for the answer to the one before. */
async function talk(client) {
  let next = () => {};
  const answered = () => new Promise((resolve) => (next = resolve));
  async function* questions() {
    yield { message: "first" };
    await answered();
    yield { message: "second" };
  }
  const answers = [];
  for await (const { message } of client.echoChat(questions())) {
    answers.push(message);
    next();
  }
  expect("chat in turns", answers, ["first", "second"]);
}

async function users(client) {
  const email = `${crypto.randomUUID()}@example.com`;
  const created = await client.createUser({ user: { email, name: "Ada" } });
  expect("user: created", [created.email, created.name], [email, "Ada"]);
  expect("user: found", await client.getUser({ id: created.id }), created);

  const twice = await failure(client.createUser({ user: { email, name: "Ada" } }));
  expect("user twice: code", twice.code, Code.AlreadyExists);
  expect("user twice: reason", twice.findDetails(ErrorInfo)[0].reason, "EMAIL_TAKEN");

  const invalid = await failure(client.createUser({ user: { email: "nobody" } }));
  const fields = invalid.findDetails(BadRequest)[0].fieldViolations.map((v) => v.field);
  expect("invalid user: fields", fields.sort(), ["user.email", "user.name"]);

  await client.deleteUser({ id: created.id });
  const gone = await failure(client.getUser({ id: created.id }));
  expect("deleted user: code", gone.code, Code.NotFound);
}

function authorized(next) {
  return (request) => {
    if (!request.header.has("authorization")) {
      request.header.set("authorization", `Bearer ${token}`);
    }
    return next(request);
  };
}

async function throughConnect() {
  const common = {
    baseUrl: `http://${target}`,
    jsonOptions: { registry }, // for what an Any holds
    interceptors: [authorized],
  };
  const gzipped = { sendCompression: compressionGzip };
  for (const [name, httpVersion, transport] of [
    ["Connect", "1.1", createConnectTransport({ ...common, httpVersion: "1.1" })],
    ["Connect", "2", createConnectTransport({ ...common, httpVersion: "2", useBinaryFormat: false, ...gzipped })],
    ["gRPC-Web", "1.1", createGrpcWebTransport({ ...common, httpVersion: "1.1" })],
    ["gRPC-Web", "2", createGrpcWebTransport({ ...common, httpVersion: "2", ...gzipped })],
    ["gRPC", "2", createGrpcTransport({ ...common })],
  ]) {
    framing = `${name}, HTTP/${httpVersion}`;
    await diagnostics(createClient(Diagnostics, transport), httpVersion === "2");
    await users(createClient(Users, transport));
  }
  framing = "Connect, GET";
  const get = createConnectTransport({ ...common, httpVersion: "1.1", useHttpGet: true });
  const { message } = await createClient(Diagnostics, get).echo({ message: "hello, 糸" });
  expect("unary", message, "hello, 糸");
}

/** The same method as grpc-web describes it. */
function described(method) {
  const { MethodDescriptor, MethodType } = grpcWeb;
  return new MethodDescriptor(
    `/${method.parent.typeName}/${method.name}`,
    method.methodKind === "unary" ? MethodType.UNARY : MethodType.SERVER_STREAMING,
    Object,
    Object,
    (request) => toBinary(method.input, create(method.input, request)),
    (bytes) => fromBinary(method.output, bytes),
  );
}

async function throughGrpcWeb() {
  globalThis.XMLHttpRequest = xhr2;
  const metadata = { authorization: `Bearer ${token}` };
  for (const format of ["text", "binary"]) {
    framing = `grpc-web, ${format}`;
    const client = new grpcWeb.GrpcWebClientBase({ format });
    const path = (method) => `http://${target}/${Diagnostics.typeName}/${method.name}`;
    const call = (method, request) =>
      new Promise((resolve, reject) =>
        client.rpcCall(path(method), request, metadata, described(method), (error, answer) =>
          error ? reject(error) : resolve(answer),
        ),
      );
    const { echo, echoStream } = Diagnostics.method;
    expect("unary", (await call(echo, { message: "hello, 糸" })).message, "hello, 糸");
    const error = await call(echo, { error: { code: Code.Aborted, message: "½" } }).catch((e) => e);
    expect("error", [error.code, error.message], [Code.Aborted, "½"]);
    if (format === "text") {
      const request = { message: "x", count: 1000 };
      const method = described(echoStream);
      const stream = client.serverStreaming(path(echoStream), request, metadata, method);
      const numbers = [];
      stream.on("data", (message) => numbers.push(Number(message.index)));
      await new Promise((resolve, reject) => stream.on("end", resolve).on("error", reject));
      expect("server stream", numbers.length, 1000);
    }
  }
}

try {
  await throughConnect();
  await throughGrpcWeb();
} catch (error) {
  console.error("FAILED ", error);
  process.exitCode = 1;
}
// Connections that idle would keep the process.
process.exit();
