package dev.carillon.server.config;

/**
 * The operators' port: metrics and readiness.
 *
 * <p>Immutable.
 *
 * @param host the address to listen on, for example {@code 127.0.0.1}
 * @param port 0 to 65535; 0 takes any free one
 * @param token what {@code Authorization: Bearer} must carry; empty for none
 */
public record AdminConfig(String host, int port, String token) {
  /** What an empty file means. */
  public static AdminConfig defaults() {
    return new AdminConfig("127.0.0.1", 9601, "");
  }

  /** Whether only this machine can connect. */
  public boolean loopback() {
    return Host.isLoopback(host);
  }

  /** As messages name it, with the port that is listened on, which 0 leaves open. */
  public String address(int listening) {
    return Host.withPort(host, listening);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "AdminConfig[host=" + host + ", port=" + port + "]";
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies an {@link AdminConfig}. Confined to one thread. */
  public static final class Builder {
    private String host;
    private int port;
    private String token;

    private Builder(AdminConfig from) {
      this.host = from.host;
      this.port = from.port;
      this.token = from.token;
    }

    public Builder host(String host) {
      this.host = host;
      return this;
    }

    public Builder port(int port) {
      this.port = port;
      return this;
    }

    public Builder token(String token) {
      this.token = token;
      return this;
    }

    public AdminConfig build() {
      return new AdminConfig(host, port, token);
    }
  }
}
