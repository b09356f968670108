package dev.carillon.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * SIGINT, SIGTERM and SIGHUP: the first asks the command to end in order, a second ends the process
 * at once, with 130, 143 or 129.
 *
 * <p>Thread-safe.
 */
final class Signals {
  private static final int EXIT_BASE = 128;

  private final CompletableFuture<Void> asked = new CompletableFuture<>();

  private Signals() {}

  /** Catches them from now on. */
  static Signals catchStops() {
    Signals signals = new Signals();
    signals.handle("INT", 2);
    signals.handle("TERM", 15);
    // The JVM's default would end it without a drain, as a terminal that closes sends it.
    signals.handle("HUP", 1);
    return signals;
  }

  // By reflection: javac warns of sun.misc in a way that cannot be silenced for one class, and the
  // JDK has no other way to know a second signal from the first.
  private void handle(String name, int number) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler called =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              on(name, number);
            }
            return null;
          };
      Object listener =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, called);
      type.getMethod("handle", type, handler)
          .invoke(null, type.getConstructor(String.class).newInstance(name), listener);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new IllegalStateException("cannot catch SIG" + name, e);
    }
  }

  private synchronized void on(String name, int number) {
    if (asked.isDone()) {
      LoggerFactory.getLogger(Signals.class).warn("Second signal: ending at once signal={}", name);
      Runtime.getRuntime().halt(EXIT_BASE + number);
    }
    asked.complete(null);
  }

  /** Returns after the first. */
  void await() {
    asked.join();
  }

  /** Returns after the first, or that time. */
  void await(Duration atMost) {
    asked.copy().completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  /** Whether there was one. */
  boolean isAsked() {
    return asked.isDone();
  }

  /** Runs that at the first; at once if it was before. */
  void onFirst(Runnable task) {
    asked.thenRun(task);
  }
}
