package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiiklusCliTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "publish | Missing required parameter: 'TOPIC'",
        "publish orders | VALUE is missing: a value, - for standard input, or --tombstone",
        "publish orders x --tombstone | --tombstone stands beside neither VALUE nor --event",
        "publish orders --tombstone --event a | --tombstone stands beside neither",
        "publish orders x --content-type a/b | --content-type stands beside --event only",
        "publish orders x --header =1 | '=1' is no header; allowed: KEY=VALUE",
        "publish orders x --address :1 | ':1' is no address; allowed: host:port",
        "publish orders x --address a:1,,b:2 | '' is no address; allowed: host:port",
        "publish orders x --wait 0 | --wait: 0 is not from 1 to 86400",
        "publish orders x --cert-key a | --cert-key stands beside --cert only",
        "publish orders x --token a\u00e4 | --token: the token is empty, or has characters",
        "publish orders x --token @no/such/file | --token: the file 'no/such/file' cannot be read",
        "receive orders | Missing required option: '--group=G'",
        "receive orders --group g --from x | 'x' is not allowed; earliest or latest",
        "receive orders --group g --format x | 'x' is not allowed; binary or event",
        "receive orders --group g --count 0 | --count: 0 is below 1",
        "receive orders --group g --group-version -1 | --group-version: -1 is below 0",
        "receive orders --group g --json --values | mutually exclusive",
        "consume orders | Unmatched argument",
        "--json | Unknown option: '--json'",
      })
  void senselessArguments_areRefusedInOneLine(String arguments, String reason) {
    int code = run(arguments.split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(err()).startsWith("liiklus: ").contains(reason).contains("--help").hasLineCount(1);
    assertThat(out()).isEmpty();
  }

  @Test
  void noCommand_namesTheTwoCommands() {
    int code = run();

    assertThat(code).isEqualTo(2);
    assertThat(err())
        .isEqualTo("liiklus: a command is missing: publish or receive; see liiklus --help\n");
  }

  @ParameterizedTest
  @CsvSource({"publish, --tombstone", "receive, --no-ack"})
  void help_goesToStandardOutput(String command, String option) {
    int code = run(command, "--help");

    assertThat(code).isEqualTo(0);
    assertThat(out()).contains("Usage: liiklus " + command).contains(option);
    assertThat(err()).isEmpty();
  }

  @Test
  void publishWithoutAGateway_saysThatItWaitsAndFails() throws IOException {
    var address = "127.0.0.1:" + freePort();

    int code = run("publish", "orders", "x", "--wait", "1", "--address", address);

    assertThat(code).isEqualTo(1);
    var reason = "liiklus: UNAVAILABLE: no gateway at " + address + ": Connection refused";
    // A machine that takes a second or two for the first connection of a process hears before that
    // what is waited for.
    var notice =
        "liiklus: no answer so far, waiting: the gateway at " + address + " does not answer";
    assertThat(err().lines().filter(line -> !line.equals(notice)))
        .containsExactly(reason + "; waiting 1 s for a gateway", reason);
    assertThat(out()).isEmpty();
  }

  @Test
  void portOfAnotherService_isNamed() throws IOException {
    var other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.start();
    try {
      var address = "127.0.0.1:" + other.getAddress().getPort();

      int code = run("publish", "orders", "x", "--address", address);

      assertThat(code).isEqualTo(1);
      assertThat(err()).endsWith(": what answers at " + address + " is no gRPC server\n");
    } finally {
      other.stop(0);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private int run(String... arguments) {
    return LiiklusCli.run(
        arguments,
        new ByteArrayInputStream(new byte[0]),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
