package io.liiklus.server.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a script that fails shorter, for as long as it fails. */
final class Shrinking {

  /** How many scripts are tried at the most. */
  private static final int MOST_TRIES = 4_000;

  private final Predicate<Script> fails;
  private int tries;

  Shrinking(Predicate<Script> fails) {
    this.fails = fails;
  }

  Script shrink(Script failing) {
    var ops = failing.ops();
    int before;
    do {
      before = ops.size();
      for (int chunk = Math.max(1, ops.size() / 2); chunk >= 1; chunk /= 2) {
        ops = without(failing, ops, chunk);
      }
      ops = smaller(failing, ops);
    } while (ops.size() < before && tries < MOST_TRIES);
    return failing.with(ops);
  }

  private List<Op> without(Script script, List<Op> whole, int chunk) {
    var ops = whole;
    int at = ops.size() - chunk;
    while (at >= 0 && tries < MOST_TRIES) {
      var shorter = new ArrayList<>(ops.subList(0, at));
      shorter.addAll(ops.subList(at + chunk, ops.size()));
      if (fails(script, shorter)) {
        ops = shorter;
      }
      at = Math.min(at, ops.size()) - chunk;
    }
    return ops;
  }

  /** Smaller numbers say more. */
  private List<Op> smaller(Script script, List<Op> whole) {
    var ops = new ArrayList<>(whole);
    for (int i = 0; i < ops.size(); i++) {
      var op = ops.get(i);
      for (var simpler :
          List.of(
              new Op(op.kind(), op.a(), 0, 0),
              new Op(op.kind(), op.a(), 0, op.c()),
              new Op(op.kind(), op.a(), op.b(), 0),
              new Op(op.kind(), op.a() % 3, op.b(), op.c()))) {
        if (!simpler.equals(ops.get(i)) && sum(simpler) < sum(ops.get(i))) {
          var changed = new ArrayList<>(ops);
          changed.set(i, simpler);
          if (fails(script, changed)) {
            ops = changed;
          }
        }
      }
    }
    return ops;
  }

  private static int sum(Op op) {
    return op.a() + op.b() + op.c();
  }

  private boolean fails(Script script, List<Op> ops) {
    tries++;
    return fails.test(script.with(ops));
  }
}
