package io.liiklus.server.grpc.codec.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.liiklus.api.Header;
import io.liiklus.server.event.Attributes;
import io.liiklus.server.grpc.codec.StoredRecords;
import io.liiklus.server.grpc.codec.reply.Replies;
import java.nio.ByteBuffer;
import java.util.List;

/** What was decoded as an event is written and read again, and is still that event. */
public final class RoundTrip {

  /** Levels of the deepest data that an event has as JSON. */
  public static final int DEEPEST = EventJson.DEEPEST - 1;

  private static final Header STRUCTURED =
      StoredRecords.header("content-type", Attributes.STRUCTURED);

  private RoundTrip() {}

  /** The event comes back from its JSON form, alone and through a structured record. */
  public static void throughJson(LiiklusEvent event) {
    var json = EventJson.write(event).asReadOnlyByteBuffer();
    assertThat(EventJson.read(json)).isEqualTo(stripped(event));

    var record = new StoredRecords().add(0, null, json, STRUCTURED);
    var reply = new Replies(true, -1).reply(record, 0).getLiiklusEventRecord();
    assertThat(reply.getEvent()).isEqualTo(stripped(event));
  }

  /** The event comes back from what is stored for it, in both formats. */
  public static void throughStorage(LiiklusEvent published, List<Header> headers, byte[] value) {
    // Fields that nobody knows have no place in a record, and its time is by RFC 3339.
    var time = published.getTime();
    var event =
        published.toBuilder()
            .setUnknownFields(UnknownFieldSet.newBuilder().build())
            .setTime(time.isEmpty() ? "" : EventTime.toRfc3339(time))
            .build();
    var batch =
        new StoredRecords().add(0, null, ByteBuffer.wrap(value), headers.toArray(Header[]::new));
    var replies = new Replies(true, -1);
    assertThat(replies.reply(batch, 0).getLiiklusEventRecord().getEvent()).isEqualTo(event);

    var json = new Replies(false, -1).reply(batch, 0).getRecord().getValue();
    assertThat(EventJson.read(json.asReadOnlyByteBuffer())).isEqualTo(stripped(event));
  }

  /** Blanks around a JSON value are no part of it. */
  public static LiiklusEvent stripped(LiiklusEvent event) {
    return Attributes.isJson(event.getDataContentType()) && EventJson.isOneValue(event.getData())
        ? event.toBuilder()
            .setData(ByteString.copyFromUtf8(event.getData().toStringUtf8().strip()))
            .build()
        : event;
  }
}
