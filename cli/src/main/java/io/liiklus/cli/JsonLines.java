package io.liiklus.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Writer of JSON objects, one a line. Immutable. */
public final class JsonLines {

  /** The members between the braces. */
  public interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private final JsonFactory json =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  /** Writes one object, and does not flush. */
  public void write(OutputStream out, Fields fields) {
    try (var generator = json.createGenerator(out)) {
      generator.writeStartObject();
      fields.write(generator);
      generator.writeEndObject();
      generator.writeRaw('\n');
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
