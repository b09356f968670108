import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser } from '../lib/browser.mjs';
import { DemoSite } from '../lib/demo-site.mjs';

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

/** Two people of one team who see one another. */
async function annAndBen(t) {
  const ann = await site.signedIn(t, browser, 'Ann');
  const ben = await site.signedIn(t, browser, 'Ben');
  await ann.setStatus('auto');
  await ann.sees('Ben', 'online');
  await ben.sees('Ann', 'online');
  return { ann, ben };
}

test('a message has up to 100 characters, and an emoji is one', async (t) => {
  const { ann, ben } = await annAndBen(t);

  await ann.setStatus('busy', { message: '🔔'.repeat(100) });
  await ben.sees('Ann', 'busy', '🔔'.repeat(100));
  await ann.setStatus('away', { message: 'x'.repeat(101) });
  await ann.page.getByTestId('status-error').getByText('must not be greater than 100 characters').waitFor();

  await ann.unfold('location');
  await ann.page.getByTestId('place').fill('🏠'.repeat(100));
  await ann.page.getByTestId('share-place').click();
  await (await ben.sees('Ann', 'busy')).locator('.place').getByText('🏠'.repeat(100)).waitFor();
});

test('who is invisible does not show by typing', async (t) => {
  const { ann, ben } = await annAndBen(t);
  await ann.setStatus('invisible');
  await ben.sees('Ann', 'offline');
  const sent = [];
  ann.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
  await ann.page.reload();
  await ann.hasJoined(1);
  await ann.isShownAs('invisible');

  await ann.page.getByTestId('whisper-input').pressSequentially('Psst');
  await ann.page.getByTestId('whisper-send').click();

  await ben.reads('whisper', 'Psst');
  assert.ok(sent.some((frame) => frame.includes('client-message')));
  assert.deepEqual(sent.filter((frame) => frame.includes('client-typing')), []);
});
