import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Client, channelName, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { APP, Server } from '../lib/product.mjs';
import { Inbox } from '../lib/wait.mjs';

const UPDATED = 'user.status.updated';

let server;
let application;
let hooks;
const webhooks = new Inbox('webhooks');
before(async () => {
  hooks = createServer((request, response) => {
    let rawBody = '';
    request.on('data', (text) => (rawBody += text));
    request.on('end', () => {
      webhooks.put({ headers: request.headers, rawBody });
      response.end();
    });
  });
  await new Promise((resolve) => hooks.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${hooks.address().port}/`;
  server = await Server.start({
    apps: [{ webhooks: [{ url, events: ['user_status_updated'] }] }],
  });
  application = sdk(server);
});
after(async () => {
  await server.dispose();
  hooks.closeAllConnections();
  await new Promise((resolve) => hooks.close(resolve));
});

let serial = 0;

/** A user whom no other test has, on the web. */
function somebody() {
  const id = `status-${++serial}`;
  return { id, info: { name: `Name of ${id}`, device: 'web', device_id: 'd1' } };
}

async function get(path, params) {
  const response = await application.get({ path, params });
  assert.equal(response.status, 200);
  return response.json();
}

async function post(path, body) {
  const response = await application.post({ path, body });
  assert.equal(response.status, 200);
  return response.json();
}

/** What pusher-js is told when this user comes to have that status. */
async function update(subscription, user, status) {
  const { data } = await subscription.events.nextThat(
    (item) => item.event === UPDATED && item.data.user_id === user.id && item.data.status === status,
    `${user.id} is ${status}`,
  );
  return data;
}

test('the generic calls of an SDK set and read how users are, and pusher-js is told', async (t) => {
  const [ann, ben] = [somebody(), somebody()];
  const room = channelName('presence-');
  const team = await (await Client.connect(t, server, { user: ben })).join(room);
  const mine = await Client.connect(t, server, { user: ann });
  await mine.join(room);
  const own = await mine.join(`private-App.Models.User.${ann.id}`);
  await update(team, ann, 'online');

  const answer = await post(`/users/${ann.id}/status`, { status: 'busy', custom_message: 'In a call', duration: 600 });

  const told = await update(team, ann, 'busy');
  assert.deepEqual(
    [told.status, told.previous, told.custom_message, told.name, told.devices, told.cause],
    ['busy', 'online', 'In a call', ann.info.name, { web: 'active' }, 'manual'],
  );
  assert.deepEqual(await update(own, ann, 'busy'), told);
  assert.equal(answer.version, told.version);
  assert.deepEqual(await get(`/users/${ann.id}/status`), answer);
  assert.equal(answer.choice, 'busy');
  const { statuses } = await get('/statuses', { user_ids: `${ann.id},nobody,${ben.id}` });
  assert.deepEqual(statuses.map(({ user_id: id, status }) => [id, status]), [[ann.id, 'busy'], [ben.id, 'online']]);
  assert.deepEqual((await get('/statuses', { channel: room, status: 'busy' })).statuses, [answer]);
  proves('status', 'pusher-js (Node)');
  proves('user status', 'pusher-http-node');
});

test('a schedule is made, listed and cancelled', async (t) => {
  const ann = somebody();
  const team = await (await Client.connect(t, server, { user: ann })).join(channelName('presence-'));
  await update(team, ann, 'online');
  const path = `/users/${ann.id}/status/schedule`;
  const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

  const entry = await post(path, { status: 'dnd', custom_message: 'Meeting', starts_at: at(-1), ends_at: at(600) });

  await update(team, ann, 'dnd');
  assert.deepEqual((await get(path)).schedule, [entry]);
  assert.deepEqual(await post(`${path}/${entry.id}/cancel`, {}), {});
  await update(team, ann, 'online');
});

test('activity wakes a device that is away', async (t) => {
  const ann = somebody();
  const team = await (await Client.connect(t, server, { user: ann })).join(channelName('presence-'));
  await update(team, ann, 'online');

  await post(`/users/${ann.id}/status`, { status: 'away', device_id: 'd1' });
  assert.deepEqual((await update(team, ann, 'away')).devices, { web: 'away' });
  assert.deepEqual(await post(`/users/${ann.id}/activity`, { device_id: 'd1' }), {});
  assert.deepEqual((await update(team, ann, 'online')).devices, { web: 'active' });
});

test('pusher-js sets the status over its connection, and a watchlist is told', async (t) => {
  const [ann, ben] = [somebody(), somebody()];
  const asUser = (user, watchlist) => ({
    userAuthentication: {
      customHandler: ({ socketId }, done) =>
        done(null, application.authenticateUser(socketId, { id: user.id, user_info: user.info, watchlist })),
    },
  });
  const watcher = await Client.connect(t, server, { pusherOptions: asUser(ben, [ann.id]) });
  const watched = new Inbox('watchlist');
  watcher.pusher.user.watchlist.bind('status', (event) => watched.put(event));
  watcher.pusher.signin();
  await watcher.pusher.user.signinDonePromise;
  const client = await Client.connect(t, server, { pusherOptions: asUser(ann) });
  client.pusher.signin();
  await client.pusher.user.signinDonePromise;
  const own = await client.join(`private-App.Models.User.${ann.id}`);

  client.pusher.send_event('status:set', { status: 'busy', custom_message: '<b>call</b>' });

  assert.equal((await update(own, ann, 'busy')).custom_message, '<b>call</b>');
  const entry = await watched.nextThat(({ status }) => status === 'busy', 'busy');
  assert.deepEqual([entry.user_ids, entry.custom_message], [[ann.id], '<b>call</b>']);
  client.pusher.send_event('status:set', { status: 'asleep' });
  assert.match((await client.errors.next()).data.message, /^Invalid status: got 'asleep', allowed is one of online,/);
});

test('what is wrong is an error of the SDK that says so', async () => {
  const wrong = application.post({ path: '/users/1/status', body: { status: 'busy', custom_message: ['x'] } });

  await assert.rejects(wrong, (error) => {
    assert.equal(error.status, 400);
    assert.match(error.body, /^Invalid custom_message: got an array, allowed is a string of 0 to 100 characters/);
    return true;
  });
});

test('a webhook tells the same', async () => {
  const ann = somebody();
  await post(`/users/${ann.id}/status`, { status: 'away' });
  const client = new Client(server, { user: ann });
  await client.join(channelName('presence-'));

  const { headers, rawBody } = await webhooks.nextThat(({ rawBody: body }) => body.includes(ann.id), ann.id);
  client.pusher.disconnect();
  const webhook = application.webhook({ headers, rawBody });
  assert.ok(webhook.isValid());
  const event = webhook.getEvents().find(({ user_id: id }) => id === ann.id);
  assert.equal(event.name, 'user_status_updated');
  assert.equal(event.channel, `private-App.Models.User.${ann.id}`);
  assert.deepEqual([event.data.status, event.data.name], ['away', ann.info.name]);
  assert.equal(headers['x-pusher-key'], APP.key);
});
