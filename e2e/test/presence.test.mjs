import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, channelName, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';

const ANN = { id: '7', info: { name: 'Ann' } };
const BEN = { id: '8', info: { name: 'Ben' } };

let server;
before(async () => (server = await Server.start()));
after(() => server.dispose());

function members(subscription) {
  const found = [];
  subscription.channel.members.each(({ id, info }) => found.push([id, info]));
  return found.sort();
}

test('who joins sees who is there, itself included', async (t) => {
  const name = channelName('presence-');
  await (await Client.connect(t, server, { user: ANN })).join(name);

  const subscription = await (await Client.connect(t, server, { user: BEN })).join(name);

  assert.equal(subscription.channel.members.count, 2);
  assert.deepEqual(members(subscription), [['7', ANN.info], ['8', BEN.info]]);
  assert.deepEqual(subscription.channel.members.me, BEN);
});

test('who is there sees who joins and who leaves', async (t) => {
  const name = channelName('presence-');
  const ann = await (await Client.connect(t, server, { user: ANN })).join(name);
  const ben = await Client.connect(t, server, { user: BEN });

  await ben.join(name);
  assert.deepEqual(await ann.next(), { event: 'pusher:member_added', data: BEN });
  assert.equal(ann.channel.members.count, 2);

  ben.pusher.unsubscribe(name);
  assert.deepEqual(await ann.next(), { event: 'pusher:member_removed', data: BEN });
  assert.equal(ann.channel.members.count, 1);
  proves('presence', 'pusher-js (Node)');
});

test('a closed connection leaves at once', async (t) => {
  const name = channelName('presence-');
  const ann = await (await Client.connect(t, server, { user: ANN })).join(name);
  const ben = await Client.connect(t, server, { user: BEN });
  await ben.join(name);
  await ann.nextNamed('pusher:member_added');

  ben.pusher.disconnect();

  assert.deepEqual(await ann.next(), { event: 'pusher:member_removed', data: BEN });
});

test('a user with two tabs joins once and leaves once', async (t) => {
  const name = channelName('presence-');
  const ann = await (await Client.connect(t, server, { user: ANN })).join(name);
  const tabs = [await Client.connect(t, server, { user: BEN }), await Client.connect(t, server, { user: BEN })];
  const second = { ...BEN, info: { name: 'Ben on his phone' } };
  tabs.push(await Client.connect(t, server, { user: second }));
  let last;
  for (const tab of tabs) {
    last = await tab.join(name);
  }
  assert.equal(last.channel.members.count, 2);
  assert.deepEqual(members(last)[1], ['8', BEN.info]);

  for (const tab of tabs) {
    tab.pusher.unsubscribe(name);
    // its acknowledgement comes after the unsubscription was handled
    await tab.join(channelName());
  }
  await sdk(server).trigger(name, 'last', 1);

  const seen = [await ann.next(), await ann.next(), await ann.next()].map(({ event }) => event);
  assert.deepEqual(seen, ['pusher:member_added', 'pusher:member_removed', 'last']);
});

test('numbers work as user ids and name the same user as their digits', async (t) => {
  const name = channelName('presence-');
  const number = await (await Client.connect(t, server, { user: { id: 10, info: { n: 1 } } })).join(name);

  const text = await (await Client.connect(t, server, { user: { id: '10', info: { n: 2 } } })).join(name);

  assert.equal(number.channel.members.count, 1);
  assert.equal(text.channel.members.count, 1);
  assert.deepEqual(text.channel.members.get('10').info, { n: 1 });
});

test('the users "0" and "1" are users like any other', async (t) => {
  const name = channelName('presence-');
  const zero = await Client.connect(t, server, { user: { id: '0' } });
  await zero.join(name);

  const one = await (await Client.connect(t, server, { user: { id: '1' } })).join(name);
  assert.equal(one.channel.members.count, 2);
  zero.pusher.unsubscribe(name);

  assert.equal((await one.next()).data.id, '0');
});

test('a presence subscription without a user is refused', async (t) => {
  const application = sdk(server);
  const client = await Client.connect(t, server, {
    authorize: (socketId, name) => application.authorizeChannel(socketId, name),
  });

  const name = channelName('presence-');
  // without channel_data pusher-js itself gives up, unless the user has signed in
  client.pusher.subscribe(name);
  const open = await client.join(channelName());
  await application.trigger(open.channel.name, 'e', 1);

  await open.nextNamed('e');
  const { users } = await (await application.get({ path: `/channels/${name}/users` })).json();
  assert.deepEqual(users, []);
});

test('twenty users who join together all see one another', async (t) => {
  const name = channelName('presence-');
  const users = Array.from({ length: 20 }, (_, i) => ({ id: `u${i}`, info: { i } }));
  const clients = await Promise.all(users.map((user) => Client.connect(t, server, { user })));

  const subscriptions = await Promise.all(clients.map((client) => client.join(name)));
  await sdk(server).trigger(name, 'last', 1);
  await Promise.all(subscriptions.map((subscription) => subscription.nextNamed('last')));

  for (const subscription of subscriptions) {
    assert.equal(subscription.channel.members.count, 20);
  }
});
