package dev.carillon.server.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Commands that are sent together, each to the master that has its keys, in their order there. All
 * are answered in the end: with an {@link UnansweredException} where the connection was lost.
 *
 * <p>Confined to the thread of {@link RedisCommands}.
 */
final class SlotPipeline extends AbstractPipeline {
  private static final CommandObjects COMMANDS = new CommandObjects(RedisProtocol.RESP2);

  private final Shards shards;
  private final SlotMap slots;
  private final Map<HostAndPort, List<Response<?>>> sent = new LinkedHashMap<>();
  private final Map<HostAndPort, JedisException> failed = new HashMap<>();

  SlotPipeline(Shards shards, SlotMap slots) {
    super(COMMANDS);
    this.shards = shards;
    this.slots = slots;
  }

  @Override
  protected <T> Response<T> appendCommand(CommandObject<T> command) {
    Response<T> response = new Response<>(command.getBuilder());
    HostAndPort master = master(command.getArguments());
    if (master == null) {
      response.set(new JedisDataException("CLUSTERDOWN nobody has the slot of a key"));
      return response;
    }
    JedisException before = failed.get(master);
    if (before != null) {
      response.set(UnansweredException.unsent(master, before));
      return response;
    }
    ServerConnection connection;
    try {
      connection = shards.to(master);
    } catch (JedisException away) {
      failed.put(master, away);
      response.set(UnansweredException.unsent(master, away));
      return response;
    }
    sent.computeIfAbsent(master, first -> new ArrayList<>()).add(response);
    try {
      connection.sendCommand(command.getArguments());
      shards.metrics().sent();
    } catch (JedisException lost) {
      lost(master, lost);
    }
    return response;
  }

  private @Nullable HostAndPort master(CommandArguments arguments) {
    Set<Integer> ofKeys = arguments.getKeyHashSlots();
    if (ofKeys.size() > 1) {
      throw new IllegalArgumentException(
          arguments.getCommand() + " has keys of " + ofKeys.size() + " slots, expected one");
    }
    return slots.masterOf(ofKeys.isEmpty() ? 0 : ofKeys.iterator().next());
  }

  private void lost(HostAndPort master, JedisException failure) {
    shards.drop(master);
    failed.put(master, failure);
    List<Response<?>> unanswered = sent.remove(master);
    if (unanswered != null) {
      unanswered.forEach(response -> response.set(UnansweredException.sent(master, failure)));
    }
  }

  /** Sends to all, then waits for all. */
  @Override
  public void sync() {
    long begun = System.nanoTime();
    for (HostAndPort master : List.copyOf(sent.keySet())) {
      try {
        shards.to(master).push();
      } catch (JedisException lost) {
        lost(master, lost);
      }
    }
    for (HostAndPort master : List.copyOf(sent.keySet())) {
      receive(master, sent.getOrDefault(master, List.of()), begun);
    }
    sent.clear();
  }

  private void receive(HostAndPort master, List<Response<?>> responses, long begun) {
    try {
      List<Object> answers = shards.to(master).getMany(responses.size());
      for (int i = 0; i < responses.size(); i++) {
        responses.get(i).set(answers.get(i));
      }
      shards.metrics().answered(System.nanoTime() - begun);
    } catch (JedisException lost) {
      lost(master, lost);
    }
  }

  @Override
  public void close() {
    sync();
  }
}
