package dev.carillon.server.support.redis;

import dev.carillon.server.support.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;

/**
 * A real redis-server on a port of loopback, that keeps nothing on disk: a process, or in a
 * container where {@link RedisInDocker#WANTED}. It ends with {@link #close}, or with the JVM.
 * Confined to one thread.
 */
public final class RedisServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final String ADMIN = "fixture";
  private static final int TRIES = 3;

  private final Builder options;
  private final Path directory;
  private final int port;
  private RedisLife life;

  private RedisServer(Builder options, int port) throws IOException {
    this.options = options;
    this.port = port;
    directory = Files.createTempDirectory("redis-");
    try {
      Files.write(configuration(), options.configuration(port));
      life = begin();
    } catch (IOException e) {
      deleteDirectory();
      throw e;
    }
  }

  /** One without a password. */
  public static RedisServer start() {
    return builder().start();
  }

  /** One with options. */
  public static Builder builder() {
    return new Builder();
  }

  /** How a server is to be; without calls: open, and without TLS. */
  public static final class Builder {
    private final List<String> lines = new ArrayList<>();
    private String user = "";
    private String password = "";
    private RedisCertificates certificates;
    private boolean clientsAreVerified;
    private boolean sentinel;

    private Builder() {}

    /** The password of the user {@code default}. */
    public Builder password(String password) {
      this.password = password;
      return line("requirepass " + quoted(password));
    }

    /**
     * An ACL user instead of {@code default}, which is turned off.
     *
     * @param rules such as {@code ~* &* +@all -publish}
     */
    public Builder user(String name, String password, String rules) {
      user = name;
      this.password = password;
      line("user default off");
      return line("user " + name + " on " + quoted(">" + password) + " " + rules);
    }

    /** TLS only. */
    public Builder tls(RedisCertificates certificates) {
      this.certificates = certificates;
      return this;
    }

    /** TLS only, and clients must have a certificate. */
    public Builder tlsVerifyingClients(RedisCertificates certificates) {
      clientsAreVerified = true;
      return tls(certificates);
    }

    /** A line more of redis.conf, such as {@code maxclients 5}. */
    public Builder line(String line) {
      lines.add(line);
      return this;
    }

    Builder sentinel() {
      sentinel = true;
      return this;
    }

    /** Starts it, and returns when it answers. */
    public RedisServer start() {
      for (int i = 1; ; i++) {
        try {
          return new RedisServer(this, LoopbackPorts.free());
        } catch (IOException e) {
          boolean portTaken = e.getMessage().contains("Failed listening on port");
          if (!portTaken || i == TRIES) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }

    private List<String> configuration(int port) {
      List<String> all = new ArrayList<>();
      all.add("bind " + HOST);
      all.add("user " + ADMIN + " on >" + ADMIN + " ~* &* +@all");
      if (certificates == null) {
        all.add("port " + port);
      } else {
        all.add("port 0");
        all.add("tls-port " + port);
        all.add("tls-cert-file " + quoted(certificates.certificate().toString()));
        all.add("tls-key-file " + quoted(certificates.key().toString()));
        all.add("tls-ca-cert-file " + quoted(certificates.authority().toString()));
        all.add("tls-auth-clients " + (clientsAreVerified ? "yes" : "no"));
      }
      if (!sentinel) {
        all.add("save \"\"");
      }
      all.addAll(lines);
      return all;
    }

    private static String quoted(String value) {
      return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
  }

  private Path configuration() {
    return directory.resolve("redis.conf");
  }

  private RedisLife begin() throws IOException {
    RedisLife started = RedisLife.start(configuration(), options.sentinel);
    try (Jedis admin = admin()) {
      if (!admin.ping().equals("PONG")) {
        throw new AssertionError("no PONG from " + url());
      }
    }
    return started;
  }

  /** {@code redis://user:password@127.0.0.1:port}, or {@code rediss:}, as the options say. */
  public String url() {
    return urlAt(port);
  }

  /** The same with another port of loopback, as a {@link TcpProxy}'s. */
  public String urlAt(int otherPort) {
    String scheme = options.certificates == null ? "redis" : "rediss";
    String login =
        options.password.isEmpty()
            ? ""
            : encoded(options.user) + ":" + encoded(options.password) + "@";
    return scheme + "://" + login + HOST + ":" + otherPort;
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Always 127.0.0.1. */
  public String host() {
    return HOST;
  }

  public int port() {
    return port;
  }

  public HostAndPort address() {
    return new HostAndPort(HOST, port);
  }

  /** What a client of Jedis needs for this server: user, password and TLS. */
  public JedisClientConfig clientConfig() {
    return config().build();
  }

  /**
   * The same for what cannot negotiate a protocol, and warns: Jedis, and listeners to sentinels.
   */
  JedisClientConfig plainConfig() {
    return config().autoNegotiateProtocol(false).build();
  }

  private DefaultJedisClientConfig.Builder config() {
    DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder();
    if (!options.user.isEmpty()) {
      config.user(options.user);
    }
    if (!options.password.isEmpty()) {
      config.password(options.password);
    }
    return config.sslOptions(sslOptions());
  }

  private SslOptions sslOptions() {
    if (options.certificates == null) {
      return null;
    }
    return options.clientsAreVerified
        ? options.certificates.sslOptionsOfClient()
        : options.certificates.sslOptions();
  }

  /** A connection as the options' user. */
  public Jedis connect() {
    return new Jedis(address(), plainConfig());
  }

  /**
   * A connection as a user that may everything, whatever the options' may; for looking and killing.
   */
  public Jedis admin() {
    return new Jedis(
        address(),
        DefaultJedisClientConfig.builder()
            .user(ADMIN)
            .password(ADMIN)
            .sslOptions(sslOptions())
            .autoNegotiateProtocol(false)
            .build());
  }

  /** Ends it orderly (SIGTERM), and returns when it has. */
  public void stop() {
    life.stop();
  }

  /** Ends it at once (SIGKILL), and returns when it has. */
  public void kill() {
    life.kill();
  }

  /** Starts it anew, empty, on its port; kills it first if it runs. */
  public void restart() {
    life.kill();
    try {
      life = begin();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Lets it answer nothing (SIGSTOP); the system goes on to accept connections and bytes for it.
   */
  public void pause() {
    life.pause();
  }

  /** Lets it answer again (SIGCONT), first what came meanwhile. */
  public void resume() {
    life.resume();
  }

  public boolean isRunning() {
    return life.isAlive();
  }

  /** What it printed since its last start, for the message of a failure. */
  public List<String> log() {
    return life.log();
  }

  @Override
  public void close() {
    life.kill();
    deleteDirectory();
  }

  private void deleteDirectory() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
