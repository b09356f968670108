package dev.carillon.cli;

import dev.carillon.server.Server;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.ConfigLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the server until a signal; the first drains it. */
@Command(
    name = "serve",
    description = "Runs the server until SIGTERM or SIGINT.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  @Mixin private final ConfigFile file;

  @Option(names = "--host", paramLabel = "H", description = "Listens there instead of server.host.")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "P", description = "Listens there instead of server.port.")
  private @Nullable String port;

  ServeCommand(ConfigFile file) {
    this.file = file;
  }

  @Override
  public Integer call() throws Exception {
    ConfigLoader loader = file.loader().withFiles();
    if (host != null) {
      loader.option("server.host", "--host", host);
    }
    if (port != null) {
      loader.option("server.port", "--port", port);
    }
    Config config = file.load(loader);
    Logging.configure(config.logging());
    Signals signals = Signals.catchStops();
    warnOfSampleSecret(config);
    try (Server server = Server.startAndWarmUp(config, signals::isAsked)) {
      signals.await();
      server.drain();
    }
    return 0;
  }

  private static void warnOfSampleSecret(Config config) {
    if (config.server().loopback()) {
      return;
    }
    Logger log = LoggerFactory.getLogger(ServeCommand.class);
    config.apps().stream()
        .filter(app -> app.secret().equals(AppConfig.SAMPLE_SECRET))
        .forEach(
            app ->
                log.warn(
                    "App has the sample secret, which everybody knows; choose another before others"
                        + " can connect app={} host={}",
                    app.id(),
                    config.server().host()));
  }
}
