import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client, channelName, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { connectEcho, presence } from '../lib/echo.mjs';
import { Server } from '../lib/product.mjs';

const ANN = { id: '7', info: { name: 'Ann' } };
const BEN = { id: '8', info: { name: 'Ben' } };
const RECONNECT_MS = 90_000;

async function startServer(t) {
  const server = await Server.start();
  t.after(() => server.dispose());
  return server;
}

// together, because pusher-js may wait 15 s before it tries again
describe('a restart', { concurrency: true }, () => {
  test('after a restart clients are connected, subscribed and present again', async (t) => {
    const server = await startServer(t);
    const name = channelName('presence-');
    const clients = [
      await Client.connect(t, server, { user: ANN }),
      await Client.connect(t, server, { user: BEN }),
    ];
    const subscriptions = [];
    for (const client of clients) {
      subscriptions.push({ private: await client.join(`private-${name}`), presence: await client.join(name) });
      client.states.drain();
    }
    const before = clients.map((client) => client.socketId);

    await server.restart();
    await Promise.all(clients.map((client) => client.reconnects()));
    for (const subscription of subscriptions) {
      await subscription.private.succeeded();
      await subscription.presence.succeeded();
    }
    await sdk(server).trigger([name, `private-${name}`], 'after', 1);

    for (const subscription of subscriptions) {
      await subscription.private.nextNamed('after');
      await subscription.presence.nextNamed('after');
      assert.equal(subscription.presence.channel.members.count, 2);
    }
    clients.forEach((client, i) => assert.notEqual(client.socketId, before[i]));
    proves('reconnect', 'pusher-js (Node)');
  });

  test('after a crash clients find back, too', async (t) => {
    const server = await startServer(t);
    const client = await Client.connect(t, server);
    const subscription = await client.join(channelName('private-'));
    client.states.drain();

    assert.equal(await server.end('SIGKILL'), 'SIGKILL');
    await server.start();
    await client.reconnects();
    await subscription.succeeded();
    await sdk(server).trigger(subscription.channel.name, 'after', 1);

    assert.deepEqual(await subscription.next(), { event: 'after', data: 1 });
  });

  test('Echo tells who is here once more after a restart', async (t) => {
    const server = await startServer(t);
    const seen = {};
    for (const broadcaster of ['reverb', 'pusher']) {
      const echo = await connectEcho(t, server, broadcaster, { user: ANN });
      seen[broadcaster] = presence(echo.join(channelName('team.')));
      assert.deepEqual(await seen[broadcaster].next(), { here: [ANN.info] });
    }

    await server.restart();

    for (const [broadcaster, events] of Object.entries(seen)) {
      assert.deepEqual(await events.next(RECONNECT_MS), { here: [ANN.info] });
      proves('reconnect', `laravel-echo (${broadcaster})`);
    }
  });

  test('a server that is told to stop lets its clients go and ends with 0', async (t) => {
    const server = await startServer(t);
    const client = await Client.connect(t, server);
    client.states.drain();

    assert.equal(await server.end('SIGTERM'), 0);

    await client.states.nextThat((state) => state === 'connecting', 'connecting');
    // to be stopped like any other
    await server.start();
  });
});
