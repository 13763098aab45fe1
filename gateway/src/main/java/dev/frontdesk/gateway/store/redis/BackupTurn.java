// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The right to back a folder up: Redis writes every snapshot to one name, and a gateway that is not
 * there is stood in for by one backup at a time. Held until closed, or until its process ends.
 * Blocking.
 */
public final class BackupTurn implements AutoCloseable {

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final FileChannel channel;
  private final FileLock lock;

  private BackupTurn(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Waits until no other backup of the folder is on its way.
   *
   * @throws IOException in one sentence, when that takes longer or the folder cannot be written
   */
  public static BackupTurn await(Path dataDir, Duration longest) throws IOException {
    Path redis = dataDir.resolve("redis");
    Path file = redis.resolve("backup.lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      leaveToOwner(redis, file);
      long end = System.nanoTime() + longest.toNanos();
      @Nullable FileLock lock = DataFolder.lock(channel);
      while (lock == null) {
        if (System.nanoTime() - end > 0) {
          throw new IOException(
              "another backup of "
                  + dataDir
                  + " did not end within "
                  + longest.toSeconds()
                  + " s: look for its process");
        }
        LockSupport.parkNanos(LOOK_NANOS);
        lock = DataFolder.lock(channel);
      }
      return new BackupTurn(channel, lock);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** What root made would be closed to the user whose store it is. */
  private static void leaveToOwner(Path redis, Path file) throws IOException {
    if (!Files.getOwner(file).equals(Files.getOwner(redis))) {
      Path unused = Files.setOwner(file, Files.getOwner(redis));
    }
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
