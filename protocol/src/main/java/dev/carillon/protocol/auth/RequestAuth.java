package dev.carillon.protocol.auth;

import dev.carillon.protocol.ProtocolException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies a request to the HTTP API.
 *
 * <p>Signed string: {@code <METHOD>\n<path>\n<k1>=<v1>&<k2>=<v2>…}, from all query parameters but
 * {@code auth_signature}, keys in lower case and sorted, values not percent-encoded. {@code
 * body_md5} is one of them, so that the signature covers the body. Source: docs/PROTOCOL.md,
 * "Signatures".
 */
public final class RequestAuth {
  /** How far the clocks of an app's server and this one may be apart; exclusive. */
  public static final Duration WINDOW = Duration.ofMinutes(10);

  private static final String VERSION = "1.0";
  private static final int MAX_TIMESTAMP_DIGITS = 15;

  private RequestAuth() {}

  /**
   * The query string of a request, signed and percent-encoded: {@code
   * auth_key=…&auth_timestamp=…&auth_version=1.0&body_md5=…&auth_signature=…}, after the given
   * parameters. {@code body_md5} is left out for an empty body.
   *
   * @param path as it is requested, without the query
   * @param query the other parameters, not encoded
   */
  public static String signedQuery(
      Credentials credentials,
      String method,
      String path,
      Map<String, String> query,
      byte[] body,
      Instant now) {
    Map<String, String> sent = new LinkedHashMap<>(query);
    sent.put("auth_key", credentials.key());
    sent.put("auth_timestamp", Long.toString(now.getEpochSecond()));
    sent.put("auth_version", VERSION);
    if (body.length > 0) {
      sent.put("body_md5", md5(body));
    }
    Map<String, List<String>> signed = new TreeMap<>();
    sent.forEach(
        (key, value) ->
            signed
                .computeIfAbsent(key.toLowerCase(Locale.ROOT), k -> new ArrayList<>())
                .add(value));
    sent.put("auth_signature", credentials.sign(head(method, path) + repeated(signed)));
    return sent.entrySet().stream()
        .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  /**
   * Verifies a request, in this order: key, version, timestamp, {@code body_md5}, signature; the
   * last in constant time. Whether the app exists is checked before. Libraries differ in whether
   * they sign the path as it travels or decoded, and in how they sign parameters that repeat:
   * either is accepted.
   *
   * @param rawPath as it was requested, percent-encoded
   * @param query the parameters, decoded, by their keys as they were sent
   * @throws ProtocolException of kind AUTH with Pusher's text; it names what should have been
   *     signed, never the signature that was expected
   */
  public static void verify(
      Credentials credentials,
      String method,
      String rawPath,
      Map<String, List<String>> query,
      byte[] body,
      Instant now) {
    TreeMap<String, List<String>> parameters = new TreeMap<>();
    query.forEach(
        (key, values) ->
            parameters
                .computeIfAbsent(key.toLowerCase(Locale.ROOT), k -> new ArrayList<>())
                .addAll(values));
    if (!credentials.key().equals(required(parameters, "auth_key"))) {
      throw ProtocolException.unauthorized("Unknown auth_key");
    }
    verifyVersion(first(parameters, "auth_version"));
    verifyTimestamp(first(parameters, "auth_timestamp"), now);
    verifyBody(parameters, body);
    String signature = required(parameters, "auth_signature");
    parameters.remove("auth_signature");
    verifySignature(credentials, method, rawPath, parameters, signature);
  }

  private static void verifyVersion(@Nullable String version) {
    if (version == null || version.isEmpty()) {
      throw ProtocolException.unauthorized("Version required");
    }
    if (!version.equals(VERSION)) {
      throw ProtocolException.unauthorized("Version not supported");
    }
  }

  private static void verifyTimestamp(@Nullable String timestamp, Instant now) {
    if (timestamp == null || timestamp.isEmpty()) {
      throw ProtocolException.unauthorized("Timestamp required");
    }
    if (!isInteger(timestamp)) {
      throw ProtocolException.unauthorized(
          "Invalid auth_timestamp: got \""
              + Signatures.shortened(timestamp)
              + "\", allowed are the whole seconds since 1970");
    }
    long given = Long.parseLong(timestamp);
    if (Math.abs(now.getEpochSecond() - given) >= WINDOW.toSeconds()) {
      throw ProtocolException.unauthorized(
          "Timestamp expired: Given timestamp ("
              + Instant.ofEpochSecond(given)
              + ") not within "
              + WINDOW.toSeconds()
              + "s of server time ("
              + Instant.ofEpochSecond(now.getEpochSecond())
              + ")");
    }
  }

  private static boolean isInteger(String text) {
    return text.length() <= MAX_TIMESTAMP_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static void verifyBody(Map<String, List<String>> parameters, byte[] body) {
    String sent = first(parameters, "body_md5");
    if (sent == null && body.length == 0) {
      return;
    }
    if (sent == null) {
      throw ProtocolException.unauthorized("Missing parameter: body_md5");
    }
    String actual = md5(body);
    if (!actual.equals(sent)) {
      throw ProtocolException.unauthorized(
          "Invalid body_md5: the MD5 of the body is \""
              + actual
              + "\", but you sent \""
              + Signatures.shortened(sent)
              + "\"");
    }
  }

  private static void verifySignature(
      Credentials credentials,
      String method,
      String rawPath,
      Map<String, List<String>> parameters,
      String signature) {
    String query = repeated(parameters);
    // PHP's SDK signs "@" and sends "%40", or the other way round.
    String decodedPath = decodedPath(rawPath);
    if (isSigned(credentials, head(method, rawPath) + query, signature)
        || isSigned(credentials, head(method, decodedPath) + query, signature)
        || isSigned(credentials, head(method, rawPath) + joined(parameters), signature)
        || isSigned(credentials, head(method, decodedPath) + joined(parameters), signature)) {
      return;
    }
    throw ProtocolException.unauthorized(
        "Invalid signature: you should have sent HmacSHA256Hex(\""
            + escaped(head(method, rawPath) + query)
            + "\", your_secret_key), but you sent \""
            + escaped(Signatures.shortened(signature))
            + "\"");
  }

  private static boolean isSigned(Credentials credentials, String text, String signature) {
    return HmacSha256.same(credentials.sign(text), signature);
  }

  private static String head(String method, String path) {
    return method.toUpperCase(Locale.ROOT) + "\n" + path + "\n";
  }

  /** {@code k[]=a&k[]=b}: the form of Ruby's gem, and the usual one where nothing repeats. */
  private static String repeated(Map<String, List<String>> sorted) {
    StringBuilder query = new StringBuilder();
    sorted.forEach((key, values) -> values.forEach(value -> append(query, key, value)));
    return query.toString();
  }

  /** {@code k=a,b}: the form of PHP, for {@code k[]=a&k[]=b} as for {@code k[0]=a&k[1]=b}. */
  private static String joined(Map<String, List<String>> sorted) {
    TreeMap<String, List<String>> arrays = new TreeMap<>();
    sorted.forEach(
        (key, values) ->
            arrays.computeIfAbsent(withoutIndex(key), k -> new ArrayList<>()).addAll(values));
    StringBuilder query = new StringBuilder();
    arrays.forEach((key, values) -> append(query, key, String.join(",", values)));
    return query.toString();
  }

  private static String withoutIndex(String key) {
    int bracket = key.endsWith("]") ? key.indexOf('[') : -1;
    return bracket > 0 ? key.substring(0, bracket) : key;
  }

  private static void append(StringBuilder query, String key, String value) {
    if (!query.isEmpty()) {
      query.append('&');
    }
    query.append(key).append('=').append(value);
  }

  private static String required(Map<String, List<String>> parameters, String name) {
    String value = first(parameters, name);
    if (value == null) {
      throw ProtocolException.unauthorized("Missing parameter: " + name);
    }
    return value;
  }

  private static @Nullable String first(Map<String, List<String>> parameters, String name) {
    List<String> values = parameters.get(name);
    return values == null || values.isEmpty() ? null : values.get(0);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String decodedPath(String rawPath) {
    if (rawPath.indexOf('%') < 0) {
      return rawPath;
    }
    try {
      return URLDecoder.decode(rawPath.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // No percent-encoding, so there is nothing else that could have been signed.
      return rawPath;
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String md5(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }
}
