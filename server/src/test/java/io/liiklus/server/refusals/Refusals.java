package io.liiklus.server.refusals;

import com.github.bsideup.liiklus.protocol.AckRequest;
import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.GetOffsetsRequest;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.github.bsideup.liiklus.protocol.ReceiveRequest;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.Status;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Requests that break the contract, field by field: each rule once for each field that it is for.
 * Every form of a name or number stands in the unit tests of the codec.
 */
final class Refusals {

  private static final String TOPIC = "1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-'";
  private static final String GROUP = "1 to 255 bytes of UTF-8 without control characters";
  private static final String NUMBER = "a whole number from 0 to 2147483647";
  private static final String OFFSET = "0 to 9223372036854775806, or 18446744073709551615";

  /** All but what else is in a request of the largest size. */
  private static final int HUGE = 2_000_000;

  /** How a request names its group, whatever the call. */
  private record Names(String topic, String group, int version) {}

  private Refusals() {}

  static Stream<Refusal> all() {
    return Stream.of(
            ofTopics(topic -> Refusal.of("", publish().setTopic(topic))),
            ofTopics(topic -> Refusal.of("", GetEndOffsetsRequest.newBuilder().setTopic(topic))),
            ofNames(Refusals::subscribe),
            ofNames(Refusals::getOffsets),
            ofNames(Refusals::ack),
            PublishRefusals.all(),
            acks(),
            receives(),
            Stream.of(
                Refusal.of(
                    "an unknown reset",
                    SubscribeRequest.newBuilder()
                        .setTopic("topic")
                        .setGroup("group")
                        .setAutoOffsetResetValue(2),
                    "auto_offset_reset: 2 is not allowed; EARLIEST (0) or LATEST (1)"),
                Refusal.of(
                    "a negative reset",
                    SubscribeRequest.newBuilder()
                        .setTopic("topic")
                        .setGroup("group")
                        .setAutoOffsetResetValue(-1),
                    "auto_offset_reset: -1 is not allowed; EARLIEST (0) or LATEST (1)")))
        .flatMap(refusals -> refusals);
  }

  private static Refusal subscribe(Names names) {
    return Refusal.of(
        "",
        SubscribeRequest.newBuilder()
            .setTopic(names.topic())
            .setGroup(names.group())
            .setGroupVersion(names.version()));
  }

  private static Refusal getOffsets(Names names) {
    return Refusal.of(
        "",
        GetOffsetsRequest.newBuilder()
            .setTopic(names.topic())
            .setGroup(names.group())
            .setGroupVersion(names.version()));
  }

  private static Refusal ack(Names names) {
    return Refusal.of(
        "",
        AckRequest.newBuilder()
            .setTopic(names.topic())
            .setGroup(names.group())
            .setGroupVersion(names.version()));
  }

  private static Stream<Refusal> ofTopics(Function<String, Refusal> call) {
    var huge = "t".repeat(HUGE);
    return Stream.of("", "a b", "a/b", "a:b", ".", "..", "ä", "a\u0000", "t".repeat(250), huge)
        .map(topic -> told(call.apply(topic), "topic " + shown(topic), "topic: \"", TOPIC));
  }

  private static Stream<Refusal> ofNames(Function<Names, Refusal> call) {
    var topics = ofTopics(topic -> call.apply(new Names(topic, "group", 0)));
    var groups =
        Stream.of(
                "",
                "a\nb",
                "a\u0000",
                "\u007f",
                "\u0085",
                "g".repeat(256),
                "ä".repeat(128),
                "g-v" + "9".repeat(HUGE))
            .map(
                group ->
                    told(
                        call.apply(new Names("topic", group, 0)),
                        "group " + shown(group),
                        "group: \"",
                        GROUP));
    var emptyName =
        told(
            call.apply(new Names("topic", "-v3", 0)),
            "group -v3",
            "group: \"-v3\"",
            "a name before its version");
    var versionsInNames =
        Stream.of("g-v2147483648", "g-v18446744073709551616")
            .map(
                group ->
                    told(
                        call.apply(new Names("topic", group, 0)),
                        "group " + group,
                        "group: \"" + group + "\"",
                        "at most 2147483647"));
    var versions =
        Stream.of(-1, Integer.MIN_VALUE)
            .map(
                version ->
                    told(
                        call.apply(new Names("topic", "group", version)),
                        "version " + Integer.toUnsignedString(version),
                        "group_version: \"" + Integer.toUnsignedString(version) + "\"",
                        NUMBER));
    return Stream.of(topics, groups, Stream.of(emptyName), versionsInNames, versions)
        .flatMap(refusals -> refusals);
  }

  private static Stream<Refusal> acks() {
    var offsets =
        Stream.of(Long.MAX_VALUE, Long.MIN_VALUE, -2L)
            .map(offset -> Long.toUnsignedString(offset))
            .map(
                offset ->
                    Refusal.of(
                        "offset " + offset,
                        ack().setOffset(Long.parseUnsignedLong(offset)),
                        "offset: \"" + offset + "\" is not allowed",
                        OFFSET));
    return Stream.concat(
        offsets,
        Stream.of(
            Refusal.of(
                "partition 2^32-1",
                ack().setPartition(-1),
                "partition: \"4294967295\" is not allowed",
                NUMBER),
            Refusal.of(
                "an assignment's partition 2^31",
                ofAssignment(assignment().setPartition(Integer.MIN_VALUE)),
                "assignment.partition: \"2147483648\" is not allowed",
                NUMBER),
            Refusal.of(
                "an assignment without a session, whatever the names",
                ofAssignment(Assignment.newBuilder()),
                "assignment.session_id: is empty"),
            Refusal.of(
                "an assignment's offset 2^63-1",
                ofAssignment(assignment()).setOffset(Long.MAX_VALUE),
                "offset: \"9223372036854775807\" is not allowed"),
            Refusal.of("a session that is none", ofAssignment(assignment()), "no such session")
                .with(Status.Code.FAILED_PRECONDITION)));
  }

  private static Stream<Refusal> receives() {
    return Stream.of(
        Refusal.of(
            "no assignment",
            ReceiveRequest.getDefaultInstance(),
            "assignment.session_id: is empty; the session_id of a reply to Subscribe"),
        Refusal.of(
            "no session",
            ReceiveRequest.newBuilder().setAssignment(Assignment.newBuilder().setPartition(1)),
            "assignment.session_id: is empty"),
        Refusal.of(
            "partition 2^32-1",
            ReceiveRequest.newBuilder().setAssignment(assignment().setPartition(-1)),
            "assignment.partition: \"4294967295\" is not allowed",
            NUMBER),
        Refusal.of(
            "an unknown format",
            receive().setFormatValue(9),
            "format: 9 is not allowed; BINARY (0) or LIIKLUS_EVENT (1)"),
        Refusal.of("a negative format", receive().setFormatValue(-1), "format: -1 is not allowed"),
        Refusal.of(
            "a batch of 2^32-1",
            receive().setMaxBatchRecords(-1),
            "max_batch_records: \"4294967295\" is not allowed",
            NUMBER),
        Refusal.of("a session that is none", receive(), "no such session")
            .with(Status.Code.FAILED_PRECONDITION),
        Refusal.of(
                "a session as long as the request",
                receive().setAssignment(assignment().setSessionId("s".repeat(HUGE))),
                "no such session")
            .with(Status.Code.FAILED_PRECONDITION));
  }

  private static Refusal told(Refusal refusal, String what, String... told) {
    return new Refusal(refusal.call(), what, refusal.request(), refusal.code(), List.of(told));
  }

  /** For the name of a test. */
  private static String shown(String name) {
    return name.length() > 20
        ? "of " + name.length() + " characters"
        : '"' + name.replaceAll("\\p{Cntrl}", "^") + '"';
  }

  private static PublishRequest.Builder publish() {
    return PublishRequest.newBuilder().setTopic("topic");
  }

  private static Assignment.Builder assignment() {
    return Assignment.newBuilder().setSessionId("session");
  }

  private static ReceiveRequest.Builder receive() {
    return ReceiveRequest.newBuilder().setAssignment(assignment());
  }

  private static AckRequest.Builder ack() {
    return AckRequest.newBuilder().setTopic("topic").setGroup("group");
  }

  // The field is deprecated for clients, and served as long as there are any.
  @SuppressWarnings("deprecation")
  private static AckRequest.Builder ofAssignment(Assignment.Builder assignment) {
    return ack().setAssignment(assignment);
  }
}
