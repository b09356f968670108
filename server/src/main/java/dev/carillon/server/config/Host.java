package dev.carillon.server.config;

import java.util.Arrays;
import java.util.regex.Pattern;

/** What the text of a host says, without asking a name server. */
final class Host {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?");
  private static final Pattern DIGITS = Pattern.compile("[0-9.]+");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%\\w+)?");

  private Host() {}

  /** Whether it has the form of a name or an address. */
  static boolean isValid(String host) {
    if (DIGITS.matcher(host).matches()) {
      return IPV4.matcher(host).matches()
          && Arrays.stream(host.split("\\.", -1)).allMatch(part -> Integer.parseInt(part) < 256);
    }
    return NAME.matcher(host).matches() || IPV6.matcher(host).matches();
  }

  /** Whether it is an address, not a name. */
  static boolean isAddress(String host) {
    return isValid(host) && (host.indexOf(':') >= 0 || DIGITS.matcher(host).matches());
  }

  /** Whether only this machine can connect to what listens there. */
  static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost") || host.equals("::1") || isLoopback4(host);
  }

  private static boolean isLoopback4(String host) {
    return host.startsWith("127.") && IPV4.matcher(host).matches();
  }

  /** As an address of a URL has it: {@code 127.0.0.1:8080}, {@code [::1]:8080}. */
  static String withPort(String host, int port) {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** Whether the same port cannot be opened on both. */
  static boolean overlap(String one, String other) {
    return one.equalsIgnoreCase(other) || isAny(one) || isAny(other);
  }

  private static boolean isAny(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }
}
