package dev.carillon.server.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The rights that docs/OPERATIONS.md gives to the user of Redis, as an ACL rule. */
final class DocumentedRights {
  private static final String IN_A_CLUSTER = "In a Redis Cluster `";
  private static final String REPLACED = " +publish +subscribe +unsubscribe";

  private DocumentedRights() {}

  static String ofServer() {
    String line = line("ACL SETUSER carillon on");
    return line.substring(line.indexOf("~"));
  }

  static String ofCluster() {
    String line = line(IN_A_CLUSTER);
    String others = line.substring(IN_A_CLUSTER.length(), line.indexOf('`', IN_A_CLUSTER.length()));
    String rights = ofServer();
    if (!rights.endsWith(REPLACED)) {
      throw new AssertionError("the last three are not" + REPLACED + ": " + rights);
    }
    return rights.substring(0, rights.length() - REPLACED.length()) + " " + others;
  }

  private static String line(String begin) {
    try {
      List<String> lines = Files.readAllLines(Path.of("../docs/OPERATIONS.md"));
      return lines.stream().filter(line -> line.startsWith(begin)).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
