package io.liiklus.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Options of the connection to a gateway. Confined to the thread that parses, then to the
 * command's.
 */
final class ConnectionOptions {

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:6565",
      converter = AddressConverter.class,
      description = "The gateway, without TLS. Default: ${DEFAULT-VALUE}")
  private GatewayAddress address;

  GatewayAddress address() {
    return address;
  }

  /** Parser of addresses. Immutable. */
  static final class AddressConverter implements ITypeConverter<GatewayAddress> {
    @Override
    public GatewayAddress convert(String text) {
      try {
        return GatewayAddress.parse(text);
      } catch (IllegalArgumentException refused) {
        throw new TypeConversionException(refused.getMessage());
      }
    }
  }
}
