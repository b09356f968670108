import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, channelName, once, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';

let server;
before(async () => (server = await Server.start()));
after(() => server.dispose());

async function pair(t, prefix) {
  const name = channelName(prefix);
  const clients = [
    await Client.connect(t, server, { user: { id: '7' } }),
    await Client.connect(t, server, { user: { id: '8' } }),
  ];
  const [ann, ben] = await Promise.all(clients.map((client) => client.join(name)));
  return { name, ann, ben, annsClient: clients[0] };
}

test('a client event reaches the others and not its sender', async (t) => {
  const { name, ann, ben } = await pair(t, 'private-');

  ann.channel.trigger('client-typing', { on: true, empty: {} });
  assert.deepEqual(await ben.next(), { event: 'client-typing', data: { on: true, empty: {} } });
  await sdk(server).trigger(name, 'last', 1);

  assert.equal((await ann.next()).event, 'last');
  proves('client events', 'pusher-js (Node)');
});

test('on a presence channel the event says who sent it', async (t) => {
  const { ann, ben } = await pair(t, 'presence-');
  const received = new Promise((resolve) =>
    ben.channel.bind('client-typing', (data, metadata) => resolve({ data, metadata })),
  );

  ann.channel.trigger('client-typing', { on: true });
  await ben.nextNamed('client-typing');

  assert.deepEqual(await received, { data: { on: true }, metadata: { user_id: '7' } });
});

test('on a private channel the event does not say who sent it', async (t) => {
  const { ann, ben } = await pair(t, 'private-');
  const received = new Promise((resolve) =>
    ben.channel.bind('client-typing', (_, metadata) => resolve(metadata)),
  );

  ann.channel.trigger('client-typing', {});
  await ben.nextNamed('client-typing');

  assert.equal((await received)?.user_id, undefined);
});

test('text and numbers go through as they are', async (t) => {
  const { ann, ben } = await pair(t, 'private-');

  for (const data of ['text', 12.5, [1, { a: null }], {}]) {
    ann.channel.trigger('client-e', data);

    assert.deepEqual((await ben.next()).data, data);
  }
});

test('on a public channel the event is refused and the connection stays', async (t) => {
  const { name, ann, ben, annsClient } = await pair(t, '');

  annsClient.pusher.send_event('client-e', {}, name);
  assert.equal((await annsClient.errors.next()).data.code, null);
  await sdk(server).trigger(name, 'last', 1);

  assert.equal((await ann.next()).event, 'last');
  assert.equal((await ben.next()).event, 'last');
});

test('who is not in the channel cannot send to it', async (t) => {
  const { name, ben } = await pair(t, 'private-');
  const stranger = await Client.connect(t, server);

  stranger.pusher.send_event('client-e', {}, name);
  await stranger.errors.next();
  await sdk(server).trigger(name, 'last', 1);

  assert.equal((await ben.next()).event, 'last');
});

test('of many events at once ten are delivered and the others are refused with 4301', async (t) => {
  const { name, ann, ben, annsClient } = await pair(t, 'private-');

  const sent = 100;
  const begin = performance.now();
  for (let i = 0; i < sent; i++) {
    ann.channel.trigger('client-e', { i });
  }
  // its acknowledgement comes after the answers to all of them
  await annsClient.join(channelName());
  // while a slow machine is at it, one more each 100 ms
  const meanwhile = Math.floor((performance.now() - begin) / 100);
  await sdk(server).trigger(name, 'last', 1);

  const refused = annsClient.errors.drain();
  assert.ok(refused.length > 0);
  assert.ok(refused.every((error) => error.data.code === 4301));
  for (let i = 0; i < 10; i++) {
    assert.deepEqual((await ben.next()).data, { i });
  }
  let more = 0;
  while ((await ben.next()).event !== 'last') {
    more++;
  }
  assert.ok(more <= meanwhile, `${more} more`);
  assert.equal(10 + more + refused.length, sent);
  assert.equal(annsClient.pusher.connection.state, 'connected');
});

test('text of 10 240 bytes passes and one byte more is refused', async (t) => {
  const { ann, ben, annsClient } = await pair(t, 'private-');
  const fits = 'x'.repeat(10_240);

  ann.channel.trigger('client-e', fits);
  assert.equal((await ben.next()).data, fits);
  const refused = once(annsClient.pusher.connection, 'error');
  ann.channel.trigger('client-e', `${fits}x`);

  assert.equal((await refused).data.code, null);
  ann.channel.trigger('client-last', 1);
  assert.equal((await ben.next()).event, 'client-last');
});
