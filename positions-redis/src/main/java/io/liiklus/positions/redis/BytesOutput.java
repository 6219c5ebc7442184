package io.liiklus.positions.redis;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reply of strings as bytes, which need not be text; a map's names and values by turns. Confined to
 * the thread of the connection until the reply is complete.
 */
final class BytesOutput extends CommandOutput<String, String, List<byte[]>> {

  BytesOutput() {
    super(StringCodec.UTF8, new ArrayList<>());
  }

  @Override
  public void set(ByteBuffer bytes) {
    var copy = new byte[bytes.remaining()];
    bytes.get(copy);
    output.add(copy);
  }
}
