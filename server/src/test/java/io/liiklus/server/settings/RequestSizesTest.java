package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.grpc.limits.RequestSizes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestSizesTest {

  private static final long MIB = 1024 * 1024;
  private static final long HEAP = 512 * MIB;

  @TempDir Path home;

  private RequestSizes sizes(String... settings) {
    return new Start(home).arguments(settings).server().calls().sizes();
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 1536", "8, 9, 8704", "0, 1, 512", "127, 128, 130560"})
  void sizesThatNobodySet_followTheLargestRecord(long record, long message, long batchKib) {
    var fitting = sizes().fitting(record * MIB, HEAP);
    assertThat(fitting.maxMessage()).isEqualTo(message * MIB);
    assertThat(fitting.maxBatch()).isEqualTo(batchKib * 1024);
    assertThat(fitting.maxUnfinished()).isEqualTo(Math.max(HEAP * 3 / 8, 4 * message * MIB));
    assertThat(fitting.haveRoomFor(record * MIB)).isTrue();
  }

  @Test
  void sizesThatSomebodySet_stay() {
    var set =
        sizes(
            "--grpc.maxInboundMessageSize=3MiB",
            "--publish.maxBatchBytes=2MiB",
            "--grpc.maxUnfinishedRequestBytes=12MiB",
            "--grpc.maxCallsPerConnection=7");
    assertThat(set.fitting(8 * MIB, HEAP))
        .isEqualTo(new RequestSizes((int) (3 * MIB), 2 * MIB, 12 * MIB, 7));
  }

  @ParameterizedTest
  @CsvSource({"256, 12288", "512, 24576", "8192, 50000"})
  void callsOfAConnection_followTheHeap(long heapMib, int calls) {
    assertThat(sizes().fitting(MIB, heapMib * MIB).maxCallsPerConnection()).isEqualTo(calls);
  }

  @Test
  void batch_isNoLargerThanAMessage() {
    var fitting = sizes("--grpc.maxInboundMessageSize=1MiB").fitting(8 * MIB, HEAP);
    assertThat(fitting.maxBatch()).isEqualTo(MIB);
  }

  @Test
  void message_isAQuarterOfTheHeapAtMost() {
    for (long record : new long[] {128 * MIB, Integer.MAX_VALUE, Long.MAX_VALUE}) {
      var fitting = sizes().fitting(record, HEAP);
      assertThat(fitting.maxMessage()).isEqualTo(128 * MIB);
      assertThat(fitting.maxBatch()).isEqualTo(128 * MIB);
      assertThat(fitting.haveRoomFor(record)).isFalse();
    }
  }

  @Test
  void message_leavesRoomForFourWithinTheBoundOnAll() {
    var fitting = sizes("--grpc.maxUnfinishedRequestBytes=16MiB").fitting(8 * MIB, HEAP);
    assertThat(fitting.maxMessage()).isEqualTo(4 * MIB);
    assertThat(fitting.haveRoomFor(8 * MIB)).isFalse();
  }

  @Test
  void largestRecordOfAnyStorage_makesALargestMessageOfOneGibibyte() {
    assertThat(sizes().fitting(Long.MAX_VALUE, 64L * 1024 * MIB).maxMessage())
        .isEqualTo(1024 * MIB);
  }

  @Test
  void sizeBelowItsBound_isRefused() {
    assertThat(new Start(home).arguments("--grpc.maxInboundMessageSize=1").refusals())
        .containsExactly(
            "grpc.maxInboundMessageSize: 1 is not allowed; a size from 1 KiB to 1 GiB, as 1048576,"
                + " 1 MiB or 1MB (from the command line)");
  }

  @Test
  void batchOverTheLargestMessage_isWarnedOf() {
    var start =
        new Start(home)
            .arguments("--grpc.maxInboundMessageSize=2MiB", "--publish.maxBatchBytes=3MiB");
    assertThat(start.warnings())
        .containsExactly(
            "publish.maxBatchBytes: has no effect: grpc.maxInboundMessageSize is less (from the"
                + " command line)");
  }
}
