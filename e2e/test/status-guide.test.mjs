import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { sdk } from '../lib/clients.mjs';
import { proves } from '../lib/compatibility.mjs';
import { subscribed } from '../lib/echo.mjs';
import { Guide, adapted, lint, module, php } from '../lib/guide.mjs';
import { PhpSdk } from '../lib/php.mjs';
import { ROOT, Server } from '../lib/product.mjs';
import { Inbox, until } from '../lib/wait.mjs';

const NOTIFICATION = 'Illuminate\\Notifications\\Events\\BroadcastNotificationCreated';
const ANN = { id: 42, name: 'Ann', avatar: '/a/42.png', teams: [1] };
const BEN = { id: 43, name: 'Ben', avatar: '/a/43.png', teams: [1] };

let guide;
let server;
let application; // the module of the Node snippet
let site; // its pages' own server
let environment;
before(async () => {
  guide = await Guide.read('USER-STATUS.md');
  server = await Server.start({ apps: [{ status: { location: true } }] });
  application = await module(adapted(guide.only('js', "from 'pusher'"), { 8080: server.port }));
  environment = { ...guide.variables('REVERB_HOST'), REVERB_PORT: String(server.port) };
  site = createServer(authorize);
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
  await server.dispose();
});

// who has signed in is in the URL; the rest is the document's
async function authorize(request, response) {
  const user = [ANN, BEN].find(({ id }) => request.url === `/${id}/broadcasting/auth`);
  let form = '';
  for await (const text of request) {
    form += text;
  }
  const answer = application.authorize(user, Object.fromEntries(new URLSearchParams(form)));
  response.writeHead(answer ? 200 : 403).end(JSON.stringify(answer));
}

/** The document's page, open in this user's browser, with all that it is told. */
async function open(t, user) {
  const stored = new Map();
  globalThis.window = {};
  globalThis.sessionStorage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => stored.set(key, value),
  };
  const code = adapted(guide.only('js', 'laravel-echo'), {
    8080: server.port,
    "'/broadcasting/auth'": `'http://127.0.0.1:${site.address().port}/${user.id}/broadcasting/auth'`,
  });
  const page = await module(code);
  const { Echo } = globalThis.window;
  t.after(() => Echo.disconnect());
  const [others, mine, notifications] = ['others', 'mine', 'notifications'].map((what) => new Inbox(what));
  page.follow({
    userId: user.id,
    teamId: 1,
    others: (data) => others.put(data),
    mine: (data) => mine.put(data),
    notification: (data) => notifications.put(data),
  });
  await Promise.all([Echo.join('team.1.presence'), Echo.private(`App.Models.User.${user.id}`)].map(subscribed));
  // after a short absence nobody is told that the user is back
  await until(async () => (await statusOf(user)) === 'online', `${user.name} is online`);
  return { setStatus: page.setStatus, Echo, others, mine, notifications };
}

async function statusOf(user) {
  const [known] = await application.statuses([user.id]);
  return known?.status;
}

function told(inbox, user, status) {
  const fits = (data) => data.user_id === String(user.id) && data.status === status;
  return inbox.nextThat(fits, `${user.name} is ${status}`);
}

// nobody has chosen anything
beforeEach(async () => {
  await Promise.all([ANN, BEN].map((user) => application.setStatus(user, { status: 'auto' })));
});

test('every snippet is one of those that are run here', () => {
  assert.deepEqual(guide.languages, ['sh', 'php', 'js', 'php', 'php', 'js']);
});

test('Echo hears of a status that the Node application set, on the team and on the own channel', async (t) => {
  const ben = await open(t, BEN);
  const ann = await open(t, ANN);

  const answer = await application.setStatus(ANN, { status: 'busy', custom_message: 'In a call', duration: 1800 });

  const update = await told(ben.others, ANN, 'busy');
  assert.deepEqual(
    [update.name, update.avatar, update.custom_message, update.devices],
    ['Ann', '/a/42.png', 'In a call', { web: 'active' }],
  );
  assert.deepEqual(await told(ann.mine, ANN, 'busy'), update);
  assert.equal(answer.expires_at, update.expires_at);
  const all = await application.statuses([ANN.id, BEN.id]);
  assert.deepEqual(all.map(({ user_id: id, status }) => [id, status]), [['42', 'busy'], ['43', 'online']]);
  proves('status', 'laravel-echo (reverb)');
});

test('a page sets the status by itself, and only the user sees that it is invisible', async (t) => {
  const ben = await open(t, BEN);
  const ann = await open(t, ANN);

  ann.setStatus('away', 'Lunch');
  assert.equal((await told(ben.others, ANN, 'away')).custom_message, 'Lunch');
  ann.setStatus('invisible');

  await told(ann.mine, ANN, 'invisible');
  await told(ben.others, ANN, 'offline');
});

test('who may not see a team is refused', () => {
  const form = { socket_id: '1.1', channel_name: 'presence-team.2.presence' };
  assert.equal(application.authorize(ANN, form), null);
  assert.equal(application.authorize(ANN, { ...form, channel_name: 'private-App.Models.User.43' }), null);
});

test('a notification waits until the user may be disturbed, an urgent one does not', async (t) => {
  const ann = await open(t, ANN);
  const urgent = new Inbox('urgent');
  ann.Echo.private('App.Models.User.42').listen('.notification.alarm', (data) => urgent.put(data));
  await application.setStatus(ANN, { status: 'dnd' });
  const channel = 'private-App.Models.User.42';
  await sdk(server).trigger(channel, NOTIFICATION, { type: 'App\\Notifications\\InvoicePaid', amount: 5 });
  await sdk(server).trigger(channel, 'notification.alarm', { floor: 3 }, { urgent: true });
  assert.deepEqual(await urgent.next(), { floor: 3 });
  assert.deepEqual(ann.notifications.drain(), []);

  await application.setStatus(ANN, { status: 'auto' });

  assert.equal((await ann.notifications.next()).amount, 5);
});

test('all of the PHP can be parsed', async () => {
  await Promise.all(guide.all('php').map(lint));
});

test('the plain PHP sets a status and reads those of others', async (t) => {
  const ben = await open(t, BEN);
  await open(t, ANN);

  const printed = await php([guide.only('php', 'hash_hmac')], environment);

  assert.equal(printed, '42 is busy\n43 is online\n');
  assert.equal((await told(ben.others, ANN, 'busy')).custom_message, 'In a call');
});

test('the plain PHP tells what the server has refused', async () => {
  const call = "<?php carillon('POST', '/users/42/status', [], ['status' => 'asleep']);";

  await assert.rejects(php([guide.only('php', 'hash_hmac'), call], environment), /400.*Invalid status: got .?asleep/);
});

test("the calls of Laravel's PHP are what the server takes", async (t) => {
  const ben = await open(t, BEN);
  const ann = await open(t, ANN);
  const urgent = new Inbox('urgent');
  ann.Echo.private('App.Models.User.42').listen('.notification.alarm', (data) => urgent.put(data));
  const broadcast = await readFile(join(ROOT, 'e2e', 'php', 'broadcast.php'), 'utf8');
  const tell = '<?php echo "\\n".json_encode([$some, $team]);';

  const printed = await php(
    [guide.only('php', 'hash_hmac'), broadcast, guide.only('php', 'getPusher'), tell],
    environment,
  );

  const [some, team] = JSON.parse(printed.trimEnd().split('\n').at(-1));
  assert.deepEqual(some, []);
  assert.deepEqual(team.map(({ user_id: id, status }) => [id, status]).sort(), [['42', 'busy'], ['43', 'online']]);
  const located = await ben.others.nextThat(({ location }) => location !== null, 'Ann is somewhere');
  assert.equal(located.location.label, 'Office');
  assert.deepEqual(await urgent.next(), { floor: 3 });
  const { schedule } = await new PhpSdk(server).get('/users/42/status/schedule');
  assert.deepEqual(schedule.map(({ status, custom_message: message }) => [status, message]), [['dnd', 'In a meeting']]);
});
