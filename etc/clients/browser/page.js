// What a page calls a gateway with: Connect's client over each protocol that it has for browsers,
// and a WebSocket. All that it knows of the contract is what the gateway says of itself.
//
// Bundled by etc/clients/browser/run, and called by client.js, which knows what is to come out.
import { create, createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { anyPack, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";

const TRANSPORTS = { Connect: createConnectTransport, "gRPC-Web": createGrpcWebTransport };

async function contract() {
  const response = await fetch("/descriptors.binpb");
  const bytes = new Uint8Array(await response.arrayBuffer());
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
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
  try {
    await promise;
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new Error("no error");
}

/** What each kind of call brings, as values that can leave the page. */
export async function call({ protocol, useBinaryFormat, token }) {
  const registry = await contract();
  const Diagnostics = registry.getService("heddle.diagnostics.v1.DiagnosticsService");
  const ErrorInfo = registry.getMessage("google.rpc.ErrorInfo");
  const authorized = (next) => (request) => {
    request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
  const transport = TRANSPORTS[protocol]({
    baseUrl: location.origin,
    useBinaryFormat,
    jsonOptions: { registry }, // for what an Any holds
    interceptors: [authorized],
  });
  const client = createClient(Diagnostics, transport);

  const { message } = await client.echo({ message: "hello, wörld 糸" });
  const numbers = await all(client.echoStream({ message: "x", count: 1000 }));

  const info = create(ErrorInfo, { reason: "ASKED", domain: "example.com" });
  const error = {
    code: Code.DataLoss,
    message: "100% ½ 糸",
    details: [anyPack(ErrorInfo, info)],
  };
  const errors = [
    await failure(client.echo({ error })),
    await failure(all(client.echoStream({ message: "x", count: 2, error }))),
  ];

  const slow = { message: "x", count: 5, interval: { seconds: 60n } };
  const late = await failure(all(client.echoStream(slow, { timeoutMs: 300 })));

  const abort = new AbortController();
  const endless = client.echoStream({ message: "x", count: 10_000_000 }, { signal: abort.signal });
  const cut = await failure(
    (async () => {
      for await (const _ of endless) {
        abort.abort();
      }
    })(),
  );

  return {
    unary: message,
    "server stream": numbers.map(({ index }) => Number(index)),
    errors: errors.map((e) => ({
      code: Code[e.code],
      message: e.rawMessage,
      reasons: e.findDetails(ErrorInfo).map(({ reason }) => reason),
    })),
    "deadline: code": Code[late.code],
    "cancel: code": Code[cut.code],
  };
}

/** A chat over a WebSocket. The token is a sub-protocol: pages can't set headers. */
export function chat({ token, messages }) {
  return new Promise((resolve, reject) => {
    const answers = [];
    const socket = new WebSocket(
      `${location.origin.replace("http", "ws")}/ws/heddle.diagnostics.v1.DiagnosticsService/EchoChat`,
      ["heddle.json", `bearer.${token}`],
    );
    const say = (envelope) => socket.send(JSON.stringify(envelope));
    const sayNext = () =>
      say(answers.length < messages.length
        ? { type: "message", message: { message: messages[answers.length] } }
        : { type: "half-close" });
    socket.onopen = () => {
      say({ type: "request" });
      sayNext();
    };
    socket.onmessage = ({ data }) => {
      const envelope = JSON.parse(data);
      if (envelope.type === "message") {
        answers.push(envelope.message.message);
        sayNext();
      } else if (envelope.type !== "credit" && envelope.type !== "end") {
        reject(new Error(data));
      }
    };
    socket.onclose = ({ code }) => resolve({ answers, protocol: socket.protocol, code });
  });
}
