import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, channelName } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';
import { Inbox, until } from '../lib/wait.mjs';
import { Wire } from '../lib/wire.mjs';

const JS = 'pusher-js (Node)';
// what pusher-js waits for after a close code that does not say "at once"
const DELAY_MS = 1000;

test('after 4100, of a server that shuts down, pusher-js waits a second and tries again', async (t) => {
  const server = await Server.start({ server: { drain_seconds: 4 } });
  // the last of them is closed late, and the server goes on until then
  for (let i = 0; i < 30; i++) {
    await Wire.connect(t, server);
  }
  const ended = server.end('SIGTERM');
  await until(async () => (await fetch(`http://127.0.0.1:${server.port}/up`)).status === 503, 'the drain');

  const client = new Client(server);
  t.after(() => client.pusher.disconnect());
  const delays = new Inbox('seconds until it tries again');
  client.pusher.connection.bind('connecting_in', (seconds) => delays.put(seconds));
  assert.equal((await client.errors.next()).error.data.code, 4100);
  assert.equal(await delays.next(), 1);
  assert.equal((await client.errors.next()).error.data.code, 4100, 'it has tried again');
  client.pusher.disconnect();

  assert.equal(await ended, 0);
  // to be stopped like any other
  await server.start();
  t.after(() => server.dispose());
  proves('close codes', JS);
});

test('after 4201, for a pong that did not come, pusher-js connects again at once', async (t) => {
  const server = await Server.start({ apps: [{ ping_interval: 1, pong_timeout: 1 }] });
  t.after(() => server.dispose());
  const name = channelName('presence-');
  const witness = await (await Client.connect(t, server, { user: { id: '8' } })).join(name);
  const client = await Client.connect(t, server, { user: { id: '7' } });
  await client.join(name);
  await witness.nextNamed('pusher:member_added');
  const before = client.socketId;

  const stream = client.pusher.connection.connection.transport.socket._stream;
  stream.pause();
  await witness.nextNamed('pusher:member_removed');
  client.states.drain();
  stream.resume();

  assert.equal((await client.errors.next()).data.code, 4201);
  const closed = performance.now();
  await client.states.nextThat((state) => state === 'connecting', 'connecting');
  assert.ok(performance.now() - closed < DELAY_MS, 'it has not waited');
  await client.reaches('connected');
  assert.notEqual(client.socketId, before);
  proves('close codes', JS);
});
