package io.liiklus.server.grpc.codec.event;

import static io.liiklus.server.grpc.codec.StoredRecords.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import com.google.protobuf.ByteString;
import io.liiklus.server.grpc.codec.StoredRecords;
import io.liiklus.server.grpc.codec.reply.Replies;
import io.liiklus.server.grpc.codec.request.PublishDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published as an event comes back as that event, in both formats. */
class EventRoundTripTest {

  private static final List<String> TYPES =
      List.of("", "application/json", "text/json;v=1", "a/b+JSON", "text/plain", "image/png");
  private static final List<String> JSON =
      List.of("1.10", "{ \"a\": [1E+2, null] }", "\"ä\\ud800\"", "null", " [] ", "\"\"");
  private static final String ALPHABET = "aZ09 _-\"\\/\u0000\n\u007f\u0085äß\u2028€\uFFFF";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void event_comesBackAsPublished(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      var event = event(random);
      var batch = publish(event, headers(random));

      var record = new Replies(true, -1).reply(batch, 0).getLiiklusEventRecord();
      var json = new Replies(false, -1).reply(batch, 0).getRecord().getValue();
      var structured =
          new StoredRecords()
              .add(
                  0,
                  null,
                  json.asReadOnlyByteBuffer(),
                  header("content-type", "application/cloudevents+json"));
      var again = new Replies(true, -1).reply(structured, 0).getLiiklusEventRecord();

      assertThat(record.getEvent()).as("seed=%d round=%d", seed, round).isEqualTo(event);
      assertThat(record.getHeadersList()).allMatch(header -> header.getKey().startsWith("h"));
      assertThat(again.getEvent())
          .as("seed=%d round=%d", seed, round)
          .isEqualTo(RoundTrip.stripped(event));
    }
  }

  private static StoredRecords publish(LiiklusEvent event, List<Header> headers) {
    var request =
        PublishRequest.newBuilder().setTopic("t").setLiiklusEvent(event).addAllHeaders(headers);
    var record = new PublishDecoder(true, 1_000).decode(request.build());
    return new StoredRecords()
        .add(
            0,
            null,
            ByteBuffer.wrap(record.value()),
            record.headers().toArray(io.liiklus.api.Header[]::new));
  }

  private static LiiklusEvent event(Random random) {
    var event =
        LiiklusEvent.newBuilder()
            .setId("i" + text(random))
            .setType("t" + text(random))
            .setSource("s" + text(random))
            .setDataContentType(TYPES.get(random.nextInt(TYPES.size())))
            .setData(data(random));
    if (random.nextBoolean()) {
      event.setTime("2026-04-05T17:31:%02d.%dz".formatted(random.nextInt(61), random.nextInt(999)));
    }
    for (var name : new String[] {"subject", "dataschema"}) {
      if (random.nextBoolean()) {
        event.putExtensions(name, text(random));
      }
    }
    for (int i = random.nextInt(40) - 30; i > 0; i--) {
      event.putExtensions("x" + random.nextInt(99), text(random));
    }
    return event.build();
  }

  private static List<Header> headers(Random random) {
    return random
        .ints(random.nextInt(3), 0, 2)
        .mapToObj(i -> Header.newBuilder().setKey("h" + i).setValue(data(random)).build())
        .toList();
  }

  private static ByteString data(Random random) {
    if (random.nextBoolean()) {
      return ByteString.copyFromUtf8(JSON.get(random.nextInt(JSON.size())));
    }
    var bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return random.nextInt(5) == 0 ? text + "\uD83D\uDE00" : text.toString();
  }
}
