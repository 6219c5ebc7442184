package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.LiiklusServiceOuterClass;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Names and numbers that clients were generated from. None of these lines ever changes. */
class WireContractTest {

  private static final String FIRST_RELEASES =
      """
      AckRequest 1 assignment message
      AckRequest 2 offset uint64
      AckRequest 3 topic string
      AckRequest 4 group string
      AckRequest 5 group_version uint32
      AckRequest 6 partition uint32
      Assignment 1 session_id string
      Assignment 2 partition uint32
      GetEndOffsetsReply 1 offsets message
      GetEndOffsetsRequest 1 topic string
      GetOffsetsReply 1 offsets message
      GetOffsetsRequest 1 topic string
      GetOffsetsRequest 2 group string
      GetOffsetsRequest 3 group_version uint32
      LiiklusEvent 1 id string
      LiiklusEvent 100 data_content_type string
      LiiklusEvent 101 data bytes
      LiiklusEvent 2 type string
      LiiklusEvent 200 extensions message
      LiiklusEvent 3 source string
      LiiklusEvent 5 time string
      PublishReply 1 partition uint32
      PublishReply 2 offset uint64
      PublishReply 3 topic string
      PublishRequest 1 topic string
      PublishRequest 2 key bytes
      PublishRequest 3 value bytes
      PublishRequest 4 liiklusEvent message
      ReceiveReply 1 record message
      ReceiveReply 2 liiklus_event_record message
      ReceiveReply.LiiklusEventRecord 1 offset uint64
      ReceiveReply.LiiklusEventRecord 2 key bytes
      ReceiveReply.LiiklusEventRecord 3 event message
      ReceiveReply.LiiklusEventRecord 4 timestamp message
      ReceiveReply.LiiklusEventRecord 5 replay bool
      ReceiveReply.Record 1 offset uint64
      ReceiveReply.Record 2 key bytes
      ReceiveReply.Record 3 value bytes
      ReceiveReply.Record 4 timestamp message
      ReceiveReply.Record 5 replay bool
      ReceiveRequest 1 assignment message
      ReceiveRequest 2 last_known_offset uint64
      ReceiveRequest 3 format enum
      SubscribeReply 1 assignment message
      SubscribeRequest 1 topic string
      SubscribeRequest 2 group string
      SubscribeRequest 3 auto_offset_reset enum
      SubscribeRequest 4 group_version uint32
      """;

  private static final String ADDED =
      """
      ConsumeRequest 1 start message
      ConsumeRequest 2 ack message
      ConsumeRequest 3 nack message
      ConsumeRequest 4 release message
      ConsumeStart 1 topic string
      ConsumeStart 2 group string
      ConsumeStart 3 group_version uint32
      ConsumeStart 4 auto_offset_reset enum
      ConsumeStart 5 format enum
      ConsumeStart 6 max_batch_records uint32
      ConsumeStart 7 max_unacked_records uint32
      ConsumeStart 8 max_unacked_bytes uint64
      ConsumeStart 9 ack_mode enum
      ConsumeStart 10 retry message
      RetryPolicy 1 max_attempts uint32
      RetryPolicy 2 min_backoff message
      RetryPolicy 3 max_backoff message
      RetryPolicy 4 dead_letter_topic string
      RetryPolicy 5 order enum
      ConsumeAck 1 partitions message
      PartitionAck 1 partition uint32
      PartitionAck 2 up_to uint64
      PartitionAck 3 offsets uint64
      ConsumeNack 1 partition uint32
      ConsumeNack 2 offsets uint64
      ConsumeNack 3 delay message
      ConsumeNack 4 reason string
      ConsumeNack 5 action enum
      ConsumeRelease 1 partitions uint32
      ConsumeReply 1 assigned message
      ConsumeReply 2 revoking message
      ConsumeReply 3 revoked message
      ConsumeReply 4 records message
      ConsumeReply 5 acked message
      ConsumeReply 6 failure message
      Assigned 1 partitions uint32
      Revoking 1 partitions uint32
      Revoking 2 grace message
      Revoked 1 partitions uint32
      Revoked 2 lost bool
      ConsumeRecords 1 partition uint32
      ConsumeRecords 2 records message
      ConsumeRecords 3 events message
      ConsumeRecords 4 attempts uint32
      AckedPositions 1 positions message
      PartitionFailure 1 partition uint32
      PartitionFailure 2 offset uint64
      PartitionFailure 3 code int32
      PartitionFailure 4 message string
      Header 1 key string
      Header 2 value bytes
      PublishBatchReply 1 results message
      PublishBatchRequest 1 requests message
      PublishError 1 code int32
      PublishError 2 message string
      PublishError 3 not_stored bool
      PublishRequest 5 headers message
      PublishRequest 6 tombstone bool
      PublishResult 1 reply message
      PublishResult 2 error message
      ReceiveReply 3 record_batch message
      ReceiveReply 4 liiklus_event_record_batch message
      ReceiveReply.LiiklusEventRecord 6 headers message
      ReceiveReply.LiiklusEventRecordBatch 1 records message
      ReceiveReply.Record 6 headers message
      ReceiveReply.Record 7 tombstone bool
      ReceiveReply.RecordBatch 1 records message
      ReceiveRequest 4 max_batch_records uint32
      """;

  @Test
  void service_isWhereItAlwaysWas() {
    var file = LiiklusServiceOuterClass.getDescriptor();

    assertThat(file.getPackage()).isEqualTo("com.github.bsideup.liiklus");
    assertThat(file.findServiceByName("LiiklusService").getMethods())
        .extracting(method -> method.getName() + (method.isServerStreaming() ? " streams" : ""))
        .containsExactly(
            "Publish",
            "PublishBatch",
            "PublishStream streams",
            "Subscribe streams",
            "Receive streams",
            "Consume streams",
            "Ack",
            "GetOffsets",
            "GetEndOffsets");
  }

  @Test
  void fields_keepTheirNumbersAndTypes() {
    List<String> lines = new ArrayList<>();
    for (var message : LiiklusServiceOuterClass.getDescriptor().getMessageTypes()) {
      describe(message, lines);
    }

    assertThat(lines.stream().sorted().collect(Collectors.joining("\n")).lines())
        .containsExactlyInAnyOrderElementsOf((FIRST_RELEASES + ADDED).lines().toList());
  }

  private static void describe(Descriptor message, List<String> lines) {
    if (message.getOptions().getMapEntry()) {
      return;
    }
    var name =
        message.getContainingType() == null
            ? message.getName()
            : message.getContainingType().getName() + "." + message.getName();
    for (FieldDescriptor field : message.getFields()) {
      lines.add(
          "%s %d %s %s"
              .formatted(
                  name,
                  field.getNumber(),
                  field.getName(),
                  field.getType().name().toLowerCase(Locale.ROOT)));
    }
    message.getNestedTypes().forEach(nested -> describe(nested, lines));
  }
}
