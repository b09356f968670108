/**
 * The Pusher protocol, version 7, as Java types: bytes in, records out; records in, bytes out. No
 * I/O and no network library, so that the server, the auth endpoint and tests share it.
 *
 * <ul>
 *   <li>{@code channel}: channel names, their types, socket ids
 *   <li>{@code event}: the frames of a connection
 *   <li>{@code auth}: what is signed, and how
 *   <li>{@code http}: the bodies of the HTTP API
 *   <li>{@code webhook}: what an application's server is told of
 * </ul>
 *
 * <p>The frames are shown in docs/PROTOCOL.md, from the files that the tests use.
 */
@NullMarked
package dev.carillon.protocol;

import org.jspecify.annotations.NullMarked;
