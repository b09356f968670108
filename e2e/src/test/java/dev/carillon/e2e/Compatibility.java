package dev.carillon.e2e;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the tests show about clients and SDKs, for the tables of docs/CLIENTS.md. */
final class Compatibility {
  static final String CLIENT = "pusher-java-client";
  static final String SDK = "pusher-http-java";

  private static final Path PROVEN =
      Path.of(System.getProperty("carillon.root", ".."), "e2e", "target", "proven.tsv");

  private Compatibility() {}

  /**
   * Writes down, as the last line of a test, that it has shown a feature at work with this client
   * or SDK. The features are those of compatibility.json; the build refuses others.
   */
  static void proves(String feature, String name) throws IOException {
    Files.createDirectories(PROVEN.getParent());
    Files.writeString(PROVEN, feature + "\t" + name + "\n", CREATE, APPEND);
  }
}
