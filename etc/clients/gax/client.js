// Calls methods with random requests over HTTP, as the transcoder and codec of Google's REST client
// (google-gax) write them, and over gRPC. Both have to answer the same.
//
// Answers are read by @bufbuild/protobuf: Google's client can't read fields of type sint and sfixed,
// or with a json_name, and finds errors only in an envelope of its own.
//
// Run by etc/clients/gax/run. Ends with 1 at the first answers that differ.
"use strict";

const assert = require("node:assert");
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const {
  createFileRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
} = require("@bufbuild/protobuf");
const { FileDescriptorSetSchema } = require("@bufbuild/protobuf/wkt");
const grpc = require("@grpc/grpc-js");
const protobuf = require("protobufjs");
// By their files: the package keeps them to itself.
const { encodeRequest } = require("./node_modules/google-gax/build/src/fallbackRest");
const { toCamelCase } = require("./node_modules/google-gax/build/src/util");
const { RandomRequests } = require("./random");

const TIMEOUT_MILLIS = 20_000;
const HTTP_METHODS = ["get", "post", "put", "patch", "delete"];
const FILES = {
  "heddle.testing.v1.ShapeService": "heddle/testing/v1/shapes.proto",
  "heddle.users.v1.UserService": "heddle/users/v1/users.proto",
  "heddle.diagnostics.v1.DiagnosticsService": "heddle/diagnostics/v1/diagnostics.proto",
};
// Their answers say how long something took, which no two calls agree on.
const TELLING_TIMES = new Set(["GetProfile"]);
const [contract, folders, target, token, ...named] = process.argv.slice(2);
const services = named.length ? named : Object.keys(FILES).filter((name) => !name.includes("testing"));
const rounds = Number(process.env.ROUNDS ?? 300);
const seed = Number(process.env.SEED ?? crypto.randomInt(2 ** 31));
const random = new RandomRequests(seed);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, fs.readFileSync(contract)));

function load() {
  const root = new protobuf.Root();
  root.resolvePath = (_, file) =>
    folders.split(":").map((folder) => path.join(folder, file)).find(fs.existsSync);
  root.loadSync(services.map((service) => FILES[service])).resolveAll();
  return root;
}

function rule(rpc) {
  return rpc.parsedOptions?.find((option) => "(google.api.http)" in option)?.["(google.api.http)"];
}

/** Whether the client can call a method at all, and the method only reads. */
function isCallable(rpc) {
  const found = rule(rpc);
  return (
    !rpc.requestStream &&
    !TELLING_TIMES.has(rpc.name) &&
    !rpc.responseStream &&
    // transcode() passes over rules of kind `custom`.
    found && HTTP_METHODS.some((method) => method in found) &&
    // It sends a google.api.HttpBody as JSON, where its data are to be the body.
    rpc.requestType !== "google.api.HttpBody" &&
    // Two calls of a method that writes don't answer the same.
    !(rpc.parent.name === "UserService" && !found.get)
  );
}

/** Sets the field that a path such as child.name leads to, by its value so far. */
function put(object, names, value) {
  const [first, ...rest] = names;
  if (rest.length === 0) {
    object[first] = value(object[first]);
  } else {
    put((object[first] ??= {}), rest, value);
  }
}

/** Has a path hold something: an empty segment leads nowhere. */
function fillPath(type, template, request) {
  for (const [, name, pattern] of template.matchAll(/\{([^=}]+)(?:=([^}]*))?\}/g)) {
    const names = name.split(".").map(toCamelCase);
    const field = names.reduce((inner, each) => (inner.resolvedType ?? inner).fields[each], type);
    put(request, names, () => {
      if (pattern === "**") {
        return random.list(1 + random.below(3), () => `t${random.text().replaceAll("/", "")}`).join("/");
      }
      switch (field.type) {
        case "string":
          return `t${random.text()}`;
        case "bytes":
          return Buffer.concat([Buffer.from("d"), random.scalar("bytes")]);
        default:
          return random.single(field, 0, true);
      }
    });
  }
}

/** A request with all in the place that the method's rule gives it. */
function request(rpc) {
  const type = rpc.resolvedRequestType;
  const { body, ...found } = rule(rpc);
  const message = random.message(type, 0, body !== "*");
  if (body && body !== "*") {
    // An empty body would be sent as "".
    const field = type.fields[toCamelCase(body)];
    for (const sibling of field.partOf?.fieldsArray ?? []) {
      delete message[sibling.name];
    }
    do {
      message[field.name] = random.field(field, 0, false);
    } while (typeof message[field.name] === "object" && isHollow(field, message[field.name]));
  }
  fillPath(type, found[HTTP_METHODS.find((method) => method in found)], message);
  return tame(rpc, message);
}

/** Whether nothing is left of a message without its name, which may be in the path. */
function isHollow(field, message) {
  return !field.repeated && Object.keys(message).every((key) => key === "name");
}

/** Requests that mean something to methods that look into them. */
function tame(rpc, message) {
  switch (rpc.name) {
    case "GetUser":
      return { id: random.below(4) === 0 ? message.id : random.oneOf(users).id };
    case "ListUsers":
      return {
        pageSize: random.oneOf([0, 1, 5, 2000, -1]),
        filter: random.oneOf(["", `name:"1"`, `state = ACTIVE AND name != "n2"`, `email = "x"`, "name ="]),
        orderBy: random.oneOf(["", "name desc, create_time", "email", "nothing"]),
      };
    case "Echo": {
      const { interval: _, error, ...rest } = message;
      return error ? { ...rest, error: { code: 1 + random.below(16), message: error.message } } : rest;
    }
    default:
      return message;
  }
}

/** The type of a method's answers. */
function answerType(rpc) {
  return registry.getMessage(rpc.resolvedResponseType.fullName.slice(1));
}

/** An answer without what each call has of its own. */
function comparable(rpc, answer) {
  const type = answerType(rpc);
  // Once over the wire, which rounds what is a float.
  const rounded = fromBinary(type, toBinary(type, answer));
  const { answerTime: _, nextPageToken, ...rest } = toJson(type, rounded, { registry });
  return { ...rest, hasNextPage: nextPageToken !== undefined };
}

/** Only what an answer has of it over HTTP, where that is one field. */
function answered(rpc, answer) {
  const part = rule(rpc).response_body;
  if (!part) {
    return answer;
  }
  const type = answerType(rpc);
  const name = toCamelCase(part);
  const { [name]: value } = toJson(type, answer, { registry });
  return fromJson(type, value === undefined ? {} : { [name]: value }, { registry });
}

const channel = new grpc.Client(target, grpc.credentials.createInsecure());

function overGrpc(rpc, message) {
  const requests = rpc.resolvedRequestType;
  const metadata = new grpc.Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  return new Promise((resolve) =>
    channel.makeUnaryRequest(
      `/${rpc.parent.fullName.slice(1)}/${rpc.name}`,
      (value) => requests.encode(value).finish(),
      (bytes) => fromBinary(answerType(rpc), bytes),
      requests.fromObject(message),
      metadata,
      { deadline: Date.now() + TIMEOUT_MILLIS },
      (error, answer) =>
        resolve(error ? { code: error.code, message: error.details } : { answer: answered(rpc, answer) }),
    ),
  );
}

async function overHttp(rpc, { method, url, headers, body }) {
  const response = await fetch(url, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}` },
    body: method === "GET" ? undefined : body,
    signal: AbortSignal.timeout(TIMEOUT_MILLIS),
  });
  const json = await response.json();
  if (!response.ok) {
    return { code: json.code, message: json.message };
  }
  const part = rule(rpc).response_body;
  return { answer: fromJson(answerType(rpc), part ? { [toCamelCase(part)]: json } : json, { registry }) };
}

async function compare(rpc, round) {
  const message = request(rpc);
  const [host, port] = target.split(":");
  const encoded = encodeRequest(rpc, "http", host, port, message);
  const [viaGrpc, viaHttp] = [await overGrpc(rpc, message), await overHttp(rpc, encoded)];
  for (const outcome of [viaGrpc, viaHttp]) {
    if (outcome.answer) {
      outcome.answer = comparable(rpc, outcome.answer);
    }
  }
  assert.deepStrictEqual(
    viaHttp,
    viaGrpc,
    `round ${round}: ${rpc.fullName}\n${encoded.method} ${encoded.url}\n${encoded.body}\n` +
      `HTTP: ${JSON.stringify(viaHttp)}\ngRPC: ${JSON.stringify(viaGrpc)}`,
  );
  return Boolean(viaGrpc.answer);
}

const users = [];

/** Users to be read, and what removes them. */
async function createUsers(service) {
  const { CreateUser, DeleteUser } = service.methods;
  for (let i = 0; i < 12; i++) {
    const user = { email: `${crypto.randomUUID()}@example.com`, name: `n${i}` };
    const { answer, message } = await overGrpc(CreateUser, { user });
    assert.ok(answer, message);
    users.push(answer);
  }
  return () => Promise.all(users.map(({ id }) => overGrpc(DeleteUser, { id })));
}

async function main() {
  console.log(`seed ${seed}`);
  const root = load();
  const found = services.map((name) => root.lookupService(name));
  const methods = found.flatMap((service) => service.methodsArray).filter(isCallable);
  const answers = Object.fromEntries(methods.map((rpc) => [rpc.fullName, 0]));
  const people = found.find((service) => service.name === "UserService");
  const removeUsers = people ? await createUsers(people) : () => {};
  try {
    for (let round = 0; round < rounds; round++) {
      const rpc = methods[round % methods.length];
      answers[rpc.fullName] += await compare(rpc, round);
    }
  } finally {
    await removeUsers();
  }
  for (const [name, count] of Object.entries(answers)) {
    assert.ok(count > 0, `${name}: only errors`);
    console.log(`ok  ${name.slice(1)}: ${count} equal answers`);
  }
}

main().then(
  () => process.exit(), // connections that idle would keep the process
  (error) => {
    console.error(`FAILED  seed ${seed}:`, error.message);
    process.exit(1);
  },
);
