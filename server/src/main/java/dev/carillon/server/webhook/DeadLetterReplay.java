package dev.carillon.server.webhook;

import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Posts dead letters again, the oldest first, also while the server runs. The events and the {@code
 * Idempotency-Key} are those of before; the body is made anew, since some receivers refuse an old
 * {@code time_ms}.
 *
 * <p>Confined to one thread, which it blocks.
 */
public final class DeadLetterReplay {
  private final Config config;
  private final InstantSource clock;

  public DeadLetterReplay(Config config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /**
   * What became of an endpoint's.
   *
   * @param endpoint as people are told
   * @param left how many are still there
   * @param answer why, if there are
   */
  public record Result(String app, String endpoint, int taken, int left, String answer) {}

  /**
   * Replays those of all endpoints that are configured; one result for each that has any. Those of
   * an endpoint that is not configured any more stay, and are told of too: nobody knows its
   * address.
   */
  public List<Result> run() throws IOException {
    List<Result> results = new ArrayList<>();
    try (Sender sender = new Sender()) {
      for (AppConfig app : config.apps()) {
        Path folder = Webhooks.folder(Webhooks.folder(config), app);
        List<Endpoint> endpoints = Endpoint.of(app);
        for (Endpoint endpoint : endpoints) {
          List<Path> files = Webhooks.deadLetters(folder, app, endpoint).files();
          if (!files.isEmpty()) {
            results.add(replay(endpoint, files, sender));
          }
        }
        results.addAll(abandoned(app, folder, endpoints));
      }
    }
    return results;
  }

  private static List<Result> abandoned(AppConfig app, Path folder, List<Endpoint> endpoints)
      throws IOException {
    Set<Path> known =
        endpoints.stream()
            .map(endpoint -> DeadLetters.folder(folder, endpoint))
            .collect(Collectors.toSet());
    List<Result> results = new ArrayList<>();
    for (Path left : DeadLetters.folders(folder)) {
      int files = known.contains(left) ? 0 : DeadLetters.files(left).size();
      if (files > 0) {
        String why = "its url is not configured any more; delete the folder, or restore the url";
        results.add(new Result(app.id(), left.toString(), 0, files, why));
      }
    }
    return results;
  }

  /** Up to the first that is not taken: the order is kept. */
  private Result replay(Endpoint endpoint, List<Path> files, Sender sender) throws IOException {
    int taken = 0;
    int left = files.size();
    for (Path file : files) {
      Optional<Delivery> delivery;
      try {
        delivery = DeadLetters.read(file);
      } catch (NoSuchFileException e) {
        left--; // another replay was faster
        continue;
      }
      if (delivery.isEmpty()) {
        return result(endpoint, taken, left, file + " is damaged");
      }
      Sender.Outcome outcome =
          sender
              .post(endpoint, delivery.get().remade(clock.instant()))
              .toCompletableFuture()
              .join();
      if (!outcome.taken()) {
        return result(endpoint, taken, left, outcome.answer());
      }
      Files.deleteIfExists(file);
      taken++;
      left--;
    }
    return result(endpoint, taken, left, "");
  }

  private static Result result(Endpoint endpoint, int taken, int left, String answer) {
    return new Result(endpoint.appId(), endpoint.toString(), taken, left, answer);
  }
}
