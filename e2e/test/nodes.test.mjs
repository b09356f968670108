import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client, channelName, sdk } from '../lib/clients.mjs';
import { connectEcho, presence } from '../lib/echo.mjs';
import { Balancer, Load, Redis, Told, startNodes } from '../lib/nodes.mjs';
import { until } from '../lib/wait.mjs';

const ANN = { id: '7', info: { name: 'Ann' } };
const BEN = { id: '8', info: { name: 'Ben' } };
const CLIENTS = 12;
const RECONNECT_MS = 90_000;

describe('several nodes', { concurrency: true }, () => {
  test('clients of two nodes see, hear and miss one another', async (t) => {
    const redis = await Redis.start(t);
    const [one, two] = await startNodes(t, redis, 2);
    const name = channelName('presence-');
    const ann = await Client.connect(t, one, { user: ANN });
    const ben = await Client.connect(t, two, { user: BEN });
    const here = await ann.join(name);
    const there = await ben.join(name);
    await here.nextNamed('pusher:member_added');

    assert.deepEqual(Object.keys(there.channel.members.members), ['7', '8']);
    await sdk(two).trigger(name, 'everywhere', { a: 1 });
    assert.deepEqual((await here.nextNamed('everywhere')).data, { a: 1 });
    await there.nextNamed('everywhere');
    there.channel.trigger('client-typing', { on: true });
    assert.deepEqual((await here.nextNamed('client-typing')).data, { on: true });
    const { users } = await (await sdk(one).get({ path: `/channels/${name}/users` })).json();
    assert.deepEqual(users.map((user) => user.id).sort(), ['7', '8']);

    assert.equal(await two.end('SIGKILL'), 'SIGKILL');
    const { data } = await here.nextNamed('pusher:member_removed');
    assert.equal(data.id, '8');
    await two.start();
    // pusher-js may wait 15 s before it tries again
    await here.nextNamed('pusher:member_added', RECONNECT_MS);
  });

  test('Echo hears of who comes and goes on the other node', async (t) => {
    const redis = await Redis.start(t);
    const [one, two] = await startNodes(t, redis, 2);
    const room = channelName();
    const echo = await connectEcho(t, one, 'reverb', { user: ANN });
    const heard = presence(echo.join(room));
    assert.equal((await heard.next()).here.length, 1);
    const ben = await Client.connect(t, two, { user: BEN });

    await ben.join(`presence-${room}`);
    assert.equal((await heard.next()).joining.name, 'Ben');
    ben.pusher.disconnect();
    assert.equal((await heard.next()).leaving.name, 'Ben');
  });

  test('a rolling restart under load moves all clients, and loses no event and no webhook', async (t) => {
    const redis = await Redis.start(t);
    const told = await Told.start(t);
    const nodes = await startNodes(t, redis, 3, { apps: [{ webhooks: [{ url: told.url }] }] });
    const balancer = await Balancer.start(t, nodes);
    const name = channelName('private-');
    const application = sdk(nodes[0]);
    const clients = [];
    for (let i = 0; i < CLIENTS; i++) {
      const client = await Client.connect(t, balancer, { application });
      clients.push({ client, subscription: await client.join(name) });
    }
    const away = [];
    clients.forEach(({ client }) => {
      let since = null;
      client.pusher.connection.bind('state_change', ({ current }) => {
        if (current === 'connected' && since !== null) {
          away.push(Date.now() - since);
          since = null;
        } else if (current !== 'connected') {
          since ??= Date.now();
        }
      });
    });

    const heard = new Set();
    clients.forEach(({ subscription }) => subscription.channel.bind('load', (i) => heard.add(i)));
    const load = new Load(balancer, name, clients);

    for (const node of nodes) {
      await node.restart();
      await until(() => node.ready(), 'the node is ready');
    }
    await load.stop();
    const back = () => clients.every(({ client }) => client.pusher.connection.state === 'connected');
    await until(back, 'all are connected');
    const subscribed = () => clients.every(({ subscription }) => subscription.channel.subscribed);
    await until(subscribed, 'all are subscribed');

    await until(() => load.accepted.every((i) => heard.has(i)), 'somebody has heard each event that was accepted');
    await until(() => [...load.subscribed].every((each) => told.occupied.has(each)), 'webhooks tell of each channel');
    assert.ok(load.accepted.length > 100, `under load: ${load.accepted.length}`);

    for (let i = 0; i < 30; i++) {
      await sdk(nodes[i % 3]).trigger(name, `event-${i}`, i);
    }
    for (const { subscription } of clients) {
      for (let i = 0; i < 30; i++) {
        assert.equal((await subscription.nextNamed(`event-${i}`)).data, i);
      }
    }
    assert.ok(away.length >= CLIENTS, `each was away at least once: ${away.length}`);
    t.diagnostic(`away for ${Math.max(...away)} ms at most, ${away.length} times; ${load.accepted.length} events`);
  });
});
