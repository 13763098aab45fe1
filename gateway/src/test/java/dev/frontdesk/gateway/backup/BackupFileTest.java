// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupFileTest {

  @TempDir private Path folder;
  private Path snapshot;
  private Path file;
  private byte[] content;

  @BeforeEach
  void write() throws IOException {
    content = new byte[5_000];
    new Random(7).nextBytes(content);
    Arrays.fill(content, 1_000, 3_000, (byte) 'a'); // something to compress
    snapshot = Files.write(folder.resolve("dump.rdb"), content);
    file = folder.resolve("made/here/backup.zip");
    BackupFile.write(file, label(), snapshot);
  }

  private BackupLabel label() throws IOException {
    return new BackupLabel(
        Instant.parse("2026-11-22T10:00:00Z"),
        "1.2.3",
        "7.0.15",
        Map.of("acme", "3-abc", "beta", "1-def"),
        content.length,
        BackupFile.digestOf(snapshot));
  }

  @Test
  void written_isTheOwnersAlone_andReadsBackAsItWas() throws IOException {
    BackupFile read = BackupFile.checked(file);

    assertThat(read.label()).isEqualTo(label());
    read.unpack(folder.resolve("out"));
    assertThat(folder.resolve("out")).hasBinaryContent(content);
    for (Path owned : new Path[] {file, folder.resolve("out")}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(owned)))
          .isEqualTo("rw-------");
    }
    assertThat(beside(file)).containsExactly(file);
  }

  @Test
  void twoAtOnceOntoOneName_leaveTheFirstThatIsWhole() throws Exception {
    Path name = folder.resolve("both/backup.zip");
    Path slow = pipe("slow");
    Path slower = pipe("slower");
    CompletableFuture<@Nullable String> first = written(name, slow);
    Awaitility.await().until(() -> beside(name).size() == 1);
    CompletableFuture<@Nullable String> second = written(name, slower);
    Awaitility.await().until(() -> beside(name).size() == 2);

    Files.write(slow, content);
    assertThat(first.get(20, TimeUnit.SECONDS)).isNull();
    assertThat(BackupFile.checked(name).label()).isEqualTo(label());
    Files.write(slower, content);

    assertThat(second.get(20, TimeUnit.SECONDS))
        .isEqualTo(name + " cannot be written: another backup was first");
    assertThat(BackupFile.checked(name).label()).isEqualTo(label());
    assertThat(beside(name)).containsExactly(name);
  }

  private static List<Path> beside(Path file) throws IOException {
    Path parent = Objects.requireNonNull(file.getParent());
    if (!Files.exists(parent)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(parent)) {
      return all.toList();
    }
  }

  private Path pipe(String name) throws IOException, InterruptedException {
    Path pipe = folder.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  /** What writing said, null if nothing. */
  private CompletableFuture<@Nullable String> written(Path name, Path from) throws IOException {
    BackupLabel label = label();
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return BackupFile.write(name, label, from).label().equals(label) ? null : "?";
          } catch (IOException e) {
            return e.getMessage();
          }
        },
        run -> new Thread(run, "backup-" + from.getFileName()).start());
  }

  @Test
  void existing_isLeftAsItIs() throws IOException {
    Files.writeString(file, "mine");

    assertThatThrownBy(() -> BackupFile.write(file, label(), snapshot))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("mine");
  }

  @Test
  void placeThatCannotBeWritten_isNamedWithItsReason() throws IOException {
    Path notAFolder = Files.writeString(folder.resolve("note"), "mine");
    Path there = notAFolder.resolve("backup.zip");

    assertThatThrownBy(() -> BackupFile.write(there, label(), snapshot))
        .isInstanceOf(IOException.class)
        .hasMessage(there + " cannot be written: " + notAFolder + " is no folder");
    assertThat(notAFolder).hasContent("mine");
  }

  /** The snapshot was replaced between its label and its copy. */
  @Test
  void whatIsNotWhatTheLabelSays_getsNoName() throws IOException {
    BackupLabel label = label();
    Files.write(snapshot, new byte[] {1, 2, 3});
    Path name = folder.resolve("replaced/backup.zip");

    assertThatThrownBy(() -> BackupFile.write(name, label, snapshot))
        .isInstanceOf(IOException.class)
        .hasMessage(
            name + " cannot be written: its snapshot has another checksum than its label says");
    assertThat(beside(name)).isEmpty();
  }

  @Test
  void cutAnywhere_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 41) {
      Files.write(file, Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> BackupFile.checked(file))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot be restored");
    }
  }

  /** A changed byte is refused, or is one that nothing depends on (a time in the archive). */
  @Test
  void changedAnywhere_isRefusedOrWithoutEffect() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    for (int at = 0; at < whole.length; at += 7) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x55;
      Files.write(file, changed);
      try {
        BackupFile.checked(file).unpack(folder.resolve("out" + at));
        assertThat(folder.resolve("out" + at)).as("byte %d", at).hasBinaryContent(content);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("cannot be restored");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(whole.length / 7 / 2);
  }

  @Test
  void anotherFormat_isRefused_namingWhoWroteIt() throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("backup.json"));
      zip.write("{\"format\":2,\"frontdesk\":\"9.0.0\"}".getBytes(StandardCharsets.UTF_8));
    }

    assertThatThrownBy(() -> BackupFile.checked(file))
        .hasMessageContaining("format 2, written by Frontdesk 9.0.0; this version reads format 1");
  }
}
