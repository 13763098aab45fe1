// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code init}: writes a first configuration with secrets of its own, for its owner's eyes only.
 */
@Command(
    name = "init",
    description = "Writes a first configuration with generated tokens; never overwrites.",
    mixinStandardHelpOptions = true)
final class InitCommand implements Callable<Integer> {

  private static final Pattern PLACE = Pattern.compile("@(TOKEN|WHSEC)@");
  private static final int TOKEN_BYTES = 24;
  // Standard Webhooks asks for 24 to 64 bytes, in standard Base64 after whsec_.
  private static final int WEBHOOK_SECRET_BYTES = 32;

  private final SecureRandom random;
  private final PrintWriter out;
  private final PrintWriter err;

  @Mixin private final ConfigOption config = new ConfigOption();

  InitCommand(SecureRandom random, PrintWriter out, PrintWriter err) {
    this.random = random;
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    Path file = config.file();
    try {
      write(file, PLACE.matcher(template()).replaceAll(place -> secret(place.group(1))));
    } catch (FileAlreadyExistsException e) {
      err.println(file + " exists already and was left as it is");
      return 1;
    }
    out.println("wrote " + file + "; it holds the tokens, so keep it to yourself");
    return 0;
  }

  private String secret(String kind) {
    return kind.equals("TOKEN")
        ? Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(TOKEN_BYTES))
        : "whsec_" + Base64.getEncoder().encodeToString(bytes(WEBHOOK_SECRET_BYTES));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String template() throws IOException {
    try (InputStream in = InitCommand.class.getResourceAsStream("/init.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void write(Path file, String content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.createFile(file, ownerOnly(file));
    Files.writeString(file, content, StandardOpenOption.WRITE);
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
