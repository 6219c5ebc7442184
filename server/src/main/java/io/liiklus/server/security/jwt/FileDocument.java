package io.liiklus.server.security.jwt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A JSON Web Key Set in a file. Immutable. */
record FileDocument(Path file) implements KeyDocument {

  @Override
  public String read() throws IOException {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("the file is larger than " + MAX_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (NoSuchFileException missing) {
      throw new IOException("there is no such file", missing);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
