package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.PublishReply;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Format in which {@code publish} shows where a record is stored, in one line. Immutable. */
interface ReplyFormat {

  void write(PublishReply reply, PrintStream out);

  /** {@code partition:offset}. */
  static ReplyFormat lines() {
    return (reply, out) ->
        out.writeBytes(
            (Integer.toUnsignedString(reply.getPartition())
                    + ":"
                    + Long.toUnsignedString(reply.getOffset())
                    + "\n")
                .getBytes(StandardCharsets.UTF_8));
  }

  /** An object of {@code topic}, {@code partition} and {@code offset}. */
  static ReplyFormat json() {
    var lines = new JsonLines();
    return (reply, out) ->
        lines.write(
            out,
            json -> {
              json.writeStringField("topic", reply.getTopic());
              json.writeNumberField("partition", Integer.toUnsignedLong(reply.getPartition()));
              json.writeFieldName("offset");
              json.writeNumber(Long.toUnsignedString(reply.getOffset()));
            });
  }
}
