import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import PusherJs from 'pusher-js';
import { Client, authorizer, channelName, once, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';
import { Inbox } from '../lib/wait.mjs';
import { Wire } from '../lib/wire.mjs';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 8).toString('base64');

let server;
let application;
before(async () => {
  server = await Server.start();
  application = sdk(server, { encryptionMasterKeyBase64: MASTER_KEY });
});
after(() => server.dispose());

/** What pusher-js writes to its log from now on. */
function clientLog(t) {
  const log = new Inbox('log of pusher-js');
  // what is exported has encryption in addition; the class that logs is the one it extends
  const logging = Object.getPrototypeOf(PusherJs);
  logging.log = (line) => log.put(line);
  t.after(() => (logging.log = undefined));
  return log;
}

test('the client decrypts what the application encrypted', async (t) => {
  const subscription = await (await Client.connect(t, server, { application })).join(channelName('private-encrypted-'));

  await application.trigger(subscription.channel.name, 'secret', { pin: 1234 });

  assert.deepEqual(await subscription.next(), { event: 'secret', data: { pin: 1234 } });
  proves('encrypted', 'pusher-js (Node)');
  proves('encrypts', 'pusher-http-node');
});

test('the acknowledgement has empty data and no secret', async (t) => {
  const wire = await Wire.connect(t, server);
  const name = channelName('private-encrypted-');
  const { auth } = application.authorizeChannel(wire.socketId, name);

  wire.send({ event: 'pusher:subscribe', data: { channel: name, auth } });

  const frames = await wire.settle();
  assert.deepEqual(frames, [{ event: 'pusher_internal:subscription_succeeded', channel: name, data: '{}' }]);
});

test('clients send no events on an encrypted channel: neither pusher-js nor the server lets them', async (t) => {
  const name = channelName('private-encrypted-');
  const client = await Client.connect(t, server, { application });
  const { channel } = await client.join(name);
  const other = await (await Client.connect(t, server, { application })).join(name);

  assert.throws(() => channel.trigger('client-e', {}), /not currently supported for encrypted channels/);
  client.pusher.send_event('client-e', {}, name);
  assert.deepEqual(await client.errors.next(), {
    type: 'PusherError',
    data: { code: null, message: 'Client event rejected - only supported on private and presence channels' },
  });
  await application.trigger(name, 'last', 1);

  assert.equal((await other.next()).event, 'last');
});

test('the server sees and passes on the cipher text alone', async (t) => {
  const client = await Client.connect(t, server, { application });
  const subscription = await client.join(channelName('private-encrypted-'));
  const onTheWire = new Promise((resolve) =>
    client.pusher.connection.bind('message', (message) => message.event === 'secret' && resolve(message)),
  );

  await application.trigger(subscription.channel.name, 'secret', { pin: 1234 });
  await subscription.next();

  assert.deepEqual(Object.keys((await onTheWire).data).sort(), ['ciphertext', 'nonce']);
});

test('a batch may mix encrypted and plain events', async (t) => {
  const client = await Client.connect(t, server, { application });
  const secret = await client.join(channelName('private-encrypted-'));
  const plain = await client.join(channelName('private-'));

  await application.triggerBatch([
    { channel: secret.channel.name, name: 'e', data: { n: 1 } },
    { channel: plain.channel.name, name: 'e', data: { n: 2 } },
  ]);

  assert.deepEqual((await secret.next()).data, { n: 1 });
  assert.deepEqual((await plain.next()).data, { n: 2 });
});

test('a client with another key says so, gets nothing readable and stays connected', async (t) => {
  const stranger = sdk(server, { encryptionMasterKeyBase64: OTHER_KEY });
  const client = await Client.connect(t, server, { application, authorize: authorizer(stranger, {}) });
  const secret = await client.join(channelName('private-encrypted-'));
  const open = await client.join(channelName());
  const log = clientLog(t);

  await application.trigger(secret.channel.name, 'secret', { pin: 1234 });
  await log.nextThat((line) => line.includes('Failed to decrypt event with new key'), 'a failed decryption');
  await application.trigger(open.channel.name, 'last', 1);
  await open.nextNamed('last');

  assert.deepEqual(secret.events.drain(), []);
  assert.deepEqual(client.errors.drain(), []);
});

test('a key that was rotated is fetched by the client', async (t) => {
  const rotated = sdk(server, { encryptionMasterKeyBase64: OTHER_KEY });
  let signer = application;
  const client = await Client.connect(t, server, { authorize: (...asked) => signer.authorizeChannel(...asked) });
  const secret = await client.join(channelName('private-encrypted-'));
  await application.trigger(secret.channel.name, 'before', 1);
  assert.deepEqual(await secret.next(), { event: 'before', data: 1 });

  signer = rotated;
  await rotated.trigger(secret.channel.name, 'after', 2);

  assert.deepEqual(await secret.next(), { event: 'after', data: 2 });
});

test('a wrong signature on an encrypted channel is reported on the connection', async (t) => {
  const client = await Client.connect(t, server, {
    authorize: (socketId, name) => ({ ...application.authorizeChannel(socketId, name), auth: 'app-key:00' }),
  });
  const refused = once(client.pusher.connection, 'error');

  client.pusher.subscribe(channelName('private-encrypted-'));

  assert.equal((await refused).data.code, null);
  assert.equal(client.pusher.connection.state, 'connected');
});
