package io.liiklus.server.grpc.auth;

import static io.liiklus.server.gateway.HandmadeToken.hmac512;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.ClientCalls;
import io.liiklus.server.GatewayOptions;
import io.liiklus.server.gateway.BearerClient;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HandmadeToken;
import io.liiklus.server.runtime.EventLoops;
import io.liiklus.server.security.Principal;
import io.liiklus.server.settings.CommandLine;
import io.liiklus.testing.ServerFolder;
import io.liiklus.testing.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The principal that handlers see, over a real channel with TLS. */
class CallIdentityIT {

  private static final String SECRET = "a secret of the test";

  private static final MethodDescriptor<String, String> WHO =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("test.Who/Calls")
          .setRequestMarshaller(new Texts())
          .setResponseMarshaller(new Texts())
          .build();

  private static TlsFiles serverFiles;

  /** CN, two URIs and a DNS name. */
  private static TlsFiles named;

  /** CN and a DNS name alone. */
  private static TlsFiles plain;

  private static EventLoops loops;

  @BeforeAll
  static void open() {
    serverFiles = TlsFiles.create(ServerFolder.create("who"));
    named =
        TlsFiles.create(
            ServerFolder.create("who"),
            "CN=orders\\, inc,OU=shop",
            "uri:spiffe://shop/orders,uri:spiffe://shop/other,dns:orders.shop");
    plain = TlsFiles.create(ServerFolder.create("who"), "CN=localhost", "dns:localhost");
    loops = EventLoops.open(1);
  }

  @AfterAll
  static void close() {
    loops.close();
  }

  private static AuthInterceptor interceptor(boolean isCertificateAsked, String... settings) {
    var commandLine = CommandLine.parse(settings);
    try (var loaded =
        GatewayOptions.load(commandLine, Map.of(), Map.of("liiklus.home", "target/none"))) {
      var auth = GatewayOptions.read(loaded.settings()).grpc().auth();
      var key = serverFiles.key();
      var trusted = isCertificateAsked ? named.certificate() : null;
      var tls =
          new io.liiklus.server.security.tls.TlsFiles(
              serverFiles.certificate(), key, null, trusted, Duration.ofSeconds(1));
      return new AuthInterceptor(auth, Optional.of(tls), loops::current);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Server start(AuthInterceptor auth, boolean isCertificateAsked) throws IOException {
    var tls =
        GrpcSslContexts.forServer(serverFiles.certificate().toFile(), serverFiles.key().toFile());
    if (isCertificateAsked) {
      var trusted = ServerFolder.create("who").resolve("trusted.pem");
      Files.writeString(
          trusted, Files.readString(named.certificate()) + Files.readString(plain.certificate()));
      tls.trustManager(trusted.toFile()).clientAuth(ClientAuth.REQUIRE);
    }
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .bossEventLoopGroup(loops.boss())
        .workerEventLoopGroup(loops.io())
        .channelType(loops.channelType())
        .directExecutor()
        .sslContext(tls.build())
        .addTransportFilter(auth.connections())
        .intercept(auth)
        .addService(
            ServerServiceDefinition.builder("test.Who")
                .addMethod(WHO, (call, headers) -> new Who(call))
                .build())
        .build()
        .start();
  }

  /** Answers with the principal that was there when the call began. Confined to its event loop. */
  private static final class Who extends ServerCall.Listener<String> {
    private final ServerCall<String, String> call;
    private final Principal principal = CallIdentity.current().principal();

    private Who(ServerCall<String, String> call) {
      this.call = call;
      call.request(2);
    }

    @Override
    public void onHalfClose() {
      call.sendHeaders(new Metadata());
      call.sendMessage(principal.source() + " " + principal);
      call.close(Status.OK, new Metadata());
    }
  }

  private static SslContext clientTls(TlsFiles own) throws IOException {
    var tls = GrpcSslContexts.forClient().trustManager(serverFiles.certificate().toFile());
    if (own != null) {
      tls.keyManager(own.certificate().toFile(), own.key().toFile());
    }
    return tls.build();
  }

  private static ManagedChannel channel(Server server, TlsFiles own) throws IOException {
    return NettyChannelBuilder.forAddress("localhost", server.getPort())
        .sslContext(clientTls(own))
        .build();
  }

  private static String ask(Channel channel, String... authorization) {
    var bearer =
        ClientInterceptors.intercept(
            channel, BearerClient.headers(() -> Arrays.asList(authorization)));
    return ClientCalls.blockingUnaryCall(bearer, WHO, CallOptions.DEFAULT, "?");
  }

  private static String bearer(String subject) {
    var token = HandmadeToken.of("HS512", null, subject);
    return "Bearer " + token.signed(hmac512(SECRET));
  }

  private static String[] tokens(String... more) {
    return Stream.concat(
            Stream.of("--grpc.auth.alg=HMAC512", "--grpc.auth.secret=" + SECRET),
            Arrays.stream(more))
        .toArray(String[]::new);
  }

  @Test
  void withoutCredentials_theCallerIsAnonymous() throws Exception {
    try (var auth = interceptor(false)) {
      var server = start(auth, false);
      var channel = channel(server, null);
      assertThat(ask(channel)).isEqualTo("NONE (anonymous)");
      // Where no tokens are asked for, one proves nothing.
      assertThat(ask(channel, "Bearer a.b.c")).isEqualTo("NONE (anonymous)");
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  @Test
  void tokensSubject_isThePrincipalOfEachCall() throws Exception {
    try (var auth = interceptor(false, tokens())) {
      var server = start(auth, false);
      var channel = channel(server, null);
      for (var name : List.of("anna", "bert", "anna", "anonymous", "(anonymous)")) {
        assertThat(ask(channel, bearer(name))).isEqualTo("TOKEN " + name);
      }
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CN | CERTIFICATE orders, inc",
        "URI | CERTIFICATE spiffe://shop/orders",
        "DNS | CERTIFICATE orders.shop"
      })
  void certificatesName_isThePrincipal(String which, String principal) throws Exception {
    try (var auth = interceptor(true, "--grpc.auth.certificateName=" + which)) {
      var server = start(auth, true);
      var channel = channel(server, named);
      assertThat(ask(channel)).isEqualTo(principal);
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  @Test
  void certificateWithoutTheName_isRefused() throws Exception {
    try (var auth = interceptor(true, "--grpc.auth.certificateName=URI")) {
      var server = start(auth, true);
      var channel = channel(server, plain);
      assertThat(GatewayClient.statusOf(() -> ask(channel)).getCode())
          .isEqualTo(Code.UNAUTHENTICATED);
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  @Test
  void tokenAndCertificate_areBothNeededAndTheTokenNamesThePrincipal() throws Exception {
    try (var auth = interceptor(true, tokens())) {
      var server = start(auth, true);
      var channel = channel(server, named);
      assertThat(ask(channel, bearer("anna"))).isEqualTo("TOKEN anna");
      var nameless = HandmadeToken.of("HS512", null, "").withClaims("{}").signed(hmac512(SECRET));
      assertThat(ask(channel, "Bearer " + nameless)).isEqualTo("CERTIFICATE orders, inc");
      assertThat(GatewayClient.statusOf(() -> ask(channel)).getCode())
          .isEqualTo(Code.UNAUTHENTICATED);
      channel.shutdownNow();
      var without = channel(server, null);
      assertThat(GatewayClient.statusOf(() -> ask(without, bearer("anna"))).getCode())
          .isEqualTo(Code.UNAVAILABLE);
      without.shutdownNow();
      server.shutdownNow();
    }
  }

  @Test
  void callsOfOneConnection_keepTheirPrincipals() throws Exception {
    try (var auth = interceptor(false, tokens("--grpc.auth.cacheSize=2"))) {
      var server = start(auth, false);
      var channel = channel(server, null);
      var asked =
          Stream.iterate(0, i -> i + 1)
              .limit(300)
              .map(i -> "caller-" + i % 7)
              .map(name -> Map.entry(name, asking(channel, name)))
              .toList();
      for (var answer : asked) {
        assertThat(answer.getValue().get()).isEqualTo("TOKEN " + answer.getKey());
      }
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  private static CompletableFuture<String> asking(Channel channel, String name) {
    var token = bearer(name);
    return CompletableFuture.supplyAsync(() -> ask(channel, token));
  }

  private static final class Texts implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String text) {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
