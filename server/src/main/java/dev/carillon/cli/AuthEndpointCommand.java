package dev.carillon.cli;

import dev.carillon.auth.AuthEndpoint;
import dev.carillon.auth.config.AuthConfig;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.ConfigLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the auth endpoint until a signal. */
@Command(
    name = "auth-endpoint",
    description = "Runs the auth endpoint, and nothing else, until SIGTERM or SIGINT.",
    mixinStandardHelpOptions = true)
final class AuthEndpointCommand implements Callable<Integer> {
  @Mixin private final ConfigFile file;

  @Option(
      names = "--port",
      paramLabel = "P",
      description = "Listens there instead of auth_endpoint.port.")
  private @Nullable String port;

  @Option(
      names = "--sample-data",
      description = "Puts the demo's users and teams into a database that has none.")
  private boolean sampleData;

  AuthEndpointCommand(ConfigFile file) {
    this.file = file;
  }

  @Override
  public Integer call() throws Exception {
    ConfigLoader loader = file.loader();
    if (port != null) {
      loader.option("auth_endpoint.port", "--port", port);
    }
    Config config = file.load(loader);
    if (config.server().port() == 0) {
      throw Failure.wrong(
          file.path() + ": server.port: got 0, but the auth endpoint has to tell browsers which");
    }
    AuthConfig auth = AuthConfigs.of(config, config.server().port(), sampleData);
    Logging.configure(config.logging());
    Signals signals = Signals.catchStops();
    try (AuthEndpoint endpoint = new AuthEndpoint(auth)) {
      endpoint.start();
      signals.await();
    }
    return 0;
  }
}
