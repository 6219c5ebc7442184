package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.Header;
import com.google.protobuf.ByteString;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A header from {@code key=value}; the value may hold further equals signs. Immutable. */
final class HeaderConverter implements ITypeConverter<Header> {

  @Override
  public Header convert(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new TypeConversionException("'" + text + "' is no header; allowed: KEY=VALUE");
    }
    return Header.newBuilder()
        .setKey(text.substring(0, equals))
        .setValue(ByteString.copyFromUtf8(text.substring(equals + 1)))
        .build();
  }
}
