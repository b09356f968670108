package dev.carillon.auth.support;

import dev.carillon.auth.config.DatabaseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A real PostgreSQL on a free port of loopback; ends with the JVM, however that ends. */
public final class PostgresServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final String USER = "postgres";
  private static final String PASSWORD = "hush";

  private final Path folder;
  private final int port;
  private Process process;

  private PostgresServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  public static PostgresServer start() {
    try {
      Path folder = Files.createTempDirectory("postgres-data-");
      Path password = Files.writeString(folder.resolve("password"), PASSWORD);
      if (isRoot()) {
        // PostgreSQL refuses to run as root.
        for (Path file : List.of(folder, password)) {
          Files.getFileAttributeView(file, FileOwnerAttributeView.class)
              .setOwner(
                  file.getFileSystem()
                      .getUserPrincipalLookupService()
                      .lookupPrincipalByName("nobody"));
        }
      }
      PostgresServer server = new PostgresServer(folder, freePort());
      server.run(
          "initdb",
          "-D",
          server.data(),
          "-U",
          USER,
          "--pwfile=" + password,
          "-A",
          "scram-sha-256",
          "--no-sync",
          "-E",
          "UTF8",
          "--locale=C");
      server.resume();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private ProcessBuilder command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
    }
    command.add(PostgresBinary.program(program).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.toFile()).environment().put("LC_ALL", "C");
    return builder;
  }

  private void run(String program, String... arguments) throws IOException {
    Process run = command(program, arguments).start();
    String log = new String(run.getInputStream().readAllBytes());
    if (await(run) != 0) {
      throw new IOException(program + " failed:\n" + log);
    }
  }

  private static int await(Process process) {
    try {
      if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("did not end: " + process.info());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Starts it, also again after {@link #pause}. */
  public void resume() throws IOException {
    Path log = folder.resolve("log-" + UUID.randomUUID());
    process =
        command(
                "postgres",
                "-D",
                data(),
                "-p",
                Integer.toString(port),
                "-h",
                "127.0.0.1",
                "-k",
                folder.toString(),
                "-F",
                "-c",
                "max_connections=200")
            .redirectOutput(log.toFile())
            .start();
    endWithTheJvm();
    long end = System.nanoTime() + START.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException("postgres did not start:\n" + Files.readString(log));
      }
    }
  }

  private boolean answers() {
    try (Connection connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url("postgres"), USER, PASSWORD);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** A pipe that closes when the JVM is gone, killed or not, and a shell that waits for that. */
  private void endWithTheJvm() throws IOException {
    Process watched = process;
    Process watch =
        new ProcessBuilder("sh", "-c", "read -r _; kill -QUIT " + watched.pid() + " 2>/dev/null")
            .redirectErrorStream(true)
            .start();
    watched.onExit().thenRun(watch::destroyForcibly);
  }

  /** A database of its own, without tables. */
  public DatabaseConfig newDatabase() {
    String name = "d" + UUID.randomUUID().toString().replace("-", "");
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new DatabaseConfig(url(name), USER, PASSWORD, 5);
  }

  /** Stops it at once, as if the machine had gone; its data stay. */
  public void pause() {
    process.toHandle().destroy(); // SIGTERM waits for clients to leave, so:
    signal("INT");
  }

  /** Stops it without a word to its clients of why; its data stay. */
  public void crash() {
    signal("QUIT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    await(process);
  }

  @Override
  public void close() {
    pause();
    Folders.delete(folder);
  }
}
