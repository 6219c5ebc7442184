package io.liiklus.server.ops;

import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Answer to an HTTP request; several connections may send one at once. Immutable. */
final class Answer {

  static final String JSON = "application/json";

  /** RFC 9110, 5.6.7. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

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

  /** Its head, sent now. */
  HttpResponse head(HttpVersion version, boolean isKept) {
    var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    var headers = head.headers();
    headers.set(HttpHeaderNames.DATE, HTTP_DATE.format(Instant.now()));
    headers.set(HttpHeaderNames.CONTENT_TYPE, contentType);
    headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      headers.set(HttpHeaderNames.ALLOW, "GET, HEAD");
    } else if (status.equals(HttpResponseStatus.UNAUTHORIZED)) {
      headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    HttpUtil.setKeepAlive(headers, version, isKept);
    return head;
  }

  int bytes() {
    return body.length;
  }

  InputStream open() {
    return new ByteArrayInputStream(body);
  }
}
