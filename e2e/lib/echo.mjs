import Echo from 'laravel-echo';
import PusherJs from 'pusher-js';
import { clientOptions } from './clients.mjs';
import { APP } from './product.mjs';
import { Inbox, within } from './wait.mjs';

/** A laravel-echo client that is connected, set up as Laravel's own template does; the test's end disconnects it. */
export async function connectEcho(t, server, broadcaster, options = {}) {
  const { channelAuthorization, ...rest } = clientOptions(server, options);
  const echo = new Echo({
    broadcaster,
    key: APP.key,
    Pusher: PusherJs,
    withoutInterceptors: true,
    channelAuthorization,
    ...rest,
  });
  t.after(() => echo.disconnect());
  const { connection } = echo.connector.pusher;
  const connected = new Promise((resolve) => connection.bind('connected', resolve));
  if (connection.state !== 'connected') {
    await within(connected, 'echo connects');
  }
  return echo;
}

/** Waits until Echo's channel is subscribed to; a refusal is a failure. */
export function subscribed(channel) {
  const outcome = new Promise((resolve, reject) => {
    channel.subscribed(() => resolve(channel));
    channel.error((error) => reject(new Error(`refused: ${JSON.stringify(error)}`)));
  });
  return within(outcome, `${channel.name} is subscribed to`);
}

/** A presence channel's life as Echo tells it. */
export function presence(channel) {
  const events = new Inbox(channel.name);
  channel
    .here((users) => events.put({ here: users }))
    .joining((user) => events.put({ joining: user }))
    .leaving((user) => events.put({ leaving: user }));
  return events;
}
