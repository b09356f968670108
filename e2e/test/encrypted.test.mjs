import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, authorizer, channelName, once, sdk } from '../lib/clients.mjs';
import { Server } from '../lib/product.mjs';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 8).toString('base64');

let server;
let application;
before(async () => {
  server = await Server.start();
  application = sdk(server, { encryptionMasterKeyBase64: MASTER_KEY });
});
after(() => server.dispose());

test('the client decrypts what the application encrypted', async (t) => {
  const subscription = await (await Client.connect(t, server, { application })).join(channelName('private-encrypted-'));

  await application.trigger(subscription.channel.name, 'secret', { pin: 1234 });

  assert.deepEqual(await subscription.next(), { event: 'secret', data: { pin: 1234 } });
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

test('a client with another key gets nothing readable and stays connected', async (t) => {
  const stranger = sdk(server, { encryptionMasterKeyBase64: OTHER_KEY });
  const client = await Client.connect(t, server, { application, authorize: authorizer(stranger, {}) });
  const secret = await client.join(channelName('private-encrypted-'));
  const open = await client.join(channelName());

  await application.trigger(secret.channel.name, 'secret', { pin: 1234 });
  await application.trigger(open.channel.name, 'last', 1);
  await open.nextNamed('last');

  assert.deepEqual(secret.events.drain(), []);
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
