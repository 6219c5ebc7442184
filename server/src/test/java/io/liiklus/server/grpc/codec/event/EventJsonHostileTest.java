package io.liiklus.server.grpc.codec.event;

import static io.liiklus.server.grpc.codec.StoredRecords.header;
import static io.liiklus.server.grpc.codec.StoredRecords.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import io.liiklus.api.Header;
import io.liiklus.server.grpc.codec.StoredRecords;
import io.liiklus.server.grpc.codec.reply.Replies;
import java.nio.ByteBuffer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Events that were made to be dear: as long as a record may be, they are read or refused like any.
 */
@Timeout(60)
class EventJsonHostileTest {

  private static final String LEAST = "\"id\":\"i\",\"type\":\"t\",\"source\":\"s\"";
  private static final int MANY = 60_000;

  @Test
  void manyEqualMembers_countByTheLast() {
    var members = ",\"x\":1,\"data\":[],\"id\":\"n\"".repeat(MANY);

    var event = read("{" + LEAST + members + ",\"x\":2}");

    assertThat(event.getId()).isEqualTo("n");
    assertThat(event.getExtensionsMap()).containsOnlyKeys("x").containsValue("2");
    assertThat(event.getData().toStringUtf8()).isEqualTo("[]");
  }

  @Test
  void namesWithEqualHashes_areAllKept() {
    // "Aa" and "BB" have one hash, so all names of one length made of them have.
    var members =
        IntStream.range(0, 1 << 14)
            .mapToObj(
                i ->
                    IntStream.range(0, 14)
                        .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
                        .collect(Collectors.joining("", ",\"", "\":1")))
            .collect(Collectors.joining());

    assertThat(read("{" + LEAST + members + "}").getExtensionsCount()).isEqualTo(1 << 14);
  }

  @Test
  void manyHalvesOfSurrogatePairs_areReplaced() {
    var event = read("{" + LEAST + ",\"x\":\"" + "\\ud800".repeat(MANY) + "\"}");

    assertThat(event.getExtensionsOrThrow("x")).isEqualTo("\uFFFD".repeat(MANY));
  }

  @Test
  void numbers_areNotEvaluated() {
    for (var number : new String[] {"1e999999999", "-1E-2147483649", "9".repeat(MANY) + ".5e9"}) {
      var event = read("{" + LEAST + ",\"x\":" + number + ",\"data\":" + number + "}");

      assertThat(event.getExtensionsOrThrow("x")).isEqualTo(number);
      assertThat(event.getData().toStringUtf8()).isEqualTo(number);
    }
  }

  @Test
  void data_mayBeAsDeepAsTheBoundAndNoDeeper() {
    // The event itself is one level.
    int deepest = EventJson.DEEPEST - 1;
    var data = "[".repeat(deepest) + "]".repeat(deepest);

    assertThat(read("{" + LEAST + ",\"data\":" + data + "}").getData().size())
        .isEqualTo(data.length());
    assertThatThrownBy(() -> read("{" + LEAST + ",\"data\":[" + data + "]}"))
        .isInstanceOf(NotAnEvent.class)
        .hasMessage("its value is JSON nested deeper than 10000 levels");
  }

  /** To look each name up among all before it would take minutes. */
  @Test
  void manyHeadersOfAnEvent_areReadOnceEach() {
    int many = 200_000;
    var headers = new Header[many + 1];
    headers[0] = header("ce_specversion", "1.0");
    for (int i = 1; i <= many; i++) {
      headers[i] = header("ce_x" + i % (many - 1), "v" + i);
    }
    var batch = StoredRecords.of("", headers);

    var event = new Replies(true, -1).reply(batch, 0).getLiiklusEventRecord().getEvent();
    var json = new Replies(false, -1).reply(batch, 0).getRecord().getValue();

    assertThat(event.getExtensionsCount()).isEqualTo(many - 1);
    assertThat(event.getExtensionsOrThrow("x2")).isEqualTo("v2");
    assertThat(event.getExtensionsOrThrow("x1")).isEqualTo("v" + many);
    assertThat(EventJson.read(json.asReadOnlyByteBuffer())).isEqualTo(event);
  }

  private static LiiklusEvent read(String json) {
    return EventJson.read(ByteBuffer.wrap(utf8(json)));
  }
}
