package io.liiklus.server.grpc.publish;

import io.liiklus.api.AccessRequest.Operation;
import io.liiklus.server.authorization.Access;
import io.liiklus.server.security.Principal;

/**
 * Right of a caller to publish to a topic, by which its records are published. Immutable.
 *
 * @param topic the one that the request names
 */
public record PublishPermit(String topic, Principal principal, Access access) {

  /**
   * Judges the caller.
   *
   * @throws io.liiklus.server.authorization.AccessException where it may not publish to the topic
   */
  public static PublishPermit of(String topic, Principal principal, Access access) {
    access.require(Operation.PUBLISH, principal, topic);
    return new PublishPermit(topic, principal, access);
  }

  boolean isFor(String another) {
    return topic.equals(another);
  }

  /** Judges the caller for the topic that a processor has chosen. */
  void requireFor(String another) {
    access.require(Operation.PUBLISH, principal, another);
  }
}
