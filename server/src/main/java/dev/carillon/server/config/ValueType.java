package dev.carillon.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What the value of a key may be. */
interface ValueType<T> {
  /** The value; empty if it is wrong, which then is told. */
  Optional<T> read(Element element, Reading reading);

  /**
   * A single value.
   *
   * @param allowed what is, as a mistake tells it: {@code allowed is …}
   */
  static <T> ValueType<T> of(String allowed, Function<Element.Scalar, Optional<T>> parse) {
    return (element, reading) -> {
      Optional<T> value =
          element instanceof Element.Scalar scalar ? parse.apply(scalar) : Optional.empty();
      if (value.isEmpty() && !(element instanceof Element.Unreadable)) {
        refuse(element, allowed, reading);
      }
      return value;
    };
  }

  private static void refuse(Element element, String allowed, Reading reading) {
    reading.mistakes().add(element.place(), "got " + element.shown() + ", allowed is " + allowed);
  }

  /** A list of such. */
  default ValueType<List<T>> list(String example) {
    return (element, reading) -> {
      if (element instanceof Element.Items items) {
        List<T> values = new ArrayList<>();
        items.items().forEach(item -> read(item, reading).ifPresent(values::add));
        return Optional.of(List.copyOf(values));
      }
      if (!(element instanceof Element.Unreadable)) {
        refuse(element, "a list, like " + example, reading);
      }
      return Optional.empty();
    };
  }

  default <U> ValueType<U> map(Function<T, U> mapper) {
    return (element, reading) -> read(element, reading).map(mapper);
  }
}
