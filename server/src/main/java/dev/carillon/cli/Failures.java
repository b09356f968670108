package dev.carillon.cli;

import dev.carillon.server.RefusedException;
import dev.carillon.server.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Tells why a command failed, in one line each, and gives its exit code. */
final class Failures {
  private Failures() {}

  /** A command line that is no command's. */
  static int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Usage: " + command.getCommandSpec().qualifiedName() + " --help");
    return Carillon.WRONG;
  }

  /** A command that was run. */
  static int failed(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (e instanceof ConfigException wrong) {
      wrong.mistakes().forEach(err::println);
      return Carillon.WRONG;
    }
    if (e instanceof Failure failure) {
      err.println(failure.getMessage());
      return failure.exitCode();
    }
    if (e instanceof RefusedException) {
      err.println(e.getMessage());
      return Carillon.WRONG;
    }
    if (e instanceof IOException) {
      err.println(e.getMessage() + hint(e));
      return 1;
    }
    err.println("This is a bug in Carillon:");
    e.printStackTrace(err);
    return 1;
  }

  // Netty and Vert.x each have their own exception around the system's text.
  private static String hint(Exception e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("Address already in use")) {
      return "; stop what listens there, or choose another port";
    }
    return message.contains("Permission denied")
        ? "; ports below 1024 need a privilege: choose a higher one"
        : "";
  }
}
