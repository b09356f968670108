import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';
import { Inbox } from '../lib/wait.mjs';

const DISABLED = { id: 'disabled', key: 'disabled-key', enabled: false };
const RECONNECT_MS = 90_000;
const SMALL = { id: 'small', key: 'small-key', max_connections: 1 };

let server;
before(async () => (server = await Server.start({ apps: [{}, DISABLED, SMALL] })));
after(() => server.dispose());

test('a client connects and is told its socket id', async (t) => {
  const client = await Client.connect(t, server);

  assert.match(client.socketId, /^\d+\.\d+$/);
  proves('connect', 'pusher-js (Node)');
});

test('two clients have two socket ids', async (t) => {
  const ann = await Client.connect(t, server);
  const ben = await Client.connect(t, server);

  assert.notEqual(ann.socketId, ben.socketId);
});

test('a silent connection stays open by ping and pong', async (t) => {
  const client = new Client(server, { pusherOptions: { activityTimeout: 300, pongTimeout: 5000 } });
  t.after(() => client.pusher.disconnect());
  const messages = new Inbox('message');
  client.pusher.connection.bind('message', ({ event }) => messages.put(event));
  await client.reaches('connected');

  await messages.nextThat((event) => event === 'pusher:pong', 'first pong');
  await messages.nextThat((event) => event === 'pusher:pong', 'second pong');

  assert.deepEqual(client.states.drain(), []);
});

for (const [what, key, code] of [
  ['an unknown key', 'no-such-key', 4001],
  ['a disabled app', DISABLED.key, 4003],
]) {
  test(`${what} ends in the state disconnected with ${code}`, async (t) => {
    const client = new Client(server, { key });
    t.after(() => client.pusher.disconnect());

    await client.reaches('disconnected');

    const { error } = await client.errors.next();
    assert.equal(error.data.code, code);
    assert.equal(typeof error.data.message, 'string');
    proves('close codes', 'pusher-js (Node)');
  });
}

test('a connection over the quota is refused with 4004, and let in when there is room', async (t) => {
  const first = await Client.connect(t, server, { key: SMALL.key });
  const second = new Client(server, { key: SMALL.key });
  t.after(() => second.pusher.disconnect());
  await second.reaches('disconnected');
  assert.equal((await second.errors.next()).error.data.code, 4004);

  first.pusher.disconnect();
  await first.reaches('disconnected');

  // the server sees the close a moment later than the client
  for (let attempt = 0; second.pusher.connection.state !== 'connected'; attempt++) {
    assert.ok(attempt < 50, 'the freed place is still taken');
    second.states.drain();
    second.pusher.connect();
    await second.states.nextThat((state) => ['connected', 'disconnected'].includes(state), 'an answer');
  }
});

test('a client that starts before the server connects once the server is there', async (t) => {
  const late = await Server.prepare();
  const client = new Client(late, { pusherOptions: { unavailableTimeout: 200 } });
  t.after(() => client.pusher.disconnect());
  await client.reaches('unavailable');

  await late.start();
  t.after(() => late.dispose());

  await client.reaches('connected', RECONNECT_MS);
});
