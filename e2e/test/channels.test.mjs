import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, channelName, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';

let server;
let application;
before(async () => {
  server = await Server.start();
  application = sdk(server);
});
after(() => server.dispose());

test('an event of the application reaches the subscribers of its channel', async (t) => {
  const name = channelName();
  const ann = await (await Client.connect(t, server)).join(name);
  const ben = await (await Client.connect(t, server)).join(name);

  await application.trigger(name, 'order.created', { id: 1, note: 'Ünï ✓' });

  for (const subscription of [ann, ben]) {
    assert.deepEqual(await subscription.next(), { event: 'order.created', data: { id: 1, note: 'Ünï ✓' } });
  }
  proves('public', 'pusher-js (Node)');
  proves('trigger', 'pusher-http-node');
});

test('text that is not JSON arrives as it was sent', async (t) => {
  const name = channelName();
  const subscription = await (await Client.connect(t, server)).join(name);

  await application.trigger(name, 'e', 'plain text');

  assert.equal((await subscription.next()).data, 'plain text');
});

test('one event goes to many channels, each in its turn', async (t) => {
  const client = await Client.connect(t, server);
  const first = await client.join(channelName());
  const second = await client.join(channelName('private-'));

  await application.trigger([first.channel.name, second.channel.name], 'e', 1);

  assert.deepEqual(await first.next(), { event: 'e', data: 1 });
  assert.deepEqual(await second.next(), { event: 'e', data: 1 });
});

test('the events of one channel arrive in the order in which they were triggered', async (t) => {
  const subscription = await (await Client.connect(t, server)).join(channelName());

  for (let i = 0; i < 50; i++) {
    await application.trigger(subscription.channel.name, 'e', i);
  }

  for (let i = 0; i < 50; i++) {
    assert.equal((await subscription.next()).data, i);
  }
});

test('who has unsubscribed gets no more events, and who returns does', async (t) => {
  const client = await Client.connect(t, server);
  const name = channelName();
  const witness = await (await Client.connect(t, server)).join(name);
  await client.join(name);
  // all of them: pusher-js hands on nothing of a channel that it has left
  const messages = [];
  client.pusher.connection.bind('message', ({ event }) => messages.push(event));

  client.pusher.unsubscribe(name);
  // its acknowledgement comes after the unsubscription was handled
  await client.join(channelName());
  await application.trigger(name, 'missed', 1);
  await witness.nextNamed('missed');
  const back = await client.join(name);
  await application.trigger(name, 'seen', 2);

  assert.deepEqual(await back.next(), { event: 'seen', data: 2 });
  assert.ok(messages.includes('seen'));
  assert.ok(!messages.includes('missed'));
});

test('leaving and returning at once leaves a working subscription', async (t) => {
  const client = await Client.connect(t, server);
  const name = channelName('private-');
  await client.join(name);

  client.pusher.unsubscribe(name);
  const subscription = await client.join(name);
  await application.trigger(name, 'e', 1);

  assert.deepEqual(await subscription.next(), { event: 'e', data: 1 });
});

test('a private channel lets in who has the signature of the application', async (t) => {
  const name = channelName('private-');
  const subscription = await (await Client.connect(t, server)).join(name);

  await application.trigger(name, 'e', { a: 1 });

  assert.deepEqual(await subscription.next(), { event: 'e', data: { a: 1 } });
  proves('private', 'pusher-js (Node)');
  proves('signs subscriptions', 'pusher-http-node');
});

for (const [what, authorize] of [
  ['a signature that is wrong', () => ({ auth: 'app-key:00' })],
  ['the signature of another channel', (socketId) => sdk(server).authorizeChannel(socketId, 'private-other')],
  ['the signature of another socket', (_, name) => sdk(server).authorizeChannel('1.1', name)],
  ['the key of another app', (socketId, name) => sdk(server, { key: 'x' }).authorizeChannel(socketId, name)],
]) {
  test(`${what} is refused and the connection stays`, async (t) => {
    const client = await Client.connect(t, server, { authorize });
    const name = channelName('private-');

    await assert.rejects(client.join(name), /refused.*"status":401/);

    const error = await client.errors.next();
    assert.equal(error.data.code, null);
    const open = await client.join(channelName());
    await application.trigger([name, open.channel.name], 'e', 1);
    assert.deepEqual(await open.next(), { event: 'e', data: 1 });
    proves('refusals', 'pusher-js (Node)');
  });
}

test('an auth endpoint that turns the user away never reaches the server', async (t) => {
  const client = await Client.connect(t, server, {
    authorize: () => {
      throw new Error('not yours');
    },
  });

  await assert.rejects(client.join(channelName('private-')), /refused.*AuthError/);

  assert.deepEqual(client.errors.drain(), []);
});

test('names that only look private or cached need no signature', async (t) => {
  const client = await Client.connect(t, server);
  for (const name of ['my-private-x', 'privateer', 'presences', 'cached']) {
    // pusher-js goes by the prefix alone, too
    const subscription = await client.join(channelName(name));

    await application.trigger(subscription.channel.name, 'e', 1);

    assert.deepEqual(await subscription.next(), { event: 'e', data: 1 });
  }
});
