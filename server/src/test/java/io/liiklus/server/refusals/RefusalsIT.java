package io.liiklus.server.refusals;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Bystander;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.LogWatch;
import io.liiklus.server.gateway.RawCall;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bad input, through a real channel: its status, and what the text names. Nobody else notices: not
 * the calls on the same connection, nor those on others, nor who reads the log.
 */
@ParameterizedClass
@EnumSource(Backend.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalsIT {

  @Parameter Backend backend;

  private GatewayClient client;
  private Bystander bystander;
  private LogWatch log;

  @BeforeParameterizedClassInvocation
  void open() {
    client = new GatewayClient(backend.gateway().port());
    bystander = new Bystander(backend, backend.gateway());
    log = new LogWatch();
  }

  @AfterParameterizedClassInvocation
  void close() {
    log.close();
    bystander.close();
    client.close();
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusal_saysWhatIsWrongAndHarmsNobody(Refusal refusal) {
    var call = RawCall.of(refusal.call(), refusal.request().toByteArray());
    try (var stream = call.open(client.channel())) {
      var status = stream.status();

      assertThat(status.getCode()).as("%s", status).isEqualTo(refusal.code());
      assertThat(status.getDescription()).contains(refusal.told());
      assertThat(status.getDescription()).hasSizeLessThan(500).doesNotContainPattern("\\p{Cntrl}");
      assertThat(stream.arrived()).isEmpty();
    }
    assertThat(client.endOffsets("no-such-topic")).isEmpty();
    bystander.goesOn();
    log.requireQuiet();
  }

  static List<Refusal> refusals() {
    return Stream.concat(Refusals.all(), WireRefusals.all()).toList();
  }
}
