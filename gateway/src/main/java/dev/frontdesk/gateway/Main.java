// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

/** The command line. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {}
}
