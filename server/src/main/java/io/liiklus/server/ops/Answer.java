package io.liiklus.server.ops;

import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Answer to an HTTP request; several connections may send one at once. Immutable. */
final class Answer {

  static final String JSON = "application/json";

  private final HttpResponseStatus status;
  private final String contentType;
  private final byte[] body;

  /**
   * @param body not changed from here on
   */
  Answer(HttpResponseStatus status, String contentType, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
  }

  static Answer text(HttpResponseStatus status, String text) {
    return new Answer(status, "text/plain", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Answer json(HttpResponseStatus status, String text) {
    return new Answer(status, JSON, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  HttpResponseStatus status() {
    return status;
  }

  String contentType() {
    return contentType;
  }

  int bytes() {
    return body.length;
  }

  InputStream open() {
    return new ByteArrayInputStream(body);
  }
}
