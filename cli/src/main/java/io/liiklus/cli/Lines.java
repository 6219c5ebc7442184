package io.liiklus.cli;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Lines of a stream as bytes, without their line feeds; bytes behind the last line feed are a line
 * where there are any. Confined to the thread that reads.
 */
public final class Lines {

  private static final int BUFFER_BYTES = 64 << 10;

  private final InputStream in;
  private final String name;
  private final int maxBytes;
  private long count;

  /**
   * @param name of the stream, for people
   * @param maxBytes the longest line that is taken
   */
  public Lines(InputStream in, String name, int maxBytes) {
    this.in = new BufferedInputStream(in, BUFFER_BYTES);
    this.name = name;
    this.maxBytes = maxBytes;
  }

  /** Waits for the next line; empty at the end. */
  public Optional<ByteString> next() throws IOException {
    count++;
    var line = ByteString.newOutput();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return Optional.of(line.toByteString());
      }
      if (line.size() == maxBytes) {
        throw new CliException(
            "line " + count + " of " + name + " is longer than " + maxBytes + " bytes");
      }
      line.write(b);
    }
    return line.size() == 0 ? Optional.empty() : Optional.of(line.toByteString());
  }
}
