package dev.carillon.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends an event as an app's own server would. */
@Command(
    name = "trigger",
    description = "Sends an event to a channel, and prints the server's answer.",
    mixinStandardHelpOptions = true)
final class TriggerCommand implements Callable<Integer> {
  @Mixin private final Target target;

  @Parameters(index = "1", paramLabel = "CHANNEL", description = "For example my-channel.")
  private String channel = "";

  @Parameters(index = "2", paramLabel = "EVENT", description = "For example my-event.")
  private String event = "";

  @Parameters(index = "3", paramLabel = "DATA", description = "Any text; most clients want JSON.")
  private String data = "";

  @Option(
      names = "--socket-id",
      paramLabel = "ID",
      description = "A connection that does not get the event.")
  private @Nullable String socketId;

  @Spec private @Nullable CommandSpec spec;

  TriggerCommand(Target target) {
    this.target = target;
  }

  @Override
  public Integer call() throws Exception {
    ObjectMapper json = new ObjectMapper();
    ObjectNode body = json.createObjectNode().put("name", event).put("data", data);
    body.putArray("channels").add(channel);
    if (socketId != null) {
      body.put("socket_id", socketId);
    }
    ApiClient api = new ApiClient(target.address());
    String answer = api.post("/events", json.writeValueAsBytes(body));
    if (spec != null) {
      spec.commandLine().getOut().println(answer);
    }
    return 0;
  }
}
