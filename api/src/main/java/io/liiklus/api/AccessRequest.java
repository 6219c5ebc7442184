package io.liiklus.api;

import java.util.Objects;
import java.util.Optional;

/**
 * What a caller wants to do. Immutable.
 *
 * @param principal the caller's name; {@value #ANONYMOUS} where no credentials are asked for, empty
 *     where valid credentials name nobody
 * @param group the group's name, without its version; empty for {@link Operation#PUBLISH}, and for
 *     {@link Operation#DESCRIBE} where the topic alone is asked for
 */
public record AccessRequest(
    Operation operation, String principal, String topic, Optional<String> group) {

  /** The principal of whom no credentials were asked. */
  public static final String ANONYMOUS = "anonymous";

  /** Kinds of operations. */
  public enum Operation {
    /** Publish to a topic. */
    PUBLISH,
    /** Subscribe to a topic as a group, and receive its records. */
    CONSUME,
    /** Store positions of a group in a topic. */
    ACK,
    /** Read the end offsets of a topic, or the positions of a group in it. */
    DESCRIBE
  }

  public AccessRequest {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(principal, "principal");
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(group, "group");
  }
}
