import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, channelName } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { PhpSdk } from '../lib/php.mjs';
import { Server } from '../lib/product.mjs';

const PHP = 'pusher-http-php, by hand';

let server;
let application;
before(async () => {
  server = await Server.start();
  application = new PhpSdk(server);
});
after(() => server.dispose());

test('trigger, for one channel and for many', async (t) => {
  const client = await Client.connect(t, server);
  const [first, second] = [await client.join(channelName()), await client.join(channelName('private-'))];
  const names = [first.channel.name, second.channel.name];

  assert.deepEqual(await application.trigger([names[0]], 'one', { n: 1 }), {});
  assert.deepEqual(await application.trigger(names, 'many', { n: 2 }), {});

  assert.deepEqual(await first.next(), { event: 'one', data: { n: 1 } });
  assert.deepEqual(await first.next(), { event: 'many', data: { n: 2 } });
  assert.deepEqual(await second.next(), { event: 'many', data: { n: 2 } });
  proves('trigger', PHP);
});

test('trigger with socket_id leaves out the originator', async (t) => {
  const name = channelName('private-');
  const client = await Client.connect(t, server);
  const originator = await client.join(name);

  await application.trigger([name], 'moved', 1, { socket_id: client.socketId });
  await application.trigger([name], 'last', 1);

  assert.equal((await originator.next()).event, 'last');
  proves('to others', PHP);
});

test('triggerBatch, with and without counts', async (t) => {
  const subscription = await (await Client.connect(t, server)).join(channelName());
  const item = { channel: channelName(), name: 'e', data: { n: 1 } };

  assert.deepEqual(await application.triggerBatch([item, { ...item, channel: subscription.channel.name }]), {});
  assert.deepEqual(await application.triggerBatch([item, { ...item, info: 'subscription_count' }]), {
    batch: [{}, { subscription_count: 0 }],
  });
  assert.deepEqual(await subscription.next(), { event: 'e', data: { n: 1 } });
  proves('batch', PHP);
});

test('the counts of channels are objects, of unused channels too', async () => {
  const [open, presence] = [channelName(), channelName('presence-')];

  const answer = await application.trigger([open, presence], 'e', 1, { info: 'user_count,subscription_count' });

  assert.deepEqual(answer.channels[open], { subscription_count: 0 });
  assert.equal(answer.channels[presence].user_count, 0);
  proves('counts', PHP);
});

test('getChannels and getChannelInfo, with nothing there and with somebody there', async (t) => {
  const name = channelName('presence-php-');
  const filter = { filter_by_prefix: 'presence-php-', info: 'user_count' };
  assert.deepEqual(await application.getChannels(filter), { channels: {} });
  assert.deepEqual(await application.getChannelInfo(name), { occupied: false });

  await (await Client.connect(t, server, { user: { id: '7' } })).join(name);

  assert.deepEqual(await application.getChannels(filter), { channels: { [name]: { user_count: 1 } } });
  assert.deepEqual(await application.getChannelInfo(name, { info: 'user_count' }), { occupied: true, user_count: 1 });
  proves('channel queries', PHP);
});

test('a channel may have every sign that a name allows, escaped on the way', async (t) => {
  const name = 'private-a@b,c;d=e.f';
  await (await Client.connect(t, server)).join(name);

  assert.deepEqual(await application.getChannelInfo(name), { occupied: true });
});

test('getPresenceUsers, with nobody there and with somebody there', async (t) => {
  const name = channelName('presence-');
  assert.deepEqual(await application.getPresenceUsers(name), { users: [] });

  await (await Client.connect(t, server, { user: { id: '7' } })).join(name);

  assert.deepEqual(await application.getPresenceUsers(name), { users: [{ id: '7' }] });
  proves('users', PHP);
});

test('sendToUser and terminateUserConnections', async () => {
  assert.deepEqual(await application.trigger(['#server-to-user-ann'], 'paid', { n: 7 }), {});
  assert.deepEqual(await application.post('/users/ann/terminate_connections', {}), {});
});
