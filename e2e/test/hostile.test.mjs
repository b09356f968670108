import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Client, channelName, sdk } from '../lib/clients.mjs';
import { Server } from '../lib/product.mjs';
import { within } from '../lib/wait.mjs';
import { Wire } from '../lib/wire.mjs';

const MAX_MESSAGE_SIZE = 65_536;
const ERROR = { event: 'pusher:error', data: { code: null, message: 'Invalid message format' } };

let server;
let bystander;
before(async () => (server = await Server.start()));
after(() => server.dispose());

beforeEach(async () => {
  const client = new Client(server);
  await client.reaches('connected');
  bystander = { client, subscription: await client.join(channelName()) };
});
afterEach(() => bystander.client.pusher.disconnect());

/** The bystander has noticed nothing and still gets events. */
async function assertUnharmed() {
  await sdk(server).trigger(bystander.subscription.channel.name, 'last', 1);
  assert.deepEqual(await bystander.subscription.next(), { event: 'last', data: 1 });
  assert.deepEqual(bystander.client.errors.drain(), []);
}

for (const [what, frame] of [
  ['text that is not JSON', '{not json'],
  ['an empty text', ''],
  ['a JSON array', '[]'],
  ['a JSON number', '1'],
  ['JSON nested ten thousand deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
  ['an object without an event', '{"data":{}}'],
  ['an event that is not text', '{"event":1}'],
  ['a subscription without data', '{"event":"pusher:subscribe"}'],
  ['a subscription without a channel', '{"event":"pusher:subscribe","data":{}}'],
  ['a subscription to a number', '{"event":"pusher:subscribe","data":{"channel":1}}'],
  ['a subscription to the empty name', '{"event":"pusher:subscribe","data":{"channel":""}}'],
]) {
  test(`${what} is answered by an error and harms nobody`, async (t) => {
    const wire = await Wire.connect(t, server);

    wire.send(frame);

    assert.deepEqual(await wire.settle(), [ERROR]);
    await assertUnharmed();
  });
}

for (const [what, name] of [
  ['a blank in it', 'a b'],
  ['a letter outside of ASCII', 'ü'],
  ['201 characters', 'x'.repeat(201)],
  ['a leading #', '#anything'],
  ['the name of another user', '#server-to-user-ann'],
]) {
  test(`a channel name with ${what} is refused and the connection stays`, async (t) => {
    const wire = await Wire.connect(t, server);

    wire.send({ event: 'pusher:subscribe', data: { channel: name } });

    const events = (await wire.settle()).map(({ event }) => event);
    assert.ok(events.includes('pusher:error'), `got ${events}`);
    assert.ok(!events.includes('pusher_internal:subscription_succeeded'), `got ${events}`);
    await assertUnharmed();
  });
}

test('an unknown event of the protocol is ignored', async (t) => {
  const wire = await Wire.connect(t, server);

  wire.send({ event: 'pusher:unknown', data: {} });

  assert.deepEqual(await wire.settle(), []);
});

test('subscribing twice gives two acknowledgements and one delivery', async (t) => {
  const wire = await Wire.connect(t, server);
  const channel = channelName();
  wire.send({ event: 'pusher:subscribe', data: { channel } });
  wire.send({ event: 'pusher:subscribe', data: { channel } });
  const acknowledgement = { event: 'pusher_internal:subscription_succeeded', channel, data: '{}' };
  assert.deepEqual(await wire.settle(), [acknowledgement, acknowledgement]);

  await sdk(server).trigger(channel, 'e', { a: 1 });

  assert.deepEqual(await wire.next('e'), { event: 'e', channel, data: '{"a":1}' });
  assert.deepEqual(await wire.settle(), []);
});

test('unsubscribing and subscribing back to back gives one acknowledgement', async (t) => {
  const wire = await Wire.connect(t, server);
  const channel = channelName();
  wire.send({ event: 'pusher:subscribe', data: { channel } });
  await wire.settle();

  wire.send({ event: 'pusher:unsubscribe', data: { channel } });
  wire.send({ event: 'pusher:subscribe', data: { channel } });

  assert.deepEqual(
    (await wire.settle()).map(({ event }) => event),
    ['pusher_internal:subscription_succeeded'],
  );
});

test('a frame in binary is read like text', async (t) => {
  const wire = await Wire.connect(t, server);
  const channel = channelName();

  wire.send(Buffer.from(JSON.stringify({ event: 'pusher:subscribe', data: { channel } })));

  assert.equal((await wire.settle())[0].event, 'pusher_internal:subscription_succeeded');
});

test('a frame over the limit ends its own connection with 1009', async (t) => {
  const wire = await Wire.connect(t, server);

  wire.send('x'.repeat(MAX_MESSAGE_SIZE + 1));

  assert.equal(await wire.closeCode(), 1009);
  await assertUnharmed();
});

test('text that is not UTF-8 ends its own connection with 1007', async (t) => {
  const wire = await Wire.connect(t, server);

  wire.socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });

  assert.equal(await wire.closeCode(), 1007);
  await assertUnharmed();
});

test('a connection that is cut leaves its presence channel', async (t) => {
  const name = channelName('presence-');
  const seen = await (await Client.connect(t, server)).join(name);
  const wire = new Wire(server);
  const { data } = await wire.next('pusher:connection_established');
  const { socket_id: socketId } = JSON.parse(data);
  const signed = sdk(server).authorizeChannel(socketId, name, { user_id: 'cut' });
  wire.send({ event: 'pusher:subscribe', data: { channel: name, ...signed } });
  assert.equal((await seen.nextNamed('pusher:member_added')).data.id, 'cut');

  wire.socket.terminate();

  assert.equal((await seen.nextNamed('pusher:member_removed')).data.id, 'cut');
});

test('bytes that are no HTTP at all harm nobody', async () => {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();

  socket.write(Buffer.alloc(100_000, 0xfe));

  await within(closed, 'the server closes the connection');
  await assertUnharmed();
});

test('the path without an upgrade is a client error', async () => {
  const answer = await fetch(`http://127.0.0.1:${server.port}/app/app-key`);

  assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`);
});

for (const [path, code] of [
  ['/app/app-key?protocol=2', 4007],
  ['/app/app-key?protocol=abc', 4007],
  ['/app/no-such-key?protocol=7', 4001],
]) {
  test(`${path} is told ${code} by frame and by close code`, async () => {
    const wire = new Wire(server, path);

    const { data } = await wire.next('pusher:error');

    assert.equal(data.code, code);
    assert.equal(await wire.closeCode(), code);
  });
}
