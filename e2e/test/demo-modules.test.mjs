import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageModule } from '../lib/page-modules.mjs';

const times = await pageModule('times');
const { People } = await pageModule('people');
const { nameOf, devicesOf } = await pageModule('statuses');
const { farewell } = await pageModule('attendance');

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
// Local times, so that the tests hold in every time zone.
const NOON = new Date(2026, 0, 5, 12, 0).getTime();
const at = (millis) => new Date(millis).toISOString();
const BRITISH = 'en-GB';

test('how long ago is told in words', () => {
  const ago = (passed) => times.ago(at(NOON - passed), NOON, BRITISH);

  assert.equal(ago(-5 * MINUTE), 'just now');
  assert.equal(ago(59_999), 'just now');
  assert.equal(ago(MINUTE), '1 minute ago');
  assert.equal(ago(5 * MINUTE + 59_000), '5 minutes ago');
  assert.equal(ago(HOUR), '1 hour ago');
  assert.equal(ago(47 * HOUR), '1 day ago');
  assert.match(ago(14 * 24 * HOUR), /^on Mon,? 22 Dec 2025$/);
  assert.equal(times.ago(null, NOON), '');
  assert.equal(times.ago('soon', NOON), '');
});

test('until when is told with the day where it is not today', () => {
  const until = (left) => times.until(at(NOON + left), NOON, BRITISH);

  assert.equal(until(3 * HOUR), 'until 15:00');
  assert.equal(until(12 * HOUR), 'until midnight');
  assert.equal(until(21 * HOUR), 'until tomorrow 9:00');
  assert.equal(until(45 * HOUR), 'until Wed 7 Jan, 9:00');
  assert.equal(until(-1), '');
  assert.equal(times.until(null, NOON), '');
});

test('a span of time is told once for a day', () => {
  const span = (from, to) => times.span(at(NOON + from), at(NOON + to), NOON, BRITISH);

  assert.equal(span(2 * HOUR, 3 * HOUR), '14:00 – 15:00');
  assert.equal(span(22 * HOUR, 23 * HOUR), 'tomorrow 10:00 – 11:00');
  assert.equal(span(2 * HOUR, 26 * HOUR), '14:00 – tomorrow 14:00');
  assert.equal(span(-HOUR, HOUR), 'now, until 13:00');
});

test('an end is a duration where the server can count it, else a time', () => {
  assert.deepEqual(times.endOf('', '', NOON), {});
  assert.deepEqual(times.endOf('30', '', NOON), { duration: 1800 });
  assert.deepEqual(times.endOf('today', '', NOON), { expires_at: at(NOON + 12 * HOUR) });
  assert.deepEqual(times.endOf('own', times.fieldValue(NOON + HOUR), NOON), { expires_at: at(NOON + HOUR) });
  assert.throws(() => times.endOf('own', times.fieldValue(NOON - HOUR), NOON), /must not have passed/);
  assert.throws(() => times.endOf('own', '', NOON), /needs a date and a time/);
});

const ben = (more) => ({ user_id: '2', name: 'Ben', status: 'online', custom_message: null, ...more });
const shown = (people, id) => {
  const { status, custom_message: message } = people.get(id);
  return message === null ? status : `${status}: ${message}`;
};

test('a newer update counts and an older one is ignored', () => {
  const people = new People('1');

  assert.equal(people.update(ben({ status: 'busy', version: 5 })).status, 'offline');
  assert.equal(people.update(ben({ status: 'away', version: 4 })), null);
  assert.equal(people.update(ben({ status: 'away', version: 5 })), null);
  assert.equal(shown(people, '2'), 'busy');
  assert.equal(people.update(ben({ status: 'away', version: 6 })).status, 'busy');
  assert.equal(shown(people, '2'), 'away');
});

test('an update without a version that is a number is ignored', () => {
  const people = new People('1');

  assert.equal(people.update(ben({ status: 'busy' })), null);
  assert.equal(shown(people, '2'), 'offline');
});

const member = (more) => ({ id: '2', name: 'Ben', status: 'online', custom_message: null, version: 1, ...more });
const self = (more) => ({ status: 'online', choice: 'auto', custom_message: null, version: 1, ...more });
const ann = { id: '1', name: 'Ann', status: 'online' };

test('what was heard while the first answer was on its way is newer than it', () => {
  const people = new People('1');
  people.begin();
  people.update(ben({ status: 'busy', version: 5 }));

  people.snapshot([ann, member({ version: 4 }), { id: 3, name: 'Cat', status: 'away', custom_message: 'Lunch' }], self());

  assert.equal(shown(people, '2'), 'busy');
  assert.equal(shown(people, '3'), 'away: Lunch');
});

test('an update that is older than the first answer is ignored', () => {
  const people = new People('1');
  people.begin();
  people.snapshot([ann, member({ status: 'busy', version: 5 })], self());

  assert.equal(people.update(ben({ status: 'online', version: 5 })), null);
  assert.equal(shown(people, '2'), 'busy');
});

test('a server that was started again may count from one', () => {
  const people = new People('1');
  people.update(ben({ status: 'busy', version: 318 }));

  people.begin();
  people.snapshot([ann, member({ status: 'offline', version: null })], self());

  assert.equal(shown(people, '2'), 'offline');
  assert.ok(people.update(ben({ status: 'away', version: 1 })));
});

test('who is no member any more is forgotten', () => {
  const people = new People('1');
  people.update(ben({ version: 1 }));

  people.snapshot([ann], self());

  assert.deepEqual(people.list().map(({ name }) => name), ['Ann']);
});

test('of oneself only the own channel and the own choice are believed', () => {
  const people = new People(1);

  assert.equal(people.update({ user_id: '1', name: 'Ann', status: 'offline', version: 9 }), null);
  assert.ok(people.own({ user_id: '1', name: 'Ann', status: 'invisible', version: 3 }));
  assert.ok(people.own({ user_id: '1', name: 'Ann', status: 'dnd', version: 3 }));
  assert.equal(people.own({ user_id: '1', name: 'Ann', status: 'busy', version: 2 }), null);
  people.begin();
  people.snapshot([{ ...ann, status: 'offline' }], self({ status: 'offline', choice: 'invisible' }));
  assert.equal(shown(people, '1'), 'invisible');
  assert.equal(new People('1', people.get('1')).get('1').status, 'invisible');
});

test('the roster says who is here', () => {
  const people = new People('1');

  people.roster([{ id: '2', info: { name: 'Ben', avatar: '/b' } }, { id: 3, info: null }]);
  assert.equal(people.get('2').here, true);
  assert.equal(people.get('3').here, true);
  assert.deepEqual(people.list().map(({ name }) => name), ['Ben'], 'without a name there is nobody to show');
  people.roster([]);
  assert.equal(people.get('2').here, false);
});

test('names that objects have by birth are no statuses', () => {
  assert.equal(nameOf('constructor'), 'constructor');
  assert.deepEqual(devicesOf({ toString: 'active' }), [{ kind: 'toString', name: 'toString', state: 'active' }]);
  assert.deepEqual(devicesOf('web'), []);
  const people = new People('1');
  people.update({ user_id: '__proto__', name: 'Eve', status: 'online', version: 1 });
  assert.equal(people.nameOf('__proto__'), 'Eve');
});

test('only the last device of a user who is open to others says that the user is offline', () => {
  const of = (more) => farewell({ own: null, deviceId: 'd1', deviceKind: 'web', otherTabs: false, ...more });
  const user = { status: 'offline' };
  const deviceOnly = { status: 'offline', device_id: 'd1' };

  assert.deepEqual(of({}), user);
  assert.deepEqual(of({ own: { status: 'busy', devices: { web: 'active' } } }), user);
  assert.deepEqual(of({ own: { status: 'online', devices: { web: 'active', mobile: 'idle' } } }), deviceOnly);
  assert.deepEqual(of({ otherTabs: true }), deviceOnly);
  assert.deepEqual(of({ own: { status: 'dnd', devices: { web: 'active' } } }), deviceOnly);
  assert.deepEqual(of({ own: { status: 'invisible', devices: {} } }), deviceOnly);
  const busyUntil = (end) => ({ own: { status: 'busy', expires_at: end, devices: { web: 'active' } } });
  assert.deepEqual(of(busyUntil(at(Date.now() + HOUR))), deviceOnly);
  assert.deepEqual(of(busyUntil(at(Date.now() - HOUR))), user);
  assert.deepEqual(of(busyUntil(null)), user);
});
