package dev.carillon.server.config;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A known key: its name, and how its value gets into the builder {@code B}.
 *
 * <p>Immutable.
 *
 * @param variable of the environment that overrides it; empty for none
 */
record Key<B>(String name, Reader<B> reader, String variable) {
  static <B, T> Key<B> of(String name, ValueType<T> type, BiConsumer<B, T> setter) {
    return new Key<>(
        name,
        (element, into, reading) ->
            type.read(element, reading).ifPresent(value -> setter.accept(into, value)),
        "");
  }

  /** One that sets several things of the builder. */
  static <B> Key<B> of(String name, Reader<B> reader) {
    return new Key<>(name, reader, "");
  }

  /** A part of the file, with keys of its own. */
  static <B, C> Key<B> part(String name, Section<C> section, Function<B, C> child) {
    return new Key<>(
        name, (element, into, reading) -> section.read(element, child.apply(into), reading), "");
  }

  /** A list of such parts, at least one. */
  static <B, C> Key<B> items(String name, Section<C> section, Function<B, C> added) {
    return new Key<>(
        name,
        (element, into, reading) -> {
          ValueType<C> item =
              (part, itemReading) -> {
                itemReading.given(part.place().key(), part.place());
                C child = added.apply(into);
                section.read(part, child, itemReading);
                return Optional.of(child);
              };
          Optional<List<C>> items = item.list("[{…}]").read(element, reading);
          if (items.filter(List::isEmpty).isPresent()) {
            reading.mistakes().add(element.place(), "got none, allowed is at least one");
          }
        },
        "");
  }

  Key<B> variable(String other) {
    return new Key<>(name, reader, other);
  }

  /** Puts what an element says into a builder, or tells what is wrong with it. */
  interface Reader<B> {
    void read(Element element, B into, Reading reading);
  }
}
