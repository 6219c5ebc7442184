package io.liiklus.server.grpc.codec.fuzz;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.liiklus.server.grpc.codec.StoredRecords;
import io.liiklus.server.grpc.codec.event.NotAnEvent;
import io.liiklus.server.grpc.codec.event.RoundTrip;
import io.liiklus.server.grpc.codec.reply.ProtobufReplies;
import io.liiklus.server.grpc.codec.reply.Replies;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Records as anybody may have stored them, read in both formats. An input is the message of a
 * record; an empty header value stands for null. Immutable.
 */
record StoredRecordTarget() implements FuzzTarget {

  @Override
  public byte[] input(Random random) {
    var record = ReceiveReply.Record.newBuilder().setTombstone(random.nextInt(10) == 0);
    boolean isStructured = random.nextBoolean();
    for (int i = random.nextInt(8); i > 0; i--) {
      record.addHeaders(header(RandomTexts.text(random), RandomTexts.text(random), random));
    }
    if (random.nextInt(4) > 0) {
      for (var key : new String[] {"ce_id", "Ce_type", "ce_source", "Ce_SpecVersion"}) {
        record.addHeaders(header(key, RandomTexts.text(random), random));
      }
    }
    if (isStructured) {
      record.addHeaders(header("content-type", "application/cloudevents+json", new Random(0)));
    }
    var value = isStructured ? utf8(RandomTexts.eventJson(random)) : RandomMessages.bytes(random);
    return record
        .setValue(ByteString.copyFrom(Mutations.mutate(value.toByteArray(), random)))
        .build()
        .toByteArray();
  }

  private static Header header(String key, String value, Random random) {
    var bytes = value.getBytes(StandardCharsets.UTF_8);
    var maybeDamaged = random.nextInt(10) == 0 ? Mutations.mutate(bytes, random) : bytes;
    return Header.newBuilder().setKey(key).setValue(ByteString.copyFrom(maybeDamaged)).build();
  }

  @Override
  public void check(byte[] input) {
    ReceiveReply.Record record;
    try {
      record = ReceiveReply.Record.parseFrom(input);
    } catch (InvalidProtocolBufferException noInput) {
      // While it is being shrunk.
      return;
    }
    var headers =
        record.getHeadersList().stream()
            .map(header -> new io.liiklus.api.Header(header.getKey(), valueOrNull(header)))
            .toArray(io.liiklus.api.Header[]::new);
    var value = record.getTombstone() ? null : ByteBuffer.wrap(record.getValue().toByteArray());
    var batch = new StoredRecords().add(-1, null, value, headers);

    // None ends a BINARY stream.
    requireAsGenerated(false, batch);
    try {
      var reply = requireAsGenerated(true, batch);
      RoundTrip.throughJson(reply.getLiiklusEventRecord().getEvent());
    } catch (NotAnEvent expected) {
      // Told to the client.
    }
  }

  /** The reply that a client reads is the one that the generated classes would make. */
  private static ReceiveReply requireAsGenerated(boolean isEvents, StoredRecords batch) {
    var reply = new Replies(isEvents, -1).reply(batch, 0);
    if (!reply.equals(new ProtobufReplies(isEvents, -1).reply(batch, 0))) {
      throw new AssertionError("the reply is not what the generated classes make: " + reply);
    }
    return reply;
  }

  private static byte[] valueOrNull(Header header) {
    return header.getValue().isEmpty() ? null : header.getValue().toByteArray();
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }

  @Override
  public String toString() {
    return "stored record";
  }
}
