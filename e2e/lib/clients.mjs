import PusherJs from 'pusher-js';
import Sdk from 'pusher';
import { APP } from './product.mjs';
import { Inbox, within } from './wait.mjs';

// pusher-js waits a second, and longer after each attempt that failed
const RECONNECT_MS = 90_000;

let serial = 0;

/** A channel name that no other test uses. */
export function channelName(prefix = '') {
  return `${prefix}room-${++serial}`;
}

/** Pusher's own server SDK, as an application would have it. */
export function sdk(server, options = {}) {
  return new Sdk({
    appId: APP.id,
    key: APP.key,
    secret: APP.secret,
    host: '127.0.0.1',
    port: String(server.port),
    useTLS: false,
    ...options,
  });
}

/** What an application's auth endpoint would answer for this user. */
export function authorizer(application, user) {
  return (socketId, channel) => {
    const data = channel.startsWith('presence-') ? { user_id: user.id, user_info: user.info } : undefined;
    return application.authorizeChannel(socketId, channel, data);
  };
}

/** Options of pusher-js for a client of this server, authorized in the test process. */
export function clientOptions(server, { user, application = sdk(server), authorize } = {}) {
  const sign = authorize ?? authorizer(application, user ?? { id: `user-${++serial}` });
  return {
    cluster: '',
    wsHost: '127.0.0.1',
    wsPort: server.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    enableStats: false,
    channelAuthorization: {
      customHandler: ({ socketId, channelName: channel }, done) => {
        // later, as an auth endpoint would answer
        Promise.resolve()
          .then(() => sign(socketId, channel))
          .then(
            (auth) => done(null, auth),
            (error) => done(error, null),
          );
      },
    },
  };
}

/** A pusher-js client that follows its own states and errors. */
export class Client {
  constructor(server, options = {}) {
    const { key = APP.key, pusherOptions, ...rest } = options;
    this.pusher = new PusherJs(key, { ...clientOptions(server, rest), ...pusherOptions });
    this.states = new Inbox('state');
    this.errors = new Inbox('connection error');
    this.pusher.connection.bind('state_change', ({ current }) => this.states.put(current));
    this.pusher.connection.bind('error', (error) => this.errors.put(error));
  }

  /** A client that is connected; the test's end disconnects it. */
  static async connect(t, server, options) {
    const client = new Client(server, options);
    t.after(() => client.pusher.disconnect());
    await client.reaches('connected');
    return client;
  }

  get socketId() {
    return this.pusher.connection.socket_id;
  }

  /** Waits until the connection is, or has come to be since the last look, in this state. */
  async reaches(state, deadlineMs) {
    if (this.pusher.connection.state === state) {
      this.states.drain();
      return;
    }
    await this.states.nextThat((current) => current === state, state, deadlineMs);
  }

  /** Waits until a lost connection is there again; `states` must not hold older states. */
  async reconnects() {
    await this.states.nextThat((current) => current === 'connecting', 'connecting');
    await this.states.nextThat((current) => current === 'connected', 'connected again', RECONNECT_MS);
  }

  /** Subscribes and waits for the acknowledgement. */
  async join(name) {
    const subscription = new Subscription(this.pusher.subscribe(name));
    await subscription.succeeded();
    return subscription;
  }
}

/** A subscription of pusher-js with everything that arrives on it, protocol events included. */
export class Subscription {
  constructor(channel) {
    this.channel = channel;
    this.events = new Inbox(channel.name);
    channel.bind_global((event, data) => this.events.put({ event, data }));
  }

  /** Waits for the acknowledgement. A refusal is a failure. */
  async succeeded() {
    const { event, data } = await this.events.nextThat(
      (item) => ['pusher:subscription_succeeded', 'pusher:subscription_error'].includes(item.event),
      'pusher:subscription_succeeded',
    );
    if (event === 'pusher:subscription_error') {
      throw new Error(`subscription to ${this.channel.name} was refused: ${JSON.stringify(data)}`);
    }
    return data;
  }

  /** The next event but news of how users are, which come by time. */
  next() {
    return this.events.nextThat(({ event }) => event !== 'user.status.updated', 'anything');
  }

  nextNamed(event, deadlineMs) {
    return this.events.nextThat((item) => item.event === event, event, deadlineMs);
  }
}

/** Waits for one event of anything that has pusher-js's `bind`. */
export function once(emitter, event) {
  return within(new Promise((resolve) => emitter.bind(event, resolve)), event);
}
