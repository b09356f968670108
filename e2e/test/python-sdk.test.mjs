import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, channelName, once } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';
import { PythonSdk } from '../lib/python.mjs';
import { Inbox } from '../lib/wait.mjs';

const PYTHON = 'pusher-http-python';
// this SDK takes only digits
const ID = '3';
const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

let server;
let application;
before(async () => {
  server = await Server.start({ apps: [{ id: ID }] });
  application = new PythonSdk(server, { app_id: ID, encryption_master_key_base64: MASTER_KEY });
});
after(async () => {
  application?.stop();
  await server.dispose();
});

/** A client that the Python SDK signs for. */
function connect(t, user) {
  const data = (channel) => (channel.startsWith('presence-') ? { user_id: user, user_info: { name: user } } : null);
  return Client.connect(t, server, {
    authorize: (socketId, channel) => application.call('authenticate', channel, socketId, data(channel)),
  });
}

test('trigger reaches the channels and answers with an empty object', async (t) => {
  const client = await connect(t);
  const channels = [await client.join(channelName()), await client.join(channelName('private-'))];

  const answer = await application.call('trigger', channels.map(({ channel }) => channel.name), 'e', { text: 'Ünï ✓' });

  assert.deepEqual(answer, {});
  for (const subscription of channels) {
    assert.deepEqual(await subscription.next(), { event: 'e', data: { text: 'Ünï ✓' } });
  }
  proves('trigger', PYTHON);
  proves('signs subscriptions', PYTHON);
});

test('trigger leaves out the originator', async (t) => {
  const name = channelName('private-');
  const client = await connect(t);
  const [originator, other] = [await client.join(name), await (await connect(t)).join(name)];

  await application.call('trigger', name, 'moved', 1, client.socketId);
  await application.call('trigger', name, 'last', 1);

  assert.equal((await other.next()).event, 'moved');
  assert.equal((await originator.next()).event, 'last');
  proves('to others', PYTHON);
});

test('trigger_batch is delivered item by item, and tells counts', async (t) => {
  const subscription = await (await connect(t)).join(channelName());
  const { name: channel } = subscription.channel;

  const none = await application.call('trigger_batch', [{ channel, name: 'a', data: { n: 1 } }]);
  const counts = await application.call('trigger_batch', [
    { channel, name: 'b', data: 'text', info: 'subscription_count' },
    { channel: channelName(), name: 'c', data: 'text' },
  ]);

  assert.deepEqual(none, {});
  assert.deepEqual(counts, { batch: [{ subscription_count: 1 }, {}] });
  assert.deepEqual(await subscription.next(), { event: 'a', data: { n: 1 } });
  assert.deepEqual(await subscription.next(), { event: 'b', data: 'text' });
  proves('batch', PYTHON);
  proves('counts', PYTHON);
});

test('channels_info, channel_info and users_info tell who is there', async (t) => {
  const presence = channelName('presence-list-');
  await (await connect(t, 'ann')).join(presence);

  assert.deepEqual(await application.call('channels_info', 'presence-list-', ['user_count']), {
    channels: { [presence]: { user_count: 1 } },
  });
  assert.deepEqual(await application.call('channel_info', presence, ['user_count', 'subscription_count']), {
    occupied: true,
    user_count: 1,
    subscription_count: 1,
  });
  assert.deepEqual(await application.call('users_info', presence), { users: [{ id: 'ann' }] });
  assert.deepEqual(await application.call('channels_info', 'no-such-'), { channels: {} });
  assert.deepEqual(await application.call('channel_info', channelName()), { occupied: false });
  proves('channel queries', PYTHON);
  proves('users', PYTHON);
});

test('a channel may have every sign that a name allows', async (t) => {
  const name = 'private-a@b,c;d=e.f';
  const subscription = await (await connect(t)).join(name);

  assert.deepEqual(await application.call('channel_info', name), { occupied: true });
  await application.call('trigger', name, 'e', 1);

  assert.deepEqual(await subscription.next(), { event: 'e', data: 1 });
});

test('what the SDK encrypts is decrypted by pusher-js with the secret it signs', async (t) => {
  const secret = await (await connect(t)).join(channelName('private-encrypted-'));
  const { name: channel } = secret.channel;

  await application.call('trigger', channel, 'single', { pin: 1234 });
  await application.call('trigger_batch', [{ channel, name: 'batched', data: { pin: 5678 } }]);

  assert.deepEqual(await secret.next(), { event: 'single', data: { pin: 1234 } });
  assert.deepEqual(await secret.next(), { event: 'batched', data: { pin: 5678 } });
  proves('encrypts', PYTHON);
});

test('mistakes and a wrong secret are errors of the SDK', async (t) => {
  const stranger = new PythonSdk(server, { app_id: ID, secret: 'wrong' });
  t.after(() => stranger.stop());

  await assert.rejects(stranger.call('trigger', channelName(), 'e', 1), { name: 'PusherBadAuth' });
  await assert.rejects(application.call('channel_info', channelName(), ['user_count']), { name: 'PusherBadRequest' });
  proves('errors', PYTHON);
});

test('a user is signed in, sent to and disconnected', async (t) => {
  const client = await Client.connect(t, server, {
    pusherOptions: {
      userAuthentication: {
        customHandler: ({ socketId }, done) =>
          application.call('authenticate_user', socketId, { id: 'ann' }).then(
            (signed) => done(null, signed),
            (error) => done(error, null),
          ),
      },
    },
  });
  const events = new Inbox('events to ann');
  client.pusher.user.bind('paid', (data) => events.put(data));
  const success = once(client.pusher.connection, 'message');
  client.pusher.signin();
  assert.equal((await success).event, 'pusher:signin_success');

  await application.call('send_to_user', 'ann', 'paid', { n: 7 });
  assert.deepEqual(await events.next(), { n: 7 });
  await application.call('terminate_user_connections', 'ann');

  await client.reaches('disconnected');
  proves('sign-in', PYTHON);
  proves('send to user', PYTHON);
  proves('terminate', PYTHON);
});
