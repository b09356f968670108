import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, channelName, once, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';
import { Inbox } from '../lib/wait.mjs';

let server;
let application;
before(async () => {
  server = await Server.start();
  application = sdk(server);
});
after(() => server.dispose());

let serial = 0;

/** A user id that no other test uses. */
function userId() {
  return `user-${++serial}`;
}

/** Options of pusher-js for who signs in as this user, signed as an application would. */
function asUser(user) {
  return {
    userAuthentication: {
      customHandler: ({ socketId }, done) =>
        Promise.resolve().then(() => done(null, application.authenticateUser(socketId, user))),
    },
  };
}

/** A connected client, signed in as the user, and what pusher-js tells of the watchlist. */
async function signedIn(t, user) {
  const client = await Client.connect(t, server, { pusherOptions: asUser(user) });
  client.watchlist = new Inbox(`watchlist of ${user.id}`);
  for (const name of ['online', 'offline']) {
    client.pusher.user.watchlist.bind(name, ({ user_ids }) => client.watchlist.put([name, user_ids]));
  }
  client.events = new Inbox(`events to ${user.id}`);
  client.pusher.user.bind_global((event, data) => client.events.put([event, data]));
  const success = once(client.pusher.connection, 'message');
  client.pusher.signin();
  assert.equal((await success).event, 'pusher:signin_success');
  assert.deepEqual(client.pusher.user.user_data, user);
  return client;
}

test('what the application sends to a user reaches all of the user and nobody else', async (t) => {
  const [ann, ben] = [userId(), userId()];
  const tabs = [await signedIn(t, { id: ann }), await signedIn(t, { id: ann })];
  const other = await signedIn(t, { id: ben });

  assert.equal((await application.sendToUser(ann, 'order.paid', { id: 1 })).status, 200);
  assert.equal((await application.sendToUser(ben, 'last', {})).status, 200);

  for (const tab of tabs) {
    assert.deepEqual(await tab.events.next(), ['order.paid', { id: 1 }]);
  }
  assert.deepEqual(await other.events.next(), ['last', {}]);
  proves('user events', 'pusher-js (Node)');
  proves('sign-in', 'pusher-js (Node)');
  proves('send to user', 'pusher-http-node');
  proves('sign-in', 'pusher-http-node');
});

test('events reach a user who has signed in again after a reconnect', async (t) => {
  const ann = userId();
  const client = await signedIn(t, { id: ann });
  const before = client.socketId;

  client.pusher.disconnect();
  await client.reaches('disconnected');
  const acknowledged = new Promise((resolve) =>
    client.pusher.connection.bind('message', ({ event, channel }) => {
      if (event === 'pusher_internal:subscription_succeeded' && channel === `#server-to-user-${ann}`) {
        resolve();
      }
    }),
  );
  client.pusher.connect();
  await acknowledged;
  assert.notEqual(client.socketId, before);

  await application.sendToUser(ann, 'hello', 1);
  assert.deepEqual(await client.events.next(), ['hello', 1]);
});

test('the watchlist tells who is online, who comes and who goes', async (t) => {
  const [here, gone] = [userId(), userId()];
  await signedIn(t, { id: here });

  const ann = await signedIn(t, { id: userId(), watchlist: [here, gone] });
  assert.deepEqual(await ann.watchlist.next(), ['online', [here]]);
  assert.deepEqual(await ann.watchlist.next(), ['offline', [gone]]);

  const late = await signedIn(t, { id: gone });
  assert.deepEqual(await ann.watchlist.next(), ['online', [gone]]);
  late.pusher.disconnect();
  assert.deepEqual(await ann.watchlist.next(), ['offline', [gone]]);
  proves('watchlist', 'pusher-js (Node)');
});

test('a page that is loaded again is no news', async (t) => {
  const [reloading, other] = [userId(), userId()];
  const ann = await signedIn(t, { id: userId(), watchlist: [reloading, other] });
  await ann.watchlist.next();
  const page = await signedIn(t, { id: reloading });
  assert.deepEqual(await ann.watchlist.next(), ['online', [reloading]]);

  page.pusher.disconnect();
  await signedIn(t, { id: reloading });
  const tab = await signedIn(t, { id: other });
  assert.deepEqual(await ann.watchlist.next(), ['online', [other]]);
  tab.pusher.disconnect();

  // the grace of the second began later, so that of the first is over too
  assert.deepEqual(await ann.watchlist.next(), ['offline', [other]]);
});

test('of a watchlist that is too long the first hundred are watched', async (t) => {
  const watchlist = Array.from({ length: 101 }, () => userId());
  const ann = await signedIn(t, { id: userId(), watchlist });

  const { data } = await ann.errors.next();
  assert.equal(data.code, 4302);
  const [name, users] = await ann.watchlist.next();
  assert.equal(name, 'offline');
  assert.deepEqual(users, watchlist.slice(0, 100));
});

test('a signed-in user joins a presence channel without channel data', async (t) => {
  const user = { id: userId(), user_info: { name: 'Ann' } };
  const client = await Client.connect(t, server, {
    pusherOptions: asUser(user),
    authorize: (socketId, channel) => application.authorizeChannel(socketId, channel),
  });
  client.pusher.signin();

  const { channel } = await client.join(channelName('presence-'));

  assert.deepEqual(channel.members.me, { id: user.id, info: user.user_info });
});

test('a wrong signature is an error, and the connection stays', async (t) => {
  const stranger = sdk(server, { secret: 'wrong' });
  const client = await Client.connect(t, server, {
    pusherOptions: {
      userAuthentication: {
        customHandler: ({ socketId }, done) => done(null, stranger.authenticateUser(socketId, { id: 'ann' })),
      },
    },
  });

  client.pusher.signin();

  const { data } = await client.errors.next();
  assert.equal(data.code, null);
  assert.match(data.message, /^Invalid signature/);
  await client.join(channelName());
});

test('terminated connections do not come back', async (t) => {
  const ann = userId();
  const user = await signedIn(t, { id: ann });
  const member = await Client.connect(t, server, { user: { id: ann } });
  await member.join(channelName('presence-'));
  const other = await signedIn(t, { id: userId() });

  const response = await application.terminateUserConnections(ann);

  assert.equal(response.status, 200);
  assert.equal(await response.text(), '{}');
  await user.reaches('disconnected');
  await member.reaches('disconnected');
  await other.join(channelName());
  proves('terminate', 'pusher-http-node');
});

test('who does not sign in is disconnected for good where the app wants it', async (t) => {
  const strict = await Server.start({ apps: [{ signin_timeout: 1 }] });
  t.after(() => strict.dispose());
  const member = await Client.connect(t, strict);
  await member.join(channelName('private-'));
  const client = await Client.connect(t, strict);

  const { data } = await client.errors.next();

  assert.deepEqual(data, { code: 4009, message: 'Connection not authorized within timeout' });
  await client.reaches('disconnected');
  await member.join(channelName());
});
