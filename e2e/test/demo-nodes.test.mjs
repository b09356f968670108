import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from '../lib/browser.mjs';
import { sdk } from '../lib/clients.mjs';
import { DemoPage } from '../lib/demo-page.mjs';
import { Balancer, Redis, startNodes } from '../lib/nodes.mjs';
import { AuthEndpoint, Server } from '../lib/product.mjs';
import { until } from '../lib/wait.mjs';

const TEAM = 'presence-team.1.presence';
const BEN = '2';
const RECONNECT_MS = 90_000;

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

/** Two nodes behind one address, where the auth endpoint finds them, and tells the pages to go. */
class Site {
  static async start(t) {
    const redis = await Redis.start(t);
    const nodes = await startNodes(t, redis, 2);
    const balancer = await Balancer.start(t, nodes);
    const auth_endpoint = { database: 'jdbc:h2:mem:demo' };
    const { directory, file } = await Server.prepare({ server: { port: balancer.port }, auth_endpoint });
    t.after(() => rm(directory, { recursive: true }));
    const endpoint = await AuthEndpoint.start({ file });
    t.after(() => endpoint.stop());
    return new Site(nodes, balancer, endpoint);
  }

  constructor(nodes, balancer, endpoint) {
    Object.assign(this, { nodes, balancer, endpoint });
  }

  /** A person whose page is connected to that node. */
  async signedIn(t, name, node) {
    this.balancer.prefer(node);
    return DemoPage.signedIn(t, browser, this.endpoint.url, name);
  }

  /** Waits until what the dead node had is taken out, and so many are in the team. */
  async knowsThatItIsDead(node, subscriptions) {
    const count = async () => {
      const response = await sdk(node).get({ path: `/channels/${TEAM}`, params: { info: 'subscription_count' } });
      return (await response.json()).subscription_count === subscriptions;
    };
    await until(count, `${subscriptions} are in the team`);
  }
}

/** Notes how a member is shown, whenever that changes; gives all that was seen. */
async function watch({ page }, name) {
  await page.evaluate((wanted) => {
    const list = document.getElementById('members');
    const seen = (window.seen = new Set());
    const note = () => {
      const lines = [...list.children].filter((line) => line.querySelector('.member-name').textContent === wanted);
      const dots = lines.map((line) => line.querySelector('.dot').dataset.status);
      seen.add(dots.join(' and '));
    };
    note();
    new MutationObserver(note).observe(list, { subtree: true, childList: true, attributes: true, characterData: true });
  }, name);
  return () => page.evaluate(() => [...window.seen]);
}

// together, because pusher-js may wait 15 s before it tries again
describe('a node that is killed', { concurrency: true }, () => {
  test('takes nobody away whose page finds another one', async (t) => {
    const site = await Site.start(t);
    const [one, two] = site.nodes;
    const ann = await site.signedIn(t, 'Ann', one);
    const ben = await site.signedIn(t, 'Ben', two);
    await ann.seesHere(['Ann', 'Ben']);
    await ann.sees('Ben', 'online');
    const seen = await watch(ann, 'Ben');
    ann.updates.drain();

    assert.equal(await two.end('SIGKILL'), 'SIGKILL');
    await ben.reads('state', 'The connection was lost.');
    await ben.hasJoined(2, RECONNECT_MS);
    await site.knowsThatItIsDead(one, 2);

    await ann.seesHere(['Ann', 'Ben']);
    await ben.sees('Ann', 'online');
    assert.deepEqual(await seen(), ['online']);
    await ben.setStatus('busy', { message: 'On another node' });
    await ann.sees('Ben', 'busy', 'On another node');
    await ann.setStatus('away', { message: 'Having seen it' });
    await ben.sees('Ann', 'away', 'Having seen it');
    assert.deepEqual(await seen(), ['online', 'busy']);
    const told = ann.updates.drain().map(({ user_id, status, custom_message }) => [user_id, status, custom_message]);
    assert.deepEqual(
      told.filter(([user]) => user === BEN),
      [[BEN, 'busy', 'On another node']],
    );

    await two.start();
    await until(() => two.ready(), 'the node is ready');
    const cat = await site.signedIn(t, 'Cat', two);
    await cat.sees('Ben', 'busy', 'On another node');
    await cat.sees('Ann', 'away', 'Having seen it');
    await ann.sees('Cat', 'online');
  });

  test('leaves nobody with an old picture of the others', async (t) => {
    const site = await Site.start(t);
    const [one, two] = site.nodes;
    const ann = await site.signedIn(t, 'Ann', two);
    const ben = await site.signedIn(t, 'Ben', one);
    await ann.sees('Ben', 'online');
    const seen = await watch(ann, 'Ben');

    assert.equal(await two.end('SIGKILL'), 'SIGKILL');
    await ben.setStatus('busy', { message: 'While you were away' });
    await ben.isShownAs('busy');

    await ann.sees('Ben', 'busy', 'While you were away', RECONNECT_MS);
    await ann.seesHere(['Ann', 'Ben'], RECONNECT_MS);
    assert.deepEqual(await seen(), ['online', 'busy']);
    await ben.sees('Ann', 'online');
    await two.start();
  });
});
