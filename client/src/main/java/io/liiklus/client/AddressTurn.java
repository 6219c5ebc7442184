package io.liiklus.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Order in which a channel tries the gateways: as they were named, from another one on at each
 * turn. Thread-safe.
 */
final class AddressTurn {

  private final List<GatewayAddress> addresses;
  private final AtomicInteger number = new AtomicInteger();

  AddressTurn(List<GatewayAddress> addresses) {
    this.addresses = addresses;
  }

  int number() {
    return number.get();
  }

  /** Begins the next turn. Returns false where that was done since this one. */
  boolean next(int since) {
    return number.compareAndSet(since, since + 1);
  }

  List<GatewayAddress> addresses() {
    var ordered = new ArrayList<>(addresses);
    Collections.rotate(ordered, -Math.floorMod(number.get(), addresses.size()));
    return ordered;
  }

  /** The first one's, at every turn. */
  String name() {
    return addresses.get(0).toString();
  }
}
