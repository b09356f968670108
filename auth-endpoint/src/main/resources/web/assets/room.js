// One signed-in user's connection: the user's own channel, and the presence channel of one team at a time.
import Echo from '/assets/vendor/echo.js';
import * as calls from './calls.js';
import { People } from './people.js';
import { isHidden } from './statuses.js';
import { Typists } from './typists.js';

const UPDATED = '.user.status.updated';
// The update of somebody who comes may be on its way, or may have been told before they were in the channel.
const UPDATE_COMES_MS = 1500;
const AGAIN_MS = 3000;

export class Room {
  #echo;
  #channel = null;
  #view;
  #onRefused;
  #onConnected;

  /**
   * @param view what shows it: people, changed, choice, own, ownChanged, here, log, state, typing, error, notified, team
   * @param on {refused, connected}: a subscription was refused; the server knows this device
   */
  constructor({ user, settings, device, view, on }) {
    this.user = user;
    this.team = null;
    this.people = new People(user.id);
    this.typists = new Typists((text) => view.typing(text));
    this.#view = view;
    this.#onRefused = on.refused;
    this.#onConnected = on.connected;
    this.#echo = connect(settings, device);
    this.#watchConnection();
    this.#joinOwnChannel();
  }

  get #pusher() {
    return this.#echo.connector.pusher;
  }

  get own() {
    return this.people.get(this.user.id);
  }

  get connected() {
    return this.#pusher.connection.state === 'connected';
  }

  #watchConnection() {
    const { connection } = this.#pusher;
    this.#view.state(connection.state);
    connection.bind('state_change', ({ previous, current }) => {
      this.#view.state(current);
      if (current === 'connected' || previous === 'connected') {
        this.#view.log('state', '', current === 'connected' ? 'Connected.' : 'The connection was lost.');
      }
      if (current !== 'connected') {
        this.typists.clear();
      }
    });
    connection.bind('error', (error) => {
      const message = error?.data?.message ?? error?.error?.data?.message;
      if (message) {
        this.#view.log('error', 'Server', message);
      }
    });
    this.#pusher.signin();
    this.#pusher.user.bind('pusher:signin_error', () => this.#onRefused());
  }

  #joinOwnChannel() {
    this.#echo
      .private(`App.Models.User.${this.user.id}`)
      .listen(UPDATED, (update) => this.#own(update))
      .notification((notification) => this.#view.notified(notification))
      .listenToAll((event, data) => this.#showEvent('to you', event, data))
      .error((error) => this.#refused(`private-App.Models.User.${this.user.id}`, 'Your own channel', error));
  }

  join(team) {
    if (this.team) {
      this.#echo.leave(this.#channelName());
    }
    this.team = team;
    this.people = new People(this.user.id, this.own);
    this.typists.clear();
    this.#view.team(team);
    this.#show();
    if (team) {
      this.#subscribe(team);
    }
  }

  #subscribe(team) {
    const of = (handler) => (...given) => this.team === team && handler(...given);
    this.#channel = this.#echo
      .join(this.#channelName())
      .here(of(() => this.#here()))
      .joining(of(() => this.#joined()))
      .leaving(of(() => this.#readRoster()))
      .listen(UPDATED, of((update) => this.#updated(update)))
      .listenForWhisper('typing', of((data, from) => this.typists.types(from?.user_id, this.#senderOf(from))))
      .listenForWhisper('message', of((data, from) => this.#whispered(data, from)))
      .listenToAll(of((event, data) => this.#showEvent('to the team', event, data)))
      .error(of((error) => this.#refused(`presence-${this.#channelName()}`, team.name, error)));
  }

  #channelName() {
    return `team.${this.team.id}.presence`;
  }

  // Comes again after each reconnect: what was missed is in the answer, and what comes meanwhile is newer than it.
  async #here() {
    this.people.begin();
    this.#readRoster();
    this.#onConnected();
    if (await this.#ask()) {
      this.#view.here();
    }
  }

  #joined() {
    const { people } = this;
    this.#readRoster();
    setTimeout(() => {
      if (people === this.people && people.anyHereAndHidden()) {
        this.#ask();
      }
    }, UPDATE_COMES_MS);
  }

  async #ask() {
    const { people } = this;
    try {
      const [{ members }, own] = await Promise.all([calls.members(this.team.id), calls.ownStatus()]);
      if (people !== this.people) {
        return false;
      }
      people.snapshot(members, own);
      this.#view.choice(own.choice ?? 'auto');
      this.#view.error('');
      this.#show();
      return true;
    } catch (error) {
      this.#view.error(`How the team is cannot be told: ${error.message}`);
      setTimeout(() => people === this.people && this.connected && this.#ask(), AGAIN_MS);
      return false;
    }
  }

  // Echo gives the members' info without their ids, so they are read from pusher-js.
  #readRoster() {
    const members = [];
    this.#channel.subscription.members.each((member) => members.push(member));
    this.people.roster(members);
    this.typists.keep(members.map(({ id }) => id));
    this.#show();
  }

  #updated(update) {
    const before = this.people.update(update);
    if (before) {
      this.#view.changed(before, this.people.get(update.user_id));
      this.#show();
    }
  }

  #own(update) {
    if (this.people.own(update)) {
      this.#view.ownChanged(update);
      this.#show();
    }
  }

  #show() {
    this.#view.people(this.people.list(), this.user.id);
    this.#view.own(this.own);
  }

  #showEvent(whom, event, data) {
    const name = event.replace(/^\./, '');
    const known = /^(client-|pusher:|user\.status\.updated$|Illuminate\\Notifications\\)/;
    if (!known.test(name)) {
      const body = typeof data === 'string' ? data : JSON.stringify(data);
      this.#view.log('event', name, `${whom}: ${(body || '').slice(0, 500)}`);
    }
  }

  // Who whispers is what the server says of the sender, not what the message says.
  #senderOf(from) {
    return this.people.nameOf(from?.user_id);
  }

  #whispered(data, from) {
    this.typists.rest(from?.user_id);
    this.#view.log('whisper', this.#senderOf(from), String(data?.text ?? ''));
  }

  whisper(text) {
    if (!this.team || !this.connected) {
      this.#view.log('error', '', 'Not connected: the whisper was not sent.');
      return false;
    }
    this.#channel.whisper('message', { text });
    this.typists.sent();
    this.#view.log('whisper', this.user.name, text);
    return true;
  }

  // Who does not want to be seen does not show by typing; nor before it is known whether they want to.
  whisperTyping() {
    if (this.team && this.own && !isHidden(this.own.status) && this.typists.mayTell()) {
      this.#channel.whisper('typing', {});
    }
  }

  /** Tells the server that this device is used. */
  sendActivity() {
    if (this.connected) {
      this.#pusher.send_event('status:activity', {});
    }
  }

  // Who may not join is told so; where only the answer failed, as while the auth endpoint starts, it is asked again.
  #refused(channel, what, { status }) {
    this.#view.error(`${what}: the subscription was refused${status ? ` (${status})` : ''}.`);
    if (status >= 400 && status < 500) {
      this.#onRefused();
      return;
    }
    setTimeout(() => this.#pusher.channel(channel) && this.#pusher.subscribe(channel), AGAIN_MS);
  }

  close() {
    this.typists.clear();
    this.#echo.disconnect();
    this.team = null;
  }
}

// Echo takes window.Pusher. What is sent with each authorization becomes the member's info.
function connect(settings, device) {
  const params = { device: device.kind, device_id: device.id };
  return new Echo({
    broadcaster: 'reverb',
    key: settings.key,
    wsHost: settings.host || location.hostname,
    wsPort: settings.port,
    wssPort: settings.port,
    wsPath: settings.path,
    forceTLS: settings.tls,
    enabledTransports: ['ws', 'wss'],
    auth: { headers: {}, params },
    userAuthentication: { endpoint: '/broadcasting/user-auth', headers: {}, params },
  });
}
