// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What this gateway remembers of its stores: {@code dataDir/epoch}, one line {@code workspace
 * epoch} each. An epoch is a number that rises with each adoption and a random part that tells two
 * stores with the same number apart: {@code 3-9f86d081884c}. Reading is thread-safe; {@link
 * #remember} blocks, one thread at a time.
 */
final class EpochFile {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path file;
  private final Map<String, String> lines = new ConcurrentSkipListMap<>();

  private EpochFile(Path file) {
    this.file = file;
  }

  /** Reads the file; none yet means nothing is known. */
  static EpochFile read(Path dataDir) {
    EpochFile epochs = new EpochFile(dataDir.resolve("epoch"));
    try {
      Files.createDirectories(dataDir);
      if (Files.exists(epochs.file)) {
        for (String line : Files.readAllLines(epochs.file, StandardCharsets.UTF_8)) {
          int space = line.lastIndexOf(' ');
          if (space > 0) {
            epochs.lines.put(line.substring(0, space), line.substring(space + 1));
          }
        }
      }
      return epochs;
    } catch (IOException e) {
      throw new UncheckedIOException(epochs.file + " cannot be read", e);
    }
  }

  @Nullable String known(String workspace) {
    return lines.get(workspace);
  }

  void remember(String workspace, String epoch) {
    if (epoch.equals(lines.put(workspace, epoch))) {
      return;
    }
    StringBuilder text = new StringBuilder();
    lines.forEach((id, value) -> text.append(id).append(' ').append(value).append('\n'));
    Path next = file.resolveSibling("epoch.next");
    try {
      // a power cut must not leave an empty file under the name: nothing known trusts any store
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  /** A new epoch of the given number. */
  static String create(long number) {
    byte[] random = new byte[6];
    RANDOM.nextBytes(random);
    return number + "-" + HexFormat.of().formatHex(random);
  }

  /** The number of an epoch; 0 of none or of something we did not write. */
  static long numberOf(@Nullable String epoch) {
    int dash = epoch == null ? -1 : epoch.indexOf('-');
    if (epoch == null || dash < 1) {
      return 0;
    }
    try {
      return Long.parseLong(epoch.substring(0, dash));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
