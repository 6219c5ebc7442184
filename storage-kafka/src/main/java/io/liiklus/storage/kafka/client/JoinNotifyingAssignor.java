package io.liiklus.storage.kafka.client;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Configurable;

/**
 * Kafka's cooperative sticky assignor, the same on the wire and in its assignments, that notifies
 * its member of the begin of a join: a join takes several polls, and a consumer shows it in no
 * other way. Confined to the member's turns.
 */
public final class JoinNotifyingAssignor extends CooperativeStickyAssignor implements Configurable {

  /** Key of the {@link Runnable} to call, in the consumer's configuration. */
  static final String ON_JOIN = "liiklus.on.join";

  private Runnable onJoin = () -> {};

  @Override
  public void configure(Map<String, ?> configuration) {
    if (configuration.get(ON_JOIN) instanceof Runnable listener) {
      onJoin = listener;
    }
  }

  @Override
  public ByteBuffer subscriptionUserData(Set<String> topics) {
    onJoin.run();
    return super.subscriptionUserData(topics);
  }
}
