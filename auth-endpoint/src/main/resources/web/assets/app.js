import * as calls from '/assets/calls.js';
import { Room } from '/assets/room.js';
import * as views from '/assets/views.js';

const FORM_ERRORS = {
  failed: 'These credentials do not match our records.',
  throttled: 'Too many login attempts. Please try again in a minute.',
};

let settings;
let room = null;
let teams = [];

function leaveRoom() {
  if (room) {
    room.close();
    room = null;
  }
  views.showSignIn(settings.samples, (sample) => signIn(sample.email, sample.password));
}

async function enterRoom() {
  const user = await calls.me();
  teams = await calls.teams();
  views.showRoom(user, teams);
  room = new Room(user, settings, checkSession);
  room.join(teams[0] || null);
}

async function signIn(email, password) {
  views.showLoginError('');
  try {
    await calls.login(email, password);
    views.clearPassword();
    await enterRoom();
  } catch (error) {
    views.showLoginError(error.message);
  }
}

async function signOut() {
  try {
    await calls.logout();
    leaveRoom();
  } catch (error) {
    views.showRoomError(error.message);
  }
}

// A refused subscription may mean that the session is over.
async function checkSession() {
  try {
    await calls.me();
  } catch (error) {
    if (error.status === 401 && room) {
      leaveRoom();
      views.showLoginError('Your session has ended. Please sign in again.');
    }
  }
}

views.onLogin(signIn);
views.onSignOut(signOut);
views.onTeam((id) => room && room.join(teams.find((team) => team.id === id)));
views.onWhisper(
  () => room && room.whisperTyping(),
  (text) => room !== null && room.whisper(text),
);

async function begin() {
  settings = await calls.settings();
  if (settings.user) {
    await enterRoom();
  } else {
    leaveRoom();
    views.showLoginError(FORM_ERRORS[new URLSearchParams(location.search).get('login')] || '');
  }
}

begin();
