import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from '../lib/browser.mjs';
import { DemoSite } from '../lib/demo-site.mjs';

// What an end must be away from now, so that both sides of it are seen.
const SOON_MS = 3_000;
const OF = { Ann: 1, Ben: 2, Cat: 3 };

let site;
let browser;
before(async () => {
  site = await DemoSite.start({ offline_after: 60 });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const signedIn = (t, name, options) => site.signedIn(t, browser, name, options);

/** Two people of one team, of whom nothing is left of an earlier test. */
async function annAndBen(t) {
  for (const user of [OF.Ann, OF.Ben]) {
    await site.post(`/users/${user}/status`, { status: 'auto' });
  }
  const ann = await signedIn(t, 'Ann');
  const ben = await signedIn(t, 'Ben');
  await ann.sees('Ben', 'online');
  await ben.sees('Ann', 'online');
  return { ann, ben };
}

const inFuture = (millis) => new Date(Date.now() + millis).toISOString();

test('every choice is seen by the others, with its title and its message', async (t) => {
  const { ann, ben } = await annAndBen(t);
  const titles = { away: 'Away', busy: 'Busy', dnd: 'Do not disturb', online: 'Online' };

  for (const [status, title] of Object.entries(titles)) {
    await ann.setStatus(status, { message: `I am ${status}` });

    const line = await ben.sees('Ann', status, `I am ${status}`);
    assert.equal(await line.locator('.dot').getAttribute('title'), title);
    await line.getByRole('img', { name: title, exact: true }).waitFor();
    await ann.isShownAs(status);
  }
  await ben.reads('status', 'Ann does not want to be disturbed: I am dnd');
  assert.deepEqual([ann.complaints, ben.complaints], [[], []]);
});

test('who is invisible is offline to others and knows it', async (t) => {
  const { ann, ben } = await annAndBen(t);

  await ann.setStatus('invisible', { message: 'Secret' });

  const line = await ben.sees('Ann', 'offline');
  await line.getByText('last seen just now').waitFor();
  await ben.seesHere(['Ben']);
  assert.ok(!(await ben.page.getByTestId('members').textContent()).includes('Secret'));
  await ann.isShownAs('invisible');
  await ann.page.getByTestId('hidden-hint').getByText('Others see you offline.').waitFor();

  await ann.page.reload();
  await ann.hasJoined(1);
  await ann.isShownAs('invisible');
  assert.equal(await ann.page.getByTestId('choice-invisible').isChecked(), true);
  await ann.setStatus('auto');
  await ben.sees('Ann', 'online');
});

test('who chose offline is offline until a new device comes', async (t) => {
  const { ann, ben } = await annAndBen(t);

  await ann.setStatus('offline');
  await ben.sees('Ann', 'offline');
  await ann.isShownAs('offline');
  const tab = await signedIn(t, 'Ann');

  await ben.sees('Ann', 'online');
  await tab.isShownAs('online');
  await ann.isShownAs('online');
});

test('a choice has an end, and what comes after it is by the devices', async (t) => {
  const { ann, ben } = await annAndBen(t);
  await ann.setStatus('busy', { message: 'In a meeting', end: '60' });
  const line = await ben.sees('Ann', 'busy', 'In a meeting');
  await line.getByText(/· until /).waitFor();

  await site.post('/users/1/status', { status: 'busy', custom_message: 'Nearly done', expires_at: inFuture(SOON_MS) });
  await ben.sees('Ann', 'busy', 'Nearly done');

  await ben.sees('Ann', 'online');
  await ann.isShownAs('online');
});

test('an own time ends a choice, and one that has passed is refused', async (t) => {
  const { ann, ben } = await annAndBen(t);
  await ann.page.getByTestId('choice-away').check();
  await ann.page.getByTestId('end').selectOption('own');

  await ann.page.getByTestId('end-own').fill('2020-01-01T10:00');
  await ann.page.getByTestId('set-status').click();
  await ann.page.getByTestId('status-error').getByText('must not have passed').waitFor();

  await ann.page.getByTestId('end-own').fill('2037-01-01T10:00');
  await ann.page.getByTestId('set-status').click();
  await (await ben.sees('Ann', 'away')).getByText(/until .*2037/).waitFor();
});

test('a message is one of those suggested, or none', async (t) => {
  const { ann, ben } = await annAndBen(t);

  await ann.page.getByRole('button', { name: 'Out for lunch' }).click();
  await ann.page.getByTestId('choice-away').check();
  await ann.page.getByTestId('set-status').click();
  const line = await ben.sees('Ann', 'away', 'Out for lunch');

  await ann.setStatus('auto');
  await ben.sees('Ann', 'online');
  await line.locator('.message').waitFor({ state: 'hidden' });
});

test('what is planned begins and ends by itself', async (t) => {
  const { ann, ben } = await annAndBen(t);

  await site.post('/users/1/status/schedule', {
    status: 'busy',
    custom_message: 'Stand-up',
    starts_at: inFuture(SOON_MS),
    ends_at: inFuture(3 * SOON_MS),
  });

  const line = await ben.sees('Ann', 'busy', 'Stand-up');
  await line.getByText(/until /).waitFor();
  await ben.sees('Ann', 'online');
});

test('a plan is listed, is on at once if its time has come, and can be cancelled', async (t) => {
  const { ann, ben } = await annAndBen(t);
  await ann.unfold('schedule');
  await ann.page.getByTestId('plan-message').fill('Until three');

  await ann.page.getByTestId('plan-add').click();
  await ben.sees('Ann', 'busy', 'Until three');
  await ann.page.getByTestId('entry').getByText('Busy: Until three').waitFor();

  // A choice is above the schedule.
  await ann.setStatus('online');
  await ben.sees('Ann', 'online');
  await ann.setStatus('auto');
  await ben.sees('Ann', 'busy', 'Until three');

  await ann.page.getByRole('button', { name: /^Cancel Busy: Until three/ }).click();
  await ben.sees('Ann', 'online');
  await ann.page.getByTestId('schedule-count').getByText('nothing planned').waitFor();
});

test('a plan that ends before it begins is refused, with the reason', async (t) => {
  const { ann } = await annAndBen(t);
  await ann.unfold('schedule');
  await ann.page.getByTestId('plan-start').fill('2037-01-01T11:00');
  await ann.page.getByTestId('plan-end').fill('2037-01-01T10:00');

  await ann.page.getByTestId('plan-add').click();

  await ann.page.getByTestId('schedule-error').getByText('must be a date after starts at').waitFor();
});

test('notifications wait while somebody does not want to be disturbed, and come in order', async (t) => {
  const { ann, ben } = await annAndBen(t);
  await ben.unfold('dnd');
  await ben.page.getByTestId('dnd-on').click();
  await ann.sees('Ben', 'dnd');
  await ben.page.getByTestId('dnd-now').getByText(/^on until/).waitFor();

  await ann.notify('Ben');
  await ann.reads('notification', 'Ben does not want to be disturbed: the notification waits.');
  await site.application.trigger(
    'private-App.Models.User.2',
    'Illuminate\\Notifications\\Events\\BroadcastNotificationCreated',
    { message: 'The second one', from: 'Ann' },
  );
  await ann.whisper('All but notifications arrives');
  await ben.reads('whisper', 'All but notifications arrives');
  assert.equal(await ben.page.getByTestId('notification').count(), 0);

  await ben.page.getByTestId('dnd-off').click();
  await ben.isNotified('The second one');
  const texts = await ben.page.getByTestId('notification').locator('.toast-text').allTextContents();
  assert.deepEqual(texts, ['Ann would like a word.', 'The second one']);
  await ann.sees('Ben', 'online');

  await ben.page.getByRole('button', { name: 'Close: The second one' }).click();
  await ann.notify('Ben');
  await ann.reads('notification', 'Ben has been sent a notification.');
});

test('what was held while nobody was there is delivered to who comes next', async (t) => {
  const { ann, ben } = await annAndBen(t);
  await ben.setStatus('dnd');
  await ann.sees('Ben', 'dnd');
  await ben.page.context().close();
  await ann.notify('Ben');
  await ann.reads('notification', 'the notification waits');
  await site.post('/users/2/status', { status: 'auto' });

  const again = await signedIn(t, 'Ben');

  await again.isNotified('Ann would like a word.');
});

test('a place is shared, keeps the status as it is, and is taken back', async (t) => {
  const { ann, ben } = await annAndBen(t);
  await ann.setStatus('busy', { message: 'Drawing' });
  await ann.unfold('location');
  await ann.page.getByTestId('share-place').click();
  await ann.page.getByTestId('location-error').getByText('Name a place').waitFor();

  await ann.page.context().grantPermissions(['geolocation']);
  await ann.page.context().setGeolocation({ latitude: 38.7223, longitude: -9.1393 });
  await ann.page.getByTestId('place').fill('<i>Lisbon</i>');
  await ann.page.getByTestId('coordinates').check();
  await ann.page.getByTestId('share-place').click();

  const line = await ben.sees('Ann', 'busy', 'Drawing');
  await line.locator('.place').getByText('<i>Lisbon</i> 38.722, -9.139').waitFor();
  await ann.page.getByTestId('location-now').getByText(/^<i>Lisbon<\/i> until/).waitFor();

  await ann.page.getByTestId('stop-place').click();
  await line.locator('.place').waitFor({ state: 'hidden' });
  await ben.sees('Ann', 'busy', 'Drawing');
});

test('coordinates that the browser does not tell are not shared', async (t) => {
  const { ann } = await annAndBen(t);
  await ann.unfold('location');
  await ann.page.getByTestId('coordinates').check();

  await ann.page.getByTestId('share-place').click();

  await ann.page.getByTestId('location-error').getByText('The browser tells no position').waitFor();
  await ann.page.getByTestId('location-now').getByText('not shared').waitFor();
});

test('an update that is older than what is known changes nothing', async (t) => {
  const { ann, ben } = await annAndBen(t);
  await ann.setStatus('busy');
  await ben.sees('Ann', 'busy');
  const update = (version, more) =>
    site.application.trigger('presence-team.1.presence', 'user.status.updated', { user_id: '1', name: 'Ann', version, ...more });

  await update(1, { status: 'away', custom_message: 'Old' });
  await update(1_000_000, { status: 'busy', custom_message: 'New' });

  await ben.sees('Ann', 'busy', 'New');
  assert.equal(await ben.page.locator('[data-kind=status]').filter({ hasText: 'Old' }).count(), 0);
});

test('names, messages and kinds of devices are text, whatever they hold', async (t) => {
  const { ann, ben } = await annAndBen(t);
  const hostile = '"><img src=x onerror="document.title=1"><script>document.title=2</script>';

  await ann.setStatus('away', { message: hostile });
  await ben.sees('Ann', 'away', hostile);
  await site.application.trigger('presence-team.1.presence', 'user.status.updated', {
    user_id: '3',
    name: `<h1>Cat${hostile}`,
    avatar: 'javascript:document.title=3',
    status: '<b>bold</b>',
    custom_message: null,
    devices: { [hostile]: hostile, __proto__: 'active' },
    location: { label: hostile, latitude: '<b>', longitude: 1 },
    version: 2_000_000,
  });
  await site.application.trigger(
    'private-App.Models.User.2',
    'Illuminate\\Notifications\\Events\\BroadcastNotificationCreated',
    { message: hostile, from: hostile, sent_at: hostile },
  );

  await ben.member(`<h1>Cat${hostile}`).getByText('<b>bold</b>').waitFor();
  await ben.isNotified(hostile);
  assert.equal(await ben.page.title(), 'Carillon');
  assert.equal(await ben.page.locator('main h1').count(), 2, 'those of the page itself');
  assert.deepEqual(ben.complaints, []);
});

test('a call that the server refuses is told with its reason', async (t) => {
  const { ann, ben } = await annAndBen(t);
  await ann.page.getByTestId('message').evaluate((field) => field.removeAttribute('maxlength'));

  await ann.setStatus('busy', { message: 'x'.repeat(101) });

  await ann.page.getByTestId('status-error').getByText('must not be greater than 100 characters').waitFor();
  await ben.sees('Ann', 'online');
});
