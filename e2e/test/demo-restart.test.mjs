import { after, before, describe, test } from 'node:test';
import { launchBrowser, screenshot } from '../lib/browser.mjs';
import { DemoPage } from '../lib/demo-page.mjs';
import { AuthEndpoint, Demo, Server } from '../lib/product.mjs';

const RECONNECT_MS = 90_000;

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

// together, because pusher-js may wait 15 s before it tries again
describe('a restart', { concurrency: true }, () => {
  test('people are together again after a restart of the server', async (t) => {
    const server = await Server.start();
    t.after(() => server.dispose());
    const endpoint = await AuthEndpoint.start(server);
    t.after(() => endpoint.stop());
    const ann = await DemoPage.signedIn(t, browser, endpoint.url, 'Ann');
    const ben = await DemoPage.signedIn(t, browser, endpoint.url, 'Ben');
    await ann.seesHere(['Ann', 'Ben']);

    await server.stop();
    await ann.reads('state', 'The connection was lost.');
    await screenshot(ann.page, 'server-away');
    await server.start();

    await ann.hasJoined(2, RECONNECT_MS);
    await ben.hasJoined(2, RECONNECT_MS);
    await ann.seesHere(['Ann', 'Ben']);
    await ben.seesHere(['Ann', 'Ben']);
    await ann.whisper('Hello again');
    await ben.reads('whisper', 'Hello again');
  });

  test('a restart of the whole demo signs nobody out', async (t) => {
    const demo = await Demo.start();
    t.after(() => demo.stop());
    const ann = await DemoPage.signedIn(t, browser, demo.url, 'Ann');
    const ben = await DemoPage.signedIn(t, browser, demo.url, 'Ben');
    await ann.seesHere(['Ann', 'Ben']);

    await demo.stop();
    await ann.reads('state', 'The connection was lost.');
    await demo.start();

    await ann.hasJoined(2, RECONNECT_MS);
    await ben.hasJoined(2, RECONNECT_MS);
    await ann.seesHere(['Ann', 'Ben']);
    await ben.whisper('Hello again');
    await ann.reads('whisper', 'Hello again');
  });
});
