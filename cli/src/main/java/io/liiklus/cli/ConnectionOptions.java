package io.liiklus.cli;

import io.grpc.ChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextChannelCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.liiklus.client.ClientListener;
import java.io.File;
import java.util.Optional;
import javax.net.ssl.SSLException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Options of the connection to a gateway. Confined to the thread that parses, then to the
 * command's.
 */
final class ConnectionOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT[,HOST:PORT]...",
      defaultValue = "127.0.0.1:6565",
      converter = AddressConverter.class,
      description =
          "The gateway; of several, the first that answers is used. Default: ${DEFAULT-VALUE}")
  private GatewayAddresses addresses;

  @Option(
      names = "--tls",
      description = "TLS, by the certificates that Java trusts; --ca and --cert mean it too.")
  private boolean isTls;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "PEM file of the certificates that the gateway is trusted by.")
  private File trusted;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "PEM file of the client's own certificate.")
  private File certificate;

  @Option(
      names = "--cert-key",
      paramLabel = "FILE",
      description = "PEM file (PKCS 8) of its key. Default: the file of --cert")
  private File key;

  @Option(
      names = "--token",
      paramLabel = "TOKEN|@FILE",
      defaultValue = "${env:LIIKLUS_TOKEN}",
      description = {
        "A bearer token, or the file that has it, which is read again when it changes. Other users"
            + " of the machine can see arguments. Default: the variable LIIKLUS_TOKEN"
      })
  private String token;

  /** Opens the gateway, and warns of a token that others can read. */
  Gateway open(Terminal terminal, ClientListener listener) {
    var connection = new Connection(addresses, tls(), token());
    connection
        .exposed()
        .ifPresent(
            address ->
                terminal.say(
                    "the token goes to "
                        + address
                        + " in plain text, and others can read it on its way; use --tls"));
    return Gateway.open(connection, listener);
  }

  private Optional<BearerToken> token() {
    if (token == null || token.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(BearerToken.of(token));
    } catch (IllegalArgumentException refused) {
      throw new ParameterException(spec.commandLine(), "--token: " + refused.getMessage());
    }
  }

  private Optional<ChannelCredentials> tls() {
    if (certificate == null && key != null) {
      throw new ParameterException(spec.commandLine(), "--cert-key stands beside --cert only");
    }
    if (!isTls && trusted == null && certificate == null) {
      return Optional.empty();
    }
    // The JDK's: no native library is to be unpacked for a call or two.
    var builder = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
    try {
      if (trusted != null) {
        builder.trustManager(trusted);
      }
      if (certificate != null) {
        builder.keyManager(certificate, key == null ? certificate : key);
      }
      return Optional.of(NettySslContextChannelCredentials.create(builder.build()));
    } catch (IllegalArgumentException | SSLException unusable) {
      throw new CliException(
          "the files of --ca, --cert or --cert-key cannot be used: " + unusable.getMessage());
    }
  }

  /** Parser of addresses. Immutable. */
  static final class AddressConverter implements ITypeConverter<GatewayAddresses> {
    @Override
    public GatewayAddresses convert(String text) {
      try {
        return GatewayAddresses.parse(text);
      } catch (IllegalArgumentException refused) {
        throw new TypeConversionException(refused.getMessage());
      }
    }
  }
}
