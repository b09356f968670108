package dev.carillon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists an app's occupied channels. */
@Command(
    name = "channels",
    description = "Lists the channels that have subscribers.",
    mixinStandardHelpOptions = true)
final class ChannelsCommand implements Callable<Integer> {
  private static final String HEADER = "CHANNEL";

  @Mixin private final Target target;

  @Spec private @Nullable CommandSpec spec;

  ChannelsCommand(Target target) {
    this.target = target;
  }

  @Override
  public Integer call() throws Exception {
    ApiClient api = new ApiClient(target.address());
    Map<String, String> subscriptions = counts(api, Map.of("info", "subscription_count"));
    Map<String, String> users =
        counts(api, Map.of("info", "user_count", "filter_by_prefix", "presence-"));
    if (spec != null) {
      print(spec.commandLine().getOut(), subscriptions, users);
    }
    return 0;
  }

  private static Map<String, String> counts(ApiClient api, Map<String, String> query)
      throws IOException, Failure {
    JsonNode channels = new ObjectMapper().readTree(api.get("/channels", query)).path("channels");
    Map<String, String> counts = new TreeMap<>();
    channels
        .properties()
        .forEach(
            channel ->
                counts.put(
                    channel.getKey(), channel.getValue().path(query.get("info")).asText("-")));
    return counts;
  }

  private static void print(
      PrintWriter out, Map<String, String> subscriptions, Map<String, String> users) {
    int width = subscriptions.keySet().stream().mapToInt(String::length).max().orElse(0);
    String format = "%-" + Math.max(width, HEADER.length()) + "s  %13s  %5s%n";
    out.printf(format, HEADER, "SUBSCRIPTIONS", "USERS");
    subscriptions.forEach(
        (channel, count) -> out.printf(format, channel, count, users.getOrDefault(channel, "-")));
    out.flush();
  }
}
