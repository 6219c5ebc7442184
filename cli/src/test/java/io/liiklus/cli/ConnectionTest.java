package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.TlsChannelCredentials;
import io.liiklus.client.GatewayAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTest {

  @TempDir private Path folder;

  private static final Optional<BearerToken> TOKEN = Optional.of(BearerToken.of("a.b.c"));

  private static Connection plain(String addresses, Optional<BearerToken> token) {
    return new Connection(GatewayAddresses.parse(addresses), Optional.empty(), token);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gateway.local | gateway.local:6565",
        "127.0.0.1,10.0.0.1:7000 | 10.0.0.1:7000",
        "127.0.0.1.example | 127.0.0.1.example:6565",
        "0.0.0.0 | 0.0.0.0:6565",
        "[fe80::1] | [fe80::1]:6565"
      })
  void tokenInPlainTextToAnotherHost_isExposed(String addresses, String exposed) {
    assertThat(plain(addresses, TOKEN).exposed().map(GatewayAddress::toString)).contains(exposed);
    assertThat(plain(addresses, Optional.empty()).exposed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1", "127.1.2.3", "[::1]", "[::1]:1"})
  void tokenOnThisMachine_isNotExposed(String address) {
    assertThat(plain(address, TOKEN).exposed()).isEmpty();
  }

  @Test
  void tokenWithinTls_isNotExposed() throws Exception {
    var tls = TlsChannelCredentials.create();
    var addresses = GatewayAddresses.parse("gateway.local");
    assertThat(new Connection(addresses, Optional.of(tls), TOKEN).exposed()).isEmpty();
  }

  @Test
  void addresses_keepTheirOrder() {
    assertThat(GatewayAddresses.parse("b:1, a ,[::1]:2")).hasToString("b:1, a:6565, [::1]:2");
  }

  @Test
  void tokenOfAFile_isReadAgainWhenItIsAskedFor() throws Exception {
    var file = Files.writeString(folder.resolve("token"), "first\n");
    var token = BearerToken.of("@" + file);
    assertThat(token.text()).isEqualTo("first");
    assertThat(token.isReplaced("first")).isFalse();

    Files.writeString(file, " second \n");

    assertThat(token.isReplaced("first")).isTrue();
    assertThat(token.text()).isEqualTo("second");
    Files.delete(file);
    assertThat(token.isReplaced("second")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "a b", "a\nb", "\u00e4"})
  void textThatIsNoToken_isRefusedAndNotShown(String text) {
    assertThatThrownBy(() -> BearerToken.of(text))
        .hasMessage("the token is empty, or has characters that a header cannot carry");
  }
}
