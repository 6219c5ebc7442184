package io.liiklus.storage.group;

import io.liiklus.api.CoordinationStore.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watch over the other gateways that groups of this one name: the row of one that was silent for a
 * session timeout is removed, if it still is as it was seen. Confined to the groups' loop.
 *
 * <p>Silence is a row that does not change. It counts between good beats of this gateway only, and
 * a fifth of the session timeout at most for each look, so that a pause of the observer accuses
 * nobody.
 */
final class PeerWatch {

  private static final Logger log = LoggerFactory.getLogger(PeerWatch.class);
  private static final int LOOKS_IN_SESSION = 5;

  private static final class Peer {
    private long version;
    private long silentNs;
    private boolean isExpelling;
  }

  private final GroupCoordinator coordinator;
  private final GatewayRow own;
  private final Consumer<String> onGone;
  private final Map<String, Peer> peers = new HashMap<>();

  /** Gateways whose rows are missing. */
  private final Set<String> gone = new HashSet<>();

  private boolean hasLooked;
  private long lookedNs;

  /**
   * @param onGone notified of a gateway whose row was removed by this one
   */
  PeerWatch(GroupCoordinator coordinator, GatewayRow own, Consumer<String> onGone) {
    this.coordinator = coordinator;
    this.own = own;
    this.onGone = onGone;
  }

  /** Whether its row is missing: its members are to go. */
  boolean isGone(String gateway) {
    return gone.contains(gateway);
  }

  /** An id that this gateway had. */
  void onLostId(String gateway) {
    gone.add(gateway);
  }

  /**
   * Takes the answer of a look.
   *
   * @param asked the gateways that were looked at
   */
  void judge(Set<String> asked, Map<String, Row> rows) {
    long nowNs = coordinator.clockNs().getAsLong();
    long stepNs = step(nowNs);
    hasLooked = true;
    lookedNs = nowNs;
    // Missing now: one that a store forgot may be there again.
    gone.clear();
    peers.keySet().retainAll(asked);
    for (var gateway : asked) {
      var row = rows.get(GatewayRow.key(gateway));
      if (row == null) {
        gone.add(gateway);
        peers.remove(gateway);
        continue;
      }
      var peer = peers.computeIfAbsent(gateway, unseen -> new Peer());
      if (peer.version != row.version()) {
        peer.version = row.version();
        peer.silentNs = 0;
      } else {
        peer.silentNs += stepNs;
      }
      if (peer.silentNs >= sessionNs() && !peer.isExpelling) {
        expel(gateway, peer);
      }
    }
  }

  private long step(long nowNs) {
    var settings = coordinator.settings();
    if (!hasLooked || !own.hasBeatenWithin(2 * settings.interval().toNanos())) {
      return 0;
    }
    return Math.min(nowNs - lookedNs, sessionNs() / LOOKS_IN_SESSION);
  }

  private long sessionNs() {
    return coordinator.settings().sessionTimeout().toNanos();
  }

  private void expel(String gateway, Peer peer) {
    peer.isExpelling = true;
    coordinator
        .store()
        .replace(
            GatewayRow.key(gateway),
            peer.version,
            null,
            (answer, failure) -> {
              peer.isExpelling = false;
              if (failure == null && answer.isPresent()) {
                log.info("another gateway was silent and is taken for dead, gateway={}", gateway);
                gone.add(gateway);
                peers.remove(gateway);
                onGone.accept(gateway);
              }
              // Else it has beaten meanwhile, or the next look tells.
            });
  }
}
