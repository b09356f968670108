import { DemoPage } from './demo-page.mjs';
import { sdk } from './clients.mjs';
import { AuthEndpoint, Server } from './product.mjs';

/** A server and an auth endpoint with the sample users, as two processes, with times of their own. */
export class DemoSite {
  static async start(times = {}) {
    const server = await Server.start({
      apps: [{ status: { location: true } }],
      status: times,
      auth_endpoint: { database: 'jdbc:h2:mem:demo' },
    });
    try {
      return new DemoSite(server, await AuthEndpoint.start(server));
    } catch (error) {
      await server.dispose();
      throw error;
    }
  }

  constructor(server, endpoint) {
    this.server = server;
    this.endpoint = endpoint;
    this.application = sdk(server);
  }

  get url() {
    return this.endpoint.url;
  }

  /** A person who has signed in; `options` are those of a browser context. */
  signedIn(t, browser, name, options) {
    return DemoPage.signedIn(t, browser, this.url, name, options);
  }

  /** A call of the application's to the server; gives what it answers. */
  async post(path, body) {
    return (await this.application.post({ path, body })).json();
  }

  async stop() {
    await this.endpoint.stop();
    await this.server.dispose();
  }
}
