import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, channelName, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';

const MAX_EVENT_SIZE = 102_400;

let server;
let application;
before(async () => {
  server = await Server.start();
  application = sdk(server);
});
after(() => server.dispose());

async function get(path, params) {
  return (await application.get({ path, params })).json();
}

function refusedWith(status) {
  return (error) => {
    assert.equal(error.status, status, `${error.status} ${error.body}`);
    assert.ok(error.body.length > 0, 'the refusal says why');
    return true;
  };
}

test('an event is answered by an empty object', async () => {
  const answer = await application.trigger(channelName(), 'e', 1);

  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/json');
  assert.equal(await answer.text(), '{}');
});

test('the originator of an event is left out, the others get it', async (t) => {
  const name = channelName('private-');
  const client = await Client.connect(t, server);
  const originator = await client.join(name);
  const other = await (await Client.connect(t, server)).join(name);

  await application.trigger(name, 'App\\Events\\OrderShipped', { id: 1 }, { socket_id: client.socketId });
  await application.trigger(name, 'last', 1);

  assert.deepEqual(await other.next(), { event: 'App\\Events\\OrderShipped', data: { id: 1 } });
  assert.equal((await originator.next()).event, 'last');
  proves('to others', 'pusher-http-node');
});

test('an event can ask for the counts of its channels', async (t) => {
  const presence = channelName('presence-');
  const open = channelName();
  const unused = channelName();
  for (const id of ['7', '8', '8']) {
    await (await Client.connect(t, server, { user: { id } })).join(presence);
  }
  await (await Client.connect(t, server)).join(open);

  const answer = await application.trigger([presence, open, unused], 'e', 1, {
    info: 'user_count,subscription_count',
  });

  const { channels } = await answer.json();
  assert.equal(channels[presence].user_count, 2);
  assert.deepEqual(channels[open], { subscription_count: 1 });
  assert.deepEqual(channels[unused], { subscription_count: 0 });
});

test('a batch is delivered item by item', async (t) => {
  const client = await Client.connect(t, server);
  const [first, second] = [await client.join(channelName()), await client.join(channelName('private-'))];

  const answer = await application.triggerBatch([
    { channel: first.channel.name, name: 'a', data: { n: 1 } },
    { channel: second.channel.name, name: 'b', data: { n: 2 } },
    { channel: first.channel.name, name: 'not-to-me', data: 3, socket_id: client.socketId },
    { channel: first.channel.name, name: 'c', data: 4 },
  ]);

  assert.equal(await answer.text(), '{}');
  assert.deepEqual(await first.next(), { event: 'a', data: { n: 1 } });
  assert.deepEqual(await first.next(), { event: 'c', data: 4 });
  assert.deepEqual(await second.next(), { event: 'b', data: { n: 2 } });
  proves('batch', 'pusher-http-node');
});

test('the counts a batch asks for come in the order of its items', async (t) => {
  const presence = channelName('presence-');
  await (await Client.connect(t, server, { user: { id: '7' } })).join(presence);

  const answer = await application.triggerBatch([
    { channel: channelName(), name: 'e', data: 1 },
    { channel: presence, name: 'e', data: 1, info: 'user_count' },
    { channel: channelName(), name: 'e', data: 1 },
  ]);

  assert.deepEqual(await answer.json(), { batch: [{}, { user_count: 1 }, {}] });
  proves('counts', 'pusher-http-node');
});

test('of a batch with one mistake nothing is delivered', async (t) => {
  const subscription = await (await Client.connect(t, server)).join(channelName());
  const good = { channel: subscription.channel.name, name: 'e', data: 1 };

  await assert.rejects(application.triggerBatch([good, { ...good, name: '' }]), refusedWith(400));
  await assert.rejects(application.triggerBatch(Array(11).fill(good)), refusedWith(400));
  await application.trigger(subscription.channel.name, 'last', 1);

  assert.equal((await subscription.next()).event, 'last');
});

test('the list of channels has the occupied ones, with counts by prefix', async (t) => {
  const presence = channelName('presence-list-');
  const open = channelName('list-');
  await (await Client.connect(t, server, { user: { id: '7' } })).join(presence);
  await (await Client.connect(t, server)).join(open);

  const { channels } = await get('/channels');
  assert.deepEqual([channels[presence], channels[open]], [{}, {}]);

  assert.deepEqual(await get('/channels', { filter_by_prefix: 'presence-list-', info: 'user_count' }), {
    channels: { [presence]: { user_count: 1 } },
  });
  assert.deepEqual(await get('/channels', { filter_by_prefix: 'no-such-' }), { channels: {} });
  await assert.rejects(get('/channels', { info: 'user_count' }), refusedWith(400));
});

test('a channel tells whether and by how many it is occupied', async (t) => {
  const presence = channelName('presence-');
  for (const id of ['7', '8', '8']) {
    await (await Client.connect(t, server, { user: { id } })).join(presence);
  }

  const state = await get(`/channels/${presence}`, { info: 'user_count,subscription_count' });

  assert.deepEqual(state, { occupied: true, user_count: 2, subscription_count: 3 });
  assert.deepEqual(await get(`/channels/${channelName()}`), { occupied: false });
  await assert.rejects(get(`/channels/${channelName()}`, { info: 'user_count' }), refusedWith(400));
  proves('channel queries', 'pusher-http-node');
});

test('the users of a presence channel are listed once each', async (t) => {
  const presence = channelName('presence-');
  for (const id of ['7', '8', '8']) {
    await (await Client.connect(t, server, { user: { id } })).join(presence);
  }

  const { users } = await get(`/channels/${presence}/users`);

  assert.deepEqual(users.map(({ id }) => id).sort(), ['7', '8']);
  assert.deepEqual(await get(`/channels/${channelName('presence-')}/users`), { users: [] });
  await assert.rejects(get(`/channels/${channelName()}/users`), refusedWith(400));
  proves('users', 'pusher-http-node');
});

test('a channel may have every sign that a name allows', async (t) => {
  const name = 'private-a@b,c;d=e.f_g-h';
  const subscription = await (await Client.connect(t, server)).join(name);

  assert.deepEqual(await get(`/channels/${name}`), { occupied: true });
  assert.deepEqual(await get(`/channels/${encodeURIComponent(name)}`), { occupied: true });
  await application.trigger(name, 'e', 1);

  assert.deepEqual(await subscription.next(), { event: 'e', data: 1 });
});

test('a wrong secret, an unknown key and an unknown app are refused', async () => {
  const name = channelName();

  await assert.rejects(sdk(server, { secret: 'wrong' }).trigger(name, 'e', 1), refusedWith(401));
  await assert.rejects(sdk(server, { key: 'wrong' }).trigger(name, 'e', 1), refusedWith(401));
  await assert.rejects(sdk(server, { appId: 'wrong' }).trigger(name, 'e', 1), refusedWith(404));
  proves('errors', 'pusher-http-node');
});

test('data up to the limit is delivered and one byte more is 413', async (t) => {
  const subscription = await (await Client.connect(t, server)).join(channelName());
  const fits = 'x'.repeat(MAX_EVENT_SIZE);

  await application.trigger(subscription.channel.name, 'e', fits);
  await assert.rejects(application.trigger(subscription.channel.name, 'e', `${fits}x`), refusedWith(413));

  assert.equal((await subscription.next()).data, fits);
});

for (const [what, body] of [
  ['without a name', { data: 'x', channels: ['a'] }],
  ['without channels', { name: 'e', data: 'x' }],
  ['for no channel', { name: 'e', data: 'x', channels: [] }],
  ['for 101 channels', { name: 'e', data: 'x', channels: Array.from({ length: 101 }, (_, i) => `c${i}`) }],
  ['for a channel with an invalid name', { name: 'e', data: 'x', channels: ['a b'] }],
  ['with data that is not a string', { name: 'e', data: {}, channels: ['a'] }],
  ['without data', { name: 'e', channels: ['a'] }],
  ['with a name of 201 characters', { name: 'e'.repeat(201), data: 'x', channels: ['a'] }],
  ['that poses as the protocol', { name: 'pusher:x', data: 'x', channels: ['a'] }],
  ['with a malformed socket id', { name: 'e', data: 'x', channels: ['a'], socket_id: '1' }],
]) {
  test(`an event ${what} is refused with 400`, async () => {
    await assert.rejects(application.post({ path: '/events', body }), refusedWith(400));
  });
}

test('an event with empty data is an event', async (t) => {
  const subscription = await (await Client.connect(t, server)).join(channelName());

  await application.post({ path: '/events', body: { name: 'e', data: '', channel: subscription.channel.name } });

  assert.deepEqual(await subscription.next(), { event: 'e', data: '' });
});

test('an unknown path is 404 and a wrong method is 405', async () => {
  const unknown = await fetch(`http://127.0.0.1:${server.port}/nope`);
  const method = await fetch(`http://127.0.0.1:${server.port}/apps/app-id/events`, { method: 'DELETE' });

  assert.equal(unknown.status, 404);
  assert.equal(method.status, 405);
  assert.equal(method.headers.get('allow'), 'POST');
});

test('the health check needs no signature', async () => {
  const answer = await fetch(`http://127.0.0.1:${server.port}/up`);

  assert.deepEqual([answer.status, await answer.json()], [200, { health: 'OK' }]);
});
