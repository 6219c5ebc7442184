package io.liiklus.faults.journal;

/** One event, as the client saw it. Times are nanoseconds of one clock. Immutable. */
public sealed interface Event {

  long atNs();

  /** A Publish was answered OK. The key's records were published one after the other. */
  record Published(long atNs, String key, String id, int partition, long offset) implements Event {}

  /** A Publish was answered otherwise: it may be stored or not. */
  record PublishFailed(long atNs, String id, String status) implements Event {}

  /** Subscribe sent an assignment. */
  record Assigned(long atNs, String group, String member, String gateway, int partition)
      implements Event {}

  record SubscribeEnded(long atNs, String group, String member, String gateway, String status)
      implements Event {}

  /**
   * A Receive was called.
   *
   * @param receive its number, unique in the journal
   */
  record ReceiveOpened(long atNs, long receive, String group, String member, int partition)
      implements Event {}

  record Received(long atNs, long receive, long offset, String id) implements Event {}

  /**
   * A Receive ended.
   *
   * @param status the code alone
   * @param text the whole status
   */
  record ReceiveEnded(long atNs, long receive, String status, String text) implements Event {

    public boolean isOk() {
      return status.equals("OK");
    }
  }

  /**
   * An Ack was called.
   *
   * @param ack its number, unique in the journal
   */
  record AckSent(long atNs, long ack, String group, String gateway, int partition, long offset)
      implements Event {}

  record AckEnded(long atNs, long ack, String status) implements Event {}

  /** A member met an answer that the contract does not know for its call. */
  record Surprise(long atNs, String group, String member, String what) implements Event {}

  record FaultBegan(long atNs, String fault) implements Event {}

  record FaultEnded(long atNs, String fault) implements Event {}

  /** The gateway's process does not run, and goes on where it was when resumed. */
  record GatewayPaused(long atNs, String gateway) implements Event {}

  record GatewayResumed(long atNs, String gateway) implements Event {}
}
