import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from '../lib/browser.mjs';
import { sdk } from '../lib/clients.mjs';
import { DemoPage } from '../lib/demo-page.mjs';
import { Demo } from '../lib/product.mjs';

let demo;
let browser;
before(async () => {
  demo = await Demo.start();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await demo.stop();
});

const signedIn = (t, name) => DemoPage.signedIn(t, browser, demo.url, name);

test('two people see one another come, whisper and go', async (t) => {
  const ann = await signedIn(t, 'Ann');
  await ann.seesHere(['Ann']);

  const ben = await signedIn(t, 'Ben');
  await ben.seesHere(['Ann', 'Ben']);
  await ann.seesHere(['Ann', 'Ben']);
  await ann.reads('status', 'Ben is online');

  await ann.page.getByTestId('whisper-input').pressSequentially('Hello');
  await ben.page.getByTestId('typing').getByText('Ann is typing').waitFor();
  await ann.page.getByTestId('whisper-send').click();
  await ben.reads('whisper', 'Hello');

  await ben.page.close();
  await ann.reads('status', 'Ben is offline');
  await ann.seesHere(['Ann']);
  assert.deepEqual([ann.complaints, ben.complaints], [[], []]);
});

test('signing out is leaving, and leads back to the sign-in', async (t) => {
  const ann = await signedIn(t, 'Ann');
  const ben = await signedIn(t, 'Ben');
  await ann.seesHere(['Ann', 'Ben']);

  await ben.page.getByTestId('sign-out').click();

  await ben.page.getByTestId('sign-in').waitFor();
  await ann.seesHere(['Ann']);
});

test('a page that is loaded again is signed in and here again', async (t) => {
  const ann = await signedIn(t, 'Ann');
  await ann.seesHere(['Ann']);

  await ann.page.reload();

  await ann.connected();
  await ann.seesHere(['Ann']);
  assert.deepEqual(ann.complaints, []);
});

test('a second tab of a person is not a second person', async (t) => {
  const ann = await signedIn(t, 'Ann');
  const ben = await signedIn(t, 'Ben');
  await ann.seesHere(['Ann', 'Ben']);
  const tab = await ben.page.context().newPage();
  await tab.goto(demo.url);
  await tab.locator('[data-testid=state][data-state=connected]').waitFor();
  await tab.getByTestId('member').getByText('Ben (you)', { exact: true }).waitFor();

  await ben.page.close();
  await ann.whisper('still two?');

  await tab.getByTestId('log').getByText('still two?').waitFor();
  await ann.seesHere(['Ann', 'Ben']);
  assert.equal(await ann.page.locator('[data-kind=status]').filter({ hasText: 'offline' }).count(), 0);
});

test('a wrong password is refused', async (t) => {
  const { page } = await DemoPage.open(t, browser, demo.url);

  await page.getByTestId('login-email').fill('ann@example.com');
  await page.getByTestId('login-password').fill('wrong');
  await page.getByTestId('login-submit').click();

  await page.getByTestId('login-error').getByText('do not match').waitFor();
});

test('the right password is let in', async (t) => {
  const person = await DemoPage.open(t, browser, demo.url);

  await person.page.getByTestId('login-email').fill('dan@example.com');
  await person.page.getByTestId('login-password').fill('carillon');
  await person.page.getByTestId('login-submit').click();

  await person.connected();
  await person.seesHere(['Dan']);
  assert.equal(await person.page.getByTestId('team-name').textContent(), 'Operations');
});

test('who changes the team leaves one and joins the other', async (t) => {
  const ann = await signedIn(t, 'Ann');
  const dan = await signedIn(t, 'Dan');
  const cat = await signedIn(t, 'Cat');
  await ann.seesHere(['Ann', 'Cat']);

  await cat.page.getByTestId('team-select').selectOption({ label: 'Operations' });

  await cat.seesHere(['Cat', 'Dan']);
  await dan.seesHere(['Cat', 'Dan']);
  await ann.seesHere(['Ann']);
});

test('events of the application are shown to the user and to the team', async (t) => {
  const ann = await signedIn(t, 'Ann');
  await ann.seesHere(['Ann']);
  const application = sdk(demo);

  await application.trigger('presence-team.1.presence', 'App\\Events\\Announced', { text: 'all' });
  await application.trigger('private-App.Models.User.1', 'App\\Events\\Paid', { text: 'you' });

  await ann.reads('event', 'to the team: {"text":"all"}');
  await ann.reads('event', 'to you: {"text":"you"}');
});

test('what others write is shown as text and never as a page', async (t) => {
  const ann = await signedIn(t, 'Ann');
  const ben = await signedIn(t, 'Ben');
  await ben.seesHere(['Ann', 'Ben']);

  await ann.whisper('<img src=x onerror="document.title=1">');

  await ben.reads('whisper', '<img src=x onerror="document.title=1">');
  assert.equal(await ben.page.title(), 'Carillon');
  assert.deepEqual(ben.complaints, []);
});
