package io.liiklus.server.model;

import io.grpc.Status;
import io.liiklus.api.PositionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was acknowledged, and what became of it. */
final class ModelAcks {

  /** One Ack call. */
  static final class Ack {
    final PositionId id;
    final long offset;
    private final boolean isPatient;
    private final int index;
    private final long begunAt;
    private Status status;

    private Ack(PositionId id, long offset, boolean isPatient, int index, long begunAt) {
      this.id = id;
      this.offset = offset;
      this.isPatient = isPatient;
      this.index = index;
      this.begunAt = begunAt;
    }
  }

  /** A write that was done, or refused. */
  private record Decision(long stamp, long offset, boolean isStored) {}

  /** The acks of one position in the order of their calls. */
  private static final class Line {
    private final List<Ack> acks = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private int written;

    /** Whether a decision was about this ack or one that overtook it. */
    private boolean isAbout(Ack ack, Decision decision) {
      return decision.stamp() > ack.begunAt
          && acks.subList(ack.index, acks.size()).stream()
              .anyMatch(
                  later -> later.offset == decision.offset() && later.begunAt < decision.stamp());
    }

    private boolean isDecided(Ack ack) {
      return ack.status != null || decisions.stream().anyMatch(decision -> isAbout(ack, decision));
    }
  }

  private final Witness witness;
  private final Map<PositionId, Line> lines = new HashMap<>();
  private final Set<Ack> overlooked = new HashSet<>();

  ModelAcks(Witness witness) {
    this.witness = witness;
  }

  Ack begin(PositionId id, long offset, boolean isPatient) {
    var line = line(id);
    var ack = new Ack(id, offset, isPatient, line.acks.size(), witness.next());
    line.acks.add(ack);
    return ack;
  }

  private Line line(PositionId id) {
    return lines.computeIfAbsent(id, none -> new Line());
  }

  /** Returns which ack it is, as far as can be told. */
  int onWrite(PositionId id, long offset) {
    var line = line(id);
    int at = line.written;
    while (at < line.acks.size() && line.acks.get(at).offset != offset) {
      at++;
    }
    witness.require(
        at < line.acks.size(), "%s: %d is written, which is no ack or an old one", id, offset);
    line.written = at;
    return at;
  }

  /** How many acks a write is for, as far as it is certain that they wait. */
  long waitingUpTo(PositionId id, int write) {
    var line = line(id);
    return line.acks.subList(0, write + 1).stream()
        .filter(ack -> ack.isPatient && !line.isDecided(ack))
        .count();
  }

  void onStored(PositionId id, long write) {
    decide(id, write, true);
  }

  void onRefused(PositionId id, long write) {
    decide(id, write, false);
  }

  private void decide(PositionId id, long write, boolean isStored) {
    var line = line(id);
    line.decisions.add(new Decision(witness.next(), line.acks.get((int) write).offset, isStored));
  }

  /** The acks of a position that wait and may do so for long. */
  List<Ack> waiting(PositionId id) {
    return line(id).acks.stream().filter(ack -> ack.status == null && ack.isPatient).toList();
  }

  /** A rebalance went on: what waited before it is stored by now, or will be refused. */
  void onFlushed(List<Ack> waiting) {
    for (var ack : waiting) {
      if (!line(ack.id).isDecided(ack)) {
        overlooked.add(ack);
      }
    }
  }

  /** The client went away: the ack may be stored or not. */
  void onCancelled(Ack ack) {
    ack.status = Status.CANCELLED;
  }

  void onAnswered(Ack ack, Status status) {
    witness.require(ack.status == null, "%s: answered twice", ack.id);
    ack.status = status;
    switch (status.getCode()) {
      case OK -> {
        var line = line(ack.id);
        witness.require(
            line.decisions.stream()
                .anyMatch(decision -> decision.isStored() && line.isAbout(ack, decision)),
            "%s: the ack of %d was answered OK and nothing is stored",
            ack.id,
            ack.offset);
        witness.require(
            !overlooked.contains(ack),
            "%s: a revocation went on before the ack of %d",
            ack.id,
            ack.offset);
      }
      case UNAVAILABLE ->
          witness.require(!ack.isPatient, "%s: the ack of %d was given up", ack.id, ack.offset);
      case PERMISSION_DENIED, RESOURCE_EXHAUSTED, FAILED_PRECONDITION -> {}
      default -> witness.require(false, "%s: an ack was answered %s", ack.id, status);
    }
  }

  /** When nothing is under way any more. */
  void requireSettled(ModelPositions positions) {
    lines.forEach(
        (id, line) -> {
          Ack last = null;
          for (var ack : line.acks) {
            witness.require(ack.status != null, "%s: no answer to ack of %d", id, ack.offset);
            if (isAccepted(ack)) {
              last = ack;
            }
          }
          if (last != null && last.status.isOk()) {
            witness.require(
                positions.now(id) == last.offset,
                "%s: the last ack is of %d, stored is %d",
                id,
                last.offset,
                positions.now(id));
          }
        });
  }

  private static boolean isAccepted(Ack ack) {
    return switch (ack.status.getCode()) {
      case FAILED_PRECONDITION, RESOURCE_EXHAUSTED -> false;
      default -> true;
    };
  }
}
