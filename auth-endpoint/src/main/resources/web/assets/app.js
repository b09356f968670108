import { Attendance } from './attendance.js';
import * as calls from './calls.js';
import * as device from './device.js';
import * as frame from './frame-view.js';
import * as locationView from './location-view.js';
import * as members from './members-view.js';
import * as own from './own-view.js';
import * as quiet from './quiet-view.js';
import { Room } from './room.js';
import * as schedule from './schedule-view.js';
import * as talk from './talk-view.js';

const FORM_ERRORS = {
  failed: 'These credentials do not match our records.',
  throttled: 'Too many login attempts. Please try again in a minute.',
};
const TEAM_HASH = '#team-';

const thisDevice = { kind: device.kind(), id: device.id() };

let settings;
let room = null;
let attendance = null;
let otherTabs = null;
let teams = [];

function leaveRoom() {
  attendance?.close();
  otherTabs?.close();
  room?.close();
  attendance = otherTabs = room = null;
  frame.showSignIn(settings.samples, (sample) => signIn(sample.email, sample.password));
}

async function enterRoom(user) {
  teams = await calls.teams();
  frame.showRoom(user, teams);
  talk.clear();
  schedule.refresh();
  members.offerNotifying(settings.samples.length > 0 && ((person) => notify(user, person)));
  otherTabs = new device.OtherTabs(user.id, thisDevice.id, () => sessionEnded('You have signed out in another tab.'));
  room = new Room({
    user,
    settings,
    device: thisDevice,
    view: viewOf(user),
    on: { refused: checkSession, connected: () => attendance?.connected() },
  });
  attendance = new Attendance(known, () => room?.sendActivity());
  room.join(teams.find(({ id }) => location.hash === TEAM_HASH + encodeURIComponent(id)) || teams[0] || null);
}

const viewOf = (user) => ({
  state: frame.showState,
  team: members.showTeam,
  error: members.showError,
  people: members.showPeople,
  changed: talk.logChange,
  here: () => talk.log('state', '', 'You are here.'),
  log: talk.log,
  typing: talk.showTyping,
  notified: quiet.showNotification,
  own: (person) => {
    own.show(person, user);
    locationView.show(person?.location ?? null);
  },
  choice: own.showChoice,
  ownChanged: (update) => {
    own.changed(update);
    // An entry may have begun or ended.
    if (update.cause === 'schedule') {
      schedule.refresh();
    }
  },
});

async function notify(user, person) {
  const { held } = await calls.notify(person.id, `${user.name} would like a word.`);
  const outcome = held ? 'does not want to be disturbed: the notification waits.' : 'has been sent a notification.';
  talk.log('notification', person.name, outcome);
}

const known = () => ({
  own: room?.own,
  connected: Boolean(room?.connected),
  deviceId: thisDevice.id,
  deviceKind: thisDevice.kind,
  otherTabs: Boolean(otherTabs?.any),
});

async function signIn(email, password) {
  frame.showLoginError('');
  try {
    await calls.login(email, password);
    frame.clearPassword();
    await enterRoom(await calls.me());
  } catch (error) {
    frame.showLoginError(error.message);
  }
}

async function signOut() {
  try {
    // Who cannot be told that one goes is no reason to stay.
    await attendance.signOut().catch(() => {});
    await calls.logout();
    otherTabs?.sessionEnded();
    leaveRoom();
  } catch (error) {
    members.showError(error.message);
  }
}

function sessionEnded(message) {
  if (room) {
    leaveRoom();
    frame.showLoginError(message);
  }
}

// A refused subscription may mean that the session is over; the call finds out.
const checkSession = () => calls.me().catch(() => {});

function joinTeam(id) {
  history.replaceState(null, '', TEAM_HASH + encodeURIComponent(id));
  room?.join(teams.find((team) => String(team.id) === id));
}

// Kept by the browser, the page has lost its connection: it is loaded again instead.
addEventListener('pageshow', (event) => event.persisted && location.reload());

for (const view of [own, quiet, schedule, locationView]) {
  view.prepare();
}
calls.whenSessionEnds(() => sessionEnded('Your session has ended. Please sign in again.'));
frame.onLogin(signIn);
frame.onSignOut(signOut);
frame.onTeam(joinTeam);
talk.onWhisper(
  () => room?.whisperTyping(),
  (text) => room !== null && room.whisper(text),
);

async function begin() {
  settings = await calls.settings();
  if (settings.user) {
    await enterRoom(settings.user);
  } else {
    leaveRoom();
    frame.showLoginError(FORM_ERRORS[new URLSearchParams(location.search).get('login')] || '');
  }
}

begin();
