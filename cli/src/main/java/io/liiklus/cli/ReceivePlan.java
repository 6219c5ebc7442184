package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest.ContentFormat;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest.AutoOffsetReset;
import java.util.regex.Pattern;

/**
 * Topic and group to read, and when to end. Immutable.
 *
 * @param isAcking whether positions are stored
 * @param count how many records end the run; 0: none does
 */
record ReceivePlan(
    String topic,
    Group group,
    AutoOffsetReset from,
    ContentFormat format,
    boolean isAcking,
    long count) {

  /** What the gateway says of a record that is no event, and of the way behind it. */
  private static final String NO_EVENT = " is no event: ";

  private static final Pattern SKIP = Pattern.compile("; [^;]* skips it$");

  /** A group and its version. Immutable. */
  record Group(String name, int version) {
    @Override
    public String toString() {
      return version == 0 ? name : name + " version " + version;
    }
  }

  SubscribeRequest subscribe() {
    return SubscribeRequest.newBuilder()
        .setTopic(topic)
        .setGroup(group.name())
        .setGroupVersion(group.version())
        .setAutoOffsetReset(from)
        .build();
  }

  ReceiveRequest receive(Assignment assignment) {
    return ReceiveRequest.newBuilder().setAssignment(assignment).setFormat(format).build();
  }

  GetOffsetsRequest offsets() {
    return GetOffsetsRequest.newBuilder()
        .setTopic(topic)
        .setGroup(group.name())
        .setGroupVersion(group.version())
        .build();
  }

  /**
   * The text of a status that ended a Receive, for users of the command line: the field of the
   * request that would skip a record is no option here.
   */
  String advised(String status) {
    var skip = SKIP.matcher(status);
    return format == ContentFormat.LIIKLUS_EVENT && status.contains(NO_EVENT) && skip.find()
        ? skip.replaceFirst("; --format=binary prints it")
        : status;
  }

  /** Names the position itself, so that it can be stored without the session that read it. */
  AckRequest ack(int partition, long offset) {
    return AckRequest.newBuilder()
        .setTopic(topic)
        .setGroup(group.name())
        .setGroupVersion(group.version())
        .setPartition(partition)
        .setOffset(offset)
        .build();
  }
}
