package dev.carillon.cli;

import dev.carillon.server.webhook.DeadLetterReplay;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Sends the dead letters of webhooks again; also while the server runs. */
@Command(
    name = "replay",
    description = "Sends the webhooks again that were given up; those that are taken are deleted.",
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  @Mixin private final ConfigFile file;

  @Spec private @Nullable CommandSpec spec;

  ReplayCommand(ConfigFile file) {
    this.file = file;
  }

  @Override
  public Integer call() throws Exception {
    List<DeadLetterReplay.Result> results =
        new DeadLetterReplay(file.load(), InstantSource.system()).run();
    if (spec != null) {
      print(spec.commandLine().getOut(), results);
    }
    return results.stream().allMatch(result -> result.left() == 0) ? 0 : 1;
  }

  private static void print(PrintWriter out, List<DeadLetterReplay.Result> results) {
    if (results.isEmpty()) {
      out.println("No dead letters.");
    }
    for (DeadLetterReplay.Result result : results) {
      String left = result.left() == 0 ? "" : ", " + result.left() + " left: " + result.answer();
      out.printf("%s %s: %d sent%s%n", result.app(), result.endpoint(), result.taken(), left);
    }
    out.flush();
  }
}
