package dev.carillon.server.transport;

import java.net.InetAddress;

/**
 * Who is at the other end, behind the proxies that are trusted.
 *
 * <p>Immutable.
 *
 * @param tls whether it comes by TLS
 */
record Client(InetAddress address, boolean tls) {}
