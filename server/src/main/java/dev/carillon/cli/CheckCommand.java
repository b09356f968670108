package dev.carillon.cli;

import dev.carillon.server.config.Config;
import dev.carillon.server.config.ConfigException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells every mistake of a configuration at once. */
@Command(
    name = "check",
    description = "Checks a configuration: tells every mistake at once.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Mixin private final ConfigFile file;

  @Spec private @Nullable CommandSpec spec;

  CheckCommand(ConfigFile file) {
    this.file = file;
  }

  @Override
  public Integer call() throws ConfigException {
    Config config = file.load(file.loader().withFiles());
    if (spec != null) {
      PrintWriter out = spec.commandLine().getOut();
      int apps = config.apps().size();
      out.println(file.path() + ": fine, " + apps + (apps == 1 ? " app" : " apps"));
    }
    return 0;
  }
}
