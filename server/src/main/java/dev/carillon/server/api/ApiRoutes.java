package dev.carillon.server.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which endpoint answers a path below the app, by its method. In the paths of routes {@code *}
 * stands for a name.
 *
 * <p>Immutable.
 */
final class ApiRoutes {
  private static final String NAME = "*";

  /** A path with one method. */
  record Route(String method, String path, Endpoint endpoint) {}

  /**
   * A path that is known.
   *
   * @param endpoints by method
   * @param names what stands in the places of {@code *}, decoded
   */
  record Found(Map<String, Endpoint> endpoints, List<String> names) {
    /** The methods that the path has, as the header {@code Allow} lists them. */
    String allow() {
      return String.join(", ", endpoints.keySet());
    }
  }

  private record Shape(String[] segments, Map<String, Endpoint> endpoints) {}

  private final List<Shape> shapes;

  ApiRoutes(Route... routes) {
    Map<String, Map<String, Endpoint>> byPath = new TreeMap<>();
    for (Route route : routes) {
      byPath.computeIfAbsent(route.path, path -> new TreeMap<>()).put(route.method, route.endpoint);
    }
    this.shapes =
        byPath.entrySet().stream()
            .map(entry -> new Shape(segments(entry.getKey()), entry.getValue()))
            .toList();
  }

  /** What a path means, still percent-encoded; nothing if there is no such path. */
  Optional<Found> find(String path) {
    String[] segments = segments(path);
    for (Shape shape : shapes) {
      if (fits(shape.segments, segments)) {
        return Optional.of(new Found(shape.endpoints, names(shape.segments, segments)));
      }
    }
    return Optional.empty();
  }

  private static String[] segments(String path) {
    return path.split("/", -1);
  }

  private static boolean fits(String[] shape, String[] segments) {
    if (shape.length != segments.length) {
      return false;
    }
    for (int i = 0; i < shape.length; i++) {
      if (shape[i].equals(NAME) ? segments[i].isEmpty() : !shape[i].equals(segments[i])) {
        return false;
      }
    }
    return true;
  }

  private static List<String> names(String[] shape, String[] segments) {
    List<String> names = new ArrayList<>(2);
    for (int i = 0; i < shape.length; i++) {
      if (shape[i].equals(NAME)) {
        names.add(decoded(segments[i]));
      }
    }
    return names;
  }

  /** A segment without percent-encoding; as it is if that is not valid. */
  static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return segment;
    }
  }
}
