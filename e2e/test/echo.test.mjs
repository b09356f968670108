import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { channelName, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { connectEcho, presence, subscribed } from '../lib/echo.mjs';
import { PhpSdk } from '../lib/php.mjs';
import { Server } from '../lib/product.mjs';
import { Inbox, within } from '../lib/wait.mjs';

const ANN = { id: '7', info: { id: 7, name: 'Ann' } };
const BEN = { id: '8', info: { id: 8, name: 'Ben' } };

let server;
let application;
before(async () => {
  server = await Server.start();
  application = sdk(server, { encryptionMasterKeyBase64: Buffer.alloc(32, 7).toString('base64') });
});
after(() => server.dispose());

/** What comes of these events on the channel. */
function heard(channel, ...events) {
  const inbox = new Inbox(channel.name);
  for (const event of events) {
    channel.listen(event, (data) => inbox.put([event, data]));
  }
  return inbox;
}

for (const broadcaster of ['reverb', 'pusher']) {
  const connect = (t, user) => connectEcho(t, server, broadcaster, { user, application });

  test(`${broadcaster}: listen hears the event of a class on a public channel`, async (t) => {
    const name = channelName('orders.');
    const channel = (await connect(t)).channel(name);
    const inbox = heard(channel, 'OrderShipped', '.order.named');
    await subscribed(channel);

    await application.trigger(name, 'App\\Events\\OrderShipped', { order: { id: 1 } });
    await application.trigger(name, 'order.named', { id: 2 });

    assert.deepEqual(await inbox.next(), ['OrderShipped', { order: { id: 1 } }]);
    assert.deepEqual(await inbox.next(), ['.order.named', { id: 2 }]);
    proves('connect', `laravel-echo (${broadcaster})`);
    proves('public', `laravel-echo (${broadcaster})`);
  });

  test(`${broadcaster}: a private channel hears events and a user's notifications`, async (t) => {
    const name = channelName('App.Models.User.');
    const channel = (await connect(t, ANN)).private(name);
    const inbox = heard(channel, 'OrderShipped');
    channel.notification((data) => inbox.put(['notification', data]));
    await subscribed(channel);

    await application.trigger(`private-${name}`, 'App\\Events\\OrderShipped', { id: 1 });
    await application.trigger(
      `private-${name}`,
      'Illuminate\\Notifications\\Events\\BroadcastNotificationCreated',
      { type: 'App\\Notifications\\InvoicePaid', amount: 5 },
    );

    assert.deepEqual(await inbox.next(), ['OrderShipped', { id: 1 }]);
    assert.deepEqual(await inbox.next(), [
      'notification',
      { type: 'App\\Notifications\\InvoicePaid', amount: 5 },
    ]);
    proves('private', `laravel-echo (${broadcaster})`);
  });

  test(`${broadcaster}: toOthers leaves out the socket that Echo names`, async (t) => {
    const name = channelName('orders.');
    const originator = await connect(t, ANN);
    const others = await connect(t, BEN);
    const channels = [originator.private(name), others.private(name)];
    const [own, foreign] = channels.map((channel) => heard(channel, 'OrderShipped', 'Last'));
    await Promise.all(channels.map(subscribed));

    // Echo's socket id comes to Laravel as X-Socket-ID, and Laravel's broadcaster hands it to the PHP SDK
    const laravel = new PhpSdk(server);
    const socketId = originator.socketId();
    await laravel.trigger([`private-${name}`], 'App\\Events\\OrderShipped', { id: 1 }, { socket_id: socketId });
    await laravel.trigger([`private-${name}`], 'App\\Events\\Last', {});

    assert.deepEqual(await foreign.next(), ['OrderShipped', { id: 1 }]);
    assert.deepEqual(await own.next(), ['Last', {}]);
    proves('to others', 'pusher-http-php, by hand');
  });

  test(`${broadcaster}: a presence channel tells who is here, joining and leaving`, async (t) => {
    const name = channelName('team.');
    const ann = presence((await connect(t, ANN)).join(name));
    assert.deepEqual(await ann.next(), { here: [ANN.info] });

    const ben = await connect(t, BEN);
    const seen = await presence(ben.join(name)).next();
    assert.deepEqual(
      seen.here.map((user) => user.name).sort(),
      ['Ann', 'Ben'],
    );
    assert.deepEqual(await ann.next(), { joining: BEN.info });

    ben.leave(name);
    assert.deepEqual(await ann.next(), { leaving: BEN.info });
    proves('presence', `laravel-echo (${broadcaster})`);
  });

  test(`${broadcaster}: a closed tab is leaving`, async (t) => {
    const name = channelName('team.');
    const ann = presence((await connect(t, ANN)).join(name));
    await ann.next();
    const ben = await connect(t, BEN);
    ben.join(name);
    assert.deepEqual(await ann.next(), { joining: BEN.info });

    ben.disconnect();

    assert.deepEqual(await ann.next(), { leaving: BEN.info });
  });

  test(`${broadcaster}: a whisper is heard by the others`, async (t) => {
    const name = channelName('team.');
    const echoes = [await connect(t, ANN), await connect(t, BEN)];
    const channels = echoes.map((echo) => echo.join(name));
    const [own, foreign] = channels.map((channel) => {
      const inbox = heard(channel, 'Last');
      channel.listenForWhisper('typing', (data) => inbox.put(['whisper', data]));
      return inbox;
    });
    await Promise.all(channels.map(subscribed));

    channels[0].whisper('typing', { on: true });
    assert.deepEqual(await foreign.next(), ['whisper', { on: true }]);
    await application.trigger(`presence-${name}`, 'App\\Events\\Last', {});

    assert.deepEqual(await own.next(), ['Last', {}]);
    proves('client events', `laravel-echo (${broadcaster})`);
  });

  test(`${broadcaster}: an encrypted private channel is decrypted`, async (t) => {
    const name = channelName('vault.');
    const channel = (await connect(t, ANN)).encryptedPrivate(name);
    const inbox = heard(channel, 'Opened');
    await subscribed(channel);

    await application.trigger(`private-encrypted-${name}`, 'App\\Events\\Opened', { pin: 1 });

    assert.deepEqual(await inbox.next(), ['Opened', { pin: 1 }]);
    proves('encrypted', `laravel-echo (${broadcaster})`);
  });

  test(`${broadcaster}: a refused subscription is an error of the channel`, async (t) => {
    const echo = await connectEcho(t, server, broadcaster, { authorize: () => ({ auth: 'app-key:00' }) });
    const refused = new Promise((resolve) => echo.private(channelName()).error(resolve));

    const { type, status } = await within(refused, 'the refusal');

    assert.deepEqual({ type, status }, { type: 'AuthError', status: 401 });
    proves('refusals', `laravel-echo (${broadcaster})`);
  });
}
