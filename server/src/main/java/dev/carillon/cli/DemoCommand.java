package dev.carillon.cli;

import dev.carillon.auth.AuthEndpoint;
import dev.carillon.auth.user.SampleUsers;
import dev.carillon.auth.user.User;
import dev.carillon.server.Server;
import dev.carillon.server.config.AdminConfig;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.AuthEndpointConfig;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.LogFormat;
import dev.carillon.server.config.LogLevel;
import dev.carillon.server.config.LoggingConfig;
import dev.carillon.server.config.StatusConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs server and auth endpoint on defaults, for this machine only: everybody knows the secrets.
 */
@Command(
    name = "demo",
    description = "Runs the server and the auth endpoint with sample users; reads no file.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String HOST = "127.0.0.1";
  private static final int MAX_PORT = 65_535;
  private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");

  @Option(
      names = "--port",
      paramLabel = "P",
      defaultValue = "8080",
      description = "The server's; ${DEFAULT-VALUE} if not given, 0 for any free one.")
  private String port = "";

  @Option(
      names = "--auth-port",
      paramLabel = "P",
      defaultValue = "8000",
      description = "The page's; ${DEFAULT-VALUE} if not given, 0 for any free one.")
  private String authPort = "";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    int serverPort = number("--port", port);
    int pagePort = number("--auth-port", authPort);
    Logging.configure(new LoggingConfig(LogLevel.WARN, LogFormat.TEXT));
    Config config = config(serverPort, pagePort);
    Signals signals = Signals.catchStops();
    try (Server server = Server.start(config);
        AuthEndpoint endpoint = new AuthEndpoint(AuthConfigs.of(config, server.port(), true))) {
      if (!signals.isAsked()) {
        endpoint.start();
        greet(server, endpoint.port());
        signals.await();
      }
    }
    return 0;
  }

  private int number(String option, String value) {
    if (DIGITS.matcher(value).matches() && Integer.parseInt(value) <= MAX_PORT) {
      return Integer.parseInt(value);
    }
    String message = "%s: got '%s', allowed is a whole number from 0 to %d";
    throw new ParameterException(
        command().commandLine(), message.formatted(option, value, MAX_PORT));
  }

  // Its admin port is any free one, so that a server on the defaults may run beside it.
  private static Config config(int port, int authPort) {
    Config config = Config.defaults();
    AuthEndpointConfig.Builder auth = config.authEndpoint().toBuilder().host(HOST).port(authPort);
    auth.database().url("jdbc:h2:mem:demo");
    AppConfig app = config.apps().get(0);
    return config
        .withApps(app.toBuilder().status(withLocation(app.status())).build())
        .withServer(config.server().toBuilder().host(HOST).port(port).drain(Duration.ZERO).build())
        .withAdmin(new AdminConfig(HOST, 0, ""))
        .withAuthEndpoint(auth.build());
  }

  private static StatusConfig withLocation(StatusConfig status) {
    return new StatusConfig(
        status.enabled(), status.fromClients(), true, status.inRosters(), status.userChannel());
  }

  private void greet(Server server, int pagePort) {
    PrintWriter out = command().commandLine().getOut();
    String names = SampleUsers.USERS.stream().map(User::email).collect(Collectors.joining(", "));
    out.println();
    out.println("  The Carillon demo runs. Open  http://" + HOST + ":" + pagePort + "/");
    out.println();
    out.println("  Sign in as   " + names);
    out.println("  Password     " + SampleUsers.PASSWORD);
    out.println("  Server       ws://" + HOST + ":" + server.port() + "/app/app-key");
    out.println("  Metrics      http://" + HOST + ":" + server.adminPort() + "/metrics");
    out.println();
    out.println("  Two windows, two users: each sees the other. Ctrl-C ends it.");
    out.println();
    out.flush();
  }

  private CommandSpec command() {
    if (spec == null) {
      throw new IllegalStateException("not run by the command line");
    }
    return spec;
  }
}
