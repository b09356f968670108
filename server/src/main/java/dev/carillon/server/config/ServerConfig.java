package dev.carillon.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The public port.
 *
 * <p>Immutable.
 *
 * @param host the address to listen on, for example {@code 0.0.0.0}
 * @param port 0 to 65535; 0 takes any free one
 * @param path what comes before {@code /app} and {@code /apps}: empty, or like {@code /ws}
 * @param maxRequestBytes of an HTTP body
 * @param eventLoops 0 for one a core
 * @param maxOutboundBytes that may wait for one connection; over it, it is closed
 * @param trustedProxies whose word on the client's address and on TLS is believed
 * @param handshakesPerMinute of one address; 0 for no limit
 * @param failedSignaturesPerMinute of one address; 0 for no limit
 * @param warmUp when the JVM is warmed up
 * @param drain over how long connections are closed at the end
 * @param dataDir what is kept over a restart; of one process
 */
public record ServerConfig(
    String host,
    int port,
    String path,
    int maxRequestBytes,
    TransportType transport,
    int eventLoops,
    int maxOutboundBytes,
    List<Cidr> trustedProxies,
    int handshakesPerMinute,
    int failedSignaturesPerMinute,
    WarmUpTime warmUp,
    Duration drain,
    Path dataDir) {
  /** Defensive copy. */
  public ServerConfig {
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** What an empty file means. */
  public static ServerConfig defaults() {
    return new ServerConfig(
        "0.0.0.0",
        8080,
        "",
        1_048_576,
        TransportType.AUTO,
        0,
        1_048_576,
        List.of(),
        0,
        0,
        WarmUpTime.BEFORE,
        Duration.ofSeconds(10),
        Path.of("data"));
  }

  /** Whether only this machine can connect. */
  public boolean loopback() {
    return Host.isLoopback(host);
  }

  /** As messages name it, with the port that is listened on, which 0 leaves open. */
  public String address(int listening) {
    return Host.withPort(host, listening);
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies a {@link ServerConfig}. Confined to one thread. */
  public static final class Builder {
    private String host;
    private int port;
    private String path;
    private int maxRequestBytes;
    private TransportType transport;
    private int eventLoops;
    private int maxOutboundBytes;
    private List<Cidr> trustedProxies;
    private int handshakesPerMinute;
    private int failedSignaturesPerMinute;
    private WarmUpTime warmUp;
    private Duration drain;
    private Path dataDir;

    private Builder(ServerConfig from) {
      this.host = from.host;
      this.port = from.port;
      this.path = from.path;
      this.maxRequestBytes = from.maxRequestBytes;
      this.transport = from.transport;
      this.eventLoops = from.eventLoops;
      this.maxOutboundBytes = from.maxOutboundBytes;
      this.trustedProxies = from.trustedProxies;
      this.handshakesPerMinute = from.handshakesPerMinute;
      this.failedSignaturesPerMinute = from.failedSignaturesPerMinute;
      this.warmUp = from.warmUp;
      this.drain = from.drain;
      this.dataDir = from.dataDir;
    }

    public Builder host(String host) {
      this.host = host;
      return this;
    }

    public Builder port(int port) {
      this.port = port;
      return this;
    }

    public Builder path(String path) {
      this.path = path;
      return this;
    }

    public Builder maxRequestBytes(int maxRequestBytes) {
      this.maxRequestBytes = maxRequestBytes;
      return this;
    }

    public Builder transport(TransportType transport) {
      this.transport = transport;
      return this;
    }

    public Builder eventLoops(int eventLoops) {
      this.eventLoops = eventLoops;
      return this;
    }

    public Builder maxOutboundBytes(int maxOutboundBytes) {
      this.maxOutboundBytes = maxOutboundBytes;
      return this;
    }

    public Builder trustedProxies(List<Cidr> trustedProxies) {
      this.trustedProxies = trustedProxies;
      return this;
    }

    public Builder handshakesPerMinute(int handshakesPerMinute) {
      this.handshakesPerMinute = handshakesPerMinute;
      return this;
    }

    public Builder failedSignaturesPerMinute(int failedSignaturesPerMinute) {
      this.failedSignaturesPerMinute = failedSignaturesPerMinute;
      return this;
    }

    public Builder warmUp(WarmUpTime warmUp) {
      this.warmUp = warmUp;
      return this;
    }

    public Builder drain(Duration drain) {
      this.drain = drain;
      return this;
    }

    public Builder dataDir(Path dataDir) {
      this.dataDir = dataDir;
      return this;
    }

    public ServerConfig build() {
      return new ServerConfig(
          host,
          port,
          path,
          maxRequestBytes,
          transport,
          eventLoops,
          maxOutboundBytes,
          trustedProxies,
          handshakesPerMinute,
          failedSignaturesPerMinute,
          warmUp,
          drain,
          dataDir);
    }
  }
}
