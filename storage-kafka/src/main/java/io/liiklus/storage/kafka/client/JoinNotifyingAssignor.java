package io.liiklus.storage.kafka.client;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Configurable;

/**
 * Kafka's cooperative sticky assignor, on the wire and in what it assigns, that also tells its
 * member that it is joining: a join takes several polls, which nothing else of a consumer shows
 * before it is over. Confined to the member's turns.
 */
public final class JoinNotifyingAssignor extends CooperativeStickyAssignor implements Configurable {

  /** Where the consumer's configuration has a {@link Runnable} that is called. */
  static final String ON_JOIN = "liiklus.on.join";

  private Runnable onJoin = () -> {};

  @Override
  public void configure(Map<String, ?> configuration) {
    if (configuration.get(ON_JOIN) instanceof Runnable told) {
      onJoin = told;
    }
  }

  @Override
  public ByteBuffer subscriptionUserData(Set<String> topics) {
    onJoin.run();
    return super.subscriptionUserData(topics);
  }
}
