package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.ReceiveRequest.ContentFormat;
import com.github.bsideup.liiklus.protocol.SubscribeRequest.AutoOffsetReset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceivePlanTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LIIKLUS_EVENT | the record at offset=1 is no event: why; last_known_offset=1 skips it"
            + " | the record at offset=1 is no event: why; --format=binary prints it",
        "LIIKLUS_EVENT | the record at offset=0 is no event: a; b; an Ack of offset 0 skips it"
            + " | the record at offset=0 is no event: a; b; --format=binary prints it",
        "LIIKLUS_EVENT | DATA_LOSS: corrupt; last_known_offset=1 skips it"
            + " | DATA_LOSS: corrupt; last_known_offset=1 skips it",
        "BINARY | x is no event: why; last_known_offset=1 skips it"
            + " | x is no event: why; last_known_offset=1 skips it",
        "LIIKLUS_EVENT | ALREADY_EXISTS: a Receive runs | ALREADY_EXISTS: a Receive runs",
      })
  void textForARecordThatIsNoEvent_namesAnOptionOfTheCommandLine(
      ContentFormat format, String status, String told) {
    var group = new ReceivePlan.Group("g", 0);
    var plan = new ReceivePlan("t", group, AutoOffsetReset.EARLIEST, format, true, 0);

    assertThat(plan.advised(status)).isEqualTo(told);
  }
}
