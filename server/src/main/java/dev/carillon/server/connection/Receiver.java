package dev.carillon.server.connection;

/**
 * The open request of a client of the HTTP fallbacks: what its {@link HttpConnection} sends leaves
 * as the answer, which is streamed, or ends with its first piece.
 *
 * <p>Called on the connection's event loop, wherever the request's socket lives. Whoever implements
 * it reports each piece there by {@link HttpConnection#sent}, or the request's premature end by
 * {@link HttpConnection#lost}.
 */
public interface Receiver {
  /** Whether the answer goes on after a piece. */
  boolean streams();

  /**
   * Sends one piece; the next comes when this one was reported as sent.
   *
   * @param lines whole lines
   * @param last whether the answer ends with it
   */
  void send(byte[] lines, boolean last);

  /** Gives the request up: nobody reads it any more. */
  void end();
}
