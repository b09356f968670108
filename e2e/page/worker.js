// In a Web Worker: subscribes, tells the page what it hears, and sends client events as the page tells it.
importScripts('/pusher.worker.js');

const query = new URLSearchParams(location.search);
const pusher = new Pusher('app-key', {
  cluster: '',
  wsHost: '127.0.0.1',
  wsPort: Number(query.get('port')),
  forceTLS: false,
  enabledTransports: ['ws', 'wss'],
  channelAuthorization: { endpoint: `/broadcasting/auth?user=${query.get('user')}` },
});
pusher.connection.bind('state_change', ({ current }) => postMessage({ state: current }));

for (const name of ['news', 'private-orders', 'private-encrypted-vault', 'private-forbidden']) {
  const channel = pusher.subscribe(name);
  channel.bind('pusher:subscription_succeeded', () => postMessage({ subscribed: name }));
  channel.bind('pusher:subscription_error', ({ status }) => postMessage({ refused: status }));
  channel.bind('e', (data) => postMessage({ on: name, data }));
}

const room = pusher.subscribe('presence-room');
const ids = () => Object.keys(room.members.members).sort();
room.bind('pusher:subscription_succeeded', () => postMessage({ here: ids() }));
room.bind('pusher:member_added', ({ id }) => postMessage({ joining: id }));
room.bind('pusher:member_removed', ({ id }) => postMessage({ leaving: id }));
room.bind('client-typing', (data) => postMessage({ typing: data }));
onmessage = ({ data }) => room.trigger('client-typing', data);
