import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Client, channelName, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';
import { PythonSdk } from '../lib/python.mjs';
import { Inbox } from '../lib/wait.mjs';

/** An application's own server: hands each webhook to Pusher's SDKs for Node and Python, as their READMEs tell to. */
class Hooks {
  events = new Inbox('webhook');
  refused = new Inbox('refused webhook');
  #known = new Set();
  #python = new PythonSdk({ port: 1 }, { app_id: '3' });
  #server = createServer((request, response) => {
    let rawBody = '';
    request.on('data', (chunk) => (rawBody += chunk));
    request.on('end', async () => {
      const webhook = sdk({ port: 1 }).webhook({ headers: request.headers, rawBody });
      const python = await this.#python.call(
        'validate_webhook',
        request.headers['x-pusher-key'],
        request.headers['x-pusher-signature'],
        rawBody,
      );
      const valid = webhook.isContentTypeValid() && webhook.isBodyValid() && webhook.isValid() && python !== null;
      const id = request.headers['idempotency-key'];
      if (!valid) {
        this.refused.put(request.headers);
      } else if (!this.#known.has(id)) {
        // what was taken in the moment of a crash comes again
        this.#known.add(id);
        webhook.getEvents().forEach((event) => this.events.put(event));
      }
      response.writeHead(valid ? 200 : 401).end();
    });
  });

  static async start() {
    const hooks = new Hooks();
    await new Promise((resolve) => hooks.#server.listen(0, '127.0.0.1', resolve));
    return hooks;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/hooks`;
  }

  about(name) {
    return this.events.nextThat((event) => event.channel === name, `an event of ${name}`);
  }

  stop() {
    this.#python.stop();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}

let hooks;
let server;
before(async () => {
  hooks = await Hooks.start();
  server = await Server.start({ apps: [{ webhooks: [{ url: hooks.url }], webhook_patience: 1 }] });
});
after(async () => {
  await server.dispose();
  await hooks.stop();
  assert.deepEqual(hooks.refused.drain(), []);
});

test('a channel is told to be occupied and vacated, in a way that the SDK believes', async (t) => {
  const client = await Client.connect(t, server);
  const name = channelName();

  await client.join(name);
  assert.deepEqual(await hooks.about(name), { name: 'channel_occupied', channel: name });
  client.pusher.unsubscribe(name);

  assert.deepEqual(await hooks.about(name), { name: 'channel_vacated', channel: name });
  proves('webhooks', 'pusher-http-node', 'pusher-http-python');
});

test('members and their events are told with their ids', async (t) => {
  const client = await Client.connect(t, server, { user: { id: '7' } });
  const name = channelName('presence-');

  const subscription = await client.join(name);
  subscription.channel.trigger('client-x', { ü: 1 });

  assert.deepEqual(await hooks.about(name), { name: 'channel_occupied', channel: name });
  assert.deepEqual(await hooks.about(name), { name: 'member_added', channel: name, user_id: '7' });
  const { socket_id: socketId, ...event } = await hooks.about(name);
  assert.deepEqual(event, {
    name: 'client_event',
    channel: name,
    event: 'client-x',
    data: { ü: 1 },
    user_id: '7',
  });
  client.pusher.disconnect();
  assert.match(socketId, /^\d+\.\d+$/);
  assert.deepEqual(await hooks.about(name), { name: 'member_removed', channel: name, user_id: '7' });
  assert.deepEqual(await hooks.about(name), { name: 'channel_vacated', channel: name });
});

test('what was told before a crash is taken back after it', async (t) => {
  const client = await Client.connect(t, server);
  const name = channelName();
  await client.join(name);
  await hooks.about(name);

  assert.equal(await server.end('SIGKILL'), 'SIGKILL');
  client.pusher.disconnect();
  await server.start();

  assert.deepEqual(await hooks.about(name), { name: 'channel_vacated', channel: name });
});
