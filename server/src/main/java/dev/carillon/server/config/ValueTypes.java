package dev.carillon.server.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The types of values that keys have. A range excludes only what cannot work. */
final class ValueTypes {
  // Longer than any path, id or rule that could be used; and repeated groups recurse.
  private static final int MAX_LENGTH = 1_000;

  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}([.][0-9]{1,9})?");
  private static final Pattern PATH =
      Pattern.compile("/?|/?[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*/?");
  private static final Pattern ID = Pattern.compile("[^\\s\\p{Cntrl}/?#%]+");
  private static final Pattern KEY = Pattern.compile("[^\\s\\p{Cntrl}/?#%:]+");
  private static final Pattern HEADER = Pattern.compile("[!-~]*");
  private static final Pattern LINE = Pattern.compile("\\P{Cntrl}*");
  private static final Pattern EVENT = Pattern.compile("\\P{Cntrl}{1,200}");
  private static final Pattern ORIGIN = Pattern.compile("[^\\s\\p{Cntrl}/]+");

  private static final Pattern CHANNELS =
      Pattern.compile(
          "(?!.*(\\{\\w+}).*\\1)(private|presence)-([A-Za-z0-9_\\-=@,.;]|\\{[A-Za-z][A-Za-z0-9_]*}(?!\\{))*");
  // The server cannot encrypt. What is longer leaves no room for an id.
  private static final Pattern USER_CHANNEL =
      Pattern.compile(
          "(?=.{1,202}$)private-(?!encrypted-)[A-Za-z0-9_\\-=@,.;]*\\{id}[A-Za-z0-9_\\-=@,.;]*");
  private static final List<String> ALLOW = List.of("user", "member-of-team", "any-user", "nobody");

  private ValueTypes() {}

  static ValueType<Boolean> bool() {
    return ValueType.of(
        "true or false",
        scalar ->
            scalar.isBoolean() ? Optional.of(scalar.text().equals("true")) : Optional.empty());
  }

  /** A whole number, at least that. */
  static ValueType<Integer> atLeast(int min) {
    return between(min, Integer.MAX_VALUE);
  }

  /** 0 is any free one. */
  static ValueType<Integer> port() {
    return between(0, 65_535);
  }

  /** Of a server elsewhere. */
  static ValueType<Integer> remotePort() {
    return between(1, 65_535);
  }

  private static ValueType<Integer> between(int min, int max) {
    return ValueType.of(
        "a whole number from " + min + " to " + max,
        scalar ->
            Optional.of(scalar)
                .filter(number -> number.plain() && WHOLE.matcher(number.text()).matches())
                .map(number -> Long.parseLong(number.text()))
                .filter(number -> number >= min && number <= max)
                .map(Long::intValue));
  }

  static ValueType<Duration> seconds(int min) {
    return atLeast(min).map(Duration::ofSeconds);
  }

  /** Also parts of a second. */
  static ValueType<Duration> decimalSeconds() {
    return ValueType.of(
        "a number of seconds from 0 to 999999999, like 0.25",
        scalar ->
            Optional.of(scalar)
                .filter(number -> number.plain() && DECIMAL.matcher(number.text()).matches())
                .map(number -> new BigDecimal(number.text()).movePointRight(9))
                .map(nanos -> Duration.ofNanos(nanos.longValueExact())));
  }

  static ValueType<String> host() {
    return text("a host name or an address, like 127.0.0.1", Host::isValid);
  }

  static ValueType<Cidr> cidr() {
    return ValueType.of(
        "an address or a range of them, like 10.0.0.0/8, 192.0.2.7 or fd00::/8",
        scalar -> Cidr.parse(scalar.text()));
  }

  /** Made to start with a slash and to end without. */
  static ValueType<String> path() {
    return textOrNothing("a path like /ws", matches(PATH)).map(ValueTypes::normalized);
  }

  static ValueType<Path> folder() {
    return text("the path of a folder, like /var/lib/carillon", ValueTypes::isPath).map(Path::of);
  }

  static ValueType<Path> file() {
    return text("the path of a file, like /etc/carillon/ca.pem", ValueTypes::isPath).map(Path::of);
  }

  private static boolean isPath(String text) {
    try {
      return !text.isBlank() && !Path.of(text).toString().isEmpty();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String normalized(String path) {
    String end = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return end.isEmpty() || end.startsWith("/") ? end : "/" + end;
  }

  static ValueType<String> appId() {
    return text("a text without spaces and / ? # %", matches(ID));
  }

  static ValueType<String> appKey() {
    return text("a text without spaces and / ? # % :", matches(KEY));
  }

  static ValueType<String> secret() {
    String allowed = "a text in one line";
    return hidden(allowed, LINE, text(allowed, text -> !text.isEmpty()));
  }

  /** Empty for none. */
  static ValueType<String> password() {
    String allowed = "a text in one line";
    return hidden(allowed, LINE, textOrNothing(allowed, text -> true));
  }

  static ValueType<String> token() {
    String allowed = "a text of visible ASCII characters";
    return hidden(allowed, HEADER, textOrNothing(allowed, text -> true));
  }

  /** What the browser sends has a scheme, but only its host is compared, as in Reverb. */
  static ValueType<String> origin() {
    return text("a host, in which * stands for anything, like *.example.com", matches(ORIGIN));
  }

  /** Names of events. */
  static ValueType<String> event() {
    return text(
        "the name of an event, in which * stands for anything, like notification.*",
        matches(EVENT));
  }

  /** A pattern of channels whose subscriptions are signed. */
  static ValueType<String> channelPattern() {
    return text(
        "a private or presence channel with {placeholders}, each once, like private-user.{id}",
        matches(CHANNELS));
  }

  /** A pattern of the channels that users have for themselves. */
  static ValueType<String> userChannel() {
    return text(
        "a private channel, not encrypted, with {id} once and no other placeholder, like"
            + " private-App.Models.User.{id}",
        matches(USER_CHANNEL));
  }

  static ValueType<String> allow() {
    return text("one of " + String.join(", ", ALLOW), ALLOW::contains);
  }

  static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
    return ValueType.of(
        Arrays.stream(type.getEnumConstants())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ", "one of ", "")),
        scalar ->
            Arrays.stream(type.getEnumConstants())
                .filter(value -> value.name().equalsIgnoreCase(scalar.text()))
                .findFirst());
  }

  /** One that is documented, but does not work in this version, is told so. */
  static <T> ValueType<T> later(String value, ValueType<T> type) {
    return (element, reading) -> {
      if (element instanceof Element.Scalar scalar && scalar.text().equals(value)) {
        reading.mistakes().add(element.place(), "got '" + value + "', not supported yet");
        return Optional.empty();
      }
      return type.read(element, reading);
    };
  }

  /** An unquoted number is a text too, as it stands: ids and keys often look like one. */
  static ValueType<String> text(String allowed, Predicate<String> valid) {
    return ValueType.of(
        allowed,
        scalar ->
            scalar.isNothing() || scalar.isBoolean()
                ? Optional.empty()
                : Optional.of(scalar.text()).filter(valid));
  }

  private static ValueType<String> textOrNothing(String allowed, Predicate<String> valid) {
    ValueType<String> text = text(allowed, valid);
    return (element, reading) ->
        element instanceof Element.Scalar scalar && scalar.isNothing()
            ? Optional.of("")
            : text.read(element, reading);
  }

  /** Like that type, but a mistake does not show the value. */
  private static ValueType<String> hidden(String allowed, Pattern pattern, ValueType<String> type) {
    return (element, reading) -> {
      if (element instanceof Element.Scalar scalar && !pattern.matcher(scalar.text()).matches()) {
        reading.mistakes().add(element.place(), "got something else, allowed is " + allowed);
        return Optional.empty();
      }
      return type.read(element, reading);
    };
  }

  private static Predicate<String> matches(Pattern pattern) {
    return text -> text.length() <= MAX_LENGTH && pattern.matcher(text).matches();
  }
}
