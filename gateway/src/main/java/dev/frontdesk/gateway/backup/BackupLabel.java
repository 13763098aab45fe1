// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a backup says of itself.
 *
 * @param madeAt by the store's time
 * @param frontdesk the version of the gateway that made it, or what stands for it outside of a jar
 * @param redis the version of the server that wrote the snapshot
 * @param epochs workspace to its store epoch then
 * @param bytes length of the snapshot
 * @param sha256 digest of the snapshot, lower-case hex
 */
public record BackupLabel(
    Instant madeAt,
    String frontdesk,
    String redis,
    Map<String, String> epochs,
    long bytes,
    String sha256) {

  /** Rises when an older gateway could not read what is in the snapshot. */
  static final int FORMAT = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  public BackupLabel {
    epochs = Map.copyOf(epochs);
  }

  String encoded() {
    ObjectNode node = JSON.createObjectNode();
    node.put("format", FORMAT);
    node.put("madeAt", madeAt.toString());
    node.put("frontdesk", frontdesk);
    node.put("redis", redis);
    ObjectNode known = node.putObject("epochs");
    new TreeMap<>(epochs).forEach(known::put);
    node.putObject("snapshot").put("bytes", bytes).put("sha256", sha256);
    return node.toPrettyString() + "\n";
  }

  /** Reads a label; an {@link IOException} says in one sentence what is wrong with it. */
  static BackupLabel decode(byte[] encoded) throws IOException {
    JsonNode node = JSON.readTree(encoded);
    if (node == null || !node.path("format").isInt()) {
      throw new IOException("its label is not that of a backup");
    }
    if (node.path("format").asInt() != FORMAT) {
      throw new IOException(
          "it has format "
              + node.path("format").asInt()
              + ", written by Frontdesk "
              + node.path("frontdesk").asText("(unknown)")
              + "; this version reads format "
              + FORMAT);
    }
    Map<String, String> epochs = new TreeMap<>();
    node.path("epochs").properties().forEach(e -> epochs.put(e.getKey(), e.getValue().asText()));
    try {
      return new BackupLabel(
          Instant.parse(node.path("madeAt").asText()),
          node.path("frontdesk").asText(),
          node.path("redis").asText(),
          epochs,
          node.path("snapshot").path("bytes").asLong(-1),
          node.path("snapshot").path("sha256").asText());
    } catch (DateTimeException e) {
      throw new IOException("its label has no time", e);
    }
  }
}
