package dev.carillon.server.transport;

import dev.carillon.server.api.Api;

/**
 * Where requests go.
 *
 * @param path the prefix before all of it, {@code ""} or like {@code /ws}; no part of signatures
 */
record Routes(
    String path,
    TrustedProxies proxies,
    WebSocketUpgrade upgrade,
    HttpFallbacks fallbacks,
    Api api) {}
