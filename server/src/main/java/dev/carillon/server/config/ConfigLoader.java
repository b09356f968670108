package dev.carillon.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Loads a configuration: the command line over the environment over the file over the defaults. It
 * never falls back: with a mistake, there is no configuration, and every mistake is told.
 *
 * <p>Confined to one thread.
 */
public final class ConfigLoader {
  private final Map<String, String> environment;
  private final Map<String, Element.Scalar> options = new HashMap<>();
  private boolean files;

  /**
   * @param environment for {@code ${NAME}} in the file, and for the variables of a Laravel Reverb
   *     {@code .env}
   */
  public ConfigLoader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Takes that value from the command line.
   *
   * @param path of the key, for example {@code server.port}
   * @param option as a mistake names it, for example {@code --port}
   */
  public ConfigLoader option(String path, String option, String value) {
    options.put(path, new Element.Scalar(new Place("command line", 0, option), value, true));
    return this;
  }

  /**
   * Looks also into the files that the server reads. Of other commands they may be out of reach.
   */
  public ConfigLoader withFiles() {
    files = true;
    return this;
  }

  /**
   * Loads that file. A path in it is relative to its folder.
   *
   * @throws ConfigException with all mistakes, if there is one
   */
  public Config load(Path file) throws ConfigException {
    Place place = new Place(file.toString(), 0, "");
    Reading reading = new Reading(place, environment, options);
    Config config = relativeTo(file, read(text(file, place), place, reading));
    return checked(config, reading, files);
  }

  private static Config relativeTo(Path file, Config config) {
    Path dataDir = file.resolveSibling(config.server().dataDir());
    RedisConfig redis = config.scaling().redis();
    Path ca = redis.ca() == null ? null : file.resolveSibling(redis.ca());
    AuthEndpointConfig.Builder auth = config.authEndpoint().toBuilder();
    auth.database()
        .url(AuthEndpointValues.relativeTo(file, config.authEndpoint().database().url()));
    return config
        .withAuthEndpoint(auth.build())
        .withServer(config.server().toBuilder().dataDir(dataDir).build())
        .withScaling(config.scaling().toBuilder().redis(redis.toBuilder().ca(ca).build()).build());
  }

  /**
   * Loads a file's text.
   *
   * @param name of the file, as mistakes name it
   * @throws ConfigException with all mistakes, if there is one
   */
  public Config load(String name, String text) throws ConfigException {
    Place place = new Place(name, 0, "");
    Reading reading = new Reading(place, environment, options);
    return checked(read(text, place, reading), reading, false);
  }

  private Config read(String text, Place file, Reading reading) {
    Substitution substitution = new Substitution(environment);
    Draft draft = new Draft();
    YamlReader yaml = new YamlReader(file, substitution, reading.mistakes());
    yaml.read(text).ifPresent(root -> Keys.FILE.read(root, draft, reading));
    draft.override(reading);
    return draft.build();
  }

  private static Config checked(Config config, Reading reading, boolean files)
      throws ConfigException {
    Checks checks = new Checks(config, reading);
    checks.run();
    if (files) {
      checks.files();
    }
    if (!reading.mistakes().isEmpty()) {
      throw reading.mistakes().toException();
    }
    return config;
  }

  private static String text(Path file, Place place) throws ConfigException {
    Mistakes mistakes = new Mistakes();
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      mistakes.add(place, "no such file");
    } catch (CharacterCodingException e) {
      mistakes.add(place, "not UTF-8");
    } catch (IOException e) {
      mistakes.add(
          place,
          "cannot be read: "
              + (Files.isDirectory(file) ? "it is a directory" : FileFailure.reason(e)));
    }
    throw mistakes.toException();
  }
}
