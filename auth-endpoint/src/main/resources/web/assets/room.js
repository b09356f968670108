// One signed-in user's connection: the user's own channel, and the presence channel of one team at a time.
import Echo from '/assets/vendor/echo.js';
import * as views from '/assets/views.js';

const TYPING_EVERY_MS = 2000;
const TYPING_SHOWN_MS = 3500;

export class Room {
  constructor(user, settings, onRefused) {
    this.user = user;
    this.onRefused = onRefused;
    this.members = new Map();
    this.team = null;
    this.typists = new Map();
    this.typedAt = 0;
    // Echo takes window.Pusher, and authorizes at /broadcasting/auth and /broadcasting/user-auth by default.
    this.echo = new Echo({
      broadcaster: 'reverb',
      key: settings.key,
      wsHost: settings.host || location.hostname,
      wsPort: settings.port,
      wssPort: settings.port,
      wsPath: settings.path,
      forceTLS: settings.tls,
      enabledTransports: ['ws', 'wss'],
    });
    this.watchConnection();
    this.joinOwnChannel();
  }

  watchConnection() {
    const pusher = this.echo.connector.pusher;
    views.showState(pusher.connection.state);
    pusher.connection.bind('state_change', ({ previous, current }) => {
      views.showState(current);
      if (current === 'connected' || previous === 'connected') {
        views.log('state', '', current === 'connected' ? 'Connected.' : 'The connection was lost.');
      }
      if (current !== 'connected') {
        this.showTypists(true);
      }
    });
    pusher.connection.bind('error', (error) => {
      const data = error && error.data ? error.data : error && error.error && error.error.data;
      if (data && data.message) {
        views.log('error', 'Server', data.message);
      }
    });
    pusher.signin();
    pusher.user.bind('pusher:signin_error', () => this.onRefused());
    pusher.user.watchlist.bind('online', (event) => this.watched(event, 'online'));
    pusher.user.watchlist.bind('offline', (event) => this.watched(event, 'offline'));
  }

  watched(event, state) {
    const names = event.user_ids.map((id) => this.members.get(String(id))?.name || `User ${id}`);
    if (names.length > 0) {
      views.log('watch', names.join(', '), `went ${state}`);
    }
  }

  joinOwnChannel() {
    this.echo
      .private(`App.Models.User.${this.user.id}`)
      .listenToAll((event, data) => this.showEvent('to you', event, data))
      .error((error) => this.refused('Your own channel', error));
  }

  join(team) {
    if (this.team) {
      this.echo.leave(this.channelName());
    }
    this.team = team;
    this.members.clear();
    this.showTypists(true);
    views.showTeam(team);
    if (!team) {
      return;
    }
    const of = (handler) => (...given) => this.team === team && handler(...given);
    this.channel = this.echo
      .join(this.channelName())
      .here(of((members) => this.here(members)))
      .joining(of((member) => this.joined(member)))
      .leaving(of((member) => this.left(member)))
      .listenForWhisper('typing', of((data, from) => this.typing(from)))
      .listenForWhisper('message', of((data, from) => this.whispered(data, from)))
      .listenToAll(of((event, data) => this.showEvent('to the team', event, data)))
      .error(of((error) => this.refused(team.name, error)));
  }

  channelName() {
    return `team.${this.team.id}.presence`;
  }

  // Comes again after each reconnect: the list is what the server says now.
  here() {
    this.readMembers();
    views.showRoomError('');
    this.showMembers();
    const others = this.members.size - 1;
    views.log('state', '', others > 0 ? `You are here with ${others} more.` : 'You are here alone.');
  }

  joined() {
    const before = this.readMembers();
    this.members.forEach((member, id) => before.has(id) || views.log('join', member.name, 'joined'));
    this.showMembers();
  }

  left() {
    const before = this.readMembers();
    before.forEach((member, id) => this.members.has(id) || this.gone(id, member));
    this.showMembers();
    this.showTypists();
  }

  gone(id, member) {
    this.typists.delete(id);
    views.log('leave', member.name, 'left');
  }

  // Echo gives the members' info without their ids, so they are read from pusher-js. Returns who was here before.
  readMembers() {
    const before = this.members;
    this.members = new Map();
    this.channel.subscription.members.each(({ id, info }) => this.members.set(String(id), { ...info, id }));
    return before;
  }

  showMembers() {
    const sorted = [...this.members.values()].sort((a, b) => String(a.name).localeCompare(String(b.name)));
    views.showMembers(sorted, this.user.id);
  }

  showEvent(whom, event, data) {
    const name = event.replace(/^\./, '');
    if (!name.startsWith('client-') && !name.startsWith('pusher:')) {
      const body = typeof data === 'string' ? data : JSON.stringify(data);
      views.log('event', name, `${whom}: ${(body || '').slice(0, 500)}`);
    }
  }

  // Who whispers is what the server says of the sender, not what the message says.
  nameOf(from) {
    const id = from && from.user_id;
    return this.members.get(String(id))?.name || 'Somebody';
  }

  whispered(data, from) {
    this.typists.delete(String(from && from.user_id));
    this.showTypists();
    views.log('whisper', this.nameOf(from), String((data && data.text) || ''));
  }

  whisper(text) {
    if (!this.team || this.echo.connector.pusher.connection.state !== 'connected') {
      views.log('error', '', 'Not connected: the whisper was not sent.');
      return false;
    }
    this.channel.whisper('message', { text });
    this.typedAt = 0;
    views.log('whisper', this.user.name, text);
    return true;
  }

  whisperTyping() {
    if (this.team && Date.now() - this.typedAt > TYPING_EVERY_MS) {
      this.typedAt = Date.now();
      this.channel.whisper('typing', {});
    }
  }

  typing(from) {
    this.typists.set(String(from && from.user_id), this.nameOf(from));
    this.showTypists();
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.showTypists(true), TYPING_SHOWN_MS);
  }

  showTypists(clear) {
    if (clear) {
      this.typists.clear();
    }
    const names = [...this.typists.values()];
    views.showTyping(names.length === 0 ? '' : `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} typing…`);
  }

  refused(what, error) {
    views.showRoomError(`${what}: the subscription was refused${error.status ? ` (${error.status})` : ''}.`);
    this.onRefused();
  }

  close() {
    clearTimeout(this.typingTimer);
    this.echo.disconnect();
    this.team = null;
  }
}
