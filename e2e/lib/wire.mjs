import WebSocket from 'ws';
import { APP } from './product.mjs';
import { Inbox, within } from './wait.mjs';

/** A WebSocket without any library's manners: it sends what it is told to and keeps what it gets. */
export class Wire {
  constructor(server, path = `/app/${APP.key}?protocol=7`) {
    this.frames = new Inbox('frame');
    this.socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`);
    this.closed = new Promise((resolve) => this.socket.on('close', (code) => resolve(code)));
    this.socket.on('error', () => {});
    this.socket.on('message', (text) => this.frames.put(JSON.parse(text)));
  }

  static async connect(t, server) {
    const wire = new Wire(server);
    t.after(() => wire.socket.terminate());
    const { data } = await wire.next('pusher:connection_established');
    wire.socketId = JSON.parse(data).socket_id;
    return wire;
  }

  send(frame) {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** The next frame of this event; the ones before it are dropped. */
  next(event) {
    return this.frames.nextThat((frame) => frame.event === event, event);
  }

  /** Waits for an answer to a ping and gives all frames that came before it. */
  async settle() {
    const before = [];
    this.send({ event: 'pusher:ping', data: {} });
    await this.frames.nextThat(
      (frame) => frame.event === 'pusher:pong' || !before.push(frame),
      'pusher:pong',
    );
    return before;
  }

  /** The code by which the server closes the connection. */
  closeCode() {
    return within(this.closed, 'the server closes the connection');
  }
}
