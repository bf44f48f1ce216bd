package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.sable.moves.documents.Document;
import com.sable.moves.errors.Fenced;
import com.sable.moves.errors.SableError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Attempts of which several may be under way at once: a state machine starts another one when it
 * hears nothing of the first, and a task may be delivered twice.
 *
 * <p>Each takes a fence from the state. Only the one that took the last can commit anything, and
 * where an earlier one may still be at it, both hosts are told to refuse that one before the step
 * begins. A step that is done already is not done again: its facts are given once more.
 */
final class FencedAttempts implements Attempts {
  private final Supplier<Replica> replicas;
  private final HostClient client;
  private final Now now;

  /** Takes its collaborators; each attempt is given a replica of its own. */
  FencedAttempts(Supplier<Replica> replicas, HostClient client, Now now) {
    this.replicas = replicas;
    this.client = client;
    this.now = now;
  }

  static Attempts fromEnvironment() {
    TableReplica table = TableReplica.fromEnvironment();
    return new FencedAttempts(
        table::remembering, new HttpHostClient(), System::currentTimeMillis);
  }

  @Override
  public Map<String, Object> run(
      Step step,
      Document event,
      Context context,
      Function<MoveContext, Map<String, Object>> facts) {
    StepLog log = StepLog.begin(step, event, context);
    try {
      Map<String, Object> found = attempt(step, event, facts);
      log.done();
      return found;
    } catch (SableError | IllegalStateException | ArithmeticException error) {
      log.failed(error);
      throw error;
    }
  }

  private Map<String, Object> attempt(
      Step step, Document event, Function<MoveContext, Map<String, Object>> facts) {
    Replica replica = replicas.get();
    Addresses registered = Addresses.registered(replica);
    MoveContext begun = new MoveContext(event, with(replica, registered, () -> 0));
    Map<String, Object> taken =
        begun.commit("fence", Map.of("step", step.word(), "hosts", hostsOf(begun.move())));
    if (taken.get("done") instanceof Map<?, ?> done) {
      return Json.map(done);
    }
    long fence = Document.of(taken).whole("fence");
    Addresses addresses = found(taken).or(registered).remembered();
    Replica own = fenced(replica, fence);
    MoveContext move = new MoveContext(event, with(own, addresses, new Numbers(fence)));
    if (step.isForward() && Boolean.TRUE.equals(taken.get("contested"))) {
      move.fenceHosts();
    }
    Map<String, Object> found = facts.apply(move);
    if (step.isForward()) {
      Map<String, Object> recorded = new LinkedHashMap<>(found);
      recorded.put("step", step.word());
      move.commit("record", Map.of("facts", recorded));
    }
    return found;
  }

  private Collaborators with(Replica replica, Addresses addresses, Fences fences) {
    return new Collaborators(replica, client, addresses, fences, now);
  }

  private static List<String> hostsOf(Document move) {
    return Stream.of("source", "target").map(move::findText).flatMap(Optional::stream).toList();
  }

  /** The addresses that came with a fence; where none did, each host's is null. */
  private static Addresses found(Map<String, Object> taken) {
    Map<String, Object> known =
        Optional.ofNullable(taken.get("addresses")).map(Json::map).orElse(Map.of());
    return host -> (String) known.get(host);
  }

  /** Commits only as long as no later attempt has taken a fence. */
  private static Replica fenced(Replica replica, long fence) {
    return new Replica() {
      @Override
      public Map<String, Object> commit(Map<String, Object> command, double timeout) {
        Map<String, Object> own = new LinkedHashMap<>(command);
        own.put("fence", fence);
        return replica.commit(own, timeout);
      }

      @Override
      public Object view(String... path) {
        return replica.view(path);
      }
    };
  }

  /** The numbers of one attempt's commands. */
  static final class Numbers implements Fences {
    static final long OF_A_FENCE = 100_000;
    static final long FENCES = 10_000;

    private final long fence;
    private long given;

    Numbers(long fence) {
      if (fence >= FENCES) {
        throw new IllegalStateException("a move has " + FENCES + " attempts, and they are used up");
      }
      this.fence = fence;
    }

    @Override
    public synchronized long next() {
      if (given == OF_A_FENCE) {
        throw new Fenced("an attempt has " + OF_A_FENCE + " commands: the next one goes on");
      }
      return fence * OF_A_FENCE + given++;
    }
  }
}
