package io.liiklus.cli;

import com.google.protobuf.ByteString;
import io.liiklus.client.ReceivedRecord;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Format for people: {@code partition:offset}, key and value, with tabs between them, and an
 * event's type before its data. Always one line: control characters and bytes that are not UTF-8
 * are shown as {@code \n}, {@code \t}, {@code \r} or {@code \x1b}. A record without a value shows
 * {@code \N}. Immutable.
 */
final class LineFormat implements RecordFormat {

  private static final HexFormat HEX = HexFormat.of();

  @Override
  public void write(ReceivedRecord record, PrintStream out) {
    var line =
        new StringBuilder()
            .append(Integer.toUnsignedString(record.partition()))
            .append(':')
            .append(Long.toUnsignedString(record.offset()))
            .append('\t');
    show(record.key(), line);
    line.append('\t');
    record
        .event()
        .ifPresent(
            event -> {
              showText(event.getType(), line);
              line.append('\t');
            });
    if (record.isTombstone()) {
      line.append("\\N");
    } else {
      show(record.value(), line);
    }
    out.writeBytes(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void show(ByteString bytes, StringBuilder line) {
    if (bytes.isValidUtf8()) {
      showText(bytes.toStringUtf8(), line);
      return;
    }
    for (byte b : bytes) {
      int code = Byte.toUnsignedInt(b);
      if (code < 0x80) {
        showChar((char) code, line);
      } else {
        showCode(code, line);
      }
    }
  }

  private static void showText(String text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      showChar(text.charAt(i), line);
    }
  }

  private static void showChar(char c, StringBuilder line) {
    switch (c) {
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> {
        if (Character.isISOControl(c)) {
          showCode(c, line);
        } else {
          line.append(c);
        }
      }
    }
  }

  private static void showCode(int code, StringBuilder line) {
    line.append("\\x").append(HEX.toHexDigits((byte) code));
  }
}
