package dev.carillon.auth.user;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A round picture with initials, drawn from its own path, so that it tells nothing about who
 * exists: {@code /avatars/210/A.svg}.
 *
 * @param hue 0 to 359
 * @param initials one or two letters or digits
 */
public record Avatar(int hue, String initials) {
  private static final Pattern INITIALS = Pattern.compile("[\\p{L}\\p{N}]{1,2}");
  private static final Pattern FILE = Pattern.compile("([\\p{L}\\p{N}]{1,2})\\.svg");
  private static final Pattern HUE = Pattern.compile("[0-9]{1,3}");
  // The golden angle: neighbouring ids get colours far apart.
  private static final double HUE_STEP = 137.508;

  public Avatar {
    if (hue < 0 || hue > 359 || !INITIALS.matcher(initials).matches()) {
      throw new IllegalArgumentException(
          "avatar: got hue %d, initials '%s', allowed are 0 to 359, one or two letters or digits"
              .formatted(hue, initials));
    }
  }

  /** The picture of a user of that name; the id gives the colour. */
  public static Avatar of(String id, String name) {
    int hue = (int) (Math.floorMod(id.hashCode(), 1000) * HUE_STEP % 360);
    StringBuilder initials = new StringBuilder();
    for (String word : name.trim().split("\\s+", -1)) {
      Matcher first = Pattern.compile("[\\p{L}\\p{N}]").matcher(word);
      if (first.find() && initials.codePoints().count() < 2) {
        initials.append(first.group());
      }
    }
    return new Avatar(hue, initials.length() == 0 ? "X" : initials.toString());
  }

  /** The picture at {@code /avatars/<hue>/<file>}; empty if there is none. */
  public static Optional<Avatar> at(String hue, String file) {
    Matcher name = FILE.matcher(file);
    if (!HUE.matcher(hue).matches() || Integer.parseInt(hue) > 359 || !name.matches()) {
      return Optional.empty();
    }
    return Optional.of(new Avatar(Integer.parseInt(hue), name.group(1)));
  }

  /** Where it is served. */
  public String path() {
    return "/avatars/" + hue + "/" + initials + ".svg";
  }

  /** The picture itself. */
  public String svg() {
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">\
        <rect width="64" height="64" rx="32" fill="hsl(%d 45%% 42%%)"/>\
        <text x="32" y="33" text-anchor="middle" dominant-baseline="central" fill="#fff" \
        font-family="system-ui, sans-serif" font-size="27" font-weight="600">%s</text></svg>
        """
        .formatted(hue, initials);
  }
}
