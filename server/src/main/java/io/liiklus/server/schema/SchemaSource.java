package io.liiklus.server.schema;

import io.liiklus.api.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the document of schemas is: in a file, on the class path, or behind HTTP. Confined to one
 * thread at a time.
 */
abstract sealed class SchemaSource
    permits SchemaSource.OfFile, SchemaSource.OfClassPath, HttpSource {

  /** Size of the largest document. */
  static final int MOST_BYTES = 8 * 1024 * 1024;

  private static final String CLASS_PATH = "classpath:";
  private static final String KEY = "schemaURL";

  /** Empty where the setting is refused. */
  static Optional<SchemaSource> read(Settings schema) {
    var text = schema.text(KEY).strip();
    if (text.isEmpty()) {
      schema.refuse(KEY, "has no value; a file, or a URL of file:, classpath:, http: or https:");
      return Optional.empty();
    }
    if (text.startsWith(CLASS_PATH)) {
      return Optional.of(new OfClassPath(text.substring(CLASS_PATH.length())));
    }
    if (text.startsWith("http:") || text.startsWith("https:")) {
      return url(schema, text);
    }
    return schema.path(KEY).map(OfFile::new);
  }

  private static Optional<SchemaSource> url(Settings schema, String text) {
    try {
      var uri = new URI(text);
      if (uri.getHost() != null) {
        return Optional.of(new HttpSource(uri.toURL(), Optional.ofNullable(uri.getUserInfo())));
      }
    } catch (URISyntaxException | MalformedURLException | IllegalArgumentException invalid) {
      // Refused below; the reason may repeat a password.
    }
    schema.refuse(KEY, "is not a URL with a host");
    return Optional.empty();
  }

  /**
   * The document; empty where it is known to be the one that was read last.
   *
   * @throws IOException where it cannot be read
   */
  abstract Optional<byte[]> read() throws IOException;

  /** Whether it may be met while it is being written. */
  boolean isWrittenInPlace() {
    return false;
  }

  /** For people; without secrets. */
  abstract String description();

  static byte[] bounded(InputStream stream) throws IOException {
    var bytes = stream.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new UnusableSchemaException("it has more than " + MOST_BYTES + " bytes");
    }
    return bytes;
  }

  /** A file, which may be replaced or written again. */
  static final class OfFile extends SchemaSource {
    private final Path file;

    OfFile(Path file) {
      this.file = file;
    }

    @Override
    Optional<byte[]> read() throws IOException {
      try (var stream = Files.newInputStream(file)) {
        return Optional.of(bounded(stream));
      } catch (NoSuchFileException missing) {
        throw new UnusableSchemaException("there is no file " + file);
      }
    }

    @Override
    boolean isWrittenInPlace() {
      return true;
    }

    @Override
    String description() {
      return file.toString();
    }
  }

  /** An entry of a jar, which stays as it is. */
  static final class OfClassPath extends SchemaSource {
    private final String name;

    OfClassPath(String name) {
      this.name = name.startsWith("/") ? name.substring(1) : name;
    }

    @Override
    Optional<byte[]> read() throws IOException {
      var found = url();
      if (found == null) {
        throw new UnusableSchemaException("the class path has no " + name);
      }
      try (var stream = found.openStream()) {
        return Optional.of(bounded(stream));
      }
    }

    private URL url() {
      return SchemaSource.class.getClassLoader().getResource(name);
    }

    @Override
    String description() {
      return CLASS_PATH + name;
    }
  }
}
