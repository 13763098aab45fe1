// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** A file of X.509 certificates that a configuration names. */
final class PemFile {

  private PemFile() {}

  /**
   * Looks whether a file holds certificates, so that {@code check} says what a start would meet.
   *
   * @param key its name in the configuration, for the problem
   * @throws IllegalArgumentException if it cannot be read or holds no certificate
   */
  static void check(String key, String file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(file)))) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        throw new IllegalArgumentException(key + " holds no certificate, expected a PEM file");
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(key + " cannot be read: " + file, e);
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          key + " holds something else than certificates, expected a PEM file", e);
    }
  }
}
