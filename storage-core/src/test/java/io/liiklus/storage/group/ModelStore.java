package io.liiklus.storage.group;

import static io.liiklus.storage.group.ModelWorld.MS;
import static io.liiklus.storage.group.ModelWorld.SECOND;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.CoordinationStore.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The rows, and everything that can go wrong on the way to them. Confined to the test's thread. */
final class ModelStore {

  /** What goes wrong with all calls, of one gateway or of all. */
  enum Fault {
    NONE,
    /** Fails at once. */
    REFUSE,
    /** Never answers, and does nothing. */
    HANG,
    /** Does it, and never answers. */
    HALF,
    /** Does it once the fault is over. */
    STALL,
    READ_ONLY,
    NO_READS,
    SLOW
  }

  /** A late request takes effect at most so long behind its timeout. */
  static final long MOST_LATE = 7 * SECOND;

  private static final int MOST_UNDONE = 400;

  private record Undo(long at, String key, Row before) {}

  final Map<String, Row> rows = new HashMap<>();
  Fault fault = Fault.NONE;
  long faultUntil;
  long latency;
  double lose;
  double late;
  double tail;

  private final ModelWorld world;
  private final Deque<Undo> history = new ArrayDeque<>();
  private long lastVersion;

  ModelStore(ModelWorld world) {
    this.world = world;
  }

  /** The store as one gateway reaches it. */
  CoordinationStore of(ModelGateway gateway) {
    return new CoordinationStore() {
      @Override
      public CompletionStage<Map<String, Row>> read(Set<String> keys) {
        return ModelStore.this.read(gateway, keys);
      }

      @Override
      public CompletionStage<OptionalLong> replace(String key, long version, byte[] value) {
        return ModelStore.this.replace(gateway, key, version, value);
      }
    };
  }

  private CompletionStage<OptionalLong> replace(
      ModelGateway gateway, String key, long version, byte[] value) {
    gateway.noteId();
    boolean isBeat = key.equals(GatewayRow.key(gateway.id()));
    return call(
        gateway,
        true,
        isBeat,
        () -> {
          var row = rows.get(key);
          if ((row == null ? CoordinationStore.ABSENT : row.version()) != version) {
            return OptionalLong.empty();
          }
          return OptionalLong.of(write(gateway, key, value));
        });
  }

  /** Last write wins, as with positions. */
  CompletionStage<OptionalLong> put(
      ModelGateway gateway, String key, byte[] value, Runnable onApplied) {
    return call(
        gateway,
        true,
        false,
        () -> {
          onApplied.run();
          return OptionalLong.of(write(gateway, key, value));
        });
  }

  private long write(ModelGateway gateway, String key, byte[] value) {
    var before = rows.get(key);
    history.addLast(new Undo(world.now, key, before));
    while (history.size() > MOST_UNDONE) {
      history.removeFirst();
    }
    lastVersion++;
    if (value == null) {
      rows.remove(key);
    } else {
      rows.put(key, new Row(lastVersion, value));
    }
    world.onWrite(gateway, key, before == null ? null : before.value(), value);
    return value == null ? CoordinationStore.ABSENT : lastVersion;
  }

  /** The rows that are there, read at two moments, in no order. */
  CompletionStage<Map<String, Row>> read(ModelGateway gateway, Set<String> keys) {
    var first = new ArrayList<String>();
    var second = new ArrayList<String>();
    keys.stream().sorted().forEach(key -> (world.random.nextBoolean() ? first : second).add(key));
    var found = new HashMap<String, Row>();
    if (!first.isEmpty()) {
      long at = world.now + 1 + (long) (latency * 0.2 * world.random.nextDouble());
      world.at(at, null, () -> collect(first, found));
    }
    long sentAt = world.now;
    return call(
            gateway,
            false,
            false,
            () -> {
              collect(second, found);
              return (Map<String, Row>) found;
            })
        .thenApply(
            rows -> {
              keys.forEach(key -> gateway.seenAt.put(key, sentAt));
              return rows;
            });
  }

  private void collect(Collection<String> keys, Map<String, Row> into) {
    for (var key : keys) {
      var row = rows.get(key);
      if (row != null) {
        into.put(key, row);
      }
    }
  }

  private <T> CompletableFuture<T> call(
      ModelGateway gateway, boolean isWrite, boolean isBeat, Supplier<T> body) {
    var call = new ModelCall<>(gateway, isWrite, body, world.now);
    if (isBeat) {
      gateway.noteBeat(call.answer, call.sentAt);
    }
    gateway.open.add(call);
    gateway.after(ModelWorld.CALL_TIMEOUT, () -> timeOut(call));
    if (gateway.resets > 0) {
      gateway.resets--;
      gateway.after(MS / 2, () -> call.fail("reset"));
      return call.answer;
    }
    boolean isFaulty = world.now < world.healAt - MOST_LATE - 2 * ModelWorld.CALL_TIMEOUT;
    double fate = world.random.nextDouble();
    call.isLost = isFaulty && fate < 2 * lose + late;
    if (call.isLost && fate < lose) {
      return call.answer;
    }
    if (call.isLost && fate >= 2 * lose) {
      long behind = (long) (world.random.nextDouble() * MOST_LATE);
      world.at(world.now + ModelWorld.CALL_TIMEOUT + behind, null, () -> drop(call));
      return call.answer;
    }
    arrive(call, leg());
    return call.answer;
  }

  private void timeOut(ModelCall<?> call) {
    boolean wasPaused = world.now - call.sentAt > ModelWorld.CALL_TIMEOUT * 1.03;
    call.fail(wasPaused && !call.isLost ? "paused" : "injected");
  }

  private long leg() {
    long leg = (long) (latency * (0.2 + 1.6 * world.random.nextDouble()));
    boolean isSlow = world.random.nextDouble() < tail;
    return isSlow ? leg + (long) (world.random.nextDouble() * 1.8 * SECOND) : leg;
  }

  private Fault faultOf(ModelGateway gateway) {
    if (world.now < faultUntil) {
      return fault;
    }
    return world.now < gateway.cutUntil ? gateway.cut : Fault.NONE;
  }

  /** It is done, and the answer is lost. */
  private static void drop(ModelCall<?> call) {
    var unused = call.run();
  }

  private void arrive(ModelCall<?> call, long leg) {
    world.at(world.now + leg, null, () -> onArrived(call));
  }

  private void onArrived(ModelCall<?> call) {
    switch (faultOf(call.gateway)) {
      case NONE -> take(call);
      case REFUSE -> refuse(call);
      case READ_ONLY -> takeUnless(call.isWrite, call);
      case NO_READS -> takeUnless(!call.isWrite, call);
      case HANG -> call.isLost = true;
      case HALF -> {
        call.isLost = true;
        drop(call);
      }
      case STALL -> arrive(call, 300 * MS + world.random.nextLong(100 * MS));
      case SLOW -> {
        long more = (long) (world.random.nextDouble() * 3 * SECOND);
        world.at(world.now + more, null, () -> take(call));
      }
    }
  }

  private void takeUnless(boolean isRefused, ModelCall<?> call) {
    if (isRefused) {
      refuse(call);
    } else {
      take(call);
    }
  }

  private void refuse(ModelCall<?> call) {
    world.at(world.now + MS / 3, call.gateway, () -> call.fail("injected"));
  }

  private <T> void take(ModelCall<T> call) {
    T value = call.run();
    if (call.isLost) {
      return;
    }
    world.at(
        world.now + leg(),
        call.gateway,
        () -> {
          var now = faultOf(call.gateway);
          call.isLost = now == Fault.HANG || now == Fault.HALF || now == Fault.STALL;
          if (!call.isLost) {
            call.gateway.open.remove(call);
            call.answer.complete(value);
          }
        });
  }

  /** A failover that forgets what was written since then. */
  void forget(long since) {
    while (!history.isEmpty() && history.peekLast().at > since) {
      var undo = history.removeLast();
      if (undo.before == null) {
        rows.remove(undo.key);
      } else {
        rows.put(undo.key, undo.before);
      }
    }
  }

  List<String> gatewayRows() {
    return rows.keySet().stream()
        .filter(key -> key.startsWith(GatewayRow.PREFIX))
        .sorted()
        .toList();
  }
}
