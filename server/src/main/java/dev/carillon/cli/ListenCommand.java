package dev.carillon.cli;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Follows a channel, and comes back when the connection is lost. */
@Command(
    name = "listen",
    description = "Prints the events of a channel, one JSON object a line, until Ctrl-C.",
    mixinStandardHelpOptions = true)
final class ListenCommand implements Callable<Integer> {
  private static final Duration MAX_DELAY = Duration.ofSeconds(10);

  @Mixin private final Target target;

  @Parameters(
      index = "1",
      paramLabel = "CHANNEL",
      description = "Private and presence channels too: the app's secret signs.")
  private String channel = "";

  @Spec private @Nullable CommandSpec spec;

  ListenCommand(Target target) {
    this.target = target;
  }

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("not run by the command line");
    }
    CommandLine command = spec.commandLine();
    Target.Address address = target.address();
    ChannelName name = name(address);
    Signals signals = Signals.catchStops();
    return follow(address, name, signals, command.getOut(), command.getErr());
  }

  private ChannelName name(Target.Address address) throws Failure {
    try {
      return address.app().relaxedChannelNames()
          ? ChannelName.relaxed(channel)
          : ChannelName.of(channel);
    } catch (ProtocolException e) {
      throw Failure.wrong("CHANNEL: " + e.getMessage());
    }
  }

  private static int follow(
      Target.Address address,
      ChannelName channel,
      Signals signals,
      PrintWriter out,
      PrintWriter err)
      throws Failure {
    Duration delay = Duration.ofSeconds(1);
    while (!signals.isAsked()) {
      ChannelFollower follower = new ChannelFollower(address, channel, out, err);
      String why = follower.follow(signals);
      if (signals.isAsked()) {
        return 0;
      }
      delay = follower.wasSubscribed() ? Duration.ofSeconds(1) : delay;
      err.println(why + "; connecting again in " + delay.toSeconds() + " s");
      signals.await(delay);
      delay = delay.multipliedBy(2).compareTo(MAX_DELAY) < 0 ? delay.multipliedBy(2) : MAX_DELAY;
    }
    return 0;
  }
}
