import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { OwnBrowser, launchBrowser } from '../lib/browser.mjs';
import { DemoPage } from '../lib/demo-page.mjs';
import { DemoSite } from '../lib/demo-site.mjs';

const PHONE = {
  viewport: { width: 375, height: 740 },
  isMobile: true,
  hasTouch: true,
  userAgent:
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Mobile Safari/537.36',
};

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

/** A person in a tab of a browser of their own. */
async function inOwnBrowser(t, site, name) {
  const own = await OwnBrowser.launch(t);
  const person = await DemoPage.inTab(await own.tab(), site.url);
  await person.signIn(name);
  return { own, person };
}

describe('with the default times', () => {
  let site;
  before(async () => (site = await DemoSite.start()));
  after(() => site.stop());

  test('a tab that is not seen is away, and online again when it is', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const { own, person: ben } = await inOwnBrowser(t, site, 'Ben');
    await ann.sees('Ben', 'online');

    await own.tab();
    await ann.sees('Ben', 'away');
    await ben.page.bringToFront();

    await ann.sees('Ben', 'online');
  });

  test('of two tabs one that is seen is enough', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const { own, person: ben } = await inOwnBrowser(t, site, 'Ben');
    await ann.sees('Ben', 'online');

    const second = await DemoPage.inTab(await own.tab(), site.url);
    await second.hasJoined(1);
    await second.setStatus('auto', { message: 'From the second tab' });
    await ann.sees('Ben', 'online', 'From the second tab');
    await second.page.close();
    await ben.page.bringToFront();
    await ben.setStatus('auto', { message: 'From the first tab' });
    await ann.sees('Ben', 'online', 'From the first tab');

    const statuses = ann.updates.drain().filter((update) => update.user_id === '2');
    assert.deepEqual([...new Set(statuses.map(({ status }) => status))], ['online']);
  });

  test('a page that closes says by a beacon that its user is offline', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const ben = await site.signedIn(t, browser, 'Ben');
    await ann.sees('Ben', 'online');

    await ben.page.close();

    const line = await ann.sees('Ben', 'offline');
    await line.getByText('last seen just now').waitFor();
    await ann.seesHere(['Ann']);
  });

  test('how long somebody has not been seen is kept fresh', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const ben = await site.signedIn(t, browser, 'Ben');
    await ann.sees('Ben', 'online');
    await ben.page.close();
    const line = await ann.sees('Ben', 'offline');

    await ann.page.clock.setFixedTime(Date.now() + 5 * 60_000 + 1_000);

    await line.getByText('last seen 5 minutes ago').waitFor();
  });

  test('signing out is offline, too', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const ben = await site.signedIn(t, browser, 'Ben');
    await ann.sees('Ben', 'online');

    await ben.page.getByTestId('sign-out').click();

    await ben.page.getByTestId('sign-in').waitFor();
    await ann.sees('Ben', 'offline');
  });

  test('signing out in one tab is signing out in all of the browser', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const ben = await site.signedIn(t, browser, 'Ben');
    const second = await DemoPage.inTab(await ben.page.context().newPage(), site.url);
    await second.hasJoined(1);
    await ann.sees('Ben', 'online');

    await ben.page.getByTestId('sign-out').click();

    await second.page.getByTestId('sign-in').waitFor();
    await second.page.getByTestId('login-error').getByText('signed out in another tab').waitFor();
    await ann.sees('Ben', 'offline');
    await ann.seesHere(['Ann']);
    await second.signIn('Ben');
    await ann.sees('Ben', 'online');
    assert.deepEqual([ben.complaints, second.complaints], [[], []]);
  });

  test('a call of somebody whose session is over leads to the sign-in', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const ben = await site.signedIn(t, browser, 'Ben');
    await ann.seesHere(['Ann', 'Ben']);

    await ben.page.context().clearCookies({ name: 'carillon_session' });
    await ben.setStatus('busy');

    await ben.page.getByTestId('sign-in').waitFor();
    await ben.page.getByTestId('login-error').getByText('Your session has ended').waitFor();
    await ann.seesHere(['Ann']);
    await ben.signIn('Ben');
    assert.equal(await ben.page.getByTestId('status-error').isVisible(), false);
  });

  test('a page that is loaded again is no news to the others', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const ben = await site.signedIn(t, browser, 'Ben');
    await ann.sees('Ben', 'online');
    await ben.setStatus('busy', { message: 'Before' });
    await ann.sees('Ben', 'busy', 'Before');
    ann.updates.drain();

    for (let times = 0; times < 2; times++) {
      await ben.page.reload();
      await ben.hasJoined(1);
    }
    await ben.setStatus('busy', { message: 'After' });

    await ann.sees('Ben', 'busy', 'After');
    const told = ann.updates.drain().map(({ user_id, status, custom_message }) => [user_id, status, custom_message]);
    assert.deepEqual(told, [['2', 'busy', 'After']]);
  });

  test('a wish not to be disturbed outlives the page', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const ben = await site.signedIn(t, browser, 'Ben');
    await ben.setStatus('dnd', { message: 'Until I am back' });
    await ann.sees('Ben', 'dnd', 'Until I am back');

    await ben.page.close();
    const again = await site.signedIn(t, browser, 'Ben');

    await again.isShownAs('dnd');
    await ann.sees('Ben', 'dnd', 'Until I am back');
    await again.setStatus('auto');
  });

  test('a choice whose end has not come outlives the page', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const ben = await site.signedIn(t, browser, 'Ben');
    await ben.setStatus('busy', { message: 'For an hour', end: '60' });
    await ann.sees('Ben', 'busy', 'For an hour');
    await ben.page.getByTestId('own-status').filter({ hasText: 'until' }).waitFor();

    await ben.page.close();
    await ann.seesHere(['Ann']);
    const again = await site.signedIn(t, browser, 'Ben');

    await again.isShownAs('busy');
    await ann.sees('Ben', 'busy', 'For an hour');
    await again.setStatus('auto');
  });
});

describe('with short times', () => {
  let site;
  before(async () => (site = await DemoSite.start({ offline_after: 3, idle_after: 3, away_after: 6 })));
  after(() => site.stop());

  test('who does nothing is idle, then away, and online by a move of the mouse', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const ben = await site.signedIn(t, browser, 'Ben');

    await ann.sees('Ben', 'idle');
    const line = await ann.sees('Ben', 'away');
    await line.getByText('active just now').waitFor();
    await ben.page.mouse.move(100, 100);
    await ben.page.mouse.move(200, 200);

    await ann.sees('Ben', 'online');
  });

  test('a choice is above what the devices do', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const ben = await site.signedIn(t, browser, 'Ben');
    await ben.setStatus('online');

    await (await ann.sees('Ben', 'online')).getByTitle(/^Browser: (idle|away)$/).waitFor();
    await ben.setStatus('auto');
  });

  test('a user is on the devices that are there, each by its kind', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    await site.signedIn(t, browser, 'Ben');
    const phone = await site.signedIn(t, browser, 'Ben', PHONE);
    const devices = ann.member('Ben').locator('.devices');
    await devices.getByTitle(/^Browser: /).waitFor();
    await devices.getByTitle(/^Phone: /).waitFor();
    ann.updates.drain();

    await phone.page.close();

    await devices.getByTitle(/^Phone: /).waitFor({ state: 'detached' });
    await devices.getByTitle(/^Browser: /).waitFor();
    const statuses = ann.updates.drain().filter((update) => update.user_id === '2');
    assert.ok(statuses.every(({ status }) => status !== 'offline'));
  });

  test('whose browser is killed is offline when the grace is over', async (t) => {
    const ann = await site.signedIn(t, browser, 'Ann');
    const { own } = await inOwnBrowser(t, site, 'Ben');
    await ann.sees('Ben', 'online');
    ann.updates.drain();

    await own.kill();

    await ann.sees('Ben', 'offline');
    const { cause } = await ann.updates.nextThat((update) => update.status === 'offline', 'offline');
    assert.equal(cause, 'disconnected');
  });
});
