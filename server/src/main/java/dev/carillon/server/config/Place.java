package dev.carillon.server.config;

/**
 * Where a value was given.
 *
 * @param source a file's name, {@code environment} or {@code command line}
 * @param line 0 where there is none
 * @param key its path like {@code apps[0].id}, a variable or an option; empty for the whole source
 */
record Place(String source, int line, String key) {
  private static final int MAX_NAME = 80;

  /** The place of that member of this one. */
  Place child(String name, int childLine) {
    String shown = name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "…" : name;
    return new Place(source, childLine, key.isEmpty() ? shown : key + "." + shown);
  }

  /** The place of that item of this list. */
  Place item(int index, int itemLine) {
    return new Place(source, itemLine, key + "[" + index + "]");
  }

  /** As a mistake begins: {@code config.yaml:14: apps[0].id}. */
  @Override
  public String toString() {
    String where = line > 0 ? source + ":" + line : source;
    return key.isEmpty() ? where : where + ": " + key;
  }
}
