package dev.carillon.server.config;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One endpoint that an app's webhooks are posted to.
 *
 * <p>Immutable.
 *
 * @param url {@code http} or {@code https}, with a host, without user info and fragment
 * @param events what it is told of
 * @param channelPrefixes of the channels that it is told of; empty for all
 * @param headers sent besides those of the protocol; their values may be secret
 * @param allowLinkLocal whether the address may be a link-local or metadata one
 * @param timeout for one attempt, from the look-up of the name to the answer
 * @param retryFor how long an event is tried; after that it is a dead letter
 */
public record WebhookConfig(
    URI url,
    Set<WebhookKind> events,
    List<String> channelPrefixes,
    Map<String, String> headers,
    boolean allowLinkLocal,
    Duration timeout,
    Duration retryFor) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration RETRY_FOR = Duration.ofMinutes(5);

  public WebhookConfig {
    events = Collections.unmodifiableSet(EnumSet.copyOf(events));
    channelPrefixes = List.copyOf(channelPrefixes);
    headers = Collections.unmodifiableMap(new TreeMap<>(headers));
  }

  /** Everything is told to that address. */
  public static WebhookConfig of(URI url) {
    return new WebhookConfig(
        url, EnumSet.allOf(WebhookKind.class), List.of(), Map.of(), false, TIMEOUT, RETRY_FOR);
  }

  /** Without the query and the headers, which may be secret. */
  @Override
  public String toString() {
    return "WebhookConfig[" + shown() + "]";
  }

  /** Where it is, as people are told. */
  public String shown() {
    return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies a {@link WebhookConfig}. Confined to one thread. */
  public static final class Builder {
    private URI url;
    private Set<WebhookKind> events;
    private List<String> channelPrefixes;
    private Map<String, String> headers;
    private boolean allowLinkLocal;
    private Duration timeout;
    private Duration retryFor;

    private Builder(WebhookConfig from) {
      this.url = from.url;
      this.events = from.events;
      this.channelPrefixes = from.channelPrefixes;
      this.headers = from.headers;
      this.allowLinkLocal = from.allowLinkLocal;
      this.timeout = from.timeout;
      this.retryFor = from.retryFor;
    }

    public Builder url(URI url) {
      this.url = url;
      return this;
    }

    public Builder events(List<WebhookKind> events) {
      this.events = EnumSet.copyOf(events);
      return this;
    }

    public Builder channelPrefixes(List<String> channelPrefixes) {
      this.channelPrefixes = channelPrefixes;
      return this;
    }

    public Builder headers(Map<String, String> headers) {
      this.headers = headers;
      return this;
    }

    public Builder allowLinkLocal(boolean allowLinkLocal) {
      this.allowLinkLocal = allowLinkLocal;
      return this;
    }

    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    public Builder retryFor(Duration retryFor) {
      this.retryFor = retryFor;
      return this;
    }

    public WebhookConfig build() {
      return new WebhookConfig(
          url, events, channelPrefixes, headers, allowLinkLocal, timeout, retryFor);
    }
  }
}
