package dev.carillon.cli;

import dev.carillon.server.config.Config;
import dev.carillon.server.config.ConfigException;
import dev.carillon.server.config.ConfigLoader;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The configuration that a command runs with.
 *
 * <p>Confined to one thread.
 */
final class ConfigFile {
  private final Map<String, String> environment;
  private final Path home;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; config.yaml beside the launcher if not given.")
  private @Nullable Path file;

  ConfigFile(Map<String, String> environment, Path home) {
    this.environment = environment;
    this.home = home;
  }

  /** The file, as it is named to the user. */
  Path path() {
    if (file != null) {
      return file;
    }
    Path standard = home.resolve("config.yaml");
    Path here = Path.of("").toAbsolutePath();
    return standard.startsWith(here) ? here.relativize(standard) : standard;
  }

  /**
   * A loader for it, to be given what the command line says.
   *
   * @see #load(ConfigLoader)
   */
  ConfigLoader loader() {
    return new ConfigLoader(environment);
  }

  Config load(ConfigLoader loader) throws ConfigException {
    return loader.load(path());
  }

  Config load() throws ConfigException {
    return load(loader());
  }
}
