package io.liiklus.aws.dynamodb;

import static io.liiklus.api.OpenPositions.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.DynamoDbServer;
import io.liiklus.testing.SharedDynamoDb;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Credentials for a token of a web identity, as pods of EKS have it. STS is a small HTTP server of
 * this test, which answers as its documentation says: STS itself is at AWS alone. dynalite does not
 * check signatures; so the access key by which requests are signed is not looked at.
 */
class WebIdentityIT {

  private static final List<String> OTHERS = List.of("aws.accessKeyId", "aws.secretAccessKey");

  private final Map<String, String> before = new HashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer sts;
  private volatile boolean isRefusing;

  @TempDir private Path folder;

  @BeforeEach
  void startsSts() throws IOException {
    assumeTrue(DynamoDbServer.isAvailable());
    sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    sts.createContext("/", this::answer);
    sts.start();
    OTHERS.forEach(name -> set(name, null));
    set(
        "aws.webIdentityTokenFile",
        Files.writeString(folder.resolve("token"), "a-token").toString());
    set("aws.roleArn", "arn:aws:iam::123456789012:role/gateway");
    set("aws.endpointUrlSts", "http://127.0.0.1:" + sts.getAddress().getPort());
    set("aws.region", "us-east-1");
  }

  @AfterEach
  void ends() {
    before.forEach(WebIdentityIT::restore);
    if (sts != null) {
      sts.stop(0);
    }
  }

  private void set(String name, String value) {
    before.put(name, System.getProperty(name));
    restore(name, value);
  }

  private static void restore(String name, String value) {
    if (value == null) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, value);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    var body = (isRefusing ? refusal() : credentials()).getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/xml");
    exchange.sendResponseHeaders(isRefusing ? 400 : 200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static String credentials() {
    return """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult>
            <Credentials>
              <AccessKeyId>ASIATEST</AccessKeyId>
              <SecretAccessKey>secret</SecretAccessKey>
              <SessionToken>session</SessionToken>
              <Expiration>%s</Expiration>
            </Credentials>
            <AssumedRoleUser>
              <Arn>arn:aws:sts::123456789012:assumed-role/gateway/session</Arn>
              <AssumedRoleId>AROATEST:session</AssumedRoleId>
            </AssumedRoleUser>
          </AssumeRoleWithWebIdentityResult>
          <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
        </AssumeRoleWithWebIdentityResponse>
        """
        .formatted(Instant.now().plusSeconds(3_600));
  }

  private static String refusal() {
    return """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <Error>
            <Type>Sender</Type>
            <Code>AccessDenied</Code>
            <Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message>
          </Error>
          <RequestId>1</RequestId>
        </ErrorResponse>
        """;
  }

  private static OpenPositions open() {
    // The region is that of the SDK's chain.
    var settings = TestSettings.at(SharedDynamoDb.server().endpoint(), "web-identity");
    return OpenPositions.open(new DynamoPositionsStorageFactory(), settings.with("region", ""));
  }

  @Test
  void token_isExchangedForCredentials() {
    try (var storage = open().untilConnected()) {
      storage.store("topic", "group", 0, 5);
      assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 5L));
    }
    assertThat(asked).hasSize(1);
    assertThat(asked.get(0))
        .contains("Action=AssumeRoleWithWebIdentity")
        .contains("WebIdentityToken=a-token")
        .contains("RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fgateway");
  }

  @Test
  void refusedToken_isARefusalUntilItIsTaken() {
    isRefusing = true;
    try (var storage = open()) {
      assertThat(failure(storage.storage().check()))
          .hasMessageStartingWith("no credentials for AWS: ")
          .hasMessageContaining("Not authorized to perform sts:AssumeRoleWithWebIdentity")
          .extracting("kind")
          .isEqualTo(Kind.REFUSED);
      isRefusing = false;
      storage.untilConnected();
      storage.store("topic", "group", 0, 6);
    }
  }

  @Test
  void stsThatIsAway_isUnavailable() {
    sts.stop(0);
    try (var storage = open()) {
      assertThat(failure(storage.storage().check()).kind()).isEqualTo(Kind.UNAVAILABLE);
    }
  }

  @Test
  void noCredentials_areARefusal() {
    set("aws.webIdentityTokenFile", null);
    set("aws.roleArn", null);
    try (var storage = open()) {
      assertThat(failure(storage.storage().check()))
          .hasMessageStartingWith("no credentials for AWS: ")
          .extracting("kind")
          .isEqualTo(Kind.REFUSED);
    }
  }
}
