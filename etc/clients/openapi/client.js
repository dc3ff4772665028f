// Fetches the OpenAPI document of a gateway, or calls its users methods through Prism, which answers in the gateway's
// stead with an error where a request or an answer is not as the document has it.
'use strict';

const assert = require('node:assert/strict');
const {spawn} = require('node:child_process');
const {randomUUID} = require('node:crypto');
const {writeFile} = require('node:fs/promises');
const {createServer} = require('node:net');
const path = require('node:path');

const PATIENCE = 60_000;

const [action, gateway, folder, token] = process.argv.slice(2);

async function fetchDocument() {
  for (const name of ['openapi.json', 'openapi.yaml']) {
    const response = await fetch(`http://${gateway}/${name}`);
    assert.equal(response.status, 200);
    await writeFile(path.join(folder, name), await response.text());
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const {port} = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts Prism and waits until it listens. */
async function startProxy(port) {
  const prism = path.join(__dirname, 'node_modules', '.bin', 'prism');
  const proxy = spawn(prism, [
    'proxy', path.join(folder, 'openapi.json'), `http://${gateway}`,
    '--host', '127.0.0.1', '--port', String(port), '--errors', '--validate-request',
  ]);
  let log = '';
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no proxy after a minute: ${log}`)), PATIENCE);
    const read = (data) => {
      log += data;
      if (log.includes('is listening')) {
        clearTimeout(timer);
        resolve();
      }
    };
    proxy.stdout.on('data', read);
    proxy.stderr.on('data', read);
    proxy.on('exit', (code) => reject(new Error(`the proxy ended with ${code}: ${log}`)));
  });
  return proxy;
}

async function call(port) {
  /** Answers with the status and the body; a violation of the document has a `type` of Prism's. */
  async function send(method, target, body, headers = {}) {
    const response = await fetch(`http://127.0.0.1:${port}${target}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body && {'content-type': 'application/json'}),
        ...headers,
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const text = await response.text();
    assert.ok(!text.includes('stoplight.io/prism'), `${method} ${target}: ${text}`);
    assert.equal(response.headers.get('sl-violations'), null, `${method} ${target}`);
    return {status: response.status, text, json: () => JSON.parse(text)};
  }

  const email = `${randomUUID()}@example.com`;
  const created = await send('POST', '/v1/users', {email, name: 'Ada'});
  assert.equal(created.status, 200, created.text);
  const {id} = created.json();

  assert.equal((await send('GET', `/v1/users/${id}`)).json().email, email);
  assert.equal((await send('GET', '/v1/users/nobody')).status, 404);
  assert.equal((await send('POST', '/v1/users', {email, name: 'Ada'})).status, 409);

  const filter = encodeURIComponent(`email = "${email}"`);
  assert.equal((await send('GET', `/v1/users?pageSize=5&filter=${filter}`)).json().users.length, 1);
  assert.deepEqual((await send('GET', '/v1/users?filter=name%20%3D%20%22nobody%22')).json(), {});

  const batch = {requests: [{user: {email: `b${email}`, name: 'Grace'}}, {user: {email, name: 'Ada'}}], returnPartialSuccess: true};
  const {users, failedRequests} = (await send('POST', '/v1/users:batchCreate', batch)).json();
  assert.equal(users.length, 1);
  assert.deepEqual(Object.keys(failedRequests), ['1']);

  const updated = await send('PATCH', `/v1/users/${id}`, {name: 'Ada Lovelace', state: 'STATE_SUSPENDED'});
  assert.equal(updated.json().name, 'Ada Lovelace');
  assert.equal((await send('PATCH', `/v1/users/${id}?updateMask=name`, {name: 'Ada', etag: 'old'})).status, 409);

  for (const accept of ['application/json', 'application/x-ndjson', 'text/event-stream', 'text/csv']) {
    const exported = await send('GET', `/v1/users:export?filter=${filter}`, undefined, {accept});
    assert.equal(exported.status, 200);
    assert.ok(exported.text.includes(email), accept);
  }

  assert.equal((await send('DELETE', `/v1/users/${id}?etag=x`)).status, 409);
  assert.deepEqual((await send('DELETE', `/v1/users/${id}`)).json(), {});
}

async function callThroughProxy() {
  const port = await freePort();
  const proxy = await startProxy(port);
  try {
    await call(port);
  } finally {
    proxy.removeAllListeners('exit');
    proxy.kill();
  }
  console.log('answers and document agree');
}

(action === 'fetch' ? fetchDocument() : callThroughProxy()).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
