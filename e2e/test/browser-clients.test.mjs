import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Application } from '../lib/application.mjs';
import { launchBrowser, openListeningPage } from '../lib/browser.mjs';
import { sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { Server } from '../lib/product.mjs';

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

function visit(t, broadcaster, user) {
  return openListeningPage(t, browser, `${application.url}?broadcaster=${broadcaster}&port=${server.port}&user=${user}`);
}

for (const broadcaster of ['reverb', 'pusher']) {
  test(`${broadcaster}: a browser hears public, private and encrypted events`, async (t) => {
    const { sees } = await visit(t, broadcaster, 'ann');
    for (const channel of ['news', 'private-orders', 'private-encrypted-vault']) {
      await sees(`subscribed to ${channel}`);
    }

    await pusher.trigger('news', 'App\\Events\\Published', { title: 'Hello' });
    await pusher.trigger('private-orders', 'App\\Events\\OrderShipped', { id: 1 });
    await pusher.trigger('private-encrypted-vault', 'App\\Events\\Opened', { pin: 1 });

    await sees({ published: { title: 'Hello' } });
    await sees({ shipped: { id: 1 } });
    await sees({ opened: { pin: 1 } });
    proves('connect', 'pusher-js (browser)');
    proves('public', 'pusher-js (browser)');
    proves('private', 'pusher-js (browser)');
    proves('encrypted', 'pusher-js (browser)');
  });

  test(`${broadcaster}: a browser is told that the auth endpoint turned it away`, async (t) => {
    const { sees } = await visit(t, broadcaster, 'ann');

    await sees({ refused: 403 });
    proves('refusals', 'pusher-js (browser)');
  });

  test(`${broadcaster}: two browsers see one another and whisper`, async (t) => {
    const ann = await visit(t, broadcaster, 'ann');
    await ann.sees({ here: ['ann'] });
    const ben = await visit(t, broadcaster, 'ben');
    await ben.sees({ here: ['ann', 'ben'] });
    await ann.sees({ joining: 'ben' });

    await ann.page.evaluate(() => window.room.whisper('typing', { on: true }));
    await ben.sees({ whisper: { on: true } });
    await ben.page.close();

    await ann.sees({ leaving: 'ben' });
    proves('presence', 'pusher-js (browser)');
    proves('client events', 'pusher-js (browser)');
  });
}

test('a browser is connected and present again after a restart of the server', async (t) => {
  const { page, sees } = await visit(t, 'reverb', 'ann');
  await sees({ here: ['ann'] });
  await page.getByTestId('events').evaluate((events) => events.replaceChildren());

  await server.restart();

  await sees({ here: ['ann'] }, RECONNECT_MS);
  await sees('subscribed to private-orders');
  assert.equal(await page.getByTestId('state').textContent(), 'connected');
  proves('reconnect', 'pusher-js (browser)');
});
