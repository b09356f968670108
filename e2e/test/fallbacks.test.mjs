import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Application } from '../lib/application.mjs';
import { launchBrowser, openPage } from '../lib/browser.mjs';
import { channelName, sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { APP, Server } from '../lib/product.mjs';
import { Inbox, within } from '../lib/wait.mjs';

const TRANSPORTS = ['xhr_streaming', 'xhr_polling'];
const RECONNECT_MS = 90_000;
const EVENTS = 1_000;

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser?.close());

async function start(t, app = {}) {
  const server = await Server.start({ apps: [app] });
  t.after(() => server.dispose());
  const pusher = sdk(server);
  const application = await Application.start(pusher);
  t.after(() => application.stop());
  return { server, pusher, application };
}

/** A person with the browser build of pusher-js, which may use that transport only; without one, anything but WebSockets. */
class Person {
  static async visit(t, { server, application }, transport, user, { key = APP.key, ...options } = {}) {
    const { page, complaints } = await openPage(t, browser);
    if (!transport) {
      await page.addInitScript(() => delete window.WebSocket);
    }
    const person = new Person(page, complaints);
    page.on('request', (request) => {
      if (request.postData() === '[]') {
        person.heartbeats.put(request.url());
      } else if (request.method() === 'POST' && /\/xhr(_streaming)?\?/.test(request.url())) {
        person.receiving += 1;
      }
    });
    await page.goto(`${application.url}fallback`);
    await page.evaluate(
      ([port, enabled, endpoint, appKey, more]) => {
        window.states = [];
        window.failures = [];
        window.seen = [];
        window.pusher = new window.Pusher(appKey, {
          cluster: '',
          httpHost: '127.0.0.1',
          httpPort: port,
          wsHost: '127.0.0.1',
          wsPort: port,
          forceTLS: false,
          enabledTransports: enabled ?? undefined,
          authEndpoint: endpoint,
          ...more,
        });
        window.pusher.connection.bind('state_change', ({ current }) => window.states.push(current));
        window.pusher.connection.bind('error', ({ error }) => window.failures.push(error?.data?.code));
      },
      [server.port, transport && [transport], `/broadcasting/auth?user=${user}`, key, options],
    );
    return person;
  }

  static async connected(t, site, transport, user) {
    const person = await Person.visit(t, site, transport, user);
    await person.reaches('connected');
    return person;
  }

  constructor(page, complaints) {
    this.page = page;
    this.complaints = complaints;
    this.receiving = 0;
    this.heartbeats = new Inbox('heartbeat');
  }

  /** Waits until the browser has sent so many heartbeats. */
  async heartbeat(count) {
    for (let i = 0; i < count; i++) {
      await this.heartbeats.next();
    }
  }

  transport() {
    return this.page.evaluate(() => window.pusher.connection.connection.transport.name);
  }

  reaches(state, timeout = 30_000) {
    return this.page.waitForFunction((wanted) => window.pusher.connection.state === wanted, state, { timeout });
  }

  /** Joins a channel and writes down what arrives on it. */
  async join(name) {
    const joined = this.page.evaluate(
      (channel) =>
        new Promise((resolve, reject) => {
          const subscription = window.pusher.subscribe(channel);
          subscription.bind('pusher:subscription_succeeded', resolve);
          subscription.bind('pusher:subscription_error', (error) => reject(new Error(JSON.stringify(error))));
          subscription.bind_global((event, data) => {
            if (event !== 'pusher:subscription_count') {
              window.seen.push([event, data?.id ?? data]);
            }
          });
        }).then(() => undefined),
      name,
    );
    await within(joined, `joins ${name}`);
  }

  sees(event, what) {
    return this.page.waitForFunction(
      ([wanted, data]) =>
        window.seen.some((item) => item[0] === wanted && JSON.stringify(item[1]) === JSON.stringify(data)),
      [event, what],
    );
  }

  /** The data of all events of that name, in the order of their arrival. */
  heard(event) {
    return this.page.evaluate((name) => window.seen.filter(([one]) => one === name).map(([, data]) => data), event);
  }
}

// each has a server of its own, and some wait until pusher-js tries again
describe('the HTTP fallbacks', { concurrency: 3 }, () => {
  for (const transport of TRANSPORTS) {
    test(`${transport}: two browsers see one another, whisper and leave`, async (t) => {
      const site = await start(t);
      const room = channelName('presence-');
      const ann = await Person.connected(t, site, transport, 'ann');
      const ben = await Person.connected(t, site, transport, 'ben');
      assert.equal(await ann.transport(), transport);
      await ann.join(room);
      await ben.join(room);
      await ann.sees('pusher:member_added', 'ben');

      await ben.page.evaluate((name) => window.pusher.channel(name).trigger('client-wave', 'hi "Ann" €𝄞'), room);
      await ann.sees('client-wave', 'hi "Ann" €𝄞');
      await ben.page.close();

      await ann.sees('pusher:member_removed', 'ben');
      assert.deepEqual(ann.complaints, []);
      proves('fallbacks', 'pusher-js (browser)');
    });

    test(`${transport}: ${EVENTS} events arrive once and in order over many requests`, async (t) => {
      const site = await start(t);
      const name = channelName();
      const ann = await Person.connected(t, site, transport, 'ann');
      await ann.join(name);

      for (let i = 0; i < EVENTS; i += 10) {
        const batch = Array.from({ length: 10 }, (_, k) => ({
          channel: name,
          name: 'numbered',
          data: { id: i + k, text: '€𝄞x'.repeat(250) },
        }));
        await site.pusher.triggerBatch(batch);
      }
      await ann.sees('numbered', EVENTS - 1);

      assert.deepEqual(
        await ann.heard('numbered'),
        Array.from({ length: EVENTS }, (_, i) => i),
      );
      assert.ok(ann.receiving > 3, `one request after another: ${ann.receiving}`);
      assert.equal(await ann.page.evaluate(() => window.states.filter((state) => state !== 'connected').length), 0);
      assert.deepEqual(ann.complaints, []);
    });

    test(`${transport}: a browser is connected and present again after a restart`, async (t) => {
      const site = await start(t);
      const room = channelName('presence-');
      const ann = await Person.connected(t, site, transport, 'ann');
      await ann.join(room);
      await ann.page.evaluate(() => (window.seen.length = 0));

      await site.server.restart();

      await ann.page.waitForFunction(
        () => window.seen.some(([event]) => event === 'pusher:subscription_succeeded'),
        null,
        { timeout: RECONNECT_MS },
      );
      await ann.reaches('connected');
      await site.pusher.trigger(room, 'after', 1);
      await ann.sees('after', 1);
    });

    test(`${transport}: a silent browser stays connected by heartbeats`, async (t) => {
      const site = await start(t);
      const ann = await Person.visit(t, site, transport, 'ann', { activityTimeout: 1_000, pongTimeout: 2_000 });
      await ann.reaches('connected');

      await ann.heartbeat(4);

      assert.deepEqual(await ann.page.evaluate(() => window.states.slice(-1)), ['connected']);
      assert.equal(await ann.page.evaluate(() => window.states.filter((state) => state === 'connected').length), 1);
      await ann.join(channelName());
    });

    test(`${transport}: a browser is told why it may not connect`, async (t) => {
      const site = await start(t, { allowed_origins: ['example.com'] });

      const origin = await Person.visit(t, site, transport, 'ann');
      const key = await Person.visit(t, site, transport, 'ann', { key: 'nobody' });

      await origin.reaches('disconnected');
      await key.reaches('disconnected');
      assert.deepEqual(await origin.page.evaluate(() => window.failures), [4009]);
      assert.deepEqual(await key.page.evaluate(() => window.failures), [4001]);
    });
  }

  test('a browser without WebSockets falls back by itself', async (t) => {
    const site = await start(t);
    const name = channelName();
    const ann = await Person.visit(t, site, null, 'ann');
    await ann.reaches('connected');
    await ann.join(name);

    await site.pusher.trigger(name, 'e', 1);

    await ann.sees('e', 1);
    assert.match(await ann.transport(), /^xhr_/);
  });
});
