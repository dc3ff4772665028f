// Calls every kind of thing on a gateway, as a client in Node.js sees it.
//
// Meant to be read as an example, and run by etc/clients/node-grpc/run. Ends with 1 at the first
// answer that is not as expected.
"use strict";

const assert = require("node:assert");
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");
const protobuf = require("protobufjs");

const { status } = grpc;

function expect(what, actual, expected) {
  assert.deepStrictEqual(actual, expected, what);
  console.log(`ok  ${what}`);
}

/** A unary call; ends with its answer and the metadata and status around it. */
function unary(stub, method, request, metadata, options = {}) {
  return new Promise((resolve, reject) => {
    const around = {};
    const call = stub[method](request, metadata, options, (error, answer) =>
      error ? reject(error) : resolve({ answer, ...around }),
    );
    call.on("metadata", (headers) => (around.headers = headers));
  });
}

/** All messages that a call brings. */
async function all(call) {
  const messages = [];
  for await (const message of call) {
    messages.push(message);
  }
  return messages;
}

/** The error that a promise ends with. */
async function failure(promise) {
  const outcome = await promise.then(
    () => "no error",
    (error) => error,
  );
  assert.ok(outcome instanceof Error, `${outcome} (expected: an error)`);
  return outcome;
}

/** Finds the types of error details, which gRPC itself does not look into. */
function detailTypes(imports) {
  const root = new protobuf.Root();
  root.resolvePath = (_, target) => path.join(imports, target);
  return root.loadSync(["google/rpc/status.proto", "google/rpc/error_details.proto"]);
}

/** The details of an error by the names of their types, out of the google.rpc.Status in the trailers. */
function details(types, error) {
  const [packed] = error.metadata.get("grpc-status-details-bin");
  assert.ok(packed, `no details in ${error}`);
  const found = types.lookupType("google.rpc.Status").decode(packed);
  return Object.fromEntries(
    found.details.map((any) => {
      const name = any.type_url.split("/").pop();
      return [name, types.lookupType(name).decode(any.value)];
    }),
  );
}

async function diagnostics(stub, types, token) {
  const text = "hello, wörld 糸";
  const { answer, headers } = await unary(stub, "echo", { message: text }, token);
  expect("unary: message", answer.message, text);
  expect("unary: content type", headers.get("content-type"), ["application/grpc"]);

  const numbers = await all(stub.echoStream({ message: "x", count: 1000 }, token));
  expect(
    "server stream: numbers",
    numbers.map((m) => m.index),
    Array.from({ length: 1000 }, (_, i) => i + 1),
  );

  const collected = await new Promise((resolve, reject) => {
    const call = stub.echoCollect(token, (error, whole) => (error ? reject(error) : resolve(whole)));
    ["a", "b", "c"].forEach((message) => call.write({ message }));
    call.end();
  });
  expect("client stream: message", collected.message, "a b c");

  const chat = stub.echoChat(token);
  const answers = chat[Symbol.asyncIterator]();
  for (const message of ["a", "b"]) {
    chat.write({ message });
    expect(`chat: answer to ${message}`, (await answers.next()).value.message, message);
  }
  chat.end();
  expect("chat: end", (await answers.next()).done, true);

  const large = "0123456789".repeat(100_000);
  const echoed = await unary(stub, "echo", { message: large }, token);
  expect("large message", echoed.answer.message === large, true);

  const slowReader = stub.echoStream({ message: "x".repeat(10_000), count: 1000 }, token);
  slowReader.pause();
  const beside = await unary(stub, "echo", { message: "beside" }, token);
  expect("beside a stream that nobody reads", beside.answer.message, "beside");
  expect("the same stream, read at last", (await all(slowReader)).length, 1000);

  const reason = types.lookupType("google.rpc.ErrorInfo");
  const asked = {
    code: status.DATA_LOSS,
    message: "100% ½ 糸",
    details: [
      {
        type_url: "type.googleapis.com/google.rpc.ErrorInfo",
        value: reason.encode({ reason: "ASKED", domain: "example.com" }).finish(),
      },
    ],
  };
  const error = await failure(unary(stub, "echo", { error: asked }, token));
  expect("error: code", error.code, status.DATA_LOSS);
  expect("error: message", error.details, "100% ½ 糸");
  expect("error: reason", details(types, error)["google.rpc.ErrorInfo"].reason, "ASKED");

  const nobody = await failure(unary(stub, "echo", { message: "x" }, new grpc.Metadata()));
  expect("no token: code", nobody.code, status.UNAUTHENTICATED);

  const slow = { message: "x", count: 5, interval: { seconds: 60 } };
  const late = await failure(all(stub.echoStream(slow, token, { deadline: Date.now() + 300 })));
  expect("deadline: code", late.code, status.DEADLINE_EXCEEDED);

  const endless = stub.echoStream({ message: "x", count: 10_000_000 }, token);
  await endless[Symbol.asyncIterator]().next();
  const cancelled = failure(new Promise((_, reject) => endless.on("error", reject)));
  endless.cancel();
  expect("cancel: code", (await cancelled).code, status.CANCELLED);
}

async function users(stub, types, token) {
  const email = `${crypto.randomUUID()}@example.com`;
  const { answer: created } = await unary(
    stub,
    "createUser",
    { user: { email, name: "Ada" } },
    token,
  );
  expect("user: created", [created.email, created.name], [email, "Ada"]);
  const { answer: found } = await unary(stub, "getUser", { id: created.id }, token);
  expect("user: found", found, created);

  const twice = await failure(
    unary(stub, "createUser", { user: { email, name: "Ada" } }, token),
  );
  expect("user twice: code", twice.code, status.ALREADY_EXISTS);
  expect("user twice: reason", details(types, twice)["google.rpc.ErrorInfo"].reason, "EMAIL_TAKEN");

  const invalid = await failure(unary(stub, "createUser", { user: { email: "nobody" } }, token));
  expect("invalid user: code", invalid.code, status.INVALID_ARGUMENT);
  const violations = details(types, invalid)["google.rpc.BadRequest"].fieldViolations;
  expect("invalid user: fields", violations.map((v) => v.field).sort(), ["user.email", "user.name"]);

  await unary(stub, "deleteUser", { id: created.id }, token);
  const gone = await failure(unary(stub, "getUser", { id: created.id }, token));
  expect("deleted user: code", gone.code, status.NOT_FOUND);
}

/** The services of the contract, with fields in the spelling of JavaScript. */
function load(proto, imports) {
  const files = fs
    .readdirSync(proto, { recursive: true })
    .filter((file) => file.endsWith(".proto"));
  const definition = loader.loadSync(files, {
    includeDirs: [proto, imports],
    longs: Number,
    defaults: true,
  });
  return grpc.loadPackageDefinition(definition).heddle;
}

async function main(proto, imports, target, secret) {
  const { diagnostics: echo, users: people } = load(proto, imports);
  const types = detailTypes(imports);
  const token = new grpc.Metadata();
  token.set("authorization", `Bearer ${secret}`);
  const stubs = [echo.v1.DiagnosticsService, people.v1.UserService].map(
    (Service) => new Service(target, grpc.credentials.createInsecure()),
  );
  try {
    await diagnostics(stubs[0], types, token);
    await users(stubs[1], types, token);
  } finally {
    stubs.forEach((stub) => stub.close());
  }
}

main(...process.argv.slice(2)).catch((error) => {
  console.error("FAILED ", error);
  process.exitCode = 1;
});
