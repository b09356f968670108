package dev.carillon.server.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server as {@code redis://[user[:password]@]host[:port][/database]} names it; {@code rediss://}
 * is TLS, and {@code :password@} a password without a user. User and password are percent-encoded,
 * and no mistake shows them.
 *
 * <p>Immutable.
 *
 * @param user null if the URL has none, as are the others
 */
record RedisUrl(
    boolean tls,
    @Nullable String user,
    @Nullable String password,
    HostPort server,
    @Nullable Integer database) {
  static final int PORT = 6379;

  private static final String ALLOWED =
      "redis://[user:password@]host[:port][/database], or rediss:// for TLS";
  private static final int MAX_LENGTH = 2_000;
  private static final int MAX_SHOWN = 80;
  private static final Pattern SCHEME =
      Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]{0,20})://(?<rest>[^\\s\\p{Cntrl}]*)");
  private static final Pattern DATABASE = Pattern.compile("[0-9]{1,9}");
  private static final Pattern TO_ENCODE = Pattern.compile("[/?#@]");

  /** One URL; a mistake tells what is wrong with it. */
  static ValueType<RedisUrl> type() {
    return (element, reading) -> {
      if (element instanceof Element.Scalar scalar && !scalar.isNothing()) {
        try {
          return Optional.of(parse(scalar.text()));
        } catch (IllegalArgumentException e) {
          reading.mistakes().add(element.place(), String.valueOf(e.getMessage()));
        }
      } else if (!(element instanceof Element.Unreadable)) {
        reading
            .mistakes()
            .add(element.place(), "got " + element.shown() + ", allowed is " + ALLOWED);
      }
      return Optional.empty();
    };
  }

  /** One is a server, a list is a Redis Cluster. */
  static void read(Element element, RedisConfig.Builder into, Reading reading) {
    if (element instanceof Element.Items items) {
      cluster(items, into, reading);
    } else {
      type().read(element, reading).ifPresent(url -> url.into(into));
    }
  }

  private static void cluster(Element.Items items, RedisConfig.Builder into, Reading reading) {
    if (items.items().isEmpty()) {
      reading.mistakes().add(items.place(), "got none, allowed is at least one");
    }
    List<RedisUrl> urls = type().list("").read(items, reading).orElseThrow();
    if (urls.isEmpty() || urls.size() < items.items().size()) {
      return;
    }
    RedisUrl first = urls.get(0);
    for (int i = 0; i < urls.size(); i++) {
      urls.get(i).checkInCluster(first, items.items().get(i).place(), reading);
    }
    first.into(into);
    into.target(
        new RedisConfig.Cluster(urls.stream().map(url -> url.server.toNode(PORT)).toList()));
  }

  private void checkInCluster(RedisUrl first, Place place, Reading reading) {
    if (tls != first.tls) {
      reading
          .mistakes()
          .add(place, "got %s, allowed is %s, as in [0]".formatted(scheme(), first.scheme()));
    }
    if (!Objects.equals(user, first.user) || !Objects.equals(password, first.password)) {
      reading
          .mistakes()
          .add(place, "got another user or password, allowed are the same for the whole cluster");
    }
    if (database != null && database != 0) {
      reading
          .mistakes()
          .add(place, "got the database " + database + ", allowed is 0, a cluster's only one");
    }
  }

  private String scheme() {
    return tls ? "rediss://" : "redis://";
  }

  private void into(RedisConfig.Builder builder) {
    RedisConfig.Node node = server.toNode(PORT);
    builder
        .target(
            new RedisConfig.Standalone(node.host(), node.port(), database == null ? 0 : database))
        .user(user)
        .password(password)
        .tls(tls);
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException with the mistake, if it is none
   */
  private static RedisUrl parse(String text) {
    Matcher url = SCHEME.matcher(text);
    if (text.length() > MAX_LENGTH || !url.matches()) {
      throw new IllegalArgumentException("got another text, allowed is " + ALLOWED);
    }
    String scheme = url.group("scheme").toLowerCase(Locale.ROOT);
    if (!scheme.equals("redis") && !scheme.equals("rediss")) {
      throw new IllegalArgumentException("got " + scheme + "://, allowed is " + ALLOWED);
    }
    String rest = url.group("rest");
    // The last one: whatever stands before it may be a part of a password, and is not shown.
    int at = rest.lastIndexOf('@');
    String credentials = rest.substring(0, Math.max(at, 0));
    String place = rest.substring(at + 1);
    if (place.indexOf('?') >= 0 || place.indexOf('#') >= 0) {
      throw new IllegalArgumentException("got ? or #, allowed is " + ALLOWED);
    }
    int slash = place.indexOf('/');
    int colon = credentials.indexOf(':');
    return new RedisUrl(
        scheme.equals("rediss"),
        decoded(colon < 0 ? credentials : credentials.substring(0, colon)),
        decoded(colon < 0 ? "" : credentials.substring(colon + 1)),
        server(slash < 0 ? place : place.substring(0, slash), at >= 0),
        database(slash < 0 ? "" : place.substring(slash + 1)));
  }

  private static @Nullable String decoded(String text) {
    if (text.isEmpty()) {
      return null;
    }
    if (!TO_ENCODE.matcher(text).find()) {
      try {
        // A plus is one here, unlike in forms.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        // Told below, without the text.
      }
    }
    throw new IllegalArgumentException(
        "got one of / ? # @ % in the user or the password, allowed is it percent-encoded, like %40");
  }

  private static HostPort server(String text, boolean afterCredentials) {
    // Without @, user:password could stand in its place.
    boolean shown = afterCredentials && text.length() <= MAX_SHOWN;
    String got = shown ? "'" + text + "'" : "another text";
    return HostPort.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    text.isEmpty() || text.startsWith(":")
                        ? "got no host, allowed is " + ALLOWED
                        : "got "
                            + got
                            + " as host and port, allowed is like redis.example.com:6379 or [::1]:6379"));
  }

  private static @Nullable Integer database(String text) {
    if (text.isEmpty()) {
      return null;
    }
    if (!DATABASE.matcher(text).matches()) {
      String got = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
      throw new IllegalArgumentException(
          "got the database '" + got + "', allowed is a whole number, as in redis://host:6379/0");
    }
    return Integer.valueOf(text);
  }
}
