package dev.carillon.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The program. Exit codes: 0 fine, 1 failed while running, 2 wrong usage or configuration.
 *
 * <p>Immutable.
 */
@Command(
    name = "carillon",
    description = "A Pusher-protocol WebSocket server, a drop-in for Laravel Reverb.",
    mixinStandardHelpOptions = true,
    versionProvider = Carillon.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Carillon {
  /** Wrong usage or configuration; nothing was started. */
  static final int WRONG = 2;

  private Carillon() {}

  /** Runs one command, and ends the process with its exit code. */
  public static void main(String[] args) {
    CommandLine commands =
        commands(System.getenv(), Path.of(System.getProperty("carillon.home", "")))
            .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    int exitCode = commands.execute(args);
    // Writers swallow a full disk and a reader that has gone.
    if (commands.getOut().checkError() && exitCode == 0) {
      commands.getErr().println("the output cannot be written");
      exitCode = 1;
    }
    System.exit(exitCode);
  }

  /**
   * All commands.
   *
   * @param home the folder of the default configuration file
   */
  static CommandLine commands(Map<String, String> environment, Path home) {
    CommandLine commands = new CommandLine(new Carillon());
    List.of(
            new ServeCommand(new ConfigFile(environment, home)),
            new AuthEndpointCommand(new ConfigFile(environment, home)),
            new DemoCommand(),
            new CheckCommand(new ConfigFile(environment, home)),
            new TriggerCommand(new Target(new ConfigFile(environment, home))),
            new ListenCommand(new Target(new ConfigFile(environment, home))),
            new ChannelsCommand(new Target(new ConfigFile(environment, home))),
            new CommandLine(new WebhooksCommand())
                .addSubcommand(new ReplayCommand(new ConfigFile(environment, home))))
        .forEach(commands::addSubcommand);
    return commands
        .setParameterExceptionHandler(Failures::wrongUsage)
        .setExecutionExceptionHandler(Failures::failed);
  }

  /** As the jar's manifest tells it. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Carillon.class.getPackage().getImplementationVersion();
      return new String[] {
        "carillon "
            + (version == null ? "(not packaged)" : version)
            + ", Java "
            + System.getProperty("java.version")
      };
    }
  }
}
