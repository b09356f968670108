package dev.carillon.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The types of values that the keys of a webhook have, and the webhook itself. */
final class WebhookValues {
  private static final int MAX_LENGTH = 2_000;
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}");
  private static final Pattern VISIBLE = Pattern.compile("[!-~]([ -~]*[!-~])?|");

  /** They are the server's to send. */
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "connection",
          "content-type",
          "content-length",
          "transfer-encoding",
          "expect",
          "upgrade",
          "user-agent",
          "idempotency-key",
          "x-pusher-key",
          "x-pusher-signature");

  private WebhookValues() {}

  /** An endpoint; it needs an address. */
  static ValueType<WebhookConfig> webhook() {
    return (element, reading) -> {
      WebhookConfig.Builder draft = WebhookConfig.of(URI.create("http:/")).toBuilder();
      Keys.WEBHOOK.read(element, draft, reading);
      if (element instanceof Element.Mapping && !reading.isGiven(element.place().key() + ".url")) {
        Place place = element.place();
        reading
            .mistakes()
            .add(place.child("url", place.line()), "missing; every webhook needs one");
      }
      return Optional.of(draft.build());
    };
  }

  // What stands before an @ would have to be sent as a header: that is what headers are for.
  static ValueType<URI> url() {
    return ValueTypes.text(
            "an address like https://example.com/pusher, http or https, without user and fragment",
            text -> text.length() <= MAX_LENGTH && uri(text).isPresent())
        .map(text -> uri(text).orElseThrow());
  }

  private static Optional<URI> uri(String text) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean usable =
          (scheme.equals("http") || scheme.equals("https"))
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null
              && uri.getPort() <= 65_535
              && uri.getPort() != 0;
      return usable ? Optional.of(new URI(uri.toASCIIString())) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  static ValueType<List<WebhookKind>> kinds() {
    ValueType<List<WebhookKind>> kinds =
        ValueTypes.oneOf(WebhookKind.class).list("[channel_occupied, channel_vacated]");
    return (element, reading) -> {
      if (element instanceof Element.Items items && items.items().isEmpty()) {
        reading.mistakes().add(element.place(), "got none, allowed is at least one");
        return Optional.empty();
      }
      return kinds.read(element, reading).filter(list -> !list.isEmpty());
    };
  }

  static ValueType<List<String>> channelPrefixes() {
    return ValueTypes.text("the start of a channel's name, like presence-", text -> !text.isEmpty())
        .list("[presence-, private-chat.]");
  }

  /** A mistake does not show a value: it may be a token. */
  static ValueType<Map<String, String>> headers() {
    return (element, reading) -> {
      if (element instanceof Element.Unreadable) {
        return Optional.empty();
      }
      if (!(element instanceof Element.Mapping mapping)) {
        reading
            .mistakes()
            .add(
                element.place(),
                "got " + element.shown() + ", allowed are names and values, like {X-Team: a}");
        return Optional.empty();
      }
      Map<String, String> headers = new TreeMap<>();
      for (Element.Entry entry : mapping.entries()) {
        header(entry, reading).ifPresent(value -> headers.put(entry.name(), value));
      }
      return Optional.of(headers);
    };
  }

  private static Optional<String> header(Element.Entry entry, Reading reading) {
    if (RESERVED.contains(entry.name().toLowerCase(Locale.ROOT))) {
      reading.mistakes().add(entry.place(), "a header that the server itself sends");
    } else if (!TOKEN.matcher(entry.name()).matches()) {
      reading.mistakes().add(entry.place(), "not a header's name");
    } else if (entry.value() instanceof Element.Scalar scalar
        && !scalar.isNothing()
        && scalar.text().length() <= MAX_LENGTH
        && VISIBLE.matcher(scalar.text()).matches()) {
      return Optional.of(scalar.text());
    } else if (!(entry.value() instanceof Element.Unreadable)) {
      reading
          .mistakes()
          .add(entry.place(), "got something else, allowed is a text of visible ASCII characters");
    }
    return Optional.empty();
  }
}
