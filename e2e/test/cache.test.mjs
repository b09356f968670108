import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, channelName, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';
import { until } from '../lib/wait.mjs';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');
const SUCCEEDED = 'pusher:subscription_succeeded';
const COUNT = 'pusher:subscription_count';

let server;
before(async () => (server = await Server.start({ apps: [{ subscription_count: true }] })));
after(() => server.dispose());

/** The next event that is no count. */
function next(subscription) {
  return subscription.events.nextThat(({ event }) => event !== COUNT && event !== SUCCEEDED, 'an event');
}

for (const prefix of ['cache-', 'private-cache-', 'presence-cache-']) {
  test(`${prefix} gives the last event to who subscribes later`, async (t) => {
    const name = channelName(prefix);
    await sdk(server).trigger(name, 'update', { v: 1 });
    await sdk(server).trigger(name, 'update', { v: 2 });

    const subscription = await (await Client.connect(t, server)).join(name);

    assert.deepEqual(await next(subscription), { event: 'update', data: { v: 2 } });
    await sdk(server).trigger(name, 'last', 3);
    assert.equal((await next(subscription)).event, 'last');
    proves('cache', 'pusher-js (Node)');
  });

  test(`${prefix} without an event is a miss`, async (t) => {
    const subscription = await (await Client.connect(t, server)).join(channelName(prefix));

    assert.equal((await next(subscription)).event, 'pusher:cache_miss');
  });
}

test('an encrypted channel gives its last event, which the client decrypts', async (t) => {
  const name = channelName('private-encrypted-cache-');
  const application = sdk(server, { encryptionMasterKeyBase64: MASTER_KEY });
  const missing = await (await Client.connect(t, server, { application })).join(name);
  assert.equal((await next(missing)).event, 'pusher:cache_miss');
  await application.trigger(name, 'secret', { pin: 1234 });
  assert.deepEqual(await next(missing), { event: 'secret', data: { pin: 1234 } });

  const subscription = await (await Client.connect(t, server, { application })).join(name);

  assert.deepEqual(await next(subscription), { event: 'secret', data: { pin: 1234 } });
});

test('an event is gone when its time is over', async (t) => {
  const brief = await Server.start({ apps: [{ cache_ttl: 2 }] });
  t.after(() => brief.dispose());
  const name = channelName('cache-');
  const cached = async () => {
    const answer = await sdk(brief).get({ path: `/channels/${name}`, params: { info: 'cache' } });
    return (await answer.json()).cache;
  };
  const client = await Client.connect(t, brief);
  await sdk(brief).trigger(name, 'update', 'x');
  const { data, ttl } = await cached();
  assert.equal(data, 'x');
  assert.ok(ttl === 1 || ttl === 2);

  await until(async () => (await cached()) === null, 'nothing is kept');

  assert.equal((await next(await client.join(name))).event, 'pusher:cache_miss');
});

test('subscribers are told how many they are', async (t) => {
  const name = channelName();
  const ann = await (await Client.connect(t, server)).join(name);
  assert.deepEqual((await ann.nextNamed(COUNT)).data, { subscription_count: 1 });
  const ben = await Client.connect(t, server);

  const subscription = await ben.join(name);
  assert.deepEqual((await ann.nextNamed(COUNT)).data, { subscription_count: 2 });
  assert.deepEqual((await subscription.nextNamed(COUNT)).data, { subscription_count: 2 });
  assert.equal(subscription.channel.subscriptionCount, 2);

  ben.pusher.disconnect();
  assert.deepEqual((await ann.nextNamed(COUNT)).data, { subscription_count: 1 });
  assert.equal(ann.channel.subscriptionCount, 1);
  proves('subscription count', 'pusher-js (Node)');
});
