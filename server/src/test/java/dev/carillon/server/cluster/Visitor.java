package dev.carillon.server.cluster;

import java.util.HashMap;
import java.util.Map;

/** A client of a {@link Model}, and as whom it is in which rooms. Confined to one thread. */
final class Visitor {
  /** One subscription. */
  static final class Stay {
    final String user;
    boolean settled;

    Stay(String user) {
      this.user = user;
    }
  }

  final int node;
  final ModelClient client;
  final Map<String, Stay> rooms = new HashMap<>();

  Visitor(int node, ModelClient client) {
    this.node = node;
    this.client = client;
  }
}
