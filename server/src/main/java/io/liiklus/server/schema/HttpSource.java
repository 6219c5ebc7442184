package io.liiklus.server.schema;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A document behind HTTP, asked for by a conditional GET. Confined to one thread at a time.
 *
 * <p>The JDK's older client is used, since its reads have a timeout each: one that waits for a body
 * that never comes would keep the thread.
 */
final class HttpSource extends SchemaSource {

  private static final int CONNECT_MS = 5_000;
  private static final int READ_MS = 5_000;

  /** Longest time for a whole answer, beside one more read. */
  private static final long ANSWER_NS = TimeUnit.SECONDS.toNanos(20);

  private static final int PIECE_BYTES = 16 * 1024;

  private final URL url;
  private final Optional<String> user;

  // Of the last answer; null where it had none.
  private String etag;
  private String lastModified;

  /**
   * @param user name and password, with a colon in between
   */
  HttpSource(URL url, Optional<String> user) {
    this.url = url;
    this.user = user;
  }

  @Override
  Optional<byte[]> read() throws IOException {
    long startNs = System.nanoTime();
    var connection = (HttpURLConnection) url.openConnection();
    connection.setConnectTimeout(CONNECT_MS);
    connection.setReadTimeout(READ_MS);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept", "application/json, application/yaml, */*;q=0.5");
    setIfThere(connection, "If-None-Match", etag);
    setIfThere(connection, "If-Modified-Since", lastModified);
    user.ifPresent(it -> connection.setRequestProperty("Authorization", "Basic " + base64(it)));
    try {
      int status = connection.getResponseCode();
      if (status == HttpURLConnection.HTTP_NOT_MODIFIED) {
        return Optional.empty();
      }
      if (status != HttpURLConnection.HTTP_OK) {
        throw new UnusableSchemaException("the answer has the status " + status);
      }
      byte[] document;
      try (var stream = connection.getInputStream()) {
        document = read(stream, startNs);
      }
      etag = connection.getHeaderField("ETag");
      lastModified = connection.getHeaderField("Last-Modified");
      return Optional.of(document);
    } finally {
      connection.disconnect();
    }
  }

  private static void setIfThere(HttpURLConnection connection, String header, String value) {
    if (value != null) {
      connection.setRequestProperty(header, value);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] read(InputStream stream, long startNs) throws IOException {
    var document = new ByteArrayOutputStream();
    var piece = new byte[PIECE_BYTES];
    for (int read = stream.read(piece); read >= 0; read = stream.read(piece)) {
      document.write(piece, 0, read);
      if (document.size() > MOST_BYTES) {
        throw new UnusableSchemaException("it has more than " + MOST_BYTES + " bytes");
      }
      if (System.nanoTime() - startNs > ANSWER_NS) {
        throw new UnusableSchemaException("it did not come in time");
      }
    }
    return document.toByteArray();
  }

  @Override
  String description() {
    return url.getProtocol()
        + "://"
        + url.getHost()
        + (url.getPort() < 0 ? "" : ":" + url.getPort())
        + url.getPath();
  }
}
