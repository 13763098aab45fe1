// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A recorded payload or signature of a platform, from {@code src/test/resources/vectors}; its
 * index, one per channel, names source, licence, expected outcome and facts.
 */
public record IndexedVector(String id, JsonNode entry) {

  /** Every entry of {@code vectors/<channel>.json}. */
  public static List<IndexedVector> of(String channel) throws IOException {
    List<IndexedVector> vectors = new ArrayList<>();
    try (InputStream index =
        IndexedVector.class.getResourceAsStream("/vectors/" + channel + ".json")) {
      new ObjectMapper()
          .readTree(index)
          .forEach(entry -> vectors.add(new IndexedVector(entry.get("id").asText(), entry)));
    }
    return vectors;
  }

  /**
   * Files below a folder of {@code vectors} that begin with {@code prefix}, as the index writes.
   */
  public static Set<String> files(String folder, String prefix) throws IOException {
    URL url = IndexedVector.class.getResource("/vectors/" + folder);
    Path root = Path.of(URI.create(String.valueOf(url)));
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
          .map(file -> folder + "/" + root.relativize(file))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  public String file() {
    return entry.get("file").asText();
  }

  /** {@code accepted}, {@code rejected} or {@code parsed}. */
  public String expected() {
    return entry.get("expected").asText();
  }

  public JsonNode facts() {
    return entry.path("facts");
  }

  /** The recorded bytes. */
  public Buffer bytes() throws IOException {
    try (InputStream in = IndexedVector.class.getResourceAsStream("/vectors/" + file())) {
      return Buffer.buffer(in.readAllBytes());
    }
  }

  @Override
  public String toString() {
    return id;
  }
}
