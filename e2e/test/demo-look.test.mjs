import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESKTOP, PHONE, launchBrowser, overflow, screenshot } from '../lib/browser.mjs';
import { lowContrast } from '../lib/contrast.mjs';
import { DemoPage } from '../lib/demo-page.mjs';
import { DemoSite } from '../lib/demo-site.mjs';

const WIDTHS = { desktop: DESKTOP, phone: PHONE };
const THEMES = ['light', 'dark'];

let site;
let browser;
before(async () => {
  site = await DemoSite.start();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const inHours = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();

/** A time zone in which it is about noon, so that the pictures are alike at all times of the day. */
function zoneOfNoon() {
  const past = new Date().getUTCHours() - 12;
  return past === 0 ? 'Etc/GMT' : `Etc/GMT${past > 0 ? '+' : '-'}${Math.abs(past)}`;
}

/** A team of which each is otherwise, as its second member sees it. */
async function team(t, options) {
  const ben = await site.signedIn(t, browser, 'Ben');
  const cat = await site.signedIn(t, browser, 'Cat');
  const ann = await site.signedIn(t, browser, 'Ann', options);
  await ben.setStatus('busy', { message: 'In a call with the printers', end: '60' });
  await site.post('/users/3/status', {
    status: 'dnd',
    custom_message: 'Proofs until four',
    expires_at: inHours(2),
    location: { label: 'Lisbon office', latitude: 38.7223, longitude: -9.1393, expires_at: inHours(1) },
  });
  await ann.setStatus('auto', { message: 'Ask me anything' });
  await ann.sees('Ben', 'busy');
  await ann.sees('Cat', 'dnd', 'Proofs until four');
  await ben.whisper('The new envelopes are in: www.example.com/a-rather-long-address-that-nobody-breaks/envelopes');
  await cat.whisper('Lovely!');
  await ann.reads('whisper', 'Lovely!');
  return ann;
}

for (const [name, viewport] of Object.entries(WIDTHS)) {
  for (const colorScheme of THEMES) {
    test(`the page fits ${name} and is legible when it is ${colorScheme}`, async (t) => {
      const options = { viewport, colorScheme, timezoneId: zoneOfNoon() };
      const visitor = await DemoPage.open(t, browser, site.url, options);
      await visitor.page.getByTestId('sample-ann').waitFor();
      assert.equal(await overflow(visitor.page), 0);
      assert.deepEqual(await lowContrast(visitor.page), []);
      await screenshot(visitor.page, `sign-in-${name}-${colorScheme}`);

      const ann = await team(t, options);
      assert.equal(await overflow(ann.page), 0);
      assert.deepEqual(await lowContrast(ann.page), []);
      await screenshot(ann.page, `team-${name}-${colorScheme}`);

      for (const card of ['dnd', 'schedule', 'location']) {
        await ann.unfold(card);
      }
      if (name === 'phone') {
        await ann.page.getByTestId('status-fold').click();
      }
      await ann.page.getByTestId('plan-add').click();
      await ann.page.getByTestId('entry').waitFor();
      assert.equal(await overflow(ann.page), 0);
      assert.deepEqual(await lowContrast(ann.page), []);
      await screenshot(ann.page, `cards-${name}-${colorScheme}`, { fullPage: true });
      await ann.page.getByRole('button', { name: /^Cancel Busy/ }).click();
      await ann.page.getByTestId('schedule-count').getByText('nothing planned').waitFor();
      assert.deepEqual(ann.complaints, []);
    });
  }
}

test('the page fits the narrowest phones, whatever it says of the connection', async (t) => {
  const ann = await site.signedIn(t, browser, 'Ann', { viewport: { width: 320, height: 568 } });
  assert.equal(await overflow(ann.page), 0);

  await ann.page.getByTestId('state').evaluate((state) => {
    state.querySelector('#state-text').textContent = 'unavailable, trying again';
  });
  assert.equal(await overflow(ann.page), 0);
  const hidden = await ann.page.getByTestId('state').evaluate((state) => state.scrollWidth - state.clientWidth);
  assert.equal(hidden, 0, 'nothing of it is under the button');
  await screenshot(ann.page, 'team-narrowest');
});

/** The name and role of what has the focus, as a screen reader says it. */
function focused(page) {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    const name = element.getAttribute('aria-label') || element.labels?.[0]?.textContent || element.textContent;
    return name.trim().replace(/\s+/g, ' ');
  });
}

test('everything can be done by the keyboard, and what has the focus is seen', async (t) => {
  const ann = await DemoPage.open(t, browser, site.url);
  const { page } = ann;
  const ben = await site.signedIn(t, browser, 'Ben');
  await page.getByTestId('sample-ann').waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Skip to content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.match(await focused(page), /^Ann/);
  await page.keyboard.press('Enter');
  await ann.hasJoined(1);

  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Set your status');
  await page.keyboard.press('Tab');
  assert.match(await focused(page), /^Automatic/);
  for (const name of ['Online', 'Away', 'Busy']) {
    await page.keyboard.press('ArrowDown');
    assert.match(await focused(page), new RegExp(`^${name}`));
    const outline = await page.evaluate(
      () => getComputedStyle(document.activeElement.closest('.choice')).outlineStyle,
    );
    assert.equal(outline, 'solid');
  }
  await page.keyboard.press('Tab');
  await page.keyboard.type('By the keyboard');
  await page.keyboard.press('Enter');

  await ben.sees('Ann', 'busy', 'By the keyboard');
  assert.equal(await focused(page), 'Message', 'the focus stays where it was');
});

test('each control and each status has a name for who does not see', async (t) => {
  const ann = await site.signedIn(t, browser, 'Ann');
  const ben = await site.signedIn(t, browser, 'Ben');
  // What an earlier test chose for an hour still stands.
  await ben.setStatus('auto');
  await ann.sees('Ben', 'online');
  await ben.setStatus('busy', { message: 'In a call' });
  const line = await ann.sees('Ben', 'busy', 'In a call');
  for (const card of ['dnd', 'schedule', 'location']) {
    await ann.unfold(card);
  }

  const nameless = await ann.page.evaluate(() => {
    const named = (element) =>
      element.getAttribute('aria-label') || element.labels?.length > 0 || element.textContent.trim();
    const controls = document.querySelectorAll('#room :is(button, input, select, summary), [role=img]:not(title)');
    return [...controls]
      .filter((element) => element.checkVisibility() && !named(element))
      .map((element) => element.outerHTML);
  });
  assert.deepEqual(nameless, []);
  await line.getByRole('img', { name: 'Busy', exact: true }).waitFor();
  await line.getByRole('button', { name: 'Send Ben a notification' }).waitFor();
  await ann.page.getByRole('log', { name: 'What happens' }).getByText('Ben is busy: In a call').waitFor();
  assert.equal(await ann.page.getByRole('heading', { level: 1 }).count(), 1);
  assert.equal(await ann.page.getByRole('main').count(), 1);
});

test('nothing moves for who wants no motion', async (t) => {
  const ann = await site.signedIn(t, browser, 'Ann', { reducedMotion: 'reduce' });

  const moving = await ann.page.evaluate(() =>
    [...document.querySelectorAll('*')].filter((element) => {
      const { animationName, transitionDuration } = getComputedStyle(element);
      return animationName !== 'none' || transitionDuration !== '0s';
    }).length,
  );

  assert.equal(moving, 0);
});
