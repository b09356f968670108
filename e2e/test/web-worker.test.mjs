import { after, before, test } from 'node:test';
import { Application } from '../lib/application.mjs';
import { launchBrowser, openListeningPage } from '../lib/browser.mjs';
import { sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';

const WORKER = 'pusher-js (Web Worker)';
const RECONNECT_MS = 90_000;

let server;
let pusher;
let application;
let browser;
before(async () => {
  server = await Server.start();
  pusher = sdk(server, { encryptionMasterKeyBase64: Buffer.alloc(32, 7).toString('base64') });
  application = await Application.start(pusher);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await application?.stop();
  await server.dispose();
});

function visit(t, user) {
  return openListeningPage(t, browser, `${application.url}worker.html?port=${server.port}&user=${user}`);
}

test('a worker hears public, private and encrypted events', async (t) => {
  const { sees } = await visit(t, 'ann');
  await sees({ state: 'connected' });

  for (const name of ['news', 'private-orders', 'private-encrypted-vault']) {
    await sees({ subscribed: name });
    await pusher.trigger(name, 'e', { title: `On ${name}` });
    await sees({ on: name, data: { title: `On ${name}` } });
  }

  proves('connect', WORKER);
  proves('public', WORKER);
  proves('private', WORKER);
  proves('encrypted', WORKER);
});

test('a worker is told that the auth endpoint turned it away', async (t) => {
  const { sees } = await visit(t, 'ann');

  await sees({ refused: 403 });
  proves('refusals', WORKER);
});

test('two workers see one another and hear client events', async (t) => {
  const ann = await visit(t, 'ann');
  await ann.sees({ here: ['ann'] });
  const ben = await visit(t, 'ben');
  await ben.sees({ here: ['ann', 'ben'] });
  await ann.sees({ joining: 'ben' });

  await ann.page.evaluate(() => window.worker.postMessage({ on: true }));
  await ben.sees({ typing: { on: true } });
  await ben.page.close();

  await ann.sees({ leaving: 'ben' });
  proves('presence', WORKER);
  proves('client events', WORKER);
});

test('a worker is connected and present again after a restart of the server', async (t) => {
  const { page, sees } = await visit(t, 'ann');
  await sees({ here: ['ann'] });
  await page.getByTestId('events').evaluate((events) => events.replaceChildren());

  await server.restart();

  await sees({ state: 'connected' }, RECONNECT_MS);
  await sees({ here: ['ann'] });
  await sees({ subscribed: 'private-orders' });
  proves('reconnect', WORKER);
});
