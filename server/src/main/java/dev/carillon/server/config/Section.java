package dev.carillon.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The keys that are known in one part of the file, and how each gets into the builder {@code B}.
 *
 * <p>Immutable.
 */
final class Section<B> {
  private final List<Key<B>> keys;
  private final List<String> later;

  private Section(List<Key<B>> keys, List<String> later) {
    this.keys = keys;
    this.later = later;
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  static <B> Section<B> of(Key<B>... keys) {
    return new Section<>(List.of(keys), List.of());
  }

  /** With the names of keys that are documented, but not known in this version. */
  Section<B> later(String... names) {
    return new Section<>(keys, Arrays.asList(names));
  }

  /** Reads the file's part. Nothing at all is fine: everything has a default. */
  void read(Element element, B into, Reading reading) {
    if (element instanceof Element.Mapping mapping) {
      mapping.entries().forEach(entry -> read(entry, into, reading));
    } else if (!(element instanceof Element.Unreadable)
        && !(element instanceof Element.Scalar scalar && scalar.isNothing())) {
      reading
          .mistakes()
          .add(element.place(), "got " + element.shown() + ", allowed are the keys " + names());
    }
  }

  private void read(Element.Entry entry, B into, Reading reading) {
    Optional<Key<B>> key =
        keys.stream().filter(known -> known.name().equals(entry.name())).findFirst();
    if (key.isEmpty()) {
      reading.mistakes().add(entry.place(), unknown(entry.name()));
      return;
    }
    reading.given(entry.place().key(), entry.place());
    key.get().reader().read(entry.value(), into, reading);
  }

  private String unknown(String name) {
    if (later.contains(name)) {
      return "not known in this version";
    }
    return Spelling.nearest(name, keyNames())
        .map(meant -> "unknown key; did you mean " + meant + "?")
        .orElse("unknown key; allowed are " + names());
  }

  List<String> keyNames() {
    return keys.stream().map(Key::name).toList();
  }

  private String names() {
    return String.join(", ", keyNames());
  }

  /** Reads what the environment, and then the command line, say about the part at that path. */
  void override(String path, B into, Reading reading) {
    for (Key<B> key : keys) {
      String keyPath = path + "." + key.name();
      Optional<Element.Scalar> variable = reading.variable(key.variable());
      variable.ifPresent(scalar -> override(key, keyPath, scalar, into, reading));
      Optional<Element.Scalar> option = reading.option(keyPath);
      option.ifPresent(scalar -> override(key, keyPath, scalar, into, reading));
    }
  }

  private static <B> void override(
      Key<B> key, String path, Element.Scalar scalar, B into, Reading reading) {
    reading.given(path, scalar.place());
    key.reader().read(scalar, into, reading);
  }
}
