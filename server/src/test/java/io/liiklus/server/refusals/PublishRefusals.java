package io.liiklus.server.refusals;

import static io.liiklus.server.gateway.GatewayClient.bytes;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.LiiklusEvent;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Records and events that break the contract. */
final class PublishRefusals {

  /** Both sizes. */
  private static final String[] LARGE = {"1200", "1048576"};

  private PublishRefusals() {}

  static Stream<Refusal> all() {
    return Stream.concat(records(), events());
  }

  private static Stream<Refusal> records() {
    var header = Header.newBuilder();
    return Stream.of(
        Refusal.of(
            "tombstone and value",
            publish().setTombstone(true).setValue(bytes("x")),
            "tombstone: is not allowed beside value"),
        Refusal.of(
            "tombstone and event",
            publish().setTombstone(true).setLiiklusEvent(event()),
            "tombstone: is not allowed beside liiklusEvent"),
        Refusal.of(
            "value and event",
            publish().setValue(bytes("x")).setLiiklusEvent(event()),
            "value: is not allowed beside liiklusEvent"),
        Refusal.of(
            "a header without key", publish().addHeaders(header), "headers[0].key: is empty"),
        Refusal.of(
            "a bad header behind 999 good ones",
            publish()
                .addAllHeaders(Collections.nCopies(999, header.setKey("h").build()))
                .addHeaders(header.clear()),
            "headers[999].key: is empty"),
        Refusal.of(
            "more headers than may be",
            publish().addAllHeaders(Collections.nCopies(60_000, header.setKey("h").build())),
            "headers: more than 1000 headers are not allowed (publish.maxHeaders)"),
        Refusal.of(
            "a tombstone with more headers than may be",
            publish()
                .setTombstone(true)
                .addAllHeaders(Collections.nCopies(1_001, header.setKey("h").build())),
            "headers: more than 1000 headers are not allowed (publish.maxHeaders)"),
        Refusal.of(
            "an event's header",
            publish().addHeaders(header.setKey("Ce_id")),
            "headers[0].key: \"Ce_id\" is not allowed; a name that does not begin with ce_"),
        Refusal.of(
            "a second content type",
            publish().setLiiklusEvent(event()).addHeaders(header.setKey("content-type")),
            "headers[0].key: \"content-type\" is not allowed"),
        Refusal.of(
            "a second content type in another case",
            publish().setLiiklusEvent(event()).addHeaders(header.setKey("Content-Type")),
            "headers[0].key: \"Content-Type\" is not allowed"),
        Refusal.of(
            "a value over the limit", publish().setValue(bytes("x".repeat(1_200_000))), LARGE),
        Refusal.of("a key over the limit", publish().setKey(bytes("x".repeat(1_200_000))), LARGE),
        Refusal.of(
            "headers over the limit",
            publish().addHeaders(header.setKey("h".repeat(1_200_000))),
            LARGE),
        Refusal.of(
            "a header's value over the limit",
            publish().addHeaders(header.setKey("h").setValue(bytes("x".repeat(1_200_000)))),
            LARGE),
        Refusal.of(
            "a tombstone over the limit",
            publish().setTombstone(true).setKey(bytes("x".repeat(1_200_000))),
            LARGE));
  }

  private static Stream<Refusal> events() {
    return Stream.of(
        Refusal.of("an event of nothing", event(LiiklusEvent.newBuilder()), "liiklusEvent.id"),
        Refusal.of("no id", event(event().clearId()), "liiklusEvent.id: is empty"),
        Refusal.of("no type", event(event().clearType()), "liiklusEvent.type: is empty"),
        Refusal.of("no source", event(event().clearSource()), "liiklusEvent.source: is empty"),
        Refusal.of(
            "a time that is none",
            event(event().setTime("noon")),
            "liiklusEvent.time: \"noon\" is not allowed; a time by RFC 3339"),
        Refusal.of(
            "a day that is none",
            event(event().setTime("2026-02-29T00:00:00Z")),
            "liiklusEvent.time: \"2026-02-29T00:00:00Z\" is not allowed; a time by RFC 3339"),
        Refusal.of(
            "a zone without its end",
            event(event().setTime("2026-11-30T10:15+02:00[Europe/Tallinn")),
            "liiklusEvent.time: \"2026-11-30T10:15+02:00[Europe/Tallinn\" is not allowed"),
        Refusal.of(
            "an hour that is none, without seconds",
            event(event().setTime("2026-11-30T24:00Z")),
            "liiklusEvent.time: \"2026-11-30T24:00Z\" is not allowed; a time by RFC 3339"),
        Refusal.of(
            "a time as long as the request",
            event(event().setTime("2026-04-05T17:31:00." + "0".repeat(1_900_000))),
            "liiklusEvent.time: \"2026-04-05T17:31:00.000",
            "a time by RFC 3339"),
        Refusal.of(
            "data that is an event",
            event(event().setDataContentType("application/cloudevents+json")),
            "liiklusEvent.data_content_type: \"application/cloudevents+json\" is not allowed"),
        Refusal.of(
            "an extension in upper case",
            event(event().putExtensions("Upper", "x")),
            "liiklusEvent.extensions[Upper]: is not allowed; a name of a-z and 0-9"),
        Refusal.of(
            "an extension that is not of a-z",
            event(event().putExtensions("ä\n", "x")),
            "liiklusEvent.extensions[ä",
            "is not allowed; a name of a-z and 0-9"),
        Refusal.of(
            "an extension whose name is as long as the request",
            event(event().putExtensions("X".repeat(1_900_000), "x")),
            "liiklusEvent.extensions[XXX",
            "is not allowed; a name of a-z and 0-9"),
        Refusal.of(
            "an event's data over the limit",
            event(event().setData(bytes("x".repeat(1_200_000)))),
            LARGE),
        Refusal.of(
            "an event's text over the limit", event(event().setId("x".repeat(1_200_000))), LARGE),
        Refusal.of(
            "an extension over the limit",
            event(event().putExtensions("a", "x".repeat(1_200_000))),
            LARGE),
        Refusal.of(
            "an extension without a name",
            event(event().putExtensions("", "x")),
            "liiklusEvent.extensions[]: is not allowed"),
        Refusal.of(
            "an extension with an attribute's name",
            event(event().putExtensions("source", "x")),
            "liiklusEvent.extensions[source]: is not allowed"),
        Refusal.of(
            "more extensions than may be",
            event(event().putAllExtensions(extensions(60_000))),
            "liiklusEvent.extensions: more than 1000 extensions are not allowed"
                + " (publish.maxHeaders)"));
  }

  private static Map<String, String> extensions(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "x" + i)
        .collect(Collectors.toMap(name -> name, name -> ""));
  }

  private static PublishRequest.Builder publish() {
    return PublishRequest.newBuilder().setTopic("topic");
  }

  private static LiiklusEvent.Builder event() {
    return LiiklusEvent.newBuilder().setId("id").setType("type").setSource("source");
  }

  private static PublishRequest.Builder event(LiiklusEvent.Builder event) {
    return publish().setLiiklusEvent(event);
  }
}
