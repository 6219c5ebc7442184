package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Header;
import com.google.protobuf.ByteString;
import io.liiklus.cli.PublishTemplate.EventTemplate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishTemplateTest {

  private static final Header HEADER = new HeaderConverter().convert("trace=a=b");
  private static final Instant NOW = Instant.parse("2026-04-05T17:31:00Z");

  @Test
  void valueWithoutEvent_isRaw() {
    var request = template(null).of(utf8("v"));

    assertThat(request.getTopic()).isEqualTo("orders");
    assertThat(request.getKey()).isEqualTo(utf8("k"));
    assertThat(request.getValue()).isEqualTo(utf8("v"));
    assertThat(request.hasLiiklusEvent()).isFalse();
    assertThat(request.getHeadersList()).containsExactly(HEADER);
  }

  @Test
  void header_keepsTheEqualsSignsOfItsValue() {
    assertThat(HEADER.getKey()).isEqualTo("trace");
    assertThat(HEADER.getValue()).isEqualTo(utf8("a=b"));
  }

  @Test
  void tombstone_hasAKeyAndNoValue() {
    var request = template(null).tombstone();

    assertThat(request.getTombstone()).isTrue();
    assertThat(request.getKey()).isEqualTo(utf8("k"));
    assertThat(request.getValue().isEmpty()).isTrue();
  }

  @Test
  void event_hasTypeSourceAndTime() {
    var event = template(event(null)).of(utf8("v")).getLiiklusEvent();

    assertThat(event.getType()).isEqualTo("created");
    assertThat(event.getSource()).isEqualTo("/here");
    assertThat(event.getTime()).isEqualTo("2026-04-05T17:31:00Z");
    assertThat(event.getData()).isEqualTo(utf8("v"));
  }

  @Test
  void eachEvent_hasItsOwnId() {
    var template = template(event(null));

    assertThat(template.of(utf8("v")).getLiiklusEvent().getId())
        .isNotEmpty()
        .isNotEqualTo(template.of(utf8("v")).getLiiklusEvent().getId());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":[1]} | application/json",
        "[] | application/json",
        "{\"a\": | text/plain",
        "{} {} | text/plain",
        "17 | text/plain",
        "plain | text/plain",
      })
  void contentType_isDerivedFromTheValue(String value, String contentType) {
    var event = template(event(null)).of(utf8(value)).getLiiklusEvent();

    assertThat(event.getDataContentType()).isEqualTo(contentType);
  }

  @Test
  void binaryBytes_areNotCalledText() {
    var event =
        template(event(null)).of(ByteString.copyFrom(new byte[] {(byte) 0xff})).getLiiklusEvent();

    assertThat(event.getDataContentType()).isEqualTo("application/octet-stream");
  }

  @Test
  void givenContentType_isTaken() {
    var event = template(event("text/html")).of(utf8("{}")).getLiiklusEvent();

    assertThat(event.getDataContentType()).isEqualTo("text/html");
  }

  private static EventTemplate event(String contentType) {
    return new EventTemplate("created", "/here", contentType, InstantSource.fixed(NOW));
  }

  private static PublishTemplate template(EventTemplate event) {
    return new PublishTemplate("orders", utf8("k"), event, List.of(HEADER));
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
